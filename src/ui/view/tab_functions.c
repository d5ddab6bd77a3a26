/* The profile of functions: which of them brought in how many pages.
 *
 *     PAGES  FAULTS MAJOR             FUNCTION                                    by innermost function
 *      2048    2048     0  █████████  fill  demo
 *       112      15     3  █          memcpy  libc.so.6
 */
#include "ui/view/tab_functions.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "model/event_filter.h"
#include "render/code.h"
#include "render/glyph.h"
#include "ui/view/scene.h"
#include "ui/view/tab_events.h"

#define LEFT 1
#define FIGURES 24 /* columns before the bar */

static int bar_columns(int columns)
{
	return columns >= 150 ? 30 : columns >= 100 ? 16 : columns >= 70 ? 8 : 0;
}

/* Where not all faults since the last exec were counted, as after going to another time. */
static int draw_uncounted(struct area a, int column, const struct process *p, const struct profile_rows *rows)
{
	uint64_t all = p ? p->faults.log.end - p->faults.image : 0;
	char counted[16], of[16];

	if (rows->process != p || rows->pending || rows->counted >= all)
		return column;
	return area_printf(a, 0, column, PEN(INK_WARN), _("%s of %s faults counted"),
			   text_count(counted, rows->counted), text_count(of, all)) +
	       2;
}

static void draw_heading(struct area a, const struct process *p, const struct functions_tab *f)
{
	const char *how =
	    f->callers ? _("including callers; X: innermost only") : _("innermost only; X: include callers");
	int bar = bar_columns(a.columns), at = LEFT + FIGURES + (bar ? bar + 2 : 0);
	struct pen pen = PEN(INK_ACCENT);

	area_text_right(a, 0, LEFT + 6, pen, _("PAGES"));
	area_text_right(a, 0, LEFT + 14, pen, _("FAULTS"));
	area_text_right(a, 0, LEFT + 22, pen, _("MAJOR"));
	at = area_text(a, 0, at, pen, _("FUNCTION")) + 2;
	at = draw_uncounted(a, at, p, &f->rows);
	if (at + text_columns(how) < a.columns)
		area_text_right(a, 0, a.columns - 1, PEN(INK_DIM), how);
}

static void draw_name(struct area a, int row, int column, const struct profile_row *line, uint8_t paper)
{
	struct strbuf name = { 0 }, object = { 0 }, brief = { 0 };
	int room = a.columns - column - 1, beside;

	text_printable(&name, line->name, strlen(line->name));
	text_printable(&object, line->object, strlen(line->object));
	beside = text_columns(object.text) + 2;
	if (name.len && room - beside < text_columns(name.text) && room - beside < 24)
		beside = 0;
	if (name.len) {
		code_add_short(&brief, name.text, room - beside, a.canvas->ascii);
		column = area_text(a, row, column, PEN_ON(INK_STRONG, paper), brief.text);
	}
	if (beside || !name.len)
		area_fit(a, row, column + (name.len ? 2 : 0), a.columns - column - 3, PEN_ON(INK_DIM, paper),
			 object.text, TEXT_CUT_LEFT);
	strbuf_fini(&name);
	strbuf_fini(&object);
	strbuf_fini(&brief);
}

static void draw_row(struct area a, int row, const struct profile_rows *profile,
		     const struct profile_row *line, bool selected)
{
	uint8_t paper = selected ? PAPER_SELECTED : PAPER_PLAIN;
	int bar = bar_columns(a.columns), column = LEFT + FIGURES;
	uint64_t most = profile->callers ? profile->pages : profile->rows[0].pages;
	char figure[16];

	if (selected)
		area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, paper));
	area_text_right(a, row, LEFT + 6, PEN_ON(INK_STRONG, paper), text_count(figure, line->pages));
	area_text_right(a, row, LEFT + 14, PEN_ON(INK_TEXT, paper),
			text_count(figure, line->minor + line->major));
	area_text_right(a, row, LEFT + 22, PEN_ON(line->major ? INK_BAD : INK_DIM, paper),
			text_count(figure, line->major));
	for (int i = 0; i < bar; i++)
		area_put(a, row, column + i, glyph_bar(line->pages, most, bar, i, a.canvas->ascii),
			 PEN_ON(INK_FAULT, paper));
	draw_name(a, row, column + (bar ? bar + 2 : 0), line, paper);
}

static void draw_nothing(struct area a, const struct process *p)
{
	const struct source_status *faults = &p->sources[SOURCE_FAULTS];
	struct strbuf text = { 0 };

	strbuf_puts(&text, _("No page fault has been seen yet. Functions are listed here by the pages that "
			     "they brought in."));
	if (faults->known && !faults->ok)
		strbuf_printf(&text, " %s", faults->why);
	area_wrap(a, 1, LEFT, a.columns - LEFT - 1, a.rows - 1, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	const struct functions_tab *f = tab->state;
	const struct profile_rows *rows = &f->rows;

	draw_heading(a, scene->process, f);
	if (!rows->count) {
		if (scene->process)
			draw_nothing(a, scene->process);
		return 0;
	}
	for (int row = 1; row < a.rows && f->top + row - 1 < (int)rows->count; row++) {
		int at = f->top + row - 1;

		draw_row(a, row, rows, &rows->rows[at], at == f->at);
	}
	if (f->top > 0)
		area_put(a, 1, a.columns - 1, 0x2191, PEN(INK_ACCENT));
	if (f->top + a.rows - 1 < (int)rows->count)
		area_put(a, a.rows - 1, a.columns - 1, 0x2193, PEN(INK_ACCENT));
	return 0;
}

static void keep_in_list(struct functions_tab *f, int room)
{
	int count = (int)f->rows.count;

	f->at = clamp_int(f->at, 0, count - 1);
	if (f->top > f->at)
		f->top = f->at;
	if (f->top <= f->at - room)
		f->top = f->at - room + 1;
	f->top = clamp_int(f->top, 0, count - room);
}

static void update(struct tab *tab, const struct scene *scene)
{
	struct functions_tab *f = tab->state;

	profile_rows_update(&f->rows, scene->process, f->callers, scene->now_ns);
	keep_in_list(f, tab->rows > 2 ? tab->rows - 1 : 1); /* without the heading */
}

#define AGAIN_NS UINT64_C(1000000)

static uint64_t due_ns(const struct tab *tab, uint64_t now_ns)
{
	const struct functions_tab *f = tab->state;

	if (!f->rows.pending)
		return UINT64_MAX;
	return f->rows.due_ns > now_ns ? f->rows.due_ns - now_ns + AGAIN_NS : AGAIN_NS;
}

static void scroll(struct tab *tab, int lines)
{
	((struct functions_tab *)tab->state)->at += lines; /* update keeps it in the list */
}

static bool click(struct tab *tab, int line)
{
	struct functions_tab *f = tab->state;

	if (f->top + line >= (int)f->rows.count)
		return false;
	f->at = f->top + line;
	return true;
}

#define NAME_MOST 160 /* bytes of a name: a longer one is found by its beginning */

/* The events of the selected function. */
static bool enter(struct tab *tab, struct view *v, const struct scene *scene)
{
	struct functions_tab *f = tab->state;
	struct strbuf filter = { 0 };
	const struct profile_row *row;
	const char *name;

	(void)scene;
	if (f->at < 0 || f->at >= (int)f->rows.count)
		return true;
	row = &f->rows.rows[f->at];
	name = *row->name ? row->name : row->object;
	strbuf_puts(&filter, f->callers ? "in:" : "func:");
	if (strlen(name) <= NAME_MOST) {
		event_filter_quote(&filter, name, true);
	} else {
		char beginning[NAME_MOST + 1];

		memcpy(beginning, name, NAME_MOST);
		beginning[NAME_MOST] = '\0';
		event_filter_quote(&filter, beginning, false);
	}
	tab_events_show(v, filter.text);
	strbuf_fini(&filter);
	return true;
}

static void fini(struct tab *tab)
{
	profile_rows_fini(&((struct functions_tab *)tab->state)->rows);
}

const struct view_ops tab_functions = {
	.name = N_("functions"),
	.brief = N_("funcs"),
	.key = 'h',
	.flags = VIEW_LIST,
	.state_size = sizeof(struct functions_tab),
	.draw = draw,
	.fini = fini,
	.update = update,
	.due_ns = due_ns,
	.scroll = scroll,
	.click = click,
	.enter = enter,
};

struct functions_tab *tab_functions_state(const struct view *v)
{
	return tabs_find(&v->tabs, &tab_functions)->state;
}

void tab_functions_toggle_callers(struct view *v)
{
	struct functions_tab *f = tab_functions_state(v);

	f->callers = !f->callers;
	f->at = f->top = 0;
	view_show(v, &tab_functions);
}
