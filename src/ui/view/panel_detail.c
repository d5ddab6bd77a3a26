/* The panel below the grid: a line of tabs, and the chosen one.
 *
 *   ─ 1 page ─ 2 address ─ 3 entry ─ 4 bytes ─ 5 output ─ 6 changes ─ 7 sources ─ x stack ─ e events ─
 *
 * A wide screen shows the page and its address side by side. */
#include "ui/view/panel.h"

#include "base/i18n.h"
#include "ui/view/subject.h"

#define SIDE_BY_SIDE 150 /* columns */
#define ADDRESS_COLUMNS 76

#define KEYS "1234567xeh" /* a tab's, in the order of enum view_tab */

static const struct {
	const char *name;
	void (*draw)(struct area, const struct scene *);
} tabs[TAB_COUNT] = {
	[TAB_PAGE] = { N_("page"), tab_page },          [TAB_ADDRESS] = { N_("address"), tab_address },
	[TAB_ENTRY] = { N_("entry"), tab_entry },       [TAB_BYTES] = { N_("bytes"), tab_bytes },
	[TAB_OUTPUT] = { N_("output"), tab_output },    [TAB_CHANGES] = { N_("changes"), tab_changes },
	[TAB_SOURCES] = { N_("sources"), tab_sources }, [TAB_STACK] = { N_("stack"), tab_stack },
	[TAB_EVENTS] = { N_("events"), tab_events },    [TAB_FUNCTIONS] = { N_("functions"), tab_functions },
};

static int tabs_columns(bool names)
{
	int columns = 1;
	for (int i = 0; i < TAB_COUNT; i++)
		columns += 4 + (names ? text_columns(_(tabs[i].name)) + 1 : 0);
	return columns;
}

int panel_detail_tab_at(const struct view *view, int columns, int column)
{
	bool names = tabs_columns(true) < columns;
	int start = 1;
	for (int i = 0; i < TAB_COUNT; i++) {
		bool named = names || (int)view->tab == i;
		int end = start + 3 + (named ? text_columns(_(tabs[i].name)) + 1 : 0);
		if (column >= start && column < end)
			return i;
		start = end + 1;
	}
	return -1;
}

/* One tab's name; a narrow screen has room for the chosen one's only. */
static int draw_tab_name(struct area a, int column, int i, const struct view *view, bool names)
{
	bool chosen = (int)view->tab == i;
	uint8_t paper = chosen ? PAPER_SELECTED : PAPER_PLAIN;
	struct pen key = PEN_ON(INK_ACCENT, paper), name = PEN_ON(chosen ? INK_STRONG : INK_TEXT, paper);
	if (chosen)
		name.style = key.style = STYLE_BOLD;
	column = area_printf(a, 0, column, key, " %c", KEYS[i]);
	if (names || chosen)
		column = area_printf(a, 0, column, name, " %s", _(tabs[i].name));
	column = area_text(a, 0, column, name, " ");
	return column + 1;
}

static void draw_tab_line(struct area a, const struct scene *scene)
{
	const struct view *view = scene->view;
	bool names = tabs_columns(true) < a.columns, focused = view->focus == FOCUS_DETAIL;
	area_rule(a, 0, PEN(focused ? INK_ACCENT : INK_DIM), NULL);
	int column = 1;
	for (int i = 0; i < TAB_COUNT; i++)
		column = draw_tab_name(a, column, i, view, names);
	if (view->tab == TAB_PAGE || scene_aligned(scene) || !scene->process || !scene->process->space ||
	    view->tab >= TAB_OUTPUT)
		return;
	char address[24];
	subject_address(address, scene, space_address(scene->process->space, view->grid.cursor));
	int at = a.columns - text_columns(address) - 2;
	if (at > column)
		area_printf(a, 0, at - 1, PEN(INK_STRONG), " %s ", address);
}

static void draw_side_by_side(struct area a, const struct scene *scene)
{
	int left = a.columns - ADDRESS_COLUMNS - 1;
	tab_page(area_part(a, 0, 0, a.rows, left), scene);
	for (int row = 0; row < a.rows; row++)
		area_put(a, row, left, 0x2502, PEN(INK_DIM));
	tab_address(area_part(a, 0, left + 1, a.rows, ADDRESS_COLUMNS), scene);
}

/* Of two that are compared a tab is told of one: the side chosen, or the one that has the page. */
struct told {
	struct scene scene;
	struct view view;
};

static void tell_one(struct told *told, const struct scene *scene)
{
	const struct aligned *al = scene_aligned(scene);
	enum aligned_side side = aligned_side_of(al, scene->process);
	uint64_t page;

	if (!aligned_page(al, side, scene->view->grid.cursor, &page)) {
		side = side == ALIGNED_A ? ALIGNED_B : ALIGNED_A;
		if (!aligned_page(al, side, scene->view->grid.cursor, &page))
			page = scene->view->grid.cursor;
	}
	told->view = *scene->view;
	told->view.grid.cursor = page;
	told->scene = *scene;
	told->scene.view = &told->view;
	told->scene.process = al->moments[side].process;
	told->scene.now_ns = al->moments[side].now_ns;
}

static void draw_compared(struct area body, const struct scene *scene)
{
	enum view_tab tab = scene->view->tab;
	struct told told;

	if (tab == TAB_PAGE) {
		tab_difference(body, scene);
	} else if (tab == TAB_CHANGES) {
		tab_totals(body, scene);
	} else {
		tell_one(&told, scene);
		tabs[tab].draw(body, &told.scene);
	}
}

void panel_detail(struct area a, const struct scene *scene)
{
	enum view_tab tab = scene->view->tab;
	if (a.rows < 1 || a.columns < 1 || (unsigned)tab >= TAB_COUNT)
		return;
	if (scene->ends)
		scene->ends->detail = 0;
	draw_tab_line(a, scene);
	struct area body = area_part(a, 1, 0, a.rows - 1, a.columns);
	if (body.rows < 1)
		return;
	if (scene_aligned(scene))
		draw_compared(body, scene);
	else if (a.columns >= SIDE_BY_SIDE && (tab == TAB_PAGE || tab == TAB_ADDRESS))
		draw_side_by_side(body, scene);
	else
		tabs[tab].draw(body, scene);
}
