/* Which frames the pages around the cursor have, as they were when this was opened:
 *
 *     resident 289, with a frame 289   runs 12, longest 128, mean 24.1
 *     mapped once 200, twice 80, more often 9   at 00:12.4
 *
 *      address         state      frame      step  mapped  flags
 *      0x7f1200000000  anon    0x12ab34                 1  thp lru active anon
 *      0x7f1200001000  anon    0x12ab35        +1       2  thp lru active anon
 *
 * Frames that follow the one before are dim, so that jumps stand out. The list scrolls to the selected line,
 * and Enter goes to its page. */
#include "ui/view/overlays.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "render/page_entry.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define COLUMNS 112
#define STATE 17
#define FRAME_END 35
#define STEP_END 45
#define MAPPED_END 53
#define FLAGS 55

/* By bit, as linux/kernel-page-flags.h numbers them. */
#define BIT(n) (UINT64_C(1) << (n))
/* What kind of frame it is comes first: slab, compound head and tail, huge, hwpoison, ksm, thp, offline, zero page. */
#define KINDS (BIT(7) | BIT(15) | BIT(16) | BIT(17) | BIT(19) | BIT(21) | BIT(22) | BIT(23) | BIT(24))
/* Nothing new: uptodate, swapbacked, and from 32 on the kernel's own, except reserved and mlocked. */
#define DULL (BIT(3) | BIT(14) | (UINT64_MAX << 34))
#define ZERO_PAGE BIT(24)

static void add_flags(struct strbuf *out, uint64_t flags)
{
	uint64_t kinds = flags & KINDS, rest = flags & ~(KINDS | DULL);

	entry_kflags(out, kinds);
	strbuf_puts(out, kinds && rest ? " " : "");
	entry_kflags(out, rest);
}

static int draw_line(struct area a, int row, uint8_t ink, const char *text)
{
	if (row < a.rows)
		area_fit(a, row, 0, a.columns, PEN_ON(ink, PAPER_POPUP), text, TEXT_CUT_RIGHT);
	return row + 1;
}

static void add_runs(struct strbuf *line, const struct physical_totals *t)
{
	if (!t->runs)
		return;
	strbuf_printf(line, _("   runs %" PRIu64 ", longest %" PRIu64), t->runs, t->longest);
	strbuf_printf(line, _(", mean %.1f"), (double)t->framed / (double)t->runs);
}

static void add_mapped(struct strbuf *line, const struct physical *p)
{
	const struct physical_totals *t = &p->totals;
	uint64_t unknown = t->framed - t->once - t->twice - t->more - t->none;

	if (p->counts_err.code) {
		strbuf_printf(line, _("how many map each is not known: %s"), p->counts_err.text);
		return;
	}
	strbuf_printf(line, _("mapped once %" PRIu64 ", twice %" PRIu64 ", more often %" PRIu64), t->once,
		      t->twice, t->more);
	if (t->none)
		strbuf_printf(line, _(", no longer %" PRIu64), t->none);
	if (unknown)
		strbuf_printf(line, _(", not known %" PRIu64), unknown);
}

/* Draws the totals of the region, as far as it was counted. Returns the next row. */
static int draw_totals(struct area a, const struct scene *scene)
{
	const struct physical *p = scene->frames;
	struct strbuf line = { 0 };
	char clock[24], size[16];
	int row;

	strbuf_printf(&line, _("resident %" PRIu64 ", with a frame %" PRIu64), p->totals.resident,
		      p->totals.framed);
	add_runs(&line, &p->totals);
	row = draw_line(a, 0, INK_TEXT, line.text);
	strbuf_clear(&line);
	add_mapped(&line, p);
	strbuf_printf(&line, _("   at %s"), text_clock(clock, scene->frames_ns));
	row = draw_line(a, row, p->counts_err.code ? INK_WARN : INK_TEXT, line.text);
	strbuf_clear(&line);
	if (p->counted_until < p->end) {
		strbuf_printf(&line,
			      _("only the first %s of the region are counted: the rest takes too long"),
			      text_size(size, (p->counted_until - p->first) << p->page_shift));
		row = draw_line(a, row, INK_WARN, line.text);
	}
	strbuf_clear(&line);
	if (p->flags_err.code) {
		strbuf_printf(&line, _("flags are not known: %s"), p->flags_err.text);
		row = draw_line(a, row, INK_WARN, line.text);
	}
	strbuf_fini(&line);
	return row + 1;
}

static void draw_heads(struct area a, int row)
{
	struct pen pen = PEN_ON(INK_DIM, PAPER_POPUP);

	area_text(a, row, 1, pen, _("address"));
	area_text(a, row, STATE, pen, _("state"));
	area_text_right(a, row, FRAME_END, pen, _("frame"));
	area_text_right(a, row, STEP_END, pen, _("step"));
	area_text_right(a, row, MAPPED_END, pen, _("mapped"));
	area_fit(a, row, FLAGS, a.columns - FLAGS, pen, _("flags"), TEXT_CUT_RIGHT);
}

/* The map count; the kernel does not count mappings of its zero page. */
static const char *mapped_text(char text[static 24], const struct physical_row *line)
{
	if (!line->has_count || page_state_zeroes(page_state(line->word)) ||
	    (line->has_flags && line->flags & ZERO_PAGE))
		return "?";
	snprintf(text, 24, "%" PRIu64, line->count);
	return text;
}

static void draw_frame(struct area a, int row, uint8_t paper, const struct physical_row *line)
{
	struct pen dim = PEN_ON(INK_DIM, paper), pen = PEN_ON(INK_TEXT, paper);
	struct strbuf flags = { 0 };
	char text[32];

	snprintf(text, sizeof text, "0x%" PRIx64, line->frame);
	area_text_right(a, row, FRAME_END, pen, text);
	if (line->has_step) {
		snprintf(text, sizeof text, "%+" PRId64, line->step);
		area_text_right(a, row, STEP_END, line->step == 1 ? dim : PEN_ON(INK_ACCENT, paper), text);
	}
	area_text_right(a, row, MAPPED_END, pen, mapped_text(text, line));
	add_flags(&flags, line->has_flags ? line->flags : 0);
	area_fit(a, row, FLAGS, a.columns - FLAGS, dim, line->has_flags ? flags.text : "?", TEXT_CUT_RIGHT);
	strbuf_fini(&flags);
}

static void draw_row(struct area a, int row, const struct scene *scene, const struct physical_row *line,
		     bool selected)
{
	uint8_t paper = selected ? PAPER_SELECTED : PAPER_POPUP;
	struct pen pen = PEN_ON(line->frame ? INK_TEXT : INK_DIM, paper);
	enum page_state state = page_state(line->word);
	const struct physical *p = scene->frames;

	if (selected)
		area_fill(area_part(a, row, 0, 1, a.columns), pen);
	if (line == &p->rows[p->at])
		area_put(a, row, 0, a.canvas->ascii ? '>' : 0x25b8, PEN_ON(INK_ACCENT, paper));
	area_printf(a, row, 1, pen, "0x%" PRIx64, line->page << p->page_shift);
	area_text(a, row, STATE, PEN_ON(INK_STATE + state, paper), page_state_name(state));
	if (line->frame)
		draw_frame(a, row, paper, line);
	else
		area_text_right(a, row, FRAME_END, pen, "-");
}

static int draw_none(struct area a, const struct scene *scene)
{
	const char *why =
	    scene->frames && scene->frames->err.code ? scene->frames->err.text : _("no region is here");
	struct area inner = popup_open(a, 2, COLUMNS, _("Frames"), _("Esc: close"));

	area_wrap(inner, 0, 0, inner.columns, inner.rows, PEN_ON(INK_WARN, PAPER_POPUP), why);
	return 0;
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	const struct physical *p = scene->frames;
	size_t at = (size_t)overlay->scroll, first;
	struct area inner;
	int row, rows;

	if (!p || !p->count)
		return draw_none(a, scene);
	inner = popup_open(a, (int)p->count + 6, COLUMNS, _("Frames"), _("Enter: go there   Esc: close"));
	row = draw_totals(inner, scene);
	rows = inner.rows - row - 1;
	if (rows < 1)
		return 0;
	draw_heads(inner, row++);
	at = at < p->count ? at : p->count - 1;
	first = overlay_first_line(p->count, at, (size_t)rows);
	for (int i = 0; i < rows && first + (size_t)i < p->count; i++)
		draw_row(inner, row + i, scene, &p->rows[first + (size_t)i], first + (size_t)i == at);
	return (int)p->count - 1;
}

/* It begins at the cursor's page. */
static void open(struct overlay *overlay, const struct scene *scene)
{
	overlay->scroll = (int)scene->frames->at;
}

static void scroll(struct overlay *overlay, const struct scene *scene, int lines)
{
	overlay->scroll = clamp(overlay->scroll + lines, 0, (int)scene->frames->count - 1);
}

static const char *enter(const struct overlay *overlay, const struct scene *scene,
			 char arg[static OVERLAY_ARG])
{
	const struct physical *p = scene->frames;

	if ((size_t)overlay->scroll >= p->count)
		return NULL;
	snprintf(arg, OVERLAY_ARG, "0x%" PRIx64, p->rows[overlay->scroll].page << p->page_shift);
	return "goto";
}

const struct overlay_ops overlay_frames = { .draw = draw, .open = open, .scroll = scroll, .enter = enter };
