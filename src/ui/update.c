/* What follows from the model and the view at every picture. */
#include "ui/update.h"

#include "base/strbuf.h"
#include "event/event.h"
#include "render/status.h"
#include "ui/show_process.h"
#include "ui/view/overlays.h"

/* The fault that the stop is about: the thread's last. */
static const struct fault_entry *fault_of_stop(const struct process *p)
{
	for (uint64_t number = p->faults.log.end; number-- > p->faults.log.begin;) {
		const struct fault_entry *entry = fault_log_at(&p->faults.log, number);
		if (entry && entry->fault.tid == p->stop.tid)
			return entry;
	}
	return NULL;
}

static void show_call(struct ui *ui, const struct space *space)
{
	const struct call_entry *entry =
	    calls_at(&ui->shown.process->calls, ui->shown.process->calls.end - 1);
	struct strbuf text = { 0 };

	if (!entry)
		return;
	if (space_find(space, call_address(&entry->call)))
		ui->view.grid.cursor = space_page(space, call_address(&entry->call));
	stop_print_call(&text, &entry->call);
	ui_message(ui, "%s", text.text);
	message_keep(&ui->view.message);
	strbuf_fini(&text);
}

/* The cursor follows a step: it goes to the page of the fault, or to the memory of
 * the call, that the step has stopped at, and the call is written out. */
static void go_to_stop(struct ui *ui)
{
	const struct process *p = ui->shown.process;
	const struct space *space = p->space;

	if (ui->steps.slow_pid == p->pid && p->status != PROCESS_PAUSED && !process_alive(p))
		ui->steps.slow = 0;
	if (!p->stop.known || p->stop.count == ui->steps.seen_stops || ui->shown.still)
		return;
	ui->steps.seen_stops = p->stop.count;
	if (!ui->steps.go_to_stops)
		return;
	if (p->stop.why == STOP_CALL)
		show_call(ui, space);
	const struct fault_entry *fault = p->stop.why == STOP_FAULT ? fault_of_stop(p) : NULL;
	if (fault && space_find(space, fault->fault.address))
		ui->view.grid.cursor = space_page(space, fault->fault.address);
}

static const struct event_fault *killing_fault(const struct process *p)
{
	const struct fault_entry *last =
	    p->faults.log.end ? fault_log_at(&p->faults.log, p->faults.log.end - 1) : NULL;

	return last && fault_is_fatal(last->fault.cause) ? &last->fault : NULL;
}

/* When a process has been killed for what it touched, the cursor goes to that page (or the nearest one,
 * if no region is there), but not while the user moves in recorded time. */
static void go_to_killer(struct ui *ui)
{
	const struct process *p = ui->shown.process;

	if (p->status != PROCESS_KILLED) {
		ui->killed_pid = ui->killed_pid == p->pid ? 0 : ui->killed_pid;
		return;
	}
	if (ui->killed_pid == p->pid || ui->shown.still || ui->view.compared)
		return;
	ui->killed_pid = p->pid;
	const struct event_fault *fault = killing_fault(p);
	if (!fault || (ui->shown.has_time && !ui->shown.time.playing && !ui->shown.time.at_end))
		return;
	ui->view.grid.cursor = space_page(p->space, fault->address);
	ui->view.grid.chase = false;
}

/* The regions of both, as they are now; false where one of them was forgotten. */
static bool update_pair(struct ui *ui)
{
	const struct process *left = world_find(ui->shown.world, ui->shown.pair.left);
	const struct process *right = world_find(ui->shown.world, ui->shown.pair.right);

	if (left && right)
		pair_update(&ui->shown.pair, left, right, ui->shown.now_ns);
	else
		ui_end_pair(ui);
	return ui->view.pair;
}

/* Notifies each tab of another page under the cursor; the shown one updates its lines. */
static void update_tabs(struct ui *ui, bool moved)
{
	struct tabs *tabs = &ui->view.tabs;

	for (size_t i = 0; moved && i < tabs->count; i++) {
		struct tab *tab = &tabs->items[i];
		struct scene scene = ui_tab_scene(ui, tab);

		if (tab->ops->cursor_moved)
			tab->ops->cursor_moved(tab, &scene);
	}
	tabs->shown->rows = ui->viewport.parts.tab.rows;
	if (tabs->shown->ops->update) {
		struct scene scene = ui_tab_scene(ui, tabs->shown);

		tabs->shown->ops->update(tabs->shown, &scene);
	}
}

/* Says how evicted pages come back; other messages take precedence. */
static void report_came_back(struct ui *ui)
{
	struct strbuf words = { 0 };

	if (came_back_update(&ui->came_back, ui->shown.process, &words) && !ui->view.message.bad)
		ui_message(ui, "%s", words.text);
	strbuf_fini(&words);
}

void ui_update(struct ui *ui, int rows, int columns)
{
	struct space *space = shown_space(&ui->shown), *laid_out = space;
	bool moved;

	if (ui->view.pair && update_pair(ui))
		laid_out = ui->shown.pair.both;
	ui->view.rows = rows;
	ui->view.columns = columns;
	process_order_update(&ui->shown.order, ui->shown.world, ui->view.pid);
	screen_parts(&ui->viewport.parts, &ui->view);
	viewport_place_cursor(&ui->viewport, &ui->view, shown_process(&ui->shown));
	go_to_stop(ui);
	go_to_killer(ui);
	moved = viewport_update(&ui->viewport, &ui->view, laid_out, ui->view.compared ? laid_out : space);
	update_tabs(ui, moved);
	if (ui->view.overlay.ops && ui->view.overlay.ops->sharing)
		shown_update_sharing(&ui->shown);
	report_came_back(ui);
}
