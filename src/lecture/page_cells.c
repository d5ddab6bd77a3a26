#include "lecture/page_cells.h"

#include <stdint.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/glyph.h"

#define MEASURE_ROWS 400
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
	static const struct cell_size sizes[] = { { 10, 3 }, { 8, 3 }, { 6, 3 }, { 6, 2 }, { 4, 2 },
						  { 3, 2 },  { 4, 1 }, { 3, 1 }, { 2, 1 } };

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

static void draw_cell(struct area a, const struct lecture_pages *p, const struct slide_place *place, size_t i,
		      struct cell_size size)
{
	enum page_state state = p->unsolved ? PAGE_NONE : page_state(word_of(p, place, i));
	uint32_t glyph = p->unsolved ? UNSOLVED : glyph_page(state, a.canvas->ascii);
	bool pointed = p->pointing && place == &p->slide->places[p->place] && i == p->page;
	bool fresh = !p->unsolved && just_came(p, place, place->pages[i].number);
	struct pen pen = PEN_ON(INK_STATE + (int)state, pointed ? PAPER_CURSOR
							: fresh ? PAPER_FRESH2
								: PAPER_PLAIN);
	int wide = size.columns > 1 ? size.columns - 1 : 1, high = size.rows > 2 ? size.rows - 1 : size.rows;
	bool solid = page_state_resident(state);

	for (int row = 0; row < high; row++)
		for (int column = 0; column < wide; column++) {
			bool centre = row == (high - 1) / 2 && column == wide / 2;

			area_put(a, row, column, solid || centre ? glyph : ' ', pen);
		}
	if (wide >= 10 && high > 1 && place->pages[i].frame && solid)
		area_printf(a, high - 1, 0, pen, "0x%.*llx", wide - 2,
			    (unsigned long long)place->pages[i].frame);
	if (wide >= 5 && high > 1)
		area_printf(a, 0, 0, pen, "%zu", i);
}

static uint64_t resident_of(const struct slide_place *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += page_state_resident(page_state(p->pages[i].word));
	return n;
}

/* Of whom it is stays whole beside so many columns that come after it: the name is cut. Returns the column
 * after it. */
static int draw_name(struct area a, int row, const struct slide_place *p, int after)
{
	char child[64] = "";

	if (p->child)
		snprintf(child, sizeof child, _(" child %u"), p->child);
	int room = clamp_int(a.columns - after - text_columns(child), 2, text_columns(p->name));
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
	if (column + 26 <= a.columns)
		column = area_printf(a, row, column, PEN(INK_TEXT), "  %s %s ", p->kind, p->rights);
	if (column + text_columns(count) <= a.columns)
		column = area_text(a, row, column, PEN(INK_STRONG), count);
	if (column + 16 <= a.columns)
		area_printf(a, row, column, PEN(INK_DIM), "  0x%llx", (unsigned long long)p->address);
}

/* One page a row, with its frame: where there are few and room enough. */
static bool as_list(const struct slide *s, int rows)
{
	size_t need = 0;
	bool frames = false;

	for (size_t i = 0; i < s->place_count; i++) {
		need += 1 + s->places[i].count;
		frames |= s->places[i].frames;
	}
	return frames && need <= (size_t)rows;
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

static void draw_page_row(struct area a, int row, const struct lecture_pages *p,
			  const struct slide_place *place, size_t i)
{
	enum page_state state = page_state(word_of(p, place, i));
	int column;

	area_printf(a, row, 0, PEN(INK_DIM), "%4zu", i);
	draw_cell(area_part(a, row, 5, 1, 6), p, place, i, (struct cell_size){ 6, 1 });
	column = area_printf(a, row, 11, PEN(INK_STATE + (int)state), "%-9s", page_state_name(state));
	if (place->pages[i].frame)
		draw_frame_number(a, row, column, place->pages[i].frame);
}

static int draw_place(struct area a, int row, const struct lecture_pages *p, const struct slide_place *place,
		      struct cell_size size, bool list)
{
	int across = a.columns / size.columns;

	draw_heading(a, row++, place, p->unsolved);
	if (!place->found || !*place->kind || (!list && across < 1))
		return row;
	for (size_t i = 0; i < place->count && row < a.rows; i++) {
		if (list) {
			draw_page_row(a, row++, p, place, i);
			continue;
		}
		int y = row + (int)(i / (size_t)across) * size.rows,
		    x = (int)(i % (size_t)across) * size.columns;

		if (y < a.rows)
			draw_cell(area_part(a, y, x, size.rows, size.columns), p, place, i, size);
	}
	if (!list)
		row += (int)((place->count + (size_t)across - 1) / (size_t)across) * size.rows;
	return row;
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

void lecture_pages_draw(struct area a, const struct lecture_pages *p)
{
	unsigned sides = count_sides(p->slide);

	for (unsigned side = 0; side < sides; side++) {
		int columns = side_columns(a.columns, sides), row = 0;
		struct area half = area_part(a, 0, (int)side * (a.columns / (int)sides), a.rows, columns);
		struct slide part = side_of(p->slide, side);
		bool list = !p->unsolved && as_list(&part, a.rows);
		struct cell_size size = fit_cells(&part, columns, a.rows);

		for (size_t i = 0; i < part.place_count && row < half.rows; i++)
			row = draw_place(half, row, p, &part.places[i], size, list);
	}
}

int lecture_pages_rows(const struct slide *s, int columns, int most)
{
	unsigned sides = count_sides(s);
	int rows = 0;

	for (unsigned side = 0; side < sides; side++) {
		struct slide part = side_of(s, side);
		int wide = side_columns(columns, sides), need = 0;

		if (as_list(&part, most))
			for (size_t i = 0; i < part.place_count; i++)
				need += 1 + (int)part.places[i].count;
		else
			need = rows_of_all(&part, wide, fit_cells(&part, wide, most));
		rows = need > rows ? need : rows;
	}
	return rows < most ? rows : most;
}
