/* The lists of events and of functions, brought up to date where they are shown. */
#include "ui/state.h"

#define EVENTS_AT_ONCE ((size_t)1 << 16) /* looked at for one picture: a few milliseconds at most */
#define AGAIN_NS UINT64_C(1000000)

int ui_list_rows(const struct ui *ui)
{
	return ui->parts.detail_rows > 3 ? ui->parts.detail_rows - 2
					 : 1; /* without the tabs and the heading */
}

/* An event's stack is shown until the cursor goes elsewhere. */
static void forget_stack(struct ui *ui)
{
	const struct view_event *of = &ui->view.stack_of;
	const struct fault_entry *fault;
	uint64_t page;

	if (!of->known || of->call || ui->view.grid.cursor == ui->seen_cursor)
		return;
	fault = fault_log_at(&ui_shown(ui)->faults, of->number);
	if (!fault || !ui_find_address(ui, fault->fault.address, &page) || page != ui->view.grid.cursor)
		ui->view.stack_of.known = false;
}

static int clamp(int value, int low, int high)
{
	return value > high ? (high < low ? low : high) : value < low ? low : value;
}

static void keep_function(struct ui *ui)
{
	struct view *v = &ui->view;
	int rows = ui_list_rows(ui), count = (int)ui->profile.count;

	v->profile_at = clamp(v->profile_at, 0, count - 1);
	if (v->profile_top > v->profile_at)
		v->profile_top = v->profile_at;
	if (v->profile_top <= v->profile_at - rows)
		v->profile_top = v->profile_at - rows + 1;
	v->profile_top = clamp(v->profile_top, 0, count - rows);
}

/* Events know pages, not slots. */
static void update_events(struct ui *ui)
{
	uint64_t slot = ui->view.grid.cursor;
	const struct aligned *al = ui->view.compared ? ui->pair.aligned : NULL;

	if (al && !aligned_page(al, aligned_side_of(al, ui->process), slot, &ui->view.grid.cursor))
		ui->view.grid.cursor = RUNS_END; /* no page of this one's */
	events_update(&ui->events, ui_shown(ui), &ui->view, ui_list_rows(ui), EVENTS_AT_ONCE);
	ui->view.grid.cursor = slot;
}

void ui_update_events(struct ui *ui)
{
	forget_stack(ui);
	if (ui->view.tab == TAB_STACK && ui->view.grid.cursor != ui->seen_cursor)
		ui->view.detail_scroll = 0; /* another stack: from its innermost function on */
	if (ui->view.tab == TAB_EVENTS)
		update_events(ui);
	if (ui->view.tab == TAB_FUNCTIONS) {
		profile_rows_update(&ui->profile, ui_shown(ui), ui->view.profile_callers, ui->now_ns);
		keep_function(ui);
	}
}

uint64_t ui_events_due_ns(const struct ui *ui)
{
	if (ui->view.tab == TAB_EVENTS && ui->events.pending)
		return AGAIN_NS;
	if (ui->view.tab == TAB_FUNCTIONS && ui->profile.pending)
		return ui->profile.due_ns > ui->now_ns ? ui->profile.due_ns - ui->now_ns + AGAIN_NS
						       : AGAIN_NS;
	return UINT64_MAX;
}
