/* The whole screen from worlds built by events, against golden pictures. */
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screens/scene_builder.h"

static const char *const demo_argv[] = { "./demo", "64", NULL };

static void sizes(void **state)
{
	static const int rows_columns[][2] = { { 12, 40 },  { 24, 80 }, { 36, 120 },
					       { 50, 200 }, { 11, 40 }, { 1, 1 } };
	struct stage s;
	char name[32];

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 30000);
	for (size_t i = 0; i < sizeof rows_columns / sizeof *rows_columns; i++) {
		snprintf(name, sizeof name, "demo-%dx%d", rows_columns[i][1], rows_columns[i][0]);
		stage_check(&s, rows_columns[i][0], rows_columns[i][1], name);
	}
	stage_fini(&s);
}

/* The list by growth, the header in full and while memory comes and goes. */
static void growth(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 21000);
	stage_pages(&s, 0x7f1200000000, 1024, PAGE_ANON);
	stage_tick(&s);
	stage_at(&s, 22000);
	stage_pages(&s, 0x55d2c1f0b000, 1, PAGE_RESERVED);
	stage_tick(&s);
	s.view.regions.sort = REGION_SORT_GROWTH;
	stage_check(&s, 36, 120, "growth-120x36");
	stage_check(&s, 24, 80, "growth-80x24");
	s.view.regions.fold = true;
	stage_check(&s, 50, 200, "growth-200x50");
	stage_fini(&s);
}

/* No size may draw outside its canvas or crash. */
static void all_sizes(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	for (int rows = 1; rows < 60; rows += 3)
		for (int columns = 1; columns < 260; columns += 7)
			stage_draw(&s, rows, columns);
	stage_fini(&s);
}

static void assert_on_screen(struct stage *s, int rows, int columns, const char *text, const char * or)
{
	char *picture = NULL;
	size_t len;
	FILE *out = open_memstream(&picture, &len);

	assert_non_null(out);
	stage_draw(s, rows, columns);
	canvas_print(&s->canvas, out, 0);
	fclose(out);
	if (!strstr(picture, text) && !strstr(picture, or))
		fail_msg("%s at %dx%d lacks \"%s\":\n%s", s->view.tabs.shown->ops->name, columns, rows, text,
			 picture);
	free(picture);
}

/* The page's address and its frame stand on every tab at every size, and all tabs have names, or
 * three letters of them, from 80 columns on. */
static void place_and_names(void **state)
{
	static const int sizes[][2] = { { 12, 40 }, { 24, 80 }, { 30, 100 }, { 36, 120 }, { 50, 200 } };
	struct page_detail detail = { .word = page_word(PAGE_ANON, 0),
				      .frame = { .known = true, .value = 0x115034 } };
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 30000);
	detail.page = s.view.grid.cursor;
	s.scene.detail = &detail;
	for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++)
		for (size_t tab = 0; tab < s.view.tabs.count; tab++) {
			tabs_show(&s.view.tabs, &s.view.tabs.items[tab]);
			assert_on_screen(&s, sizes[size][0], sizes[size][1], "0x55d2c1f0b000",
					 "0x55d2c1f0b000");
			assert_on_screen(&s, sizes[size][0], sizes[size][1], "frame 0x115034",
					 "frame 0x115034");
			for (size_t i = 0; i < s.view.tabs.count && sizes[size][1] >= 80; i++) {
				const struct view_ops *ops = s.view.tabs.items[i].ops;
				char name[24], least[24];

				snprintf(name, sizeof name, "%c %s", ops->key, ops->name);
				snprintf(least, sizeof least, "%c %.3s", ops->key,
					 ops->brief ? ops->brief : ops->name);
				assert_on_screen(&s, sizes[size][0], sizes[size][1], name, least);
			}
		}
	s.scene.detail = NULL;
	assert_on_screen(&s, 24, 80, "frame ?", "frame ?");
	stage_fini(&s);
}

/* That only some faults have their stack shows at each width. */
static void sampled(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 30000);
	s.process->sources[SOURCE_STACKS].ok = s.process->sources[SOURCE_STACKS].partial = true;
	assert_on_screen(&s, 24, 80, "~stk", "~stk");
	assert_on_screen(&s, 50, 200, "stacks sampled", "stacks sampled");
	stage_fini(&s);
}

static void many_regions(void **state)
{
	static const char *const argv[] = { "python3", "-c", "import time; time.sleep(1000)", NULL };
	struct stage s;

	stage_init(&s, argv);
	stage_build_many(&s);
	stage_at(&s, 9000);
	s.view.grid.zoom = layout_zoom_to_fit(s.process->space, &s.view.regions.filter, 64, 24);
	stage_check(&s, 36, 120, "many");
	s.view.regions.fold = true;
	s.view.regions.sort = REGION_SORT_RESIDENT;
	stage_check(&s, 36, 120, "many-folded");
	s.view.regions.fold = false;
	strcpy(s.view.regions.filter.text, "libc");
	stage_check(&s, 24, 80, "many-filtered");
	strcpy(s.view.regions.filter.text, "no such thing");
	stage_check(&s, 24, 80, "many-none");
	/* folded, the kernel's pages: one is known, the others are not */
	strcpy(s.view.regions.filter.text, "[v");
	s.view.regions.fold = true;
	stage_pages(&s, 0x7ffd3b1fc000, 1, page_word(PAGE_FILE, 0));
	s.view.grid.cursor = UINT64_C(0x7ffd3b1fc000) >> 12;
	stage_check(&s, 36, 120, "many-kernels");
	stage_fini(&s);
}

static void ascii_and_mono(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 30000);
	s.view.grid.cursor = 0x7f1200000 + 370;
	s.view.grid.top = 10;
	s.ascii = 1;
	stage_check(&s, 24, 80, "ascii");
	s.view.grid.zoom = 3;
	stage_check(&s, 24, 80, "ascii-zoomed");
	for (int i = 0; i < s.canvas.rows * s.canvas.columns; i++)
		assert_in_range(s.canvas.cells[i].ch, 0x20, 0x7e);
	s.ascii = 0;
	s.mono = 1;
	stage_check(&s, 24, 80, "mono-zoomed");
	stage_fini(&s);
}

/* Fresh pages settle in three steps, and then the picture does not change. */
static void settling(void **state)
{
	struct stage s;
	uint64_t wait;
	int steps = 0;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 40000);
	stage_pages(&s, 0x55d2c1f0a000 + 3 * 4096, 2, page_word(PAGE_ANON, 0));
	stage_tick(&s);
	stage_check(&s, 24, 80, "fresh-0");
	stage_at(&s, 40500);
	stage_check(&s, 24, 80, "fresh-500");
	stage_at(&s, 41500);
	stage_check(&s, 24, 80, "fresh-1500");
	stage_at(&s, 40000);
	stage_draw(&s, 24, 80);
	while ((wait = scene_settle_ns(&s.scene)) != UINT64_MAX) {
		s.now_ns += wait;
		s.scene.now_ns = s.now_ns;
		assert_true(++steps < 20);
	}
	assert_in_range(s.now_ns, UINT64_C(42000) * 1000000, UINT64_C(42100) * 1000000);
	stage_check(&s, 24, 80, "fresh-settled");
	stage_at(&s, 90000); /* time alone changes nothing */
	stage_check(&s, 24, 80, "fresh-settled");
	stage_fini(&s);
}

static void hostile(void **state)
{
	static const char *const argv[] = { "./\033[31mred\n", "\xff\xfe", NULL };
	static char path[4097];
	struct stage s;

	memset(path, 'x', sizeof path - 1);
	path[0] = '/';
	stage_init(&s, argv);
	stage_map(&s, 0x1000, 1, "r-xp", REGION_TEXT, "/tmp/\033]0;title\a\033[2J");
	stage_map(&s, 0x10000, 2, "rw-s", REGION_FILE, "/tmp/two\nlines\t\xe2\x80\xaereversed");
	stage_map(&s, 0x20000, 2, "r--p", REGION_FILE, path);
	stage_map(&s, 0x30000, 2, "r--p", REGION_FILE, "/tmp/\xff\xfe broken \xc3");
	stage_map(&s, 0x40000, 2, "r--p", REGION_FILE,
		  "/tmp/\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97 wide");
	s.view.grid.cursor = 1;
	strcpy(s.view.message.text, "a message of its own");
	stage_at(&s, 5000);
	stage_check(&s, 36, 120, "hostile");
	stage_check(&s, 12, 40, "hostile-small");
	stage_fini(&s);
}

static void huge_space(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_map(&s, 0x400000, 4, "r-xp", REGION_TEXT, "/usr/bin/demo");
	stage_map(&s, UINT64_C(0x200000000000), UINT64_C(1) << 32, "rw-p", REGION_ANON, "");
	for (uint64_t i = 0; i < 1000; i++)
		stage_pages(&s, UINT64_C(0x200000000000) + i * 3 * (UINT64_C(1) << 32), 1,
			    page_word(PAGE_ANON, 0));
	s.view.grid.cursor = UINT64_C(0x200000000);
	stage_at(&s, 5000);
	stage_check(&s, 24, 80, "huge");
	s.view.grid.cursor = UINT64_C(0x200000000) + (UINT64_C(1) << 32) - 1;
	stage_check(&s, 24, 80, "huge-end");
	s.view.grid.zoom = layout_zoom_to_fit(s.process->space, &s.view.regions.filter, 32, 15);
	s.view.grid.top = 0;
	stage_check(&s, 24, 80, "huge-fit");
	stage_fini(&s);
}

static void ghosts(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 40000);
	stage_draw(&s, 36, 120);
	stage_unmap(&s, space_find(s.process->space, 0x55d2c1f0a000)->id);
	stage_check(&s, 36, 120, "ghost");
	assert_true(scene_settle_ns(&s.scene) <= SPACE_GHOST_NS + 1000000);
	stage_at(&s, 43500);
	stage_tick(&s);
	stage_check(&s, 36, 120, "ghost-gone");
	stage_fini(&s);
}

static void statuses(void **state)
{
	static const struct {
		enum process_status status;
		int code;
		const char *name;
	} cases[] = { { PROCESS_PAUSED, 0, "status-paused" },  { PROCESS_STOPPED, 0, "status-stopped" },
		      { PROCESS_ZOMBIE, 0, "status-zombie" },  { PROCESS_EXITED, 3, "status-exited" },
		      { PROCESS_KILLED, 11, "status-killed" }, { PROCESS_GONE, 0, "status-gone" } };
	struct stage s;

	stage_init(&s, demo_argv);
	stage_at(&s, 2500);
	stage_map(&s, 0x400000, 4, "r-xp", REGION_TEXT, "/usr/bin/demo");
	s.view.grid.cursor = 0x400;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		stage_status(&s, cases[i].status, cases[i].code);
		stage_check(&s, 12, 100, cases[i].name);
	}
	stage_fini(&s);
}

static void prompts(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 30000);
	s.view.prompt.ops = &(struct prompt_ops){ .label = "go to:" };
	s.view.prompt.len = (size_t)snprintf(s.view.prompt.text, sizeof s.view.prompt.text, "0x7f12");
	stage_check(&s, 12, 80, "prompt");
	assert_int_equal(s.canvas.cursor_row, 11);
	assert_int_equal(s.canvas.cursor_column, 14);
	s.view.prompt.ops = NULL;
	s.view.message.bad = true;
	strcpy(s.view.message.text, "no region holds 0x7f12");
	stage_check(&s, 12, 80, "message");
	stage_fini(&s);
}

/* Two snapshots: what differs is marked in the grid. */
static void changes(void **state)
{
	struct stage s;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	s.view.snapshots.a = space_copy(s.process->space);
	stage_pages(&s, 0x55d2c1f0a000 + 8 * 4096, 5, page_word(PAGE_ANON, 0));
	stage_at(&s, 30000);
	s.view.snapshots.b = space_copy(s.process->space);
	diff_spaces(&s.view.snapshots.diff, s.view.snapshots.a, s.view.snapshots.b);
	s.view.snapshots.compared = true;
	stage_check(&s, 24, 80, "changes");
	stage_fini(&s);
}

static int moved_cells(const struct canvas *a, const struct canvas *b, const struct screen_parts *p,
		       int from_row)
{
	int moved = 0;

	for (int row = from_row; row < p->grid.rows; row++)
		for (int column = p->grid.column; column < p->grid.column + p->grid.columns; column++) {
			size_t i = (size_t)(p->grid.row + row) * (size_t)a->columns + (size_t)column;

			moved += memcmp(&a->cells[i].ch, &b->cells[i].ch, sizeof a->cells[i].ch) != 0;
		}
	return moved;
}

/* The heap grows by 64 pages: no cell but its own changes. */
static void growth_moves_nothing(void **state)
{
	struct stage s;
	struct canvas before;
	struct screen_parts parts;
	uint64_t heap;

	stage_init(&s, demo_argv);
	stage_build_demo(&s);
	stage_at(&s, 30000);
	heap = space_find(s.process->space, 0x55d2c1f0a000)->id;
	stage_draw(&s, 36, 120);
	before = s.canvas;
	s.canvas = (struct canvas){ 0 };
	stage_resize(&s, heap, 0x55d2c1f0a000, 33 + 64);
	stage_draw(&s, 36, 120);
	screen_parts(&parts, &s.view);
	/* the heading's figures, and 64 cells that are now reserved */
	assert_in_range(moved_cells(&before, &s.canvas, &parts, 0), 64, 80);
	/* below the heap's band: nothing */
	assert_int_equal(moved_cells(&before, &s.canvas, &parts, 11), 0);
	canvas_fini(&before);
	stage_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(growth),
		cmocka_unit_test(all_sizes),
		cmocka_unit_test(place_and_names),
		cmocka_unit_test(sampled),
		cmocka_unit_test(many_regions),
		cmocka_unit_test(settling),
		cmocka_unit_test(hostile),
		cmocka_unit_test(huge_space),
		cmocka_unit_test(ghosts),
		cmocka_unit_test(statuses),
		cmocka_unit_test(prompts),
		cmocka_unit_test(changes),
		cmocka_unit_test(ascii_and_mono),
		cmocka_unit_test(growth_moves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
