/* The address taken apart: its bits in groups, and the way through the page tables.
 *
 *    47     39  38     30  29     21  20     12  11         0
 *    010101011  101001011  000001111  100001011  000000000000
 *    ┌─ PGD ─┐  ┌─ PUD ─┐  ┌─ PMD ─┐  ┌─ PTE ─┐  ┌─ frame ──┐
 *    │  171  ├─▸│  331  ├─▸│  15   ├─▸│  267  ├─▸│ 0x115034 │
 *    └───────┘  └───────┘  └───────┘  └───────┘  └──────────┘
 *
 * Each box stands under the bits that choose its entry. With more rows a box shows that
 * it is a table of many entries; with fewer the way is one line. */
#include "render/address_picture.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "render/page_entry.h"

#define GAP 2 /* columns between groups: room for the arrow between boxes */
#define LEFT 2
#define BOX_MIN 8    /* columns of a box, however few its bits */
#define ROWS_BOXES 6 /* numbers, bits, a box of three rows, a note */
#define ROWS_TABLES 9
#define ARROW 0x25b8

struct anatomy {
	const struct address_picture *picture;
	struct address_field fields[PAGE_ENTRY_FIELDS_MAX];
	int columns[PAGE_ENTRY_FIELDS_MAX]; /* where each group begins, and how wide its box is */
	int widths[PAGE_ENTRY_FIELDS_MAX];
	int count, width;
	bool huge; /* the entry above the last table maps the page */
};

static bool anatomy_of(struct anatomy *a, const struct address_picture *s)
{
	*a = (struct anatomy){ .picture = s, .width = LEFT };
	a->count = address_fields(s->address, s->address_bits, s->page_shift, a->fields);
	for (int i = 0; i < a->count; i++) {
		a->columns[i] = a->width;
		a->widths[i] = max(a->fields[i].bits, BOX_MIN);
		a->width += a->widths[i] + GAP;
	}
	a->width -= GAP;
	a->huge = s->word & PAGE_HUGE && a->count > 3;
	return a->count > 0;
}

static struct pen field_pen(const struct anatomy *a, int i)
{
	return PEN(i == a->count - 1 ? INK_DIM : INK_ACCENT);
}

static struct pen state_pen(const struct anatomy *a)
{
	struct pen pen = PEN(INK_STATE + page_state(a->picture->word));
	pen.style = STYLE_BOLD;
	return pen;
}

static void draw_bits(struct area area, const struct anatomy *a)
{
	for (int i = 0; i < a->count; i++) {
		const struct address_field *f = &a->fields[i];
		int end = a->columns[i] + f->bits;
		char low[8];
		snprintf(low, sizeof low, "%d", f->shift);
		area_printf(area, 0, a->columns[i], PEN(INK_DIM), "%d", f->shift + f->bits - 1);
		if (f->bits > 1)
			area_text_right(area, 0, end, PEN(INK_DIM), low);
		for (int bit = 0; bit < f->bits; bit++) {
			bool one = f->value >> (f->bits - 1 - bit) & 1;
			struct pen pen = field_pen(a, i);
			pen.style = one ? STYLE_BOLD : 0;
			area_put(area, 1, a->columns[i] + bit, one ? '1' : '0', pen);
		}
	}
}

static void draw_centred(struct area area, int row, int column, int columns, struct pen pen, const char *text)
{
	int room = columns - text_columns(text);
	area_fit(area, row, column + (room > 0 ? room / 2 : 0), columns, pen, text, TEXT_CUT_RIGHT);
}

/* Is it a guard by its entry, not only by the rights of its region? */
static bool has_mark(const struct address_picture *s)
{
	return page_state_kills(page_state(s->word)) && !s->closed;
}

#define END_SIZE 64 /* bytes of a few words */

/* What the walk ends at. */
static void name_end(char out[static END_SIZE], const struct address_picture *s)
{
	enum page_state state = page_state(s->word);
	if (page_state_zeroes(state))
		snprintf(out, END_SIZE, "%s", _("zero page"));
	else if (s->has_frame)
		snprintf(out, END_SIZE, "0x%" PRIx64, s->frame);
	else if (has_mark(s))
		snprintf(out, END_SIZE, "%s", page_state_name(state));
	else if (page_state_swapped(state))
		snprintf(out, END_SIZE, "%s", _("in swap"));
	else if (state == PAGE_UNKNOWN || page_state_resident(state)) /* its frame is not known */
		snprintf(out, END_SIZE, "?");
	else
		snprintf(out, END_SIZE, "%s", _("nothing"));
}

static bool is_mapped(const struct address_picture *s)
{
	return page_state_mapped(page_state(s->word));
}

/* Describes the walk in words below the drawing. */
static void describe_way(struct strbuf *out, const struct anatomy *a)
{
	const struct address_picture *s = a->picture;
	bool classic = s->address_bits == 32 && s->page_shift == 12;
	if (classic && sizeof(void *) == 8) {
		struct address_field real[PAGE_ENTRY_FIELDS_MAX];
		int n = address_fields(s->address, 48, s->page_shift, real);
		strbuf_puts(out,
			    _("This is how a 32-bit processor does it. This 64-bit kernel really walks"));
		for (int i = 0; i < n - 1; i++)
			strbuf_printf(out, " %s[%" PRIu64 "]", real[i].name, real[i].value);
		strbuf_puts(out, ".");
	} else if (s->word & PAGE_HUGETLB) {
		strbuf_puts(out, _("A huge page: the PMD maps it whole (the PUD, if it is of 1 GiB)."));
	} else if (a->huge) {
		strbuf_puts(out,
			    _("A huge page: the PMD maps it whole, the PTE's bits are part of the offset."));
	} else if (!is_mapped(s) && page_state(s->word) != PAGE_UNKNOWN) {
		strbuf_puts(out,
			    page_state_swapped(page_state(s->word)) || has_mark(s)
				? _("The last entry holds a mark instead of a frame: a touch is a fault.")
				: _("An entry on this path is empty: a touch is a fault."));
	} else {
		strbuf_printf(out, _("Tables of %d entries of %d bytes; the offset needs no table."),
			      classic ? 1024 : 1 << (s->page_shift - 3), classic ? 4 : 8);
	}
	int bits = s->address_bits;
	if (bits < 64 && bits > 32 && s->address >> bits)
		strbuf_printf(out, _(" Bits 63-%d repeat bit %d."), bits, bits - 1);
}

/* Returns the next row. */
static int draw_note(struct area area, int row, const struct anatomy *a)
{
	struct strbuf text = { 0 };
	describe_way(&text, a);
	int used = area_wrap(area, row, LEFT, area.columns - LEFT - 1, 3, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
	return row + used;
}

/* PGD[171] ▸ PUD[331] ▸ PMD[15] ▸ PTE[267] ▸ frame 0x115034 */
static void draw_way(struct area area, int row, const struct anatomy *a)
{
	char end[END_SIZE];
	int column = LEFT, tables = a->count - 1 - a->huge;
	for (int i = 0; i < tables; i++) {
		column = area_text(area, row, column, PEN(INK_DIM), _(a->fields[i].name));
		column =
		    area_printf(area, row, column, PEN(INK_STRONG), "[%" PRIu64 "]", a->fields[i].value) + 1;
		area_put(area, row, column, ARROW, PEN(INK_DIM));
		column += 2;
	}
	name_end(end, a->picture);
	if (is_mapped(a->picture))
		column = area_printf(area, row, column, PEN(INK_DIM), "%s ", _("frame"));
	area_text(area, row, column, state_pen(a), end);
}

static void draw_names(struct area area, int row, const struct anatomy *a)
{
	for (int i = 0; i < a->count; i++) {
		char text[40];
		snprintf(text, sizeof text, i == a->count - 1 ? "%s 0x%03" PRIx64 : "%s[%" PRIu64 "]",
			 _(a->fields[i].name), a->fields[i].value);
		draw_centred(area, row, a->columns[i], a->widths[i], field_pen(a, i), text);
	}
}

static void draw_box(struct area area, int row, int rows, int column, int columns, struct pen pen,
		     const char *title)
{
	int right = column + columns - 1, bottom = row + rows - 1;
	for (int i = column + 1; i < right; i++) {
		area_put(area, row, i, 0x2500, pen);
		area_put(area, bottom, i, 0x2500, pen);
	}
	for (int i = row + 1; i < bottom; i++) {
		area_put(area, i, column, 0x2502, pen);
		area_put(area, i, right, 0x2502, pen);
	}
	area_put(area, row, column, 0x250c, pen);
	area_put(area, row, right, 0x2510, pen);
	area_put(area, bottom, column, 0x2514, pen);
	area_put(area, bottom, right, 0x2518, pen);
	if (!title)
		return;
	char text[24];
	snprintf(text, sizeof text, " %s ", title);
	draw_centred(area, row, column, columns, PEN(INK_ACCENT), text);
}

/* The arrow out of the box of group i, to the next one, or past the table that a huge
 * page does without. */
static void draw_arrow(struct area area, int row, const struct anatomy *a, int i)
{
	int from = a->columns[i] + a->widths[i], to = a->columns[i + 1] - 1;
	if (a->huge && i == a->count - 3)
		to = a->columns[i + 2] - 1;
	area_put(area, row, from - 1, 0x251c, PEN(INK_DIM));
	for (int column = from; column < to; column++)
		area_put(area, row, column, 0x2500, PEN(INK_DIM));
	area_put(area, row, to, ARROW, PEN(INK_DIM));
}

static void draw_table(struct area area, int row, int rows, const struct anatomy *a, int i, bool title)
{
	const struct address_field *f = &a->fields[i];
	int column = a->columns[i], inner = a->widths[i] - 2, middle = row + rows / 2;
	char text[24];
	struct pen pen = PEN(INK_STRONG);
	pen.style = STYLE_BOLD;
	draw_box(area, row, rows, column, a->widths[i], PEN(INK_DIM), title ? f->name : NULL);
	snprintf(text, sizeof text, "%" PRIu64, f->value);
	draw_centred(area, middle, column + 1, inner, pen, text);
	if (rows < 5)
		return;
	uint64_t last = (UINT64_C(1) << f->bits) - 1;
	if (f->value > 0)
		draw_centred(area, row + 1, column + 1, inner, PEN(INK_DIM), "0");
	snprintf(text, sizeof text, "%" PRIu64, last);
	if (f->value < last)
		draw_centred(area, row + rows - 2, column + 1, inner, PEN(INK_DIM), text);
}

static void draw_frame(struct area area, int row, int rows, const struct anatomy *a)
{
	const struct address_field *f = &a->fields[a->count - 1];
	int column = a->columns[a->count - 1], width = a->widths[a->count - 1];
	char end[END_SIZE], offset[24];
	draw_box(area, row, rows, column, width, state_pen(a), is_mapped(a->picture) ? _("frame") : NULL);
	name_end(end, a->picture);
	draw_centred(area, row + rows / 2, column + 1, width - 2, state_pen(a), end);
	snprintf(offset, sizeof offset, "+0x%03" PRIx64, f->value);
	if (rows >= 5)
		draw_centred(area, row + rows - 2, column + 1, width - 2, PEN(INK_DIM), offset);
}

static void draw_boxes(struct area area, int row, int rows, const struct anatomy *a, bool titles)
{
	int tables = a->count - 1;
	for (int i = 0; i < tables; i++)
		if (!a->huge || i != tables - 1)
			draw_table(area, row, rows, a, i, titles);
	draw_frame(area, row, rows, a);
	for (int i = 0; i < tables; i++)
		if (!a->huge || i != tables - 1)
			draw_arrow(area, row + rows / 2, a, i);
}

/* On a narrow screen: a line for each level. */
static int draw_list(struct area area, const struct anatomy *a)
{
	for (int i = 0; i < a->count; i++) {
		const struct address_field *f = &a->fields[i];
		area_printf(area, i, LEFT, field_pen(a, i), "%-6s", f->name);
		area_printf(area, i, LEFT + 7, PEN(INK_STRONG), "%6" PRIu64, f->value);
		area_printf(area, i, LEFT + 15, PEN(INK_DIM), _("bits %d-%d"), f->shift + f->bits - 1,
			    f->shift);
	}
	return a->count;
}

int address_picture_draw(struct area area, int rows, const struct address_picture *picture)
{
	struct anatomy a;

	if (!anatomy_of(&a, picture)) {
		area_wrap(
		    area, 0, LEFT, area.columns - LEFT, area.rows, PEN(INK_WARN),
		    _("The width of a virtual address could not be read here, so it cannot be taken apart."));
		return 0;
	}
	if (a.width > area.columns)
		return draw_list(area, &a);
	draw_bits(area, &a);
	if (rows < ROWS_BOXES) {
		draw_way(area, 2, &a);
		return draw_note(area, 3, &a);
	}
	int high = rows >= ROWS_TABLES + 1 ? 5 : 3, names = rows > ROWS_BOXES;

	if (names)
		draw_names(area, 2, &a);
	draw_boxes(area, 2 + names, high, &a, !names);
	return draw_note(area, 2 + names + high, &a);
}
