/* The screen's state, what it holds and who may see what of it. What follows from it
 * at every picture (places, scrolling) is in update.c. */
#include "ui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/view/views.h"

void ui_init(struct ui *ui, struct world *world, struct source *source, int32_t pid,
	     const struct theme *theme)
{
	memset(ui, 0, sizeof *ui);
	view_init(&ui->view, views, pid);
	layout_init(&ui->layout);
	ui->world = world;
	ui->source = source;
	ui->process = world_find(world, pid);
	ui->theme = theme;
	ui->now_ns = world->now_ns;
	ui->has_time = source->ops->time != NULL;
	ui_update_time(ui);
	ui->detail = mem_zalloc(sizeof *ui->detail);
	ui->view.grid.zoom_auto = true;
	ui->column = -1;
}

void ui_fini(struct ui *ui)
{
	ui_pause_picture(ui, false);
	view_fini(&ui->view);
	layout_fini(&ui->layout);
	region_rows_fini(&ui->list);
	free(ui->detail);
	free(ui->visits);
	pair_fini(&ui->pair);
}

void ui_update_time(struct ui *ui)
{
	struct process *p = world_find(ui->world, ui->view.pid);

	if (!ui->has_time)
		return;
	ui->source->ops->time->status(ui->source, &ui->time);
	ui->now_ns = ui->time.now_ns;
	if (!p && ui->world->count)
		p = ui->world->processes[0];
	if (!p)
		return;
	ui->process = p;
	ui->view.pid = p->pid;
	if (!ui->still)
		ui->layout.space = p->space; /* the same regions at another time: bands keep their rows */
}

bool ui_slow(const struct ui *ui)
{
	return ui->slow && ui->slow_pid == ui->view.pid;
}

struct sink *ui_sink(struct ui *ui)
{
	return ui->sink ? ui->sink : &ui->world->sink;
}

const struct marks *ui_marks(const struct ui *ui)
{
	return ui->has_time ? ui->source->ops->time->marks(ui->source) : &ui->world->marks;
}

bool ui_keep_mark(struct ui *ui, const char *text)
{
	struct event e = { .type = EVENT_MARK, .pid = ui->view.pid, .time_ns = ui->world->now_ns };
	struct err err = { 0 };

	if (ui->has_time) {
		if (ui->source->ops->time->note(ui->source, ui->view.pid, text, &err) == 0)
			return true;
		ui_complain(ui, "%s", err.text);
		return false;
	}
	e.mark.text = text;
	sink_send(ui_sink(ui), &e);
	return true;
}

bool ui_any_alive(const struct ui *ui)
{
	for (size_t i = 0; i < ui->world->count; i++)
		if (process_alive(ui->world->processes[i]))
			return true;
	return false;
}

/* Asked of the program that was started here, whichever process is shown. */
static bool is_for_launched(enum control what)
{
	return what == CONTROL_SEND || what == CONTROL_END || what == CONTROL_RELEASE;
}

/* The program has ended, but not what it forked: that can still be sent to, and let go. */
static bool family_alive(const struct ui *ui, enum control what)
{
	return is_for_launched(what) && ui_any_alive(ui);
}

int ui_ask(struct ui *ui, enum control what, const struct control_arg *arg)
{
	/* a recording says itself that nothing can be done to it */
	const struct process *process =
	    is_for_launched(what) && !ui->has_time ? ui_launched(ui) : ui->process;
	struct err err = { 0 };

	if (!process || !(process_alive(process) || family_alive(ui, what) || ui->has_time)) {
		ui_complain(ui, _("the program has ended"));
		return -1;
	}
	if (ui->source->ops->control(ui->source, process->pid, what, arg, &err) < 0) {
		ui_complain(ui, "%s", err.text);
		return -1;
	}
	return 0;
}

void ui_pause_picture(struct ui *ui, bool pause)
{
	if (pause == ui->view.picture_paused)
		return;
	ui->view.picture_paused = pause;
	if (pause) {
		ui->still = process_copy(ui->process);
		ui->still_ns = ui->now_ns;
		ui->layout.space = ui->still->space; /* the same regions: bands keep their rows */
	} else {
		ui->layout.space = ui->process->space;
		process_destroy(ui->still);
		ui->still = NULL;
	}
}

const struct process *ui_shown(struct ui *ui)
{
	if (!ui->still)
		return ui->process;
	/* all stands still but one word: that it was paused, or has ended, must not stay unseen */
	ui->still->status = ui->process->status;
	ui->still->status_code = ui->process->status_code;
	return ui->still;
}

struct space *ui_space(struct ui *ui)
{
	return ui->still ? ui->still->space : ui->process->space;
}

const struct space *ui_layout_space(struct ui *ui)
{
	return ui->view.pair ? ui->pair.both : ui_space(ui);
}

bool ui_find_address(struct ui *ui, uint64_t address, uint64_t *page)
{
	struct scene scene = ui_scene(ui);

	return scene_find_address(&scene, address, page);
}

static uint64_t first_difference(const struct aligned *al, const struct space *space)
{
	struct runs_iter iter = runs_iter(al->differs, 0, RUNS_END);
	struct run run;

	while (runs_next(&iter, &run))
		if (run.value == ALIGNED_REAL)
			return run.first;
	return space->count ? region_first(space, space->regions[0]) : 0;
}

void ui_compare(struct ui *ui, const struct aligned *al)
{
	pair_init_aligned(&ui->pair, al);
	ui->view.pair = ui->view.compared = true;
	ui->view.grid.cursor = first_difference(al, ui->pair.both);
	ui->view.regions.sort = SORT_DIFFERENCE;
	ui->list.aligned = al;
	ui->placed = true;
	ui->seen_execs = ui->process->execs;
}

void ui_move(struct ui *ui, uint64_t page)
{
	view_move(&ui->view, page);
}

void ui_message_clear(struct ui *ui)
{
	message_clear(&ui->view.message);
}

void ui_message(struct ui *ui, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_print(&ui->view.message, false, format, args);
	va_end(args);
}

void ui_complain(struct ui *ui, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_print(&ui->view.message, true, format, args);
	va_end(args);
}

struct scene ui_scene(struct ui *ui)
{
	struct scene scene = {
		.world = ui->world,
		.process = ui_shown(ui),
		.view = &ui->view,
		.layout = &ui->layout,
		.list = &ui->list,
		.detail = ui->has_detail && ui->detail->page == ui->view.grid.cursor ? ui->detail : NULL,
		.now_ns = ui->view.picture_paused ? ui->still_ns : ui->now_ns,
		.time = ui->has_time ? &ui->time : NULL,
		.marks = ui->has_time ? ui->source->ops->time->marks(ui->source) : &ui->world->marks,
		.pair = ui->view.pair ? &ui->pair : NULL,
		.pair_why = ui->pair_why,
	};
	scene_find_page(&scene);
	if (ui->has_time)
		scene.course_count = ui->source->ops->time->course(ui->source, ui->view.pid, &scene.course);
	return scene;
}

struct scene ui_tab_scene(struct ui *ui, const struct tab *tab)
{
	struct scene scene = ui_scene(ui);

	return scene_of_tab(&scene, tab);
}
