/* An open prompt takes the key first, then a window over the panels; otherwise it is a command, or a tab's
 * key. */
#include "ui/input.h"

#include <stdio.h>

#include "ui/view/panel.h"
#include "ui/command_view.h"
#include "ui/command_time.h"
#include "ui/commands.h"
#include "ui/line_edit.h"
#include "ui/show_process.h"
#include "ui/view/tabs_line.h"

/* Enter closes it and does what the selected line is about. */
static void enter_overlay(struct ui *ui)
{
	const struct overlay *overlay = &ui->view.overlay;
	struct scene scene = ui_scene(ui);
	char arg[OVERLAY_ARG] = "";
	const char *command = overlay->ops->enter ? overlay->ops->enter(overlay, &scene, arg) : NULL;

	overlay_close(&ui->view.overlay);
	if (command)
		commands_run(ui, command, arg);
}

/* Returns whether the overlay used the key. */
static bool overlay_takes(struct ui *ui, uint32_t key)
{
	const struct overlay_ops *ops = ui->view.overlay.ops;
	const struct overlay_key *k = ops ? overlay_key(&ui->view.overlay, key) : NULL;

	if (!ops)
		return false;
	if (k && k->command)
		commands_run(ui, k->command, "");
	else if (k)
		overlay_close(&ui->view.overlay);
	else if (key == '\n' && !ops->asks)
		enter_overlay(ui);
	else
		return ops->asks;
	return true;
}

static void finish_prompt(struct ui *ui)
{
	struct prompt asked = ui->view.prompt;
	struct err err = { 0 };

	ui->view.prompt = (struct prompt){ 0 };
	if (!asked.ops->done && commands_run_text(ui, asked.text, &err) < 0)
		ui_complain(ui, "%s", err.text);
	if (asked.ops->done && (asked.len || asked.ops->empty))
		asked.ops->done(ui, asked.text);
}

static void cancel_prompt(struct ui *ui)
{
	const struct prompt_ops *ops = ui->view.prompt.ops;

	ui->view.prompt = (struct prompt){ 0 };
	if (ops->cancel)
		ops->cancel(ui);
}

/* A key for the prompt. Enter runs it. */
static void prompt_key(struct ui *ui, uint32_t key)
{
	struct prompt *prompt = &ui->view.prompt;

	if (key == '\n')
		finish_prompt(ui);
	else if (key == KEY_ESCAPE || key == KEY_CTRL('C') || (key == KEY_CODE_BACKSPACE && !prompt->len))
		cancel_prompt(ui);
	else if (line_edit(prompt->text, sizeof prompt->text, &prompt->len, key) && prompt->ops->typed)
		prompt->ops->typed(ui, prompt->text);
}

/* A tab's key: of `tab NAME`, or of the command that the same key stands for, which shows the tab. */
static uint32_t key_of_tab(const struct keymap *keys, const struct view_ops *ops)
{
	const struct command *command = commands_by_key((unsigned char)ops->key);
	uint32_t own[] = { (unsigned char)ops->key };
	char text[64];
	uint32_t key;

	snprintf(text, sizeof text, "tab %s", ops->name);
	key = keymap_key(keys, text, own, 1, 0);
	if (!key && command)
		key = keymap_key(keys, command->name, command->keys, 4, 0);
	return key;
}

void input_bind(struct ui *ui, const struct keymap *keys)
{
	ui->keys = ui->view.press.keys = keys;
	for (size_t i = 0; i < ui->view.tabs.count; i++) {
		struct tab *tab = &ui->view.tabs.items[i];
		uint32_t key = key_of_tab(keys, tab->ops);
		char label[16];

		snprintf(tab->label, sizeof tab->label, "%.7s", key ? key_label(label, key) : " ");
	}
}

static void run_bound(struct ui *ui, const char *commands)
{
	struct err err = { 0 };

	if (!ui->view.overlay.ops && commands_run_text(ui, commands, &err) < 0)
		ui_complain(ui, "%s", err.text);
}

void input_key(struct ui *ui, uint32_t pressed)
{
	uint32_t key = pressed;
	const char *bound;

	ui_message_clear(ui);
	if (ui->view.prompt.ops) {
		prompt_key(ui, pressed);
		return;
	}
	key = keymap_translate(ui->keys, pressed, &bound);
	if (bound)
		run_bound(ui, bound);
	if (!key || overlay_takes(ui, key))
		return;
	if (key != KEY_CODE_UP && key != KEY_CODE_DOWN && key != KEY_CODE_PGUP && key != KEY_CODE_PGDN)
		ui->viewport.column = -1;
	if (commands_by_key(key))
		commands_press(ui, key);
	else if (tabs_by_key(&ui->view.tabs, key))
		command_view_press_tab(ui, tabs_by_key(&ui->view.tabs, key));
}

static bool inside(int row, int column, int top, int left, int rows, int columns)
{
	return row >= top && row < top + rows && column >= left && column < left + columns;
}

static void click_grid(struct ui *ui, const struct mouse *mouse)
{
	const struct screen_parts *p = &ui->viewport.parts;
	bool right = ui->view.pair && mouse->column >= p->pair_column;
	uint64_t first, end;

	ui->view.focus = VIEW_FOCUS_GRID;
	if (ui->view.pair)
		ui_show_process(ui, right ? ui->shown.pair.right : ui->shown.pair.left);
	if (!layout_cell(&ui->viewport.layout, ui->view.grid.top + mouse->row - p->grid.row,
			 mouse->column - (right ? p->pair_column : p->grid.column), &first, &end))
		return;
	if (ui->view.grid.cursor < first || ui->view.grid.cursor >= end)
		ui_move(ui, first);
	if (mouse->what == KEY_MOUSE_DOUBLE)
		command_view_zoom(ui, -1);
}

/* The first of the panel's rows is its title. */
static void click_regions(struct ui *ui, const struct mouse *mouse)
{
	int line = ui->view.regions.top + mouse->row - ui->viewport.parts.regions.row - 1;

	ui->view.focus = VIEW_FOCUS_REGIONS;
	if (mouse->row == ui->viewport.parts.regions.row)
		commands_run(ui, "sort", "");
	else if (line >= 0 && line < (int)ui->viewport.list.count)
		ui_move(ui, ui->viewport.list.rows[line].first);
}

/* The tab begins with the heading of a list, below that are its lines. */
static void click_detail(struct ui *ui, const struct mouse *mouse)
{
	struct tabs *tabs = &ui->view.tabs;
	struct tab *tab = tabs_line_at(tabs, ui->viewport.parts.detail.columns, mouse->column);
	int line = mouse->row - ui->viewport.parts.tab.row - 1;

	ui->view.focus = VIEW_FOCUS_DETAIL;
	if (mouse->row == ui->viewport.parts.detail.row && tab)
		tabs_show(tabs, tab);
	else if (line >= 0 && tabs->shown->ops->click && tabs->shown->ops->click(tabs->shown, line) &&
		 mouse->what == KEY_MOUSE_DOUBLE)
		command_view_enter_tab(ui);
}

static void click_timeline(struct ui *ui, const struct mouse *mouse, int lines)
{
	int part, parts;

	if (!ui->shown.has_time)
		return;
	if (lines)
		time_scroll(ui, lines);
	else if (panel_timeline_part(ui->view.columns, ui->viewport.parts.timeline.rows,
				     ui->viewport.layout.zoom, ui->shown.process->space->page_shift,
				     mouse->column, &part, &parts))
		time_seek_part(ui, part, parts);
	ui->view.focus = VIEW_FOCUS_TIMELINE;
}

static void click_overlay(struct ui *ui, int lines)
{
	struct scene scene = ui_scene(ui);

	if (lines)
		overlay_scroll(&ui->view.overlay, &scene, lines);
	else if (!ui->view.overlay.ops->asks)
		overlay_close(&ui->view.overlay);
}

#define WHEEL_LINES 3

void input_mouse(struct ui *ui, const struct mouse *mouse)
{
	const struct screen_parts *p = &ui->viewport.parts;
	int lines = mouse->what == KEY_MOUSE_WHEEL_UP ? -WHEEL_LINES : WHEEL_LINES;
	bool wheel = mouse->what == KEY_MOUSE_WHEEL_UP || mouse->what == KEY_MOUSE_WHEEL_DOWN;
	bool regions = inside(mouse->row, mouse->column, p->regions.row, p->regions.column, p->regions.rows,
			      p->regions.columns);
	bool detail = inside(mouse->row, mouse->column, p->detail.row, 0, p->detail.rows, p->detail.columns);
	bool grid =
	    inside(mouse->row, mouse->column, p->grid.row, p->grid.column, p->grid.rows, p->grid.columns) ||
	    (ui->view.pair &&
	     inside(mouse->row, mouse->column, p->grid.row, p->pair_column, p->grid.rows, p->grid.columns));

	ui_message_clear(ui);
	if (ui->view.overlay.ops) {
		click_overlay(ui, wheel ? lines : 0);
	} else if (regions) {
		wheel ? viewport_scroll_list(&ui->viewport, &ui->view, lines) : click_regions(ui, mouse);
	} else if (detail) {
		wheel ? tab_scroll(ui->view.tabs.shown, lines) : click_detail(ui, mouse);
	} else if (mouse->row >= p->timeline.row && mouse->row < p->timeline.row + p->timeline.rows) {
		click_timeline(ui, mouse, wheel ? lines : 0);
	} else if (grid) {
		wheel ? viewport_scroll_grid(&ui->viewport, &ui->view, lines) : click_grid(ui, mouse);
	}
}
