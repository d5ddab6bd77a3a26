/* Switches to another process: each keeps its place (cursor, zoom, scrolling), and what was read or marked in
 * the previous one is dropped. */
#include "ui/show_process.h"

#include <stdio.h>

#include "base/i18n.h"

void ui_end_pair(struct ui *ui)
{
	if (!ui->view.pair)
		return;
	pair_fini(&ui->shown.pair);
	ui->view.pair = false;
	ui->shown.pair_err = (struct err){ 0 };
	ui->viewport.layout.space = NULL;
}

/* The other one of two side by side: the layout is the same. */
static void turn_to(struct ui *ui, struct process *process)
{
	snapshots_forget(&ui->view.snapshots);
	ui->view.pid = process->pid;
	ui->shown.process = process;
	ui->has_detail = false;
	ui->viewport.seen_execs = process->course.execs;
	ui->steps.seen_stops = process->stop.count;
}

static void enter(struct ui *ui, bool child)
{
	viewport_enter(&ui->viewport, &ui->view, ui->shown.process, child);
	ui->steps.seen_stops = ui->shown.process->stop.count; /* it is already stopped there */
}

void ui_show_process(struct ui *ui, int32_t pid)
{
	struct process *process = world_find(ui->shown.world, pid);
	bool child;

	if (!process || pid == ui->view.pid)
		return;
	if (ui->view.pair && (pid == ui->shown.pair.left || pid == ui->shown.pair.right)) {
		turn_to(ui, process);
		return;
	}
	ui_end_pair(ui);
	child = process->parent == ui->view.pid && !process->course.execs;
	ui_pause_picture(ui, false);
	snapshots_forget(&ui->view.snapshots); /* the mark belongs to the other's memory */
	viewport_leave(&ui->viewport, &ui->view);
	ui->view.pid = pid;
	ui->shown.process = process;
	ui->has_detail = false;
	for (size_t i = 0; i < ui->view.tabs.count; i++)
		ui->view.tabs.items[i].scroll = 0;
	enter(ui, child);
}

void ui_find_process(struct ui *ui)
{
	struct process *process = world_find(ui->shown.world, ui->view.pid);

	if (process) {
		if (process != ui->shown.process && !ui->shown.still)
			ui->viewport.layout.space = NULL;
		ui->shown.process = process;
		return;
	}
	/* the process is gone, and must not be accessed any more */
	ui_end_pair(ui);
	shown_hold(&ui->shown, false);
	ui->view.picture_paused = false;
	ui->shown.process = ui->shown.world->processes[0];
	ui->view.pid = ui->shown.process->pid;
	ui->has_detail = false;
	ui->viewport.layout.space = NULL;
	ui->viewport.list.space = NULL;
	enter(ui, false);
	ui_message(ui, "%s", _("that process ended long ago and was forgotten"));
}

/* The same regions at another time: bands keep their rows. */
void ui_update_time(struct ui *ui)
{
	struct process *p = world_find(ui->shown.world, ui->view.pid);

	if (!ui->shown.has_time)
		return;
	shown_update_time(&ui->shown);
	if (!p && ui->shown.world->count)
		p = ui->shown.world->processes[0];
	if (!p)
		return;
	ui->shown.process = p;
	ui->view.pid = p->pid;
	if (!ui->shown.still)
		ui->viewport.layout.space = p->space;
}

void ui_begin_pair(struct ui *ui, const struct process *other)
{
	bool other_first = other->pid == ui->shown.process->parent;

	ui_end_pair(ui);
	ui_pause_picture(ui, false);
	snapshots_forget(&ui->view.snapshots);
	pair_init(&ui->shown.pair, other_first ? other : ui->shown.process,
		  other_first ? ui->shown.process : other);
	ui->view.pair = true;
	ui->viewport.layout.space = NULL;
	if (!ui->shown.source->ops->compare)
		err_set(&ui->shown.pair_err, ERR_UNSUPPORTED, "%s",
			_("which pages are common was not recorded: only a live watch shows it"));
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
	pair_init_aligned(&ui->shown.pair, al);
	ui->view.pair = ui->view.compared = true;
	ui->view.grid.cursor = first_difference(al, ui->shown.pair.both);
	ui->view.regions.sort = REGION_SORT_DIFFERENCE;
	ui->viewport.list.aligned = al;
	ui->viewport.placed = true;
	ui->viewport.seen_execs = ui->shown.process->course.execs;
}
