#include "lecture/page_cells.h"

#include <stdint.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "render/glyph.h"

#define MEASURE_ROWS 400
#define LIST_HIGHEST 3
#define LIST_CELL 6
#define LIST_COLUMNS 19 /* a number, a cell, "reserved" */
#define FRAME_COLUMN 22 /* of a list: after "file dirty" */
#define UNSOLVED 0x25a1 /* a page to be filled in */

/* Cells of this size for all places: does it fit? */
struct cell_size {
	int columns, rows;
};

static int rows_of(const struct slide_place *p, int columns, struct cell_size size)
{
	int across = columns / size.columns;

	if (!p->found || !*p->kind || across < 1)
		return 1;
	return 1 + (int)((p->count + (size_t)across - 1) / (size_t)across) * size.rows;
}

static int rows_of_all(const struct slide *s, int columns, struct cell_size size)
{
	int rows = 0;

	for (size_t i = 0; i < s->place_count && rows < MEASURE_ROWS; i++)
		rows += rows_of(&s->places[i], columns, size);
	return rows;
}

/* The largest that fits. */
static struct cell_size fit_cells(const struct slide *s, int columns, int rows)
{
	static const struct cell_size sizes[] = { { 12, 3 }, { 10, 3 }, { 8, 3 }, { 6, 3 },
						  { 8, 2 },  { 6, 2 },  { 5, 2 }, { 4, 2 },
						  { 4, 1 },  { 3, 1 },  { 2, 1 } };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (rows_of_all(s, columns, sizes[i]) <= rows)
			return sizes[i];
	return (struct cell_size){ 1, 1 };
}

static bool just_came(const struct lecture_pages *p, const struct slide_place *place, uint64_t page)
{
	for (size_t i = 0; i < p->slide->faults.count && i < p->faults_shown; i++) {
		const struct slide_fault *f = &p->slide->faults.list[i];

		if (f->page == page && f->child == place->child)
			return p->faults_shown == SIZE_MAX || i + 1 == p->faults_shown;
	}
	return false;
}

/* While faults are shown one by one, a page whose fault is still to come looks as it did before. */
static uint32_t word_of(const struct lecture_pages *p, const struct slide_place *place, size_t i)
{
	uint64_t page = place->pages[i].number;

	for (size_t n = p->faults_shown; n < p->slide->faults.count; n++) {
		const struct slide_fault *f = &p->slide->faults.list[n];

		if (f->page == page && f->child == place->child)
			return page_state(f->fault.was) == PAGE_UNKNOWN ? PAGE_RESERVED : f->fault.was;
	}
	return place->pages[i].word;
}

static bool resident_at(const struct slide_place *place, size_t i)
{
	return page_state_resident(page_state(place->pages[i].word));
}

/* What this page has in common with the same one of the process beside it. */
static enum page_common common_of(const struct lecture_pages *p, const struct slide_place *place, size_t i)
{
	for (size_t n = 0; n < p->slide->place_count && !p->unsolved && resident_at(place, i); n++) {
		const struct slide_place *other = &p->slide->places[n];
		size_t at =
		    other->child != place->child ? slide_place_find(other, place->pages[i].number) : SIZE_MAX;

		if (at == SIZE_MAX || !resident_at(other, at))
			continue;
		if (place->pages[i].frame && other->pages[at].frame)
			return place->pages[i].frame == other->pages[at].frame ? PAGE_COMMON_SAME
									       : PAGE_COMMON_OWN;
		return place->pages[i].word & other->pages[at].word & PAGE_SHARED ? PAGE_COMMON_MAYBE
										  : PAGE_COMMON_OWN;
	}
	return PAGE_COMMON_NONE;
}

static bool is_shared(enum page_common common)
{
	return common == PAGE_COMMON_SAME || common == PAGE_COMMON_MAYBE;
}

/* How one cell is drawn, which is a page of its place. */
struct drawn_cell {
	enum page_state state;
	uint32_t glyph;
	struct pen pen;
	bool solid, pointed;
	size_t number;  /* in its place, that starts with 0 */
	uint64_t frame; /* 0: none to be written */
};

static struct drawn_cell cell_of(const struct canvas *canvas, const struct lecture_pages *p,
				 const struct slide_place *place, size_t i)
{
	enum page_state state = p->unsolved ? PAGE_NONE : page_state(word_of(p, place, i));
	struct drawn_cell cell = { .state = state,
				   .glyph = p->unsolved ? UNSOLVED : glyph_page(state, canvas->ascii),
				   .solid = page_state_resident(state),
				   .pointed =
				       p->pointing && place == &p->slide->places[p->place] && i == p->page,
				   .number = i,
				   .frame = p->unsolved ? 0 : place->pages[i].frame };
	if (is_shared(common_of(p, place, i)))
		cell.glyph = glyph_common(common_of(p, place, i), canvas->ascii);
	bool fresh = !p->unsolved && just_came(p, place, place->pages[i].number);

	cell.pen = PEN_ON(INK_STATE + (int)state, cell.pointed ? PAPER_CURSOR
						  : fresh      ? PAPER_FRESH2
							       : PAPER_PLAIN);
	return cell;
}

/* One row: what is in memory is a row of its glyph, so that its shape shows its state, as colour does. */
static void draw_low_cell(struct area a, const struct drawn_cell *cell, int wide)
{
	for (int column = 0; column < wide; column++)
		area_put(a, 0, column, cell->solid || column == wide / 2 ? cell->glyph : ' ', cell->pen);
}

/* What is in memory is a block of colour; number (of so many digits; 0: none) and glyph in its first row, its frame in the
 * second. Cells that stand directly above each other have half a row between them. */
static void draw_high_cell(struct area a, const struct drawn_cell *cell, struct cell_size size, int digits)
{
	int wide = size.columns - 1, high = size.rows > 2 ? size.rows - 1 : size.rows;
	bool block = cell->solid && !cell->pointed, half = size.rows == 2 && !a.canvas->ascii;
	bool labelled = digits && digits + 2 < wide;
	struct pen pen = cell->pen;
	char frame[24];

	pen.style = block ? STYLE_REVERSE : 0;
	for (int row = 0; row < high; row++)
		area_fill(area_part(a, row, 0, 1, wide), pen);
	for (int column = 0; block && half && column < wide; column++)
		area_put(a, 1, column, 0x2580, cell->pen);
	if (labelled)
		area_printf(a, 0, 0, pen, "%zu", cell->number);
	for (int column = labelled ? digits + 1 : 0; cell->solid && cell->pointed && column < wide; column++)
		area_put(a, 0, column, cell->glyph, pen);
	/* a square in a block would be a ring */
	if (labelled || !block || cell->glyph != glyph_page(PAGE_ANON, 0))
		area_put(a, 0, labelled ? digits + 1 : wide / 2, cell->glyph, pen);
	snprintf(frame, sizeof frame, "0x%llx", (unsigned long long)cell->frame);
	if (cell->frame && size.rows > 2 && text_columns(frame) <= wide)
		area_text(a, 1, 0, pen, frame);
}

static int digits_of(size_t number)
{
	return number < 10 ? 1 : 1 + digits_of(number / 10);
}

static void draw_cell(struct area a, const struct lecture_pages *p, const struct slide_place *place, size_t i,
		      struct cell_size size)
{
	struct drawn_cell cell = cell_of(a.canvas, p, place, i);

	if (size.rows > 1)
		draw_high_cell(a, &cell, size, digits_of(place->count - 1));
	else
		draw_low_cell(a, &cell, size.columns > 1 ? size.columns - 1 : 1);
}

static uint64_t resident_of(const struct slide_place *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += page_state_resident(page_state(p->pages[i].word));
	return n;
}

/* Draws a place's name, cut to leave `after` columns; which process it belongs to stays whole. Returns the
 * column after it. */
static int draw_name(struct area a, int row, const struct slide_place *p, int after)
{
	char child[64] = "";

	if (p->child)
		snprintf(child, sizeof child, _(" child %u"), p->child);
	int room = clamp(a.columns - after - text_columns(child), 2, text_columns(p->name));
	int column = area_fit(a, row, 0, room, (struct pen){ INK_STRONG, PAPER_PLAIN, STYLE_BOLD }, p->name,
			      TEXT_CUT_RIGHT);
	return area_text(a, row, column, PEN(INK_ACCENT), child);
}

static void draw_heading(struct area a, int row, const struct slide_place *p, bool unsolved)
{
	char count[64];

	snprintf(count, sizeof count, " %llu/%llu", (unsigned long long)resident_of(p),
		 (unsigned long long)(p->count + p->more));
	int column = draw_name(a, row, p, !unsolved && *p->kind ? text_columns(count) : 0);
	if (unsolved)
		return;
	if (!p->found) {
		area_fit(a, row, column + 2, a.columns - column - 2, PEN(INK_DIM), p->why, TEXT_CUT_RIGHT);
		return;
	}
	if (!*p->kind) {
		area_fit(a, row, column + 2, a.columns - column - 2, PEN(INK_DIM),
			 _("nothing is mapped there"), TEXT_CUT_RIGHT);
		return;
	}
	if (column + 4 + text_columns(p->kind) + text_columns(p->rights) + text_columns(count) <= a.columns)
		column = area_printf(a, row, column, PEN(INK_TEXT), "  %s %s ", p->kind, p->rights);
	if (column + text_columns(count) <= a.columns)
		column = area_text(a, row, column, PEN(INK_STRONG), count);
	if (column + 16 <= a.columns)
		area_printf(a, row, column, PEN(INK_DIM), "  0x%llx", (unsigned long long)p->address);
}

/* Rows of each page where they are a list, with state in words and frame: as high as fits. 0: there are too many. */
static int list_rows(const struct slide *s, int columns, int rows)
{
	size_t pages = 0;
	int high = columns < LIST_COLUMNS ? 0 : LIST_HIGHEST;

	for (size_t i = 0; i < s->place_count; i++)
		pages += s->places[i].count;
	while (high && pages * (size_t)high + s->place_count > (size_t)rows)
		high--;
	return high;
}

/* "· reserved  ■ anon": the states in the picture, where cells show them. */
static void draw_legend(struct area a, int row, const struct lecture_pages *p)
{
	unsigned seen = 0;
	int column = 0;
	enum page_common shared = PAGE_COMMON_NONE;

	for (size_t i = 0; i < p->slide->place_count; i++)
		for (size_t page = 0; page < p->slide->places[i].count; page++) {
			seen |= 1u << page_state(word_of(p, &p->slide->places[i], page));
			if (is_shared(common_of(p, &p->slide->places[i], page)))
				shared = common_of(p, &p->slide->places[i], page);
		}
	for (int state = PAGE_NONE + 1; state < PAGE_STATES; state++) {
		const char *name = page_state_name((enum page_state)state);

		if (!(seen & 1u << state) || column + 2 + text_columns(name) > a.columns)
			continue;
		area_put(a, row, column, glyph_page((enum page_state)state, a.canvas->ascii),
			 PEN(INK_STATE + state));
		column = area_text(a, row, column + 2, PEN(INK_DIM), name) + 2;
	}
	if (!is_shared(shared))
		return;
	area_put(a, row, column, glyph_common(shared, a.canvas->ascii), PEN(INK_TEXT));
	area_fit(a, row, column + 2, a.columns - column - 2, PEN(INK_DIM),
		 shared == PAGE_COMMON_SAME ? _("same frame") : _("shared"), TEXT_CUT_RIGHT);
}

/* Whole or not at all: a number that is cut is another number. */
static void draw_frame_number(struct area a, int row, int column, uint64_t frame)
{
	char long_text[96], short_text[64];

	snprintf(long_text, sizeof long_text, " ──▸ %s 0x%llx", _("frame"), (unsigned long long)frame);
	snprintf(short_text, sizeof short_text, " ▸ 0x%llx", (unsigned long long)frame);
	if (column + text_columns(long_text) <= a.columns)
		area_text(a, row, column, PEN(INK_TEXT), long_text);
	else if (column + text_columns(short_text) <= a.columns)
		area_text(a, row, column, PEN(INK_TEXT), short_text);
}

/* The state of a page, and what of a file's page is not on the disk yet. */
static void page_words(struct strbuf *out, uint32_t word, int columns)
{
	enum page_state state = page_state(word);

	strbuf_puts(out, page_state_name(state));
	if (page_state_of_cache(state) && word & PAGE_DIRTY && columns >= FRAME_COLUMN - 11)
		strbuf_puts(out, " dirty");
}

static void draw_page_row(struct area a, const struct lecture_pages *p, const struct slide_place *place,
			  size_t i)
{
	struct drawn_cell cell = cell_of(a.canvas, p, place, i);
	struct strbuf words = { 0 };

	area_printf(a, 0, 0, PEN(INK_DIM), "%4zu", i);
	if (a.rows > 1)
		draw_high_cell(area_part(a, 0, 5, a.rows, LIST_CELL), &cell,
			       (struct cell_size){ LIST_CELL, a.rows }, 0);
	else
		draw_low_cell(area_part(a, 0, 5, 1, LIST_CELL), &cell, LIST_CELL - 1);
	page_words(&words, word_of(p, place, i), a.columns - 11);
	area_text(a, 0, 11, PEN(INK_STATE + (int)cell.state), words.text);
	if (cell.frame)
		draw_frame_number(a, 0, FRAME_COLUMN, cell.frame);
	strbuf_fini(&words);
}

static int draw_list(struct area a, int row, const struct lecture_pages *p, const struct slide_place *place,
		     int high)
{
	for (size_t i = 0; i < place->count && row < a.rows; i++, row += high)
		draw_page_row(area_part(a, row, 0, high, a.columns), p, place, i);
	return row;
}

/* The last row shows how many pages did not fit. */
static int draw_grid(struct area a, int row, const struct lecture_pages *p, const struct slide_place *place,
		     struct cell_size size)
{
	int across = a.columns / size.columns;
	size_t shown = place->count;

	if (across < 1)
		return row;
	if (row + rows_of(place, a.columns, size) - 1 > a.rows)
		shown = (size_t)clamp((a.rows - row) / size.rows - 1, 0, a.rows) * (size_t)across;
	for (size_t i = 0; i < shown; i++)
		draw_cell(area_part(a, row + (int)(i / (size_t)across) * size.rows,
				    (int)(i % (size_t)across) * size.columns, size.rows, size.columns),
			  p, place, i, size);
	if (shown < place->count && row < a.rows) {
		uint64_t rest = place->count + place->more - shown;

		area_printf(a, a.rows - 1, 0, PEN(INK_DIM),
			    ngettext("… and %llu more page", "… and %llu more pages", (unsigned long)rest),
			    (unsigned long long)rest);
		return a.rows;
	}
	return row + rows_of(place, a.columns, size) - 1;
}

/* As a list whose pages are `high` rows high, or, if that is 0, in cells. */
static int draw_place(struct area a, int row, const struct lecture_pages *p, const struct slide_place *place,
		      struct cell_size size, int high)
{
	draw_heading(a, row++, place, p->unsolved);
	if (!place->found || !*place->kind)
		return row;
	return high ? draw_list(a, row, p, place, high) : draw_grid(a, row, p, place, size);
}

/* The places of one side, of parent or children: a slide of these alone. */
static struct slide side_of(const struct slide *s, unsigned side)
{
	struct slide part = *s;

	part.place_count = 0;
	while (part.place_count < s->place_count && !s->places[part.place_count].child)
		part.place_count++;
	if (side) {
		part.places += part.place_count;
		part.place_count = s->place_count - part.place_count;
	}
	return part;
}

static unsigned count_sides(const struct slide *s)
{
	for (size_t i = 0; i < s->place_count; i++)
		if (s->places[i].child)
			return 2;
	return 1;
}

static int side_columns(int columns, unsigned sides)
{
	return columns / (int)sides - (sides > 1);
}

/* Where there is no room for their pages: a row each, and in the last how many have none. */
static void draw_headings(struct area a, const struct lecture_pages *p, const struct slide *part)
{
	int count = (int)part->place_count, shown = count <= a.rows ? count : a.rows - 1;

	for (int i = 0; i < shown; i++)
		draw_heading(a, i, &part->places[i], p->unsolved);
	if (shown < count)
		area_printf(
		    a, shown, 0, PEN(INK_DIM),
		    ngettext("… and %d more place", "… and %d more places", (unsigned long)(count - shown)),
		    count - shown);
}

void lecture_pages_draw(struct area a, const struct lecture_pages *p)
{
	unsigned sides = count_sides(p->slide);
	bool cells = false;

	for (unsigned side = 0; side < sides; side++) {
		int columns = side_columns(a.columns, sides), row = 0;
		struct slide part = side_of(p->slide, side);
		int high = p->unsolved ? 0 : list_rows(&part, columns, a.rows),
		    rows = a.rows - (p->legend && !high);
		struct area half = area_part(a, 0, (int)side * (a.columns / (int)sides), rows, columns);
		struct cell_size size = fit_cells(&part, columns, rows);

		bool crowded = !high && rows_of_all(&part, columns, size) > rows;

		if (crowded && rows < 2 * (int)part.place_count) {
			draw_headings(half, p, &part);
			continue;
		}
		for (size_t i = 0; i < part.place_count && row < half.rows; i++) {
			/* where there is no room for all, each gets its share */
			int end = crowded ? rows * ((int)i + 1) / (int)part.place_count : rows;

			row = draw_place(area_part(half, 0, 0, end, columns), row, p, &part.places[i], size,
					 high);
		}
		cells |= !high;
	}
	if (p->legend && cells)
		draw_legend(a, a.rows - 1, p);
}

int lecture_pages_rows(const struct slide *s, int columns, int most)
{
	unsigned sides = count_sides(s);
	int rows = 0;

	for (unsigned side = 0; side < sides; side++) {
		struct slide part = side_of(s, side);
		int wide = side_columns(columns, sides), high = list_rows(&part, wide, most), need = 0;

		for (size_t i = 0; high && i < part.place_count; i++)
			need += 1 + (int)part.places[i].count * high;
		if (!high)
			need = rows_of_all(&part, wide, fit_cells(&part, wide, most));
		rows = max(need, rows);
	}
	return rows;
}
