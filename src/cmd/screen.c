/* From options and the environment to what the screen is told. */
#include "cmd/screen.h"

#include <stdlib.h>
#include <string.h>

struct ui_options screen_options(const struct options *options)
{
	const char *no_colour = getenv("NO_COLOR");
	bool mono = options->theme ? !strcmp(options->theme->name, "mono") : no_colour && *no_colour;

	return (struct ui_options){
		.terminal = {
			.theme = options->theme ? options->theme : theme_list()[0],
			.ascii = options->ascii,
			.no_colour = mono,
			.no_mouse = options->no_mouse,
		},
		.interval_ns = options->interval_ns,
		.commands = options->commands,
	};
}
