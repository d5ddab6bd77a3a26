/* How the user looks at memory: zoom, panels, tabs, the picture, themes. */
#include "ui/command_view.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "ui/key.h"
#include "ui/state.h"
#include "ui/view/press.h"

#define ZOOM_MAX 40 /* 2^40 pages a cell: more than any process has */

void command_view_zoom(struct ui *ui, int step)
{
	int zoom = ui->view.grid.zoom + step;

	ui->view.grid.zoom_auto = false;
	if (zoom >= 0 && zoom <= ZOOM_MAX)
		ui->view.grid.zoom = zoom;
	else if (zoom < 0)
		ui_message(ui, _("one page per cell is the closest zoom"));
}

static void run_zoom_in(struct ui *ui, const char *arg)
{
	command_view_zoom(ui, -1);
}

static void run_zoom_out(struct ui *ui, const char *arg)
{
	command_view_zoom(ui, 1);
}

static void run_zoom_fit(struct ui *ui, const char *arg)
{
	ui->view.grid.zoom_auto = true;
	ui->viewport.seen_rows = -1; /* fit as after a change of size */
}

/* A panel without room cannot have the keyboard. */
static bool has_room(const struct ui *ui, enum view_focus focus)
{
	if (focus == VIEW_FOCUS_TIMELINE)
		return ui->shown.has_time;
	if (focus == VIEW_FOCUS_REGIONS)
		return ui->viewport.parts.regions.rows > 0;
	return focus == VIEW_FOCUS_DETAIL ? ui->viewport.parts.detail.rows > 0 : true;
}

static void focus_step(struct ui *ui, int step)
{
	enum view_focus focus = ui->view.focus;

	do {
		focus = (enum view_focus)(((int)focus + step + VIEW_FOCUS_COUNT) % VIEW_FOCUS_COUNT);
	} while (!has_room(ui, focus));
	ui->view.focus = focus;
}

static void run_focus_next(struct ui *ui, const char *arg)
{
	focus_step(ui, 1);
}

static void run_focus_previous(struct ui *ui, const char *arg)
{
	focus_step(ui, -1);
}

static void complain_of_tab(struct ui *ui, const char *name)
{
	const struct tabs *tabs = &ui->view.tabs;
	struct strbuf names = { 0 };

	for (size_t i = 0; i < tabs->count; i++)
		strbuf_printf(&names, "%s%s", i ? ", " : "", tabs->items[i].ops->name);
	ui_complain(ui, _("no such tab: %s (there are %s)"), name, names.text);
	strbuf_fini(&names);
}

/* By a digit, which is its key, or a name; without one, the next tab. */
static void run_tab(struct ui *ui, const char *arg)
{
	struct tabs *tabs = &ui->view.tabs;
	struct tab *tab = tabs_named(tabs, arg);

	if (!*arg)
		tab = &tabs->items[((size_t)(tabs->shown - tabs->items) + 1) % tabs->count];
	if (!tab && isdigit((unsigned char)*arg) && !arg[1])
		tab = tabs_by_key(tabs, (uint32_t)*arg);
	if (tab)
		tabs_show(tabs, tab);
	else
		complain_of_tab(ui, arg);
}

void command_view_press_tab(struct ui *ui, struct tab *tab)
{
	struct scene scene = ui_scene(ui);

	view_press_tab(&ui->view, &scene, tab);
}

bool command_view_enter_tab(struct ui *ui)
{
	struct tab *tab = view_tab_with_keys(&ui->view);

	if (!tab || !tab->ops->enter)
		return false;
	struct scene scene = ui_tab_scene(ui, tab);

	return tab->ops->enter(tab, &ui->view, &scene);
}

bool command_view_escape_tab(struct ui *ui)
{
	struct tab *tab = view_tab_with_keys(&ui->view);

	return tab && tab->ops->escape && tab->ops->escape(tab);
}

static void run_theme(struct ui *ui, const char *arg)
{
	const struct theme *const *list = theme_list();
	const struct theme *next = list[0];
	size_t i;

	for (i = 0; list[i]; i++)
		if (list[i] == ui->theme && list[i + 1])
			next = list[i + 1];
	if (*arg)
		next = theme_find(arg);
	if (!next) {
		ui_complain(ui, _("no such theme: %s"), arg);
		return;
	}
	ui->theme = next;
	ui_message(ui, _("theme %s: %s"), next->name, _(next->description));
}

static void run_pause_picture(struct ui *ui, const char *arg)
{
	char key[PRESS_TEXT];

	if (ui->view.pair) {
		ui_complain(ui, _("two processes side by side cannot be frozen; %s ends that view"),
			    press_key(&ui->view.press, key, "beside"));
		return;
	}
	ui_pause_picture(ui, !ui->view.picture_paused);
	if (ui->view.picture_paused)
		ui_message(ui, _("the picture is frozen, the process runs on; %s: live again"),
			   press_key(&ui->view.press, key, "pause-picture"));
	else
		ui_message(ui, _("the picture is live again"));
}

static void run_redraw(struct ui *ui, const char *arg)
{
	ui->repaint = true;
}

static void run_chase(struct ui *ui, const char *arg)
{
	ui->view.grid.chase = !ui->view.grid.chase;
	ui->viewport.chased_ns = 0;
	ui_message(ui, ui->view.grid.chase ? _("following what changes; any move stops it")
					   : _("no longer following"));
}

static void run_tall(struct ui *ui, const char *arg)
{
	ui->view.tall = !ui->view.tall;
}

/* clang-format off */
static const struct command rows[] = {
	{"zoom-in", {'+'}, N_("zoom in, out by a factor of two"), run_zoom_in, COMMAND_ANY},
	{"zoom-out", {'-'}, NULL, run_zoom_out, COMMAND_ANY},
	{"zoom-fit", {'0', '='}, N_("zoom to fit the whole process"), run_zoom_fit, COMMAND_ANY},
	{"focus-next", {'\t'}, N_("next panel; shift-tab: previous"), run_focus_next, COMMAND_ANY},
	{"focus-previous", {KEY_CODE_TAB_BACK}, NULL, run_focus_previous, COMMAND_ANY},
	{"tab", {'`'}, N_("next tab below the grid; 1 to 8: by number"), run_tab, COMMAND_ANY},
	{"follow", {'f'}, N_("follow what changes"), run_chase, COMMAND_LIVE},
	{"pause-picture", {'p'}, N_("freeze the picture, not the program"), run_pause_picture, COMMAND_LIVE},
	{"theme", {'T'}, N_("next theme"), run_theme, COMMAND_ANY},
	{"redraw", {KEY_CTRL('L')}, N_("redraw the screen"), run_redraw, COMMAND_ANY},
	{"tall", {'v'}, N_("more or less room below the grid"), run_tall, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_view = { N_("Looking"), rows, COMMAND_ANY };
