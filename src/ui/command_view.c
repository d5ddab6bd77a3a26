/* How one looks: zoom, panels, tabs, themes, help; and the keys that all panels share. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/command_private.h"
#include "ui/terminal.h"

#define ZOOM_MAX 40 /* 2^40 pages a cell: more than any process has */

static void set_zoom(struct ui *ui, int zoom)
{
	ui->view.grid.zoom_auto = false;
	if (zoom >= 0 && zoom <= ZOOM_MAX)
		ui->view.grid.zoom = zoom;
}

void command_zoom_in(struct ui *ui, const char *arg)
{
	(void)arg;
	if (ui->view.grid.zoom == 0)
		ui_message(ui, _("one page a cell is the closest look"));
	set_zoom(ui, ui->view.grid.zoom - 1);
}

void command_zoom_out(struct ui *ui, const char *arg)
{
	(void)arg;
	set_zoom(ui, ui->view.grid.zoom + 1);
}

void command_zoom_fit(struct ui *ui, const char *arg)
{
	(void)arg;
	ui->view.grid.zoom_auto = true;
	ui->seen_rows = -1; /* fit as after a change of size */
}

/* A panel that has no room cannot have the keys. */
static bool has_room(const struct ui *ui, enum view_focus focus)
{
	if (focus == FOCUS_TIMELINE)
		return ui->has_time;
	if (focus == FOCUS_REGIONS)
		return ui->parts.regions_rows > 0;
	return focus == FOCUS_DETAIL ? ui->parts.detail_rows > 0 : true;
}

static void focus_step(struct ui *ui, int step)
{
	enum view_focus focus = ui->view.focus;

	do {
		focus = (enum view_focus)(((int)focus + step + FOCUS_COUNT) % FOCUS_COUNT);
	} while (!has_room(ui, focus));
	ui->view.focus = focus;
}

void command_focus_next(struct ui *ui, const char *arg)
{
	(void)arg;
	focus_step(ui, 1);
}

void command_focus_previous(struct ui *ui, const char *arg)
{
	(void)arg;
	focus_step(ui, -1);
}

static const char *const tab_names[TAB_COUNT] = {
	"page", "address", "entry", "bytes", "output", "changes", "sources", "stack", "events", "functions",
};

/* By a key "1" to "9", a number, a name; without any the next one. */
void command_tab(struct ui *ui, const char *arg)
{
	int tab = isdigit((unsigned char)*arg) ? *arg - '1' : -1, i;

	for (i = 0; i < TAB_COUNT; i++)
		if (!strcmp(arg, tab_names[i]))
			tab = i;
	if (!*arg)
		tab = ((int)ui->view.tab + 1) % TAB_COUNT;
	if (tab < 0 || tab >= TAB_COUNT) {
		ui_complain(ui, _("no such tab: %s"), arg);
		return;
	}
	ui->view.tab = (enum view_tab)tab;
	ui->view.detail_scroll = 0;
}

void command_theme(struct ui *ui, const char *arg)
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

void command_pause_picture(struct ui *ui, const char *arg)
{
	(void)arg;
	if (ui->view.pair) {
		ui_complain(ui, "%s", _("two side by side are always as they are now; B ends that"));
		return;
	}
	ui_pause_picture(ui, !ui->view.picture_paused);
	ui_message(ui, ui->view.picture_paused
			   ? _("the picture stands still, the process runs on; p: on again")
			   : _("the picture is live again"));
}

void command_repaint(struct ui *ui, const char *arg)
{
	(void)arg;
	ui->repaint = true;
}

void command_suspend(struct ui *ui, const char *arg)
{
	(void)arg;
	ui->suspend = true;
}

static void toggle_overlay(struct ui *ui, enum view_overlay overlay)
{
	ui->view.overlay = ui->view.overlay == overlay ? OVERLAY_NONE : overlay;
	ui->view.overlay_scroll = 0;
}

void command_help_show(struct ui *ui, const char *arg)
{
	(void)arg;
	toggle_overlay(ui, OVERLAY_HELP);
}

void command_legend(struct ui *ui, const char *arg)
{
	(void)arg;
	toggle_overlay(ui, OVERLAY_LEGEND);
}

void command_prompt(struct ui *ui, const char *arg)
{
	(void)arg;
	ui->view.prompt = PROMPT_COMMAND;
}

/* Enter: what the selected line is about; from the list into the grid, in the grid closer. */
void command_enter(struct ui *ui, const char *arg)
{
	if (ui->view.overlay == OVERLAY_MARKS)
		command_enter_mark(ui);
	else if (ui->view.overlay != OVERLAY_NONE)
		ui->view.overlay = OVERLAY_NONE;
	else if (command_enter_line(ui))
		return;
	else if (ui->view.focus != FOCUS_GRID)
		ui->view.focus = FOCUS_GRID;
	else
		command_zoom_in(ui, arg);
}

/* Escape leaves one thing at a time: what lies on top, then the filter, then the panel. */
void command_escape(struct ui *ui, const char *arg)
{
	(void)arg;
	if (ui->view.overlay != OVERLAY_NONE)
		ui->view.overlay = OVERLAY_NONE;
	else if (command_escape_events(ui))
		return;
	else if (ui->view.regions.filter.text[0])
		ui->view.regions.filter.text[0] = '\0';
	else if (ui->view.grid.chase)
		ui->view.grid.chase = false;
	else
		ui->view.focus = FOCUS_GRID;
}
