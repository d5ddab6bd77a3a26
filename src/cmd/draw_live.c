#include "cmd/draw_live.h"

#include "base/i18n.h"
#include "cmd/screens.h"
#include "cmd/output_file.h"
#include "draw/drawing.h"
#include "export/exporters.h"
#include "ui/offscreen.h"

/* There is only one moment: now. */
struct live_screens {
	struct export_screens base; /* first */
	struct offscreen *offscreen;
	uint64_t now_ns;
};

static const struct canvas *at(struct export_screens *base, uint64_t time_ns, struct err *err)
{
	struct live_screens *s = (struct live_screens *)base;

	return offscreen_draw(s->offscreen, s->now_ns);
}

static int draw(const struct exporter *exporter, const struct export_job *job, struct err *err)
{
	void *context = exporter->open(job, err);
	int result = context ? exporter->finish(context, err) : -1;

	if (context)
		exporter->close(context);
	return result;
}

int draw_live(struct source *source, struct world *world, const struct options *options, struct err *err)
{
	const struct exporter *exporter =
	    exporters_find(draw_format_name((enum draw_format)draw_format_of_file(options->picture.file)));
	const struct export_picture picture = screens_picture(options, exporter);
	const struct offscreen_options how = screens_offscreen(&picture, options);
	struct live_screens screens = { .base.at = at, .now_ns = world->now_ns };
	struct export_job job = { .from = "", .world = world, .picture = &picture, .screens = &screens.base };
	struct output_file file;
	int result;

	if (output_file_open(&file, options->picture.file, "", options->output.force, err) < 0)
		return -1;
	job.out = file.out;
	screens.offscreen = offscreen_create(source, world, world->processes[0]->pid, &how, err);
	result = screens.offscreen ? draw(exporter, &job, err) : -1;
	offscreen_destroy(screens.offscreen);
	if (result == 0)
		return output_file_finish(&file, err);
	output_file_abandon(&file, err);
	return -1;
}
