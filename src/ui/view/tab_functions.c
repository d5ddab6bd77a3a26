/* The profile of functions: which of them brought in how many pages.
 *
 *     PAGES  FAULTS MAJOR             FUNCTION                        innermost only; X: by own code
 *      2048    2048     0  █████████  fill  demo
 *       112      15     3  █          memcpy  libc.so.6
 *
 * By own code it is a tree that folds:
 *
 *      2048    2048     0  █████████  - load  demo
 *      1990    1990     0  ████████     + malloc  libc.so.6
 */
#include "ui/view/tab_functions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "model/event_filter.h"
#include "render/code.h"
#include "render/glyph.h"
#include "ui/view/scene.h"
#include "ui/view/tab_events.h"

#define LEFT 1
#define FIGURES 24    /* columns before the bar */
#define FOLD_DEPTH 12 /* deeper lines are not moved any further to the right */

static int bar_columns(int columns)
{
	return columns >= 150 ? 30 : columns >= 100 ? 16 : columns >= 70 ? 8 : 0;
}

/* Where not all faults since the last exec were counted, as after going to another time. */
static int draw_uncounted(struct area a, int column, const struct process *p, const struct profile_rows *rows)
{
	uint64_t all = p ? p->faults.log.end - p->faults.image : 0;
	char counted[16], of[16];
	uint64_t faults = rows->tree.all.minor + rows->tree.all.major;

	if (rows->process != p || rows->pending || faults >= all)
		return column;
	return area_printf(a, 0, column, PEN(INK_WARN),
			   ngettext("%s of %s fault counted", "%s of %s faults counted", (unsigned long)all),
			   text_count(counted, faults), text_count(of, all)) +
	       2;
}

/* How it is counted, and the key for the next way. */
static void say_how(struct strbuf *out, enum profile_by by, const struct press *press)
{
	char key[PRESS_TEXT];

	press_key(press, key, "functions-by");
	if (by == PROFILE_FUNCTION)
		strbuf_printf(out, _("innermost only; %s: by own code"), key);
	else if (by == PROFILE_OWN)
		strbuf_printf(out, _("by own code; %s: all callers"), key);
	else
		strbuf_printf(out, _("including callers; %s: innermost only"), key);
}

static void draw_heading(struct area a, const struct scene *scene, const struct functions_tab *f)
{
	struct strbuf how = { 0 };
	int bar = bar_columns(a.columns), at = LEFT + FIGURES + (bar ? bar + 2 : 0);
	struct pen pen = PEN(INK_ACCENT);

	say_how(&how, f->by, &scene->view->press);
	area_text_right(a, 0, LEFT + 6, pen, _("PAGES"));
	area_text_right(a, 0, LEFT + 14, pen, _("FAULTS"));
	area_text_right(a, 0, LEFT + 22, pen, _("MAJOR"));
	at = area_text(a, 0, at, pen, _("FUNCTION")) + 2;
	at = draw_uncounted(a, at, scene->process, &f->rows);
	if (at + text_columns(how.text) < a.columns)
		area_text_right(a, 0, a.columns - 1, PEN(INK_DIM), how.text);
	strbuf_fini(&how);
}

/* Whether something is below the line, and how deep it is. Returns the column after that. */
static int draw_fold(struct area a, int row, int column, const struct profile_node *line, uint8_t paper)
{
	uint32_t depth = min(line->depth, FOLD_DEPTH);

	column += 2 * (int)depth;
	if (line->below)
		area_put(a, row, column, line->open ? '-' : '+', PEN_ON(INK_ACCENT, paper));
	return column + 2;
}

static void draw_name(struct area a, int row, int column, const struct profile_node *line, uint8_t paper)
{
	struct strbuf name = { 0 }, object = { 0 }, brief = { 0 };
	const char *words = profile_kind_text(line->kind);
	int room = a.columns - column - 1, beside;

	text_shown(&name, line->name);
	text_shown(&object, line->object);
	beside = text_columns(object.text) + 2;
	if (room - beside < text_columns(name.len ? name.text : words) && room - beside < 24)
		beside = 0;
	if (name.len) {
		code_add_short(&brief, name.text, room - beside, a.canvas->ascii);
		column = area_text(a, row, column, PEN_ON(INK_STRONG, paper), brief.text);
	} else {
		column =
		    area_fit(a, row, column, room - beside, PEN_ON(INK_TEXT, paper), words, TEXT_CUT_RIGHT);
	}
	if (beside)
		area_fit(a, row, column + 2, a.columns - column - 3, PEN_ON(INK_DIM, paper), object.text,
			 TEXT_CUT_LEFT);
	strbuf_fini(&name);
	strbuf_fini(&object);
	strbuf_fini(&brief);
}

static void draw_row(struct area a, int row, const struct profile_rows *profile,
		     const struct profile_node *line, bool selected)
{
	uint8_t paper = selected ? PAPER_SELECTED : PAPER_PLAIN;
	int bar = bar_columns(a.columns), column = LEFT + FIGURES;
	uint64_t most =
	    profile->by == PROFILE_CALLERS ? profile->tree.all.pages : profile_rows_at(profile, 0)->sum.pages;
	const struct profile_sum *sum = &line->sum;
	char figure[16];

	if (selected)
		area_fill(area_part(a, row, 0, 1, a.columns), PEN_ON(INK_TEXT, paper));
	area_text_right(a, row, LEFT + 6, PEN_ON(INK_STRONG, paper), text_count(figure, sum->pages));
	area_text_right(a, row, LEFT + 14, PEN_ON(INK_TEXT, paper),
			text_count(figure, sum->minor + sum->major));
	area_text_right(a, row, LEFT + 22, PEN_ON(sum->major ? INK_BAD : INK_DIM, paper),
			text_count(figure, sum->major));
	for (int i = 0; i < bar; i++)
		area_put(a, row, column + i, glyph_bar(sum->pages, most, bar, i, a.canvas->ascii),
			 PEN_ON(INK_FAULT, paper));
	column += bar ? bar + 2 : 0;
	if (profile->by == PROFILE_OWN)
		column = draw_fold(a, row, column, line, paper);
	draw_name(a, row, column, line, paper);
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

	draw_heading(a, scene, f);
	if (!rows->count) {
		if (scene->process)
			draw_nothing(a, scene->process);
		return 0;
	}
	for (int row = 1; row < a.rows && f->top + row - 1 < (int)rows->count; row++) {
		int at = f->top + row - 1;

		draw_row(a, row, rows, profile_rows_at(rows, (size_t)at), at == f->at);
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

	f->at = clamp(f->at, 0, count - 1);
	f->top = clamp(f->top, f->at - room + 1, f->at);
	f->top = clamp(f->top, 0, count - room);
}

static void update(struct tab *tab, const struct scene *scene)
{
	struct functions_tab *f = tab->state;

	profile_rows_update(&f->rows, scene->process, f->by, scene->view->own, scene->now_ns);
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
	const struct profile_node *row;
	const char *name;

	(void)scene;
	if (f->at < 0 || f->at >= (int)f->rows.count)
		return true;
	row = profile_rows_at(&f->rows, (size_t)f->at);
	name = *row->name ? row->name : row->object;
	if (!*name)
		return true;
	strbuf_puts(&filter, f->by != PROFILE_FUNCTION ? "in:" : "func:");
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

/* Opens and closes what is below a line; to the left of a closed one is the one above it. */
static bool sideways(struct tab *tab, int step)
{
	struct functions_tab *f = tab->state;

	if (f->by != PROFILE_OWN || f->at < 0 || f->at >= (int)f->rows.count)
		return false;
	if (!profile_rows_open(&f->rows, (size_t)f->at, step > 0) && step < 0)
		f->at = (int)profile_rows_above(&f->rows, (size_t)f->at);
	return true;
}

static void fini(struct tab *tab)
{
	profile_rows_fini(&((struct functions_tab *)tab->state)->rows);
}

const struct view_ops tab_functions = {
	.name = N_("functions"),
	.brief = N_("func"),
	.key = 'h',
	.flags = TAB_LIST,
	.state_size = sizeof(struct functions_tab),
	.draw = draw,
	.fini = fini,
	.update = update,
	.due_ns = due_ns,
	.scroll = scroll,
	.click = click,
	.enter = enter,
	.sideways = sideways,
};

struct functions_tab *tab_functions_state(const struct view *v)
{
	return tabs_find(&v->tabs, &tab_functions)->state;
}

static const char *const names[PROFILE_WAYS] = {
	[PROFILE_FUNCTION] = "innermost",
	[PROFILE_OWN] = "own",
	[PROFILE_CALLERS] = "callers",
};

bool tab_functions_count_by(struct view *v, const char *name)
{
	struct functions_tab *f = tab_functions_state(v);
	int by = *name ? 0 : (int)(f->by + 1) % PROFILE_WAYS;

	while (*name && by < PROFILE_WAYS && strcmp(names[by], name) != 0)
		by++;
	if (by == PROFILE_WAYS)
		return false;
	f->by = (enum profile_by)by;
	f->at = f->top = 0;
	view_show(v, &tab_functions);
	return true;
}

struct tab *tab_functions_in(const struct tabs *tabs)
{
	return tabs_find(tabs, &tab_functions);
}
