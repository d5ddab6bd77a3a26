/* One process at two times: mark it, compare it later. A comparison stays as it was made until
 * the next one; the mark stays, so that one can compare again and again. */
#include "ui/command_changes.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "ui/jump.h"
#include "ui/state.h"
#include "ui/view/press.h"

static uint64_t picture_ns(const struct ui *ui)
{
	return ui->view.picture_paused ? ui->shown.still_ns : ui->shown.now_ns;
}

static void run_mark(struct ui *ui, const char *arg)
{
	struct snapshots *snapshots = &ui->view.snapshots;
	char clock[24], key[PRESS_TEXT];

	snapshots_mark(snapshots, shown_space(&ui->shown), picture_ns(ui));
	if (!ui->shown.has_time)
		ui_mark(ui, "");
	ui_message(ui, _("marked at %s; %s: compare with it"), text_clock(clock, snapshots->a_ns),
		   press_key(&ui->view.press, key, "compare"));
}

static void run_compare(struct ui *ui, const char *arg)
{
	char key[PRESS_TEXT];

	if (!ui->view.snapshots.a) {
		ui_message(ui, _("nothing to compare with yet; %s: mark this moment"),
			   press_key(&ui->view.press, key, "mark"));
		return;
	}
	snapshots_compare(&ui->view.snapshots, shown_space(&ui->shown), picture_ns(ui));
	tabs_show(&ui->view.tabs, tabs_with(&ui->view.tabs, TAB_SHOWS_COMPARED));
}

static void run_compare_off(struct ui *ui, const char *arg)
{
	snapshots_forget(&ui->view.snapshots);
}

static bool is_set(uint32_t value)
{
	return value != 0;
}

/* What changed: between the mark and the comparison, if there is one, else since the watch began. */
static const struct runs *changes(struct ui *ui)
{
	return ui->view.snapshots.compared ? ui->view.snapshots.diff.changes : shown_space(&ui->shown)->since;
}

static void run_next_changed(struct ui *ui, const char *arg)
{
	if (ui->view.compared)
		jump_difference(ui, 1);
	else
		jump_page(ui, changes(ui), 1, is_set, _("no changed page after this one"));
}

static void run_previous_changed(struct ui *ui, const char *arg)
{
	if (ui->view.compared)
		jump_difference(ui, -1);
	else
		jump_page(ui, changes(ui), -1, is_set, _("no changed page before this one"));
}

/* clang-format off */
static const struct command rows[] = {
	{"mark", {'m'}, N_("mark this moment"), run_mark, COMMAND_LIVE},
	{"compare", {'c'}, N_("compare with the mark; stop comparing"), run_compare, COMMAND_LIVE},
	{"compare-off", {'C'}, NULL, run_compare_off, COMMAND_LIVE},
	{"next-changed", {'>', '.'}, N_("next, previous changed or differing page"), run_next_changed, COMMAND_ANY},
	{"previous-changed", {'<', ','}, NULL, run_previous_changed, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_changes = { N_("What changed"), rows, COMMAND_ANY };
