/* The profile of functions: which of them brought in how many pages.
 *
 *     PAGES  FAULTS MAJOR             FUNCTION                                    by innermost function
 *      2048    2048     0  █████████  fill  demo
 *       112      15     3  █          memcpy  libc.so.6
 */
#include "ui/view/panel.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "render/code.h"
#include "render/glyph.h"
#include "ui/view/subject.h"

#define LEFT 1
#define FIGURES 24 /* columns before the bar */

static int bar_columns(int columns)
{
	return columns >= 150 ? 30 : columns >= 100 ? 16 : columns >= 70 ? 8 : 0;
}

/* Where not all faults since the last exec were seen to happen, as after going to another time. */
static int draw_uncounted(struct area a, int column, const struct scene *scene)
{
	const struct process *p = scene->process;
	uint64_t all = p ? p->faults.end - p->image_faults : 0;
	char counted[16], of[16];

	if (!scene->profile || scene->profile->process != p || scene->profile->pending ||
	    scene->profile->counted >= all)
		return column;
	return area_printf(a, 0, column, PEN(INK_WARN), _("%s of %s faults counted"),
			   text_count(counted, scene->profile->counted), text_count(of, all)) +
	       2;
}

static void draw_heading(struct area a, const struct scene *scene)
{
	const char *how = scene->view->profile_callers ? _("with all their callers; X: the innermost alone")
						       : _("the innermost alone; X: with all their callers");
	int bar = bar_columns(a.columns), at = LEFT + FIGURES + (bar ? bar + 2 : 0);
	struct pen pen = PEN(INK_ACCENT);

	area_text_right(a, 0, LEFT + 6, pen, _("PAGES"));
	area_text_right(a, 0, LEFT + 14, pen, _("FAULTS"));
	area_text_right(a, 0, LEFT + 22, pen, _("MAJOR"));
	at = area_text(a, 0, at, pen, _("FUNCTION")) + 2;
	at = draw_uncounted(a, at, scene);
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

	strbuf_puts(
	    &text,
	    _("No page fault was told of yet: functions are listed here by the pages that they brought in."));
	if (faults->known && !faults->ok)
		strbuf_printf(&text, " %s", faults->why);
	area_wrap(a, 1, LEFT, a.columns - LEFT - 1, a.rows - 1, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

void tab_functions(struct area a, const struct scene *scene)
{
	const struct profile_rows *profile = scene->profile;
	const struct view *v = scene->view;

	draw_heading(a, scene);
	if (!profile || !profile->count) {
		if (scene->process)
			draw_nothing(a, scene->process);
		return;
	}
	for (int row = 1; row < a.rows && v->profile_top + row - 1 < (int)profile->count; row++) {
		int at = v->profile_top + row - 1;

		draw_row(a, row, profile, &profile->rows[at], at == v->profile_at);
	}
	if (v->profile_top > 0)
		area_put(a, 1, a.columns - 1, 0x2191, PEN(INK_ACCENT));
	if (v->profile_top + a.rows - 1 < (int)profile->count)
		area_put(a, a.rows - 1, a.columns - 1, 0x2193, PEN(INK_ACCENT));
}
