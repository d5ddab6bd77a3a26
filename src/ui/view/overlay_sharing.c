/* Which processes share what, as it was at the time shown:
 *
 *     sum of RSS 11.0M   once 9.5M   all 2 hold 1.5M   at 00:12.4
 *
 *         once     sum  held by            what
 *         1.2M    2.4M  4242 4250          libc.so.6
 *         104K          4242               alone
 *
 * The lines that follow the first are scrolled. */
#include "ui/view/overlays.h"

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "render/sharing_words.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define COLUMNS 100
#define SUM_END 16
#define HOLDERS 18
#define WHAT 44

static const char *size(char text[static 16], const struct sharing *s, uint64_t pages)
{
	return text_size(text, pages << s->page_shift);
}

static int draw_line(struct area a, int row, uint8_t ink, const char *text)
{
	if (row < a.rows)
		area_fit(a, row, 0, a.columns, PEN_ON(ink, PAPER_POPUP), text, TEXT_CUT_RIGHT);
	return row + 1;
}

/* The sums, and what is not known. Returns the next row. */
static int draw_sums(struct area a, const struct scene *scene)
{
	const struct sharing *s = scene->sharing;
	struct strbuf line = { 0 };
	char text[16], clock[24];
	int row;

	strbuf_printf(&line, _("sum of RSS %s"), size(text, s, s->resident));
	strbuf_printf(&line, s->by_frame || !s->perhaps ? _("   once %s") : _("   once %s at most"),
		      size(text, s, s->once));
	strbuf_printf(&line, _("   all %zu hold %s"), s->count, size(text, s, s->by_all));
	strbuf_printf(&line, _("   at %s"), text_clock(clock, scene->sharing_ns));
	row = draw_line(a, 0, INK_TEXT, line.text);
	strbuf_clear(&line);
	if (!s->by_frame) {
		strbuf_printf(&line, _("by file and offset: %s"), scene->sharing_err->text);
		row = draw_line(a, row, INK_WARN, line.text);
	}
	strbuf_clear(&line);
	if (s->perhaps) {
		strbuf_printf(&line,
			      _("%s of private memory is also mapped by others; which ones is unknown"),
			      size(text, s, s->perhaps));
		row = draw_line(a, row, INK_WARN, line.text);
	}
	strbuf_clear(&line);
	if (s->unread) {
		strbuf_printf(&line, _("%s had moved when its frame was read"), size(text, s, s->unread));
		row = draw_line(a, row, INK_WARN, line.text);
	}
	strbuf_fini(&line);
	return row + 1;
}

static void draw_heads(struct area a, int row)
{
	struct pen pen = PEN_ON(INK_DIM, PAPER_POPUP);

	area_text_right(a, row, SUM_END / 2, pen, _("once"));
	area_text_right(a, row, SUM_END, pen, _("sum"));
	area_text(a, row, HOLDERS, pen, _("held by"));
	area_text(a, row, WHAT, pen, _("what"));
}

static void draw_together(struct area a, int row, const struct sharing *s, const struct sharing_row *line)
{
	struct strbuf holders = { 0 }, object = { 0 };
	struct pen pen = PEN_ON(INK_TEXT, PAPER_POPUP);
	char text[16];

	sharing_add_holders(&holders, s, line);
	sharing_add_object(&object, &s->objects[line->object]);
	area_text_right(a, row, SUM_END / 2, pen, size(text, s, line->once));
	area_text_right(a, row, SUM_END, PEN_ON(INK_DIM, PAPER_POPUP), size(text, s, sharing_sum(s, line)));
	area_fit(a, row, HOLDERS, WHAT - HOLDERS - 1, pen, holders.text, TEXT_CUT_RIGHT);
	area_fit(a, row, WHAT, a.columns - WHAT, pen, object.text, TEXT_CUT_RIGHT);
	strbuf_fini(&holders);
	strbuf_fini(&object);
}

static void draw_alone(struct area a, int row, const struct sharing *s, size_t process)
{
	struct pen pen = PEN_ON(INK_DIM, PAPER_POPUP);
	char text[16];

	area_text_right(a, row, SUM_END / 2, pen, size(text, s, sharing_alone(s, process)));
	area_printf(a, row, HOLDERS, pen, "%d", (int)s->pids[process]);
	area_fit(a, row, WHAT, a.columns - WHAT, pen, _("alone"), TEXT_CUT_RIGHT);
}

/* First what several have, then what each has alone. */
static void draw_number(struct area a, int row, const struct sharing *s, size_t number)
{
	size_t together = sharing_together(s);

	if (number < together)
		draw_together(a, row, s, &s->rows[number]);
	else
		draw_alone(a, row, s, number - together);
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	const struct sharing *s = scene->sharing;
	size_t lines = s ? s->count + sharing_together(s) : 0, top = (size_t)overlay->scroll;
	struct area inner =
	    popup_open(a, (int)min(lines, 200) + 5, COLUMNS, _("Held together"), _("Esc: close"));
	int row, rows;

	if (!s || !s->count)
		return 0;
	row = draw_sums(inner, scene);
	rows = inner.rows - row - 1;
	if (rows < 1)
		return 0;
	draw_heads(inner, row++);
	if (top + (size_t)rows > lines)
		top = lines > (size_t)rows ? lines - (size_t)rows : 0;
	for (int i = 0; i < rows && top + (size_t)i < lines; i++)
		draw_number(inner, row + i, s, top + (size_t)i);
	return lines > (size_t)rows ? (int)(lines - (size_t)rows) : 0;
}

const struct overlay_ops overlay_sharing = { .sharing = true, .draw = draw };
