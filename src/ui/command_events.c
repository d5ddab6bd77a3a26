/* Faults and calls: their list, one page's biography, the stack of one of them, the profile of functions.
 * The command of a tab does what the tab's key does. */
#include "ui/command_events.h"

#include <string.h>

#include "base/i18n.h"
#include "ui/command_view.h"
#include "ui/state.h"
#include "ui/view/tab_events.h"
#include "ui/view/tab_functions.h"
#include "ui/view/tab_stack.h"

static void filter_events(struct ui *ui, const char *text)
{
	tab_events_show(&ui->view, text);
}

static const struct prompt_ops filter_prompt = { N_("events:"), .done = filter_events, .empty = true };

/* Without a filter, asks for one; a dash removes it. */
static void run_events_filter(struct ui *ui, const char *arg)
{
	if (*arg)
		filter_events(ui, strcmp(arg, "-") ? arg : "");
	else
		view_ask(&ui->view, &filter_prompt);
}

static void run_events(struct ui *ui, const char *arg)
{
	if (*arg)
		run_events_filter(ui, arg);
	else
		command_view_press_tab(ui, tab_events_in(&ui->view.tabs));
}

static void run_biography(struct ui *ui, const char *arg)
{
	tab_events_toggle_biography(&ui->view);
}

static void run_stack(struct ui *ui, const char *arg)
{
	command_view_press_tab(ui, tab_stack_in(&ui->view.tabs));
}

static void run_functions(struct ui *ui, const char *arg)
{
	command_view_press_tab(ui, tab_functions_in(&ui->view.tabs));
}

static void run_functions_by(struct ui *ui, const char *arg)
{
	if (!tab_functions_count_by(&ui->view, arg))
		ui_complain(ui, _("cannot count functions by %s: innermost, own, callers"), arg);
}

/* clang-format off */
static const struct command rows[] = {
	{"events", {'e'}, N_("faults, calls, execs; enter: to the page"), run_events, COMMAND_ANY},
	{"events-filter", {'E'}, N_("filter: thread:42 cause:cow region:heap"), run_events_filter, COMMAND_ANY},
	{"biography", {'b'}, N_("events of this page, or of all pages"), run_biography, COMMAND_ANY},
	{"stack", {'x'}, N_("stack and source lines of the fault"), run_stack, COMMAND_ANY},
	{"functions", {'h'}, N_("functions by pages; own code, callers"), run_functions, COMMAND_ANY},
	{"functions-by", {'X'}, NULL, run_functions_by, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_events = { N_("Faults"), rows, COMMAND_ANY };
