/* Which of the watched processes is shown, and next to which other. */
#include "ui/command_process.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "render/process_rows.h"
#include "ui/show_process.h"
#include "ui/state.h"
#include "ui/view/overlays.h"

static void run_process_list(struct ui *ui, const char *arg)
{
	struct scene scene = ui_scene(ui);

	if (ui->view.overlay.ops == &overlay_processes)
		overlay_close(&ui->view.overlay);
	else
		overlay_open(&ui->view.overlay, &overlay_processes, &scene);
}

static void run_held_together(struct ui *ui, const char *arg)
{
	if (ui->view.overlay.ops == &overlay_sharing) {
		overlay_close(&ui->view.overlay);
		return;
	}
	shown_take_sharing(&ui->shown);
	struct scene scene = ui_scene(ui);
	overlay_open(&ui->view.overlay, &overlay_sharing, &scene);
}

static void run_frames(struct ui *ui, const char *arg)
{
	struct scene scene = ui_scene(ui);

	if (ui->view.overlay.ops == &overlay_frames) {
		overlay_close(&ui->view.overlay);
		return;
	}
	shown_take_frames(&ui->shown, scene.page);
	scene = ui_scene(ui);
	overlay_open(&ui->view.overlay, &overlay_frames, &scene);
}

static void run_processes(struct ui *ui, const char *arg)
{
	char key[PRESS_TEXT];
	struct screen_parts parts;

	ui->view.processes = !ui->view.processes;
	screen_parts(&parts, &ui->view); /* two side by side may make room for it */
	if (ui->view.processes && !parts.regions.columns)
		ui_message(ui, _("the window is too narrow for the panel; %s lists the processes"),
			   press_key(&ui->view.press, key, "process-list"));
}

/* The process `step` further in the panel's order, around its ends. */
static void go(struct ui *ui, int step)
{
	struct process_rows list = { 0 };
	size_t at = 0;

	process_rows_update(&list, ui->shown.world, 0);
	while (at < list.count && list.rows[at].process->pid != ui->view.pid)
		at++;
	if (ui->view.pair)
		ui_show_process(ui, ui->view.pid == ui->shown.pair.left ? ui->shown.pair.right
									: ui->shown.pair.left);
	else if (list.count < 2)
		ui_message(ui, "%s", _("no other process is watched; -f follows forks, -p A,B watches two"));
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

	if (!world_find(ui->shown.world, pid))
		ui_complain(ui, _("process %d is not watched"), (int)pid);
	else
		ui_show_process(ui, pid);
}

static const struct process *first_child(const struct ui *ui)
{
	for (size_t i = 0; i < ui->shown.world->count; i++)
		if (ui->shown.world->processes[i]->parent == ui->view.pid)
			return ui->shown.world->processes[i];
	return NULL;
}

/* The one after it in the list, around its end; NULL: there is none. */
static const struct process *next_of(const struct ui *ui)
{
	const struct world *w = ui->shown.world;

	for (size_t i = 0; i < w->count; i++)
		if (w->processes[i] == ui->shown.process)
			return w->count > 1 ? w->processes[(i + 1) % w->count] : NULL;
	return NULL;
}

/* The natural one to compare with: its parent, else a child, else the next one that is watched. */
static const struct process *partner_of(const struct ui *ui)
{
	const struct process *partner = world_find(ui->shown.world, ui->shown.process->parent);

	if (!partner)
		partner = first_child(ui);
	return partner ? partner : next_of(ui);
}

/* Does a file lie at the same address in both, as it does since a fork? Of programs started one by one none does. */
static bool alike(const struct space *a, const struct space *b)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct region_attr *mine = &a->regions[i]->attr;
		const struct region *other = *mine->path == '/' ? space_find(b, mine->start) : NULL;

		if (other && other->attr.start == mine->start && !strcmp(other->attr.path, mine->path))
			return true;
	}
	return false;
}

static void show_beside(struct ui *ui, const struct process *other)
{
	const struct process *one = ui->shown.process;

	ui_begin_pair(ui, other);
	if (!alike(one->space, other->space))
		ui_message(ui, _("nothing in common by address; see pagescape diff pid:%d pid:%d"),
			   (int)one->pid, (int)other->pid);
}

static void run_beside(struct ui *ui, const char *arg)
{
	const struct process *other = *arg ? world_find(ui->shown.world, atoi(arg)) : partner_of(ui);

	if (ui->view.pair && !*arg)
		ui_end_pair(ui);
	else if (!other || other == ui->shown.process)
		ui_complain(ui, "%s", _("no other process is watched; -f follows forks, -p A,B watches two"));
	else
		show_beside(ui, other);
}

/* clang-format off */
static const struct command rows[] = {
	{"processes", {'P'}, N_("processes and threads instead of regions"), run_processes, COMMAND_LIVE},
	{"process-list", {'O'}, N_("the processes and their sizes"), run_process_list, COMMAND_LIVE},
	{"held-together", {'H'}, N_("who holds what memory together"), run_held_together, COMMAND_LIVE},
	{"frames", {'Y'}, N_("frames of neighbours, how many map each"), run_frames, COMMAND_LIVE},
	{"next-process", {')'}, N_("next, previous process"), run_next_process, COMMAND_ANY},
	{"previous-process", {'('}, NULL, run_previous_process, COMMAND_ANY},
	{"beside", {'B'}, N_("two side by side; common pages are marked"), run_beside, COMMAND_LIVE},
	{"show-process", {0}, N_("show the process with this pid"), run_show_process, COMMAND_LIVE},
	{0},
};
/* clang-format on */

const struct command_group command_process = { N_("Processes"), rows, COMMAND_ANY };
