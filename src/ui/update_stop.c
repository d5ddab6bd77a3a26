/* Where the program stands is where one looks: the cursor goes to the page of the fault, or
 * to the memory of the call, that a step has stopped at, and the call is written out. */
#include "base/strbuf.h"
#include "render/status.h"
#include "ui/state.h"

/* The fault that the stop is about: the thread's last. */
static const struct fault_entry *fault_of_stop(const struct process *p)
{
	for (uint64_t number = p->faults.end; number-- > p->faults.begin;) {
		const struct fault_entry *entry = fault_log_at(&p->faults, number);
		if (entry && entry->fault.tid == p->stop.tid)
			return entry;
	}
	return NULL;
}

static void show_call(struct ui *ui, const struct space *space)
{
	const struct call_entry *entry = calls_at(&ui->process->calls, ui->process->calls.end - 1);
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

void ui_go_to_stop(struct ui *ui)
{
	const struct process *p = ui->process;
	const struct space *space = p->space;

	if (ui->slow_pid == p->pid && p->status != PROCESS_PAUSED && !process_alive(p))
		ui->slow = 0;
	if (!p->stop.known || p->stop.count == ui->seen_stops || ui->still)
		return;
	ui->seen_stops = p->stop.count;
	if (!ui->go_to_stops)
		return;
	if (p->stop.why == STOP_CALL)
		show_call(ui, space);
	const struct fault_entry *fault = p->stop.why == STOP_FAULT ? fault_of_stop(p) : NULL;
	if (fault && space_find(space, fault->fault.address))
		ui->view.grid.cursor = space_page(space, fault->fault.address);
}
