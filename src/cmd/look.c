#include "cmd/look.h"

#define DEFAULT_COLUMNS 120
#define DEFAULT_ROWS 36

/* A PDF is for paper, as a rule. */
struct export_look look_of_options(const struct options *options, const struct exporter *exporter)
{
	bool light = !options_given(options, "theme") && exporter->paper;

	return (struct export_look){
		.view = options->picture.view,
		.columns = options->picture.columns ? options->picture.columns : DEFAULT_COLUMNS,
		.rows = options->picture.rows ? options->picture.rows : DEFAULT_ROWS,
		.theme = light ? theme_find("light") : options->screen.terminal.theme,
		.at_ns = options->time.at_ns,
		.pid = options->input.pid,
		.speed = options->picture.speed > 0 ? options->picture.speed : 1,
	};
}

struct offscreen_options look_offscreen(const struct export_look *look, const struct options *options)
{
	return (struct offscreen_options){ .theme = look->theme,
					   .rows = look->rows,
					   .columns = look->columns,
					   .ascii = options->screen.terminal.ascii,
					   .commands = options->screen.commands };
}
