/* Two looks at one process: mark the first, compare with now. The comparison stays as
 * it was taken until the next; the mark stays, so that one compares again and again. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "ui/command_private.h"

static void forget_comparison(struct view *view)
{
	if (view->has_diff)
		diff_fini(&view->diff);
	view->has_diff = false;
	if (view->mark_b)
		space_destroy(view->mark_b);
	view->mark_b = NULL;
}

static uint64_t picture_ns(const struct ui *ui)
{
	return ui->view.picture_paused ? ui->still_ns : ui->now_ns;
}

void command_mark(struct ui *ui, const char *arg)
{
	struct view *view = &ui->view;
	char clock[24];

	(void)arg;
	forget_comparison(view);
	if (view->mark_a)
		space_destroy(view->mark_a);
	view->mark_a = space_copy(ui_space(ui));
	view->mark_a_ns = picture_ns(ui);
	if (!ui->has_time)
		command_keep_mark(ui, "");
	ui_message(ui, _("marked this moment, %s; c: compare with it"), text_clock(clock, view->mark_a_ns));
}

void command_compare(struct ui *ui, const char *arg)
{
	struct view *view = &ui->view;

	(void)arg;
	if (!view->mark_a) {
		ui_message(ui, _("nothing marked to compare with: m marks this moment"));
		return;
	}
	forget_comparison(view);
	view->mark_b = space_copy(ui_space(ui));
	view->mark_b_ns = picture_ns(ui);
	diff_spaces(&view->diff, view->mark_a, view->mark_b);
	view->has_diff = true;
	view->tab = TAB_CHANGES;
	view->detail_scroll = 0;
}

void command_compare_off(struct ui *ui, const char *arg)
{
	(void)arg;
	forget_comparison(&ui->view);
	if (ui->view.mark_a)
		space_destroy(ui->view.mark_a);
	ui->view.mark_a = NULL;
}
