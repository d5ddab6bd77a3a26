/* Bands keep their place; every page has exactly one. */
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "screens/scene_builder.h"

static const char *const argv[] = { "./demo", NULL };
#define COLUMNS 64

static void start(struct stage *s)
{
	stage_init(s, argv);
	stage_build_demo(s);
	layout_update(&s->layout, s->process->space, s->view.pid, &s->view.regions.filter, s->view.grid.zoom,
		      COLUMNS);
}

/* layout_find and layout_cell agree about each page of each region, and no page is in two cells. */
static void check_places(const struct stage *s)
{
	const struct layout *l = &s->layout;
	const struct space *space = s->process->space;
	uint64_t pages = 0, promised = 0;

	for (int64_t row = 0; row < l->rows; row++) {
		for (int column = 0; column < l->columns; column++) {
			uint64_t first, end;
			int64_t r;
			int c;

			if (!layout_cell(l, row, column, &first, &end))
				continue;
			assert_true(first < end && end - first <= UINT64_C(1) << l->zoom);
			assert_true(layout_find(l, first, &r, &c) && r == row && c == column);
			assert_true(layout_find(l, end - 1, &r, &c) && r == row && c == column);
			pages += end - first;
		}
	}
	for (size_t i = 0; i < space->count; i++)
		promised += region_end(space, space->regions[i]) - region_first(space, space->regions[i]);
	for (size_t i = 0; i < space->ghost_count; i++) /* they still have their place */
		promised += region_end(space, space->ghosts[i]) - region_first(space, space->ghosts[i]);
	assert_int_equal(pages, promised);
}

static void every_page_has_a_place(void **state)
{
	struct stage s;

	start(&s);
	for (s.view.grid.zoom = 0; s.view.grid.zoom < 20; s.view.grid.zoom++) {
		layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
			      s.view.grid.zoom, COLUMNS);
		check_places(&s);
	}
	stage_fini(&s);
}

static void nothing_to_do(void **state)
{
	struct stage s;

	start(&s);
	assert_false(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				   s.view.grid.zoom, COLUMNS));
	stage_pages(&s, 0x55d2c1f0a000, 20, page_word(PAGE_ANON, 0));
	assert_false(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				   s.view.grid.zoom, COLUMNS));
	s.view.grid.zoom = 1;
	assert_true(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				  s.view.grid.zoom, COLUMNS));
	stage_fini(&s);
}

static int64_t row_of(const struct stage *s, uint64_t address)
{
	int64_t row = -1;
	int column;

	assert_true(layout_find(&s->layout, address >> 12, &row, &column));
	return row;
}

static void grows_within_reserve(void **state)
{
	struct stage s;
	uint64_t heap, stack;

	start(&s);
	heap = space_find(s.process->space, 0x55d2c1f0a000)->id;
	stack = space_find(s.process->space, 0x7ffd3b0f0000)->id;
	stage_resize(&s, heap, 0x55d2c1f0a000, 66);
	assert_false(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				   s.view.grid.zoom, COLUMNS));
	stage_resize(&s, stack, 0x7ffd3b0f1000 - 50 * 4096, 50); /* down */
	assert_false(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				   s.view.grid.zoom, COLUMNS));
	stage_resize(&s, heap, 0x55d2c1f0a000, 5); /* and back */
	assert_false(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				   s.view.grid.zoom, COLUMNS));
	check_places(&s);
	stage_fini(&s);
}

/* Growing beyond the reserve: what is above stays, and the region's own pages keep their columns. */
static void outgrows_its_reserve(void **state)
{
	struct stage s;
	int64_t program, heap_row, mapping, row;
	uint64_t id;
	int column, after;

	start(&s);
	program = row_of(&s, 0x55d2c0a4f000);
	heap_row = row_of(&s, 0x55d2c1f0a000);
	mapping = row_of(&s, 0x7f1200000000);
	stage_resize(&s, space_find(s.process->space, 0x55d2c1f0a000)->id, 0x55d2c1f0a000, 1000);
	assert_true(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				  s.view.grid.zoom, COLUMNS));
	assert_int_equal(row_of(&s, 0x55d2c0a4f000), program);
	assert_int_equal(row_of(&s, 0x55d2c1f0a000), heap_row);
	assert_true(row_of(&s, 0x7f1200000000) > mapping);
	/* downwards */
	id = space_find(s.process->space, 0x7f1200000000)->id;
	assert_true(layout_find(&s.layout, 0x7f1200010, &row, &column));
	stage_resize(&s, id, 0x7f1200000000 - 100 * 4096, 2148);
	assert_true(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				  s.view.grid.zoom, COLUMNS));
	assert_true(layout_find(&s.layout, 0x7f1200010, &row, &after));
	assert_int_equal(column, after);
	check_places(&s);
	stage_fini(&s);
}

static void ghosts_hold_their_place(void **state)
{
	struct stage s;
	int64_t rows, libc;

	start(&s);
	rows = s.layout.rows;
	libc = row_of(&s, 0x7f1213400000);
	stage_unmap(&s, space_find(s.process->space, 0x7f1200000000)->id);
	layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter, s.view.grid.zoom,
		      COLUMNS);
	assert_int_equal(s.layout.rows, rows);
	assert_int_equal(row_of(&s, 0x7f1213400000), libc);
	stage_at(&s, 60000);
	stage_tick(&s);
	assert_true(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				  s.view.grid.zoom, COLUMNS));
	assert_true(s.layout.rows < rows);
	assert_true(row_of(&s, 0x7f1213400000) < libc);
	stage_fini(&s);
}

static void zoom_to_fit(void **state)
{
	struct stage s;
	int zoom;

	start(&s);
	zoom = layout_zoom_to_fit(s.process->space, &s.view.regions.filter, COLUMNS, 1000);
	assert_int_equal(zoom, 0);
	stage_map(&s, UINT64_C(0x200000000000), UINT64_C(1) << 32, "rw-p", REGION_ANON, "");
	zoom = layout_zoom_to_fit(s.process->space, &s.view.regions.filter, COLUMNS, 100);
	s.view.grid.zoom = zoom;
	layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter, s.view.grid.zoom,
		      COLUMNS);
	assert_true(s.layout.rows <= 100);
	s.view.grid.zoom = zoom - 1;
	layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter, s.view.grid.zoom,
		      COLUMNS);
	assert_true(s.layout.rows > 100);
	stage_fini(&s);
}

static void filtered(void **state)
{
	struct stage s;

	start(&s);
	s.view.regions.filter.kinds = 1u << REGION_HEAP;
	assert_true(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				  s.view.grid.zoom, COLUMNS));
	assert_int_equal(s.layout.count, 1);
	s.view.regions.filter.kinds = ~0u;
	strcpy(s.view.regions.filter.text, "LIBC");
	assert_true(layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
				  s.view.grid.zoom, COLUMNS));
	assert_int_equal(s.layout.count, 5);
	assert_true(s.layout.bands[0].heading && !s.layout.bands[1].heading);
	stage_fini(&s);
}

static void listed(void **state)
{
	struct stage s;
	size_t all;

	start(&s);
	region_rows_update(&s.list, s.process->space, &s.view.regions.filter, s.view.regions.sort,
			   s.view.regions.fold);
	all = s.list.count;
	assert_int_equal(all, s.process->space->count);
	s.view.regions.sort = REGION_SORT_SIZE;
	region_rows_update(&s.list, s.process->space, &s.view.regions.filter, s.view.regions.sort,
			   s.view.regions.fold);
	assert_int_equal(s.list.rows[0].pages, 2048);
	for (size_t i = 1; i < all; i++)
		assert_true(s.list.rows[i - 1].pages >= s.list.rows[i].pages);
	s.view.regions.sort = REGION_SORT_NAME;
	region_rows_update(&s.list, s.process->space, &s.view.regions.filter, s.view.regions.sort,
			   s.view.regions.fold);
	for (size_t i = 1; i < all; i++) {
		const struct region *a = space_find_id(s.process->space, s.list.rows[i - 1].id);
		const struct region *b = space_find_id(s.process->space, s.list.rows[i].id);

		assert_true(!*region_name(&b->attr) ||
			    strcmp(region_name(&a->attr), region_name(&b->attr)) <= 0);
	}
	s.view.regions.sort = REGION_SORT_ADDRESS;
	s.view.regions.fold = true;
	region_rows_update(&s.list, s.process->space, &s.view.regions.filter, s.view.regions.sort,
			   s.view.regions.fold);
	assert_true(s.list.count < all);
	assert_int_equal(s.list.rows[0].regions, 6); /* five of the file and its bss */
	assert_int_equal(s.list.rows[0].pages, 13);
	stage_fini(&s);
}

/* Whatever happens to regions, every page keeps exactly one place, and headings stay in order. */
static void storm(void **state)
{
	uint64_t seed = 1;
	uint64_t ids[40] = { 0 };
	struct stage s;

	stage_init(&s, argv);
	for (int step = 0; step < 3000; step++) {
		size_t i = check_random(&seed) % 40;
		uint64_t slot = 0x100000000 + (i << 24), pages = 1 + check_random(&seed) % 700;
		uint64_t at = slot + ((uint64_t)(check_random(&seed) % 300) << 12);

		stage_at(&s, (uint64_t)step * 100);
		if (!ids[i])
			ids[i] = stage_map(&s, at, pages, "rw-p", i % 3 ? REGION_ANON : REGION_STACK, "");
		else if (check_random(&seed) % 4)
			stage_resize(&s, ids[i], at, pages);
		else {
			stage_unmap(&s, ids[i]);
			ids[i] = 0;
		}
		stage_tick(&s);
		if (step % 500 == 0)
			s.view.grid.zoom = (int)(check_random(&seed) % 4);
		layout_update(&s.layout, s.process->space, s.view.pid, &s.view.regions.filter,
			      s.view.grid.zoom, COLUMNS);
		if (step % 20 == 0)
			check_places(&s);
	}
	stage_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_has_a_place),
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(grows_within_reserve),
		cmocka_unit_test(outgrows_its_reserve),
		cmocka_unit_test(ghosts_hold_their_place),
		cmocka_unit_test(zoom_to_fit),
		cmocka_unit_test(filtered),
		cmocka_unit_test(listed),
		cmocka_unit_test(storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
