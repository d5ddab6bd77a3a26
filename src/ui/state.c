/* The parts of the screen's state, put together. What follows from them at every picture is in
 * update.c. */
#include "ui/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/view/views.h"

void ui_init(struct ui *ui, struct world *world, struct source *source, int32_t pid,
	     const struct theme *theme)
{
	memset(ui, 0, sizeof *ui);
	view_init(&ui->view, views, pid);
	shown_init(&ui->shown, world, source, pid);
	shown_update_time(&ui->shown);
	viewport_init(&ui->viewport);
	ui->theme = theme;
	ui->detail = mem_zalloc(sizeof *ui->detail);
}

void ui_fini(struct ui *ui)
{
	view_fini(&ui->view);
	shown_fini(&ui->shown);
	viewport_fini(&ui->viewport);
	free(ui->detail);
	free(ui->save_to);
}

int ui_control(struct ui *ui, enum control what, const struct control_arg *arg)
{
	struct err err = { 0 };

	if (shown_control(&ui->shown, what, arg, &err) == 0)
		return 0;
	ui_complain(ui, "%s", err.text);
	return -1;
}

bool ui_mark(struct ui *ui, const char *text)
{
	struct err err = { 0 };

	if (shown_mark(&ui->shown, text, &err) == 0)
		return true;
	ui_complain(ui, "%s", err.text);
	return false;
}

/* The same regions: the layout's bands keep their rows. */
void ui_pause_picture(struct ui *ui, bool pause)
{
	if (pause == ui->view.picture_paused)
		return;
	ui->view.picture_paused = pause;
	shown_hold(&ui->shown, pause);
	ui->viewport.layout.space = shown_space(&ui->shown);
}

const struct space *ui_layout_space(const struct ui *ui)
{
	return ui->view.pair ? ui->shown.pair.both : shown_space(&ui->shown);
}

bool ui_find_address(struct ui *ui, uint64_t address, uint64_t *page)
{
	struct scene scene = ui_scene(ui);

	return scene_find_address(&scene, address, page);
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
		.world = ui->shown.world,
		.process = shown_process(&ui->shown),
		.view = &ui->view,
		.layout = &ui->viewport.layout,
		.list = &ui->viewport.list,
		.order = &ui->shown.order,
		.detail = ui->has_detail && ui->detail->page == ui->view.grid.cursor ? ui->detail : NULL,
		.now_ns = shown_picture_ns(&ui->shown),
		.stepping =
		    steps_pending(&ui->steps, ui->shown.process) || steps_slow(&ui->steps, ui->view.pid),
		.timeline = { .time = ui->shown.has_time ? &ui->shown.time : NULL,
			      .marks = shown_marks(&ui->shown) },
		.pair = ui->view.pair ? &ui->shown.pair : NULL,
		.pair_err = &ui->shown.pair_err,
		.sharing = ui->shown.sharing.known ? &ui->shown.sharing.of : NULL,
		.sharing_err = &ui->shown.sharing.err,
		.sharing_ns = ui->shown.sharing.taken_ns,
		.frames = ui->shown.frames.known ? &ui->shown.frames.of : NULL,
		.frames_ns = ui->shown.frames.taken_ns,
	};
	scene_find_page(&scene);
	if (ui->shown.has_time)
		scene.timeline.course_count = ui->shown.source->ops->time->course(
		    ui->shown.source, ui->view.pid, &scene.timeline.course);
	return scene;
}

struct scene ui_tab_scene(struct ui *ui, const struct tab *tab)
{
	struct scene scene = ui_scene(ui);

	return scene_of_tab(&scene, tab);
}
