/* Faults and calls: their list, one page's biography, the stack of one of them, the profile of functions. */
#include "ui/command_events.h"

#include <string.h>

#include "base/i18n.h"
#include "ui/state.h"

static void show_tab(struct ui *ui, enum view_tab tab)
{
	ui->view.tab = tab;
	ui->view.focus = FOCUS_DETAIL;
	ui->view.detail_scroll = 0;
}

static void leave_tab(struct ui *ui)
{
	ui->view.tab = TAB_PAGE;
	ui->view.focus = FOCUS_GRID;
	ui->view.detail_scroll = 0;
}

static bool has_keys(const struct ui *ui, enum view_tab tab)
{
	return ui->view.tab == tab && ui->view.focus == FOCUS_DETAIL;
}

static void set_filter(struct ui *ui, const char *text)
{
	struct event_filter filter;
	struct err err = { 0 };

	if (strlen(text) >= sizeof ui->view.events_filter) {
		ui_complain(ui, _("the filter is too long"));
		return;
	}
	if (event_filter_parse(&filter, text, &err) < 0) {
		ui_complain(ui, "%s", err.text);
		return;
	}
	event_filter_fini(&filter);
	memmove(ui->view.events_filter, text, strlen(text) + 1);
	ui->view.biography = false;
	ui->view.events_held = false;
	show_tab(ui, TAB_EVENTS);
}

/* Without a filter it is asked for; a dash takes it away. */
static void run_events_filter(struct ui *ui, const char *arg)
{
	if (*arg)
		set_filter(ui, strcmp(arg, "-") ? arg : "");
	else
		ui->view.prompt = PROMPT_EVENTS;
}

static void run_events(struct ui *ui, const char *arg)
{
	if (*arg)
		run_events_filter(ui, arg);
	else if (has_keys(ui, TAB_EVENTS))
		leave_tab(ui);
	else
		show_tab(ui, TAB_EVENTS);
}

static void run_biography(struct ui *ui, const char *arg)
{
	if (ui->view.biography && ui->view.tab == TAB_EVENTS) {
		ui->view.biography = false;
		ui->view.events_held = false;
		return;
	}
	ui->view.biography = true;
	ui->view.events_held = false;
	show_tab(ui, TAB_EVENTS);
}

/* Where an event happened: a fault's address, what a call gave. */
static bool page_of(struct ui *ui, const struct view_event *event, uint64_t *page)
{
	const struct process *p = ui_shown(ui);
	const struct call_entry *call = event->call ? calls_at(&p->calls, event->number) : NULL;
	const struct fault_entry *fault = event->call ? NULL : fault_log_at(&p->faults, event->number);

	if (fault)
		return ui_find_address(ui, fault->fault.address, page);
	return call && !call->call.error && ui_find_address(ui, call->call.result, page);
}

static bool go_to_event(struct ui *ui, const struct view_event *event)
{
	uint64_t page;

	if (!page_of(ui, event, &page))
		return false;
	ui_move(ui, page);
	return true;
}

static void enter_event(struct ui *ui)
{
	struct view_event event;

	if (!events_selected(&ui->events, &ui->view, &event))
		return;
	if (!ui->view.events_held) { /* what one looks at stays */
		ui->view.events_held = true;
		ui->view.events_order = event_index_at(&ui->events, ui->view.events_at).order;
	}
	if (go_to_event(ui, &event))
		ui->view.focus = FOCUS_GRID;
	else
		ui_complain(ui, event.call ? _("no region lies where this call ended")
					   : _("the region of this fault is gone"));
}

static void run_stack(struct ui *ui, const char *arg)
{
	struct view_event event = { .known = false };
	bool from_events = has_keys(ui, TAB_EVENTS);

	if (has_keys(ui, TAB_STACK)) {
		if (ui->view.stack_of.known)
			show_tab(ui, TAB_EVENTS);
		else
			leave_tab(ui);
		return;
	}
	if (from_events && events_selected(&ui->events, &ui->view, &event)) {
		if (!ui->view.biography)
			go_to_event(ui, &event);
		ui->view.events_held = true;
		ui->view.events_order = event_index_at(&ui->events, ui->view.events_at).order;
	}
	ui->view.stack_of = event;
	show_tab(ui, TAB_STACK);
}

static void run_functions(struct ui *ui, const char *arg)
{
	if (has_keys(ui, TAB_FUNCTIONS))
		leave_tab(ui);
	else
		show_tab(ui, TAB_FUNCTIONS);
}

static void run_functions_callers(struct ui *ui, const char *arg)
{
	ui->view.profile_callers = !ui->view.profile_callers;
	ui->view.profile_at = ui->view.profile_top = 0;
	show_tab(ui, TAB_FUNCTIONS);
}

#define NAME_MOST 160 /* bytes of a name: of a longer one its beginning is looked for */

/* The events of the selected function. */
static void enter_function(struct ui *ui)
{
	const struct profile_row *row;
	struct strbuf filter = { 0 };
	const char *name;

	if (ui->view.profile_at < 0 || ui->view.profile_at >= (int)ui->profile.count)
		return;
	row = &ui->profile.rows[ui->view.profile_at];
	name = *row->name ? row->name : row->object;
	strbuf_puts(&filter, ui->view.profile_callers ? "in:" : "func:");
	if (strlen(name) <= NAME_MOST) {
		event_filter_quote(&filter, name, true);
	} else {
		char beginning[NAME_MOST + 1];

		memcpy(beginning, name, NAME_MOST);
		beginning[NAME_MOST] = '\0';
		event_filter_quote(&filter, beginning, false);
	}
	set_filter(ui, filter.text);
	strbuf_fini(&filter);
}

bool events_enter_line(struct ui *ui)
{
	if (has_keys(ui, TAB_EVENTS))
		enter_event(ui);
	else if (has_keys(ui, TAB_FUNCTIONS))
		enter_function(ui);
	else
		return false;
	return true;
}

bool events_escape(struct ui *ui)
{
	if (!has_keys(ui, TAB_EVENTS) || !(ui->view.biography || ui->view.events_filter[0]))
		return false;
	if (!ui->view.biography)
		ui->view.events_filter[0] = '\0';
	ui->view.biography = false;
	return true;
}

/* clang-format off */
static const struct command rows[] = {
	{"events", {'e'}, N_("faults and calls; enter: to the page"), run_events, COMMAND_ANY},
	{"events-filter", {'E'}, N_("only thread:42 cause:cow region:heap ..."), run_events_filter, COMMAND_ANY},
	{"biography", {'b'}, N_("the events of this page, or of all"), run_biography, COMMAND_ANY},
	{"stack", {'x'}, N_("how it came to the fault: stack and source"), run_stack, COMMAND_ANY},
	{"functions", {'h'}, N_("functions by pages they brought; callers"), run_functions, COMMAND_ANY},
	{"functions-callers", {'X'}, NULL, run_functions_callers, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_events = { N_("Faults"), rows, COMMAND_ANY };
