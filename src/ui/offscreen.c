#include "ui/offscreen.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/attention.h"
#include "ui/commands.h"
#include "ui/screenful.h"
#include "ui/show_process.h"
#include "ui/update.h"

struct offscreen {
	struct ui ui;
	struct screenful screen;
	struct attention attention;
	int rows, columns;
};

static void bring_up_to_date(struct offscreen *o, uint64_t now_ns)
{
	o->ui.shown.now_ns = now_ns;
	ui_find_process(&o->ui);
	ui_update_time(&o->ui);
	o->ui.view.message.clock_ns = clock_now_ns();
	ui_update(&o->ui, o->rows, o->columns);
	attention_compare(&o->ui);
	attention_read(&o->attention, &o->ui, clock_now_ns());
}

struct offscreen *offscreen_create(struct source *source, struct world *world, int32_t pid,
				   const struct offscreen_options *options, struct err *err)
{
	struct offscreen *o = mem_zalloc(sizeof *o);

	ui_init(&o->ui, world, source, pid, options->theme);
	o->ui.view.press.key = commands_key;
	screenful_init(&o->screen, &o->ui);
	canvas_fini(&o->screen.canvas);
	canvas_init(&o->screen.canvas, options->rows, options->columns, options->ascii);
	o->screen.canvas.mono = options->theme->mono;
	o->rows = options->rows;
	o->columns = options->columns;
	bring_up_to_date(o, world->now_ns);
	if (options->commands && commands_run_text(&o->ui, options->commands, err) < 0) {
		offscreen_destroy(o);
		return NULL;
	}
	return o;
}

void offscreen_destroy(struct offscreen *o)
{
	if (!o)
		return;
	screenful_fini(&o->screen);
	ui_fini(&o->ui);
	free(o);
}

const struct canvas *offscreen_draw(struct offscreen *o, uint64_t now_ns)
{
	bring_up_to_date(o, now_ns);
	screenful_draw(&o->screen, &o->ui);
	return &o->screen.canvas;
}
