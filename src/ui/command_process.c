/* Which of the watched processes is shown. Each keeps its place: cursor, zoom, scrolling. */
#include "ui/command_process.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "render/process_rows.h"
#include "ui/state.h"

static struct visit *find_visit(struct ui *ui, int32_t pid)
{
	for (size_t i = 0; i < ui->visit_count; i++)
		if (ui->visits[i].pid == pid)
			return &ui->visits[i];
	return NULL;
}

static void leave(struct ui *ui)
{
	struct visit *visit = find_visit(ui, ui->view.pid);

	if (!visit) {
		mem_grow(ui->visits, ui->visit_cap, ui->visit_count + 1);
		visit = &ui->visits[ui->visit_count++];
	}
	*visit = (struct visit){
		.pid = ui->view.pid,
		.cursor = ui->view.grid.cursor,
		.grid_top = ui->view.grid.top,
		.cursor_offset = ui->cursor_offset,
		.zoom = ui->view.grid.zoom,
		.zoom_auto = ui->view.grid.zoom_auto,
		.execs = ui->seen_execs,
	};
}

/* As it was left; one that was never shown, where the parent's cursor was: after a fork that
 * is the same page. */
static void arrive(struct ui *ui, bool child)
{
	const struct visit *visit = find_visit(ui, ui->view.pid);

	ui->placed = child;
	ui->seen_stops = ui->process->stop.count; /* it stands there already */
	ui->seen_execs = child ? ui->process->execs : 0;
	if (!visit || visit->execs != ui->process->execs)
		return;
	ui->placed = true;
	ui->seen_execs = visit->execs;
	ui->view.grid.cursor = visit->cursor;
	ui->view.grid.top = visit->grid_top;
	ui->cursor_offset = visit->cursor_offset;
	ui->view.grid.zoom = visit->zoom;
	ui->view.grid.zoom_auto = visit->zoom_auto;
}

/* The other one of two side by side: the places are the same. */
static void turn_to(struct ui *ui, struct process *process)
{
	snapshots_forget(&ui->view.snapshots);
	ui->view.pid = process->pid;
	ui->process = process;
	ui->has_detail = false;
	ui->seen_execs = process->execs;
	ui->seen_stops = process->stop.count;
}

void ui_show_process(struct ui *ui, int32_t pid)
{
	struct process *process = world_find(ui->world, pid);
	bool child;

	if (!process || pid == ui->view.pid)
		return;
	if (ui->view.pair && (pid == ui->pair.left || pid == ui->pair.right)) {
		turn_to(ui, process);
		return;
	}
	ui_end_pair(ui);
	child = process->parent == ui->view.pid && !process->execs;
	ui_pause_picture(ui, false);
	snapshots_forget(&ui->view.snapshots); /* the mark is of the other's memory */
	if (ui->placed)
		leave(ui);
	ui->view.pid = pid;
	ui->process = process;
	ui->has_detail = false;
	for (size_t i = 0; i < ui->view.tabs.count; i++)
		ui->view.tabs.items[i].scroll = 0;
	arrive(ui, child);
}

void ui_find_process(struct ui *ui)
{
	struct process *process = world_find(ui->world, ui->view.pid);

	if (process) {
		if (process != ui->process && !ui->still)
			ui->layout.space = NULL;
		ui->process = process;
		return;
	}
	/* its picture is gone; nothing of it may be looked at any more */
	ui_end_pair(ui);
	process_destroy(ui->still);
	ui->still = NULL;
	ui->view.picture_paused = false;
	ui->process = ui->world->processes[0];
	ui->view.pid = ui->process->pid;
	ui->has_detail = false;
	ui->layout.space = NULL;
	ui->list.space = NULL;
	arrive(ui, false);
	ui_message(ui, "%s", _("that process ended long ago and was forgotten"));
}

const struct process *ui_launched(const struct ui *ui)
{
	for (size_t i = 0; i < ui->world->count; i++)
		if (ui->world->processes[i]->launched)
			return ui->world->processes[i];
	return NULL;
}

static void run_processes(struct ui *ui, const char *arg)
{
	ui->view.processes = !ui->view.processes;
	if (ui->view.processes && !ui->parts.regions_columns)
		ui_message(ui, "%s",
			   _("the window is too narrow for the list; ( and ) go through the processes"));
}

/* The process `step` further in the panel's order, around its ends. */
static void go(struct ui *ui, int step)
{
	struct process_rows list = { 0 };
	size_t at = 0;

	process_rows_update(&list, ui->world, 0);
	while (at < list.count && list.rows[at].process->pid != ui->view.pid)
		at++;
	if (ui->view.pair)
		ui_show_process(ui, ui->view.pid == ui->pair.left ? ui->pair.right : ui->pair.left);
	else if (list.count < 2)
		ui_message(ui, "%s", _("no other process is watched; -f follows forks"));
	else
		ui_show_process(ui, list.rows[(at + list.count + (size_t)step) % list.count].process->pid);
	process_rows_fini(&list);
}

static void run_next_process(struct ui *ui, const char *arg)
{
	go(ui, 1);
}

static void run_previous_process(struct ui *ui, const char *arg)
{
	go(ui, -1);
}

static void run_show_process(struct ui *ui, const char *arg)
{
	int32_t pid = atoi(arg);

	if (!world_find(ui->world, pid))
		ui_complain(ui, _("process %d is not watched"), (int)pid);
	else
		ui_show_process(ui, pid);
}

void ui_end_pair(struct ui *ui)
{
	if (!ui->view.pair)
		return;
	pair_fini(&ui->pair);
	ui->view.pair = false;
	ui->pair_why[0] = '\0';
	ui->layout.space = NULL;
}

static const struct process *first_child(const struct ui *ui)
{
	for (size_t i = 0; i < ui->world->count; i++)
		if (ui->world->processes[i]->parent == ui->view.pid)
			return ui->world->processes[i];
	return NULL;
}

/* Whom it is natural to compare with: who forked it, else what it forked. */
static const struct process *partner_of(const struct ui *ui)
{
	const struct process *parent = world_find(ui->world, ui->process->parent);

	return parent ? parent : first_child(ui);
}

static void begin_pair(struct ui *ui, const struct process *other)
{
	bool other_first = other->pid == ui->process->parent;

	ui_pause_picture(ui, false);
	snapshots_forget(&ui->view.snapshots);
	pair_init(&ui->pair, other_first ? other : ui->process, other_first ? ui->process : other);
	ui->view.pair = true;
	ui->layout.space = NULL;
	if (!ui->source->ops->compare)
		snprintf(ui->pair_why, sizeof ui->pair_why, "%s",
			 _("which pages are common was not recorded: only a live watch tells"));
}

static void run_beside(struct ui *ui, const char *arg)
{
	const struct process *other = *arg ? world_find(ui->world, atoi(arg)) : partner_of(ui);

	if (ui->view.pair && !*arg)
		ui_end_pair(ui);
	else if (!other || other == ui->process)
		ui_complain(ui, "%s", _("there is no other process to stand beside it; -f follows forks"));
	else {
		ui_end_pair(ui);
		begin_pair(ui, other);
	}
}

/* clang-format off */
static const struct command rows[] = {
	{"processes", {'P'}, N_("processes and threads in place of regions"), run_processes, COMMAND_LIVE},
	{"next-process", {')'}, N_("show the next process; the one before"), run_next_process, COMMAND_ANY},
	{"previous-process", {'('}, NULL, run_previous_process, COMMAND_ANY},
	{"beside", {'B'}, N_("two side by side: what is common is marked"), run_beside, COMMAND_LIVE},
	{"show-process", {0}, N_("show the process of this pid"), run_show_process, COMMAND_LIVE},
	{0},
};
/* clang-format on */

const struct command_group command_process = { N_("Processes"), rows, COMMAND_ANY };
