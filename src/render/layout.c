/* Layout has two steps. Which bands there are, in which order, with which headings and gaps, is read from the
 * space (collect). How many rows each has is decided when a band is made, and then kept by id (fit): only a
 * region that outgrows its rows gets more. Rows are then numbered from the top. */
#include "render/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/minmax.h"

/* Reserve is at most this many rows, for a new band and for one that was outgrown. */
#define RESERVE_ROWS 2
#define RESERVE_ROWS_HEAP 8
/* A band of more rows than this, nearly all of them blank, is laid out again. */
#define BLANK_ROWS 64

void layout_init(struct layout *l)
{
	memset(l, 0, sizeof *l);
}

void layout_fini(struct layout *l)
{
	free(l->bands);
	layout_init(l);
}

/* A region or ghost that has a band. */
struct layout_item {
	const struct region *region;
	bool ghost, heading, gap;
	uint64_t gap_pages;
};

struct layout_items {
	struct layout_item *items;
	size_t count, cap;
};

/* The next of regions and ghosts by start; a ghost stands before what took its place. */
static const struct region *next_region(const struct space *s, size_t *alive, size_t *dead, bool *ghost)
{
	const struct region *a = *alive < s->count ? s->regions[*alive] : NULL;
	const struct region *d = *dead < s->ghost_count ? s->ghosts[*dead] : NULL;

	*ghost = d && (!a || d->attr.start <= a->attr.start);
	if (*ghost)
		(*dead)++;
	else
		(*alive)++;
	return *ghost ? d : a;
}

static void collect(struct layout_items *out, const struct space *s, const struct region_filter *filter)
{
	const struct region *r, *before = NULL;
	size_t alive = 0, dead = 0;
	uint64_t end = 0; /* of all so far, shown or not */
	bool ghost;

	*out = (struct layout_items){ 0 };
	while ((r = next_region(s, &alive, &dead, &ghost))) {
		uint64_t first = region_first(s, r);

		if (region_matches(r, filter)) {
			struct layout_item item = { .region = r, .ghost = ghost };

			item.gap = out->count && first > end;
			item.gap_pages = item.gap ? first - end : 0;
			item.heading = !before || !region_same_group(before, r);
			mem_grow(out->items, out->cap, out->count + 1);
			out->items[out->count++] = item;
			before = r;
		}
		if (region_end(s, r) > end)
			end = region_end(s, r);
	}
}

static uint64_t rows_for(uint64_t cells, int columns)
{
	return (cells + (uint64_t)columns - 1) / (uint64_t)columns;
}

/* Cells to hold in reserve for a region of so many cells. Only what can grow has any. */
static uint64_t reserve(const struct region_attr *a, uint64_t cells, int columns)
{
	uint64_t width = (uint64_t)columns;

	if (a->kind == REGION_HEAP)
		return min(cells, RESERVE_ROWS_HEAP * width);
	if (a->kind == REGION_STACK || (a->kind == REGION_ANON && a->perms & REGION_WRITE))
		return min(cells / 4, RESERVE_ROWS * width);
	return 0;
}

/* A region's band in cells: which it covers now. */
struct extent {
	uint64_t first, end;
};

static struct extent extent_of(const struct space *s, const struct region *r, int zoom)
{
	return (struct extent){ region_first(s, r) >> zoom, ((region_end(s, r) - 1) >> zoom) + 1 };
}

/* A new band: its first cell and rows. */
static void fit_new(struct band *b, const struct region_attr *a, struct extent cells, int columns, int zoom)
{
	uint64_t count = cells.end - cells.first;
	uint64_t rows = rows_for(count + reserve(a, count, columns), columns);
	uint64_t first = cells.first;

	if (a->kind == REGION_STACK && cells.end >= rows * (uint64_t)columns)
		first = cells.end - rows * (uint64_t)columns;
	b->first_cell = first << zoom;
	b->rows = (int64_t)rows;
}

/* The rows it had, and more where it has outgrown them. */
static void fit_kept(struct band *b, const struct band *old, const struct region_attr *a, struct extent cells,
		     int columns, int zoom)
{
	uint64_t width = (uint64_t)columns, count = cells.end - cells.first;
	uint64_t first = old->first_cell >> zoom, rows = (uint64_t)old->rows;
	uint64_t more = min(count / 2, RESERVE_ROWS_HEAP * width);

	if (cells.end <= first || cells.first >= first + rows * width) {
		fit_new(b, a, cells, columns, zoom); /* moved away */
		return;
	}
	if (cells.first < first) {
		uint64_t add = rows_for(first - cells.first + more, columns);

		add = min(add, first / width);
		first -= add * width;
		rows += add;
	}
	if (cells.end > first + rows * width)
		rows = rows_for(cells.end - first + more, columns);
	if (cells.first < first || (rows > BLANK_ROWS && rows > 4 * rows_for(count, columns))) {
		fit_new(b, a, cells, columns, zoom);
		return;
	}
	b->first_cell = first << zoom;
	b->rows = (int64_t)rows;
}

/* Bands by id. */
static struct hash hash_bands(const struct band *bands, size_t count)
{
	struct hash hash = { 0 };

	for (size_t i = 0; i < count; i++)
		hash_add(&hash, hash_number(bands[i].id), (uint32_t)(i + 1));
	return hash;
}

/* What a region had; NULL: it is new. */
static const struct band *find_band(const struct hash *hash, const struct band *bands, uint64_t id)
{
	struct hash_iter iter = hash_iter(hash, hash_number(id));
	uint32_t number;

	while ((number = hash_next(&iter)) && bands[number - 1].id != id)
		;
	return number ? &bands[number - 1] : NULL;
}

static bool same_place(const struct band *a, const struct band *b)
{
	return a->row == b->row && a->cells_row == b->cells_row && a->rows == b->rows &&
	       a->first_cell == b->first_cell;
}

static struct band make_band(const struct layout *l, const struct space *s, const struct layout_item *item,
			     const struct band *old)
{
	const struct region *r = item->region;
	struct extent cells = extent_of(s, r, l->zoom);
	struct band b = { .id = r->id,
			  .ghost = item->ghost,
			  .heading = item->heading,
			  .gap = item->gap,
			  .gap_pages = item->gap_pages,
			  .first = region_first(s, r),
			  .end = region_end(s, r) };

	if (old)
		fit_kept(&b, old, &r->attr, cells, l->columns, l->zoom);
	else
		fit_new(&b, &r->attr, cells, l->columns, l->zoom);
	b.row = l->rows;
	b.cells_row = b.row + b.gap + b.heading;
	return b;
}

/* Makes the bands from the items, keeping what the old ones had. Returns whether anything moved. */
static bool place(struct layout *l, const struct space *s, const struct layout_items *items, bool fresh)
{
	struct band *old_bands = l->bands;
	size_t old_count = l->count;
	struct hash hash = hash_bands(old_bands, fresh ? 0 : old_count);
	bool moved = fresh || old_count != items->count;

	l->bands = NULL;
	l->cap = l->count = 0;
	l->rows = 0;
	mem_grow(l->bands, l->cap, items->count + 1);
	for (size_t i = 0; i < items->count; i++) {
		const struct band *old = find_band(&hash, old_bands, items->items[i].region->id);
		struct band b = make_band(l, s, &items->items[i], old);

		l->bands[l->count++] = b;
		l->rows = b.cells_row + b.rows;
		moved = moved || !old || !same_place(old, &b);
	}
	hash_fini(&hash);
	free(old_bands);
	return moved;
}

bool layout_update(struct layout *l, const struct space *s, int32_t pid, const struct region_filter *filter,
		   int zoom, int columns)
{
	bool fresh = l->space != s || l->pid != pid || l->columns != columns || l->zoom != zoom ||
		     !region_filter_same(&l->filter, filter);
	struct layout_items items;
	bool moved;

	if (columns < 1 || (!fresh && l->generation == s->region_generation))
		return false;
	l->space = s;
	l->pid = pid;
	l->generation = s->region_generation;
	l->columns = columns;
	l->zoom = zoom;
	l->filter = *filter;
	collect(&items, s, filter);
	moved = place(l, s, &items, fresh);
	free(items.items);
	return moved;
}

/* The last band that begins at or above a row. */
static const struct band *band_at_row(const struct layout *l, int64_t row)
{
	size_t at;

	bisect(at, 0, l->count, l->bands[at].row <= row);
	return at ? &l->bands[at - 1] : NULL;
}

enum layout_row_kind layout_row(const struct layout *l, int64_t row, const struct band **band, int64_t *index)
{
	const struct band *b = row < 0 || row >= l->rows ? NULL : band_at_row(l, row);

	*band = b;
	*index = 0;
	if (!b)
		return LAYOUT_ROW_NONE;
	if (row >= b->cells_row) {
		*index = row - b->cells_row;
		return LAYOUT_ROW_CELLS;
	}
	return b->gap && row == b->row ? LAYOUT_ROW_GAP : LAYOUT_ROW_HEADING;
}

bool layout_row_pages(const struct layout *l, const struct band *b, int64_t index, uint64_t *first,
		      uint64_t *end)
{
	uint64_t columns = (uint64_t)l->columns,
		 from = b->first_cell + (((uint64_t)index * columns) << l->zoom);
	uint64_t to = from + (columns << l->zoom);

	*first = max(from, b->first);
	*end = min(to, b->end);
	return *first < *end;
}

bool layout_cell(const struct layout *l, int64_t row, int column, uint64_t *first, uint64_t *end)
{
	const struct band *b;
	int64_t index;

	if (column < 0 || column >= l->columns || layout_row(l, row, &b, &index) != LAYOUT_ROW_CELLS)
		return false;
	*first = b->first_cell + (((uint64_t)index * (uint64_t)l->columns + (uint64_t)column) << l->zoom);
	*end = *first + (UINT64_C(1) << l->zoom);
	if (*end <= b->first || *first >= b->end)
		return false;
	if (*first < b->first)
		*first = b->first;
	if (*end > b->end)
		*end = b->end;
	return true;
}

/* The band of the region alive that holds the page; of a ghost where there is none. */
static const struct band *band_of_page(const struct layout *l, uint64_t page)
{
	const struct band *ghost = NULL;
	size_t at;

	bisect(at, 0, l->count, l->bands[at].first <= page);
	while (at-- > 0) {
		const struct band *b = &l->bands[at];
		bool holds = page < b->end;

		if (!b->ghost)
			return holds ? b : ghost;
		if (holds && !ghost)
			ghost = b;
	}
	return ghost;
}

bool layout_find(const struct layout *l, uint64_t page, int64_t *row, int *column)
{
	const struct band *b = band_of_page(l, page);
	uint64_t cell;

	if (!b)
		return false;
	cell = (page - b->first_cell) >> l->zoom;
	*row = b->cells_row + (int64_t)(cell / (uint64_t)l->columns);
	*column = (int)(cell % (uint64_t)l->columns);
	return true;
}

/* Rows of all at a zoom, as if laid out from the beginning. */
static int64_t rows_at(const struct layout_items *items, const struct space *s, int columns, int zoom)
{
	int64_t rows = 0;

	for (size_t i = 0; i < items->count; i++) {
		const struct layout_item *item = &items->items[i];
		struct band b;

		fit_new(&b, &item->region->attr, extent_of(s, item->region, zoom), columns, zoom);
		rows += item->gap + item->heading + b.rows;
	}
	return rows;
}

#define ZOOM_MAX 48

int layout_zoom_to_fit(const struct space *s, const struct region_filter *filter, int columns, int64_t rows)
{
	struct layout_items items;
	int64_t least;
	int zoom = 0;

	if (columns < 1)
		return 0;
	collect(&items, s, filter);
	/* many regions never fit: then twice the rows that they need at least will do */
	least = rows_at(&items, s, columns, ZOOM_MAX);
	if (least > rows)
		rows = 2 * least;
	while (zoom < ZOOM_MAX && rows_at(&items, s, columns, zoom) > rows)
		zoom++;
	free(items.items);
	return zoom;
}
