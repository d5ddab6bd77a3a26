/* Moving, finding, filtering; what the cursor and the picture do when something changes. */
#include "desk.h"

static void begins_in_the_heap(void **state)
{
	struct desk *d = *state;

	assert_int_equal(d->ui.view.grid.cursor, HEAP);
}

static void moves_by_cells(void **state)
{
	struct desk *d = *state;

	desk_run(d, "right; right");
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
	desk_run(d, "left; left; left"); /* over the beginning into the region before */
	assert_true(d->ui.view.grid.cursor < HEAP);
	desk_run(d, "right");
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
	desk_run(d, "end; right");
	assert_int_equal(d->ui.view.grid.cursor, ANON);
	desk_run(d, "zoom-out; zoom-out; right");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 4);
	desk_run(d, "left");
	assert_int_equal(d->ui.view.grid.cursor / 4, ANON / 4);
}

static void moves_by_rows(void **state)
{
	struct desk *d = *state;
	int columns = d->ui.viewport.parts.grid.columns;

	desk_run(d, "goto 0x7f1200005000; down");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 5 + columns);
	desk_run(d, "up");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 5);
	desk_run(d, "up"); /* over headings, gaps and rows in reserve */
	assert_true(d->ui.view.grid.cursor >= HEAP && d->ui.view.grid.cursor < HEAP + 33);
	desk_run(d, "goto 0x55d2c0a4f000; up");
	assert_int_equal(d->ui.view.grid.cursor, 0x55d2c0a4f);
}

/* The cursor keeps its column across short rows. */
static void keeps_its_column(void **state)
{
	struct desk *d = *state;

	desk_run(d, "goto 0x7f1200014000; up; up; up; down; down; down");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 20);
}

static void reaches_both_ends(void **state)
{
	struct desk *d = *state;

	desk_run(d, "home; home; home");
	assert_int_equal(d->ui.view.grid.cursor, 0x55d2c0a4f);
	desk_run(d, "end; end; end; end");
	assert_int_equal(d->ui.view.grid.cursor, UINT64_C(0xffffffffff600));
	for (int i = 0; i < 500; i++)
		desk_run(d, "page-up");
	assert_int_equal(d->ui.view.grid.cursor, 0x55d2c0a4f);
	for (int i = 0; i < 500; i++)
		desk_run(d, "page-down");
	assert_int_equal(d->ui.view.grid.cursor, UINT64_C(0xffffffffff600));
}

/* The cursor is always seen, wherever keys take it. */
static void cursor_stays_in_sight(void **state)
{
	static const char *const names[] = {
		"left",      "right",    "up",       "down",          "page-up",
		"page-down", "home",     "end",      "next-region",   "previous-region",
		"zoom-in",   "zoom-out", "zoom-fit", "next-resident", "previous-resident"
	};
	struct desk *d = *state;
	uint64_t random = 1;

	for (int i = 0; i < 3000; i++) {
		int64_t row;
		int column;

		desk_run(d, names[check_random(&random) % (sizeof names / sizeof *names)]);
		assert_true(layout_find(&d->ui.viewport.layout, d->ui.view.grid.cursor, &row, &column));
		assert_true(row >= d->ui.view.grid.top &&
			    row < d->ui.view.grid.top + d->ui.viewport.parts.grid.rows);
		assert_non_null(space_find(d->stage.process->space, d->ui.view.grid.cursor << 12));
	}
}

static void jumps_to_resident_pages(void **state)
{
	struct desk *d = *state;

	desk_run(d, "goto heap+0x2000; next-resident");
	assert_int_equal(d->ui.view.grid.cursor, ANON); /* 3 pages of the heap are there */
	desk_run(d, "previous-resident");
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
	desk_run(d, "goto stack; next-resident");
	assert_int_equal(d->ui.view.grid.cursor, STACK + 29);
	desk_run(d, "end; next-resident");
	assert_true(d->ui.view.message.text[0]);
}

static void zoom_holds_the_row(void **state)
{
	struct desk *d = *state;
	int64_t row, offset;
	int column;

	desk_run(d, "goto 0x7f1200200000; page-down; page-up");
	assert_true(layout_find(&d->ui.viewport.layout, d->ui.view.grid.cursor, &row, &column));
	offset = row - d->ui.view.grid.top;
	for (int i = 0; i < 3; i++) {
		desk_run(d, "zoom-out");
		assert_true(layout_find(&d->ui.viewport.layout, d->ui.view.grid.cursor, &row, &column));
		if (d->ui.view.grid.top > 0 &&
		    d->ui.view.grid.top + d->ui.viewport.parts.grid.rows < d->ui.viewport.layout.rows)
			assert_int_equal(row - d->ui.view.grid.top, offset);
	}
	desk_run(d, "zoom-in; zoom-in; zoom-in; zoom-in");
	assert_int_equal(d->ui.view.grid.zoom, 0);
}

/* --- finding --- */

static void goes_to_places(void **state)
{
	static const struct {
		const char *text;
		uint64_t page; /* 0: complains */
	} cases[] = {
		{ "0x55d2c1f0b123", HEAP + 1 },
		{ "55d2c1f0b123", HEAP + 1 },
		{ "heap", HEAP },
		{ "[heap]+0x2000", HEAP + 2 },
		{ "HEAP+1fff", HEAP + 1 },
		{ "libc.so.6", LIBC },
		{ "libc+0x3000", LIBC + 3 },
		{ "stack+0x1000", STACK + 1 },
		{ "/dev/null", 0 },
		{ "heap+0x900000000", 0 },
		{ "0x1000", 0 },
		{ "0xfffffffffffffffffff", 0 },
		{ "+", 0 },
		{ "+0x1000", 0 },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char line[64];
		uint64_t before;

		desk_run(d, "goto vdso");
		before = d->ui.view.grid.cursor;
		snprintf(line, sizeof line, "goto %s", cases[i].text);
		desk_run(d, line);
		if (d->ui.view.grid.cursor != (cases[i].page ? cases[i].page : before) ||
		    d->ui.view.message.bad != !cases[i].page)
			fail_msg("%s: at %#llx, %s", line, (unsigned long long)d->ui.view.grid.cursor,
				 d->ui.view.message.text);
	}
}

static void searches(void **state)
{
	struct desk *d = *state;
	uint64_t first;

	desk_run(d, "search libc");
	assert_int_equal(d->ui.view.grid.cursor, LIBC);
	desk_run(d, "search-next");
	assert_true(d->ui.view.grid.cursor > LIBC);
	desk_run(d, "search-previous");
	assert_int_equal(d->ui.view.grid.cursor, LIBC);
	desk_run(d, "search swap");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 360);
	first = d->ui.view.grid.cursor;
	desk_run(d, "search-next"); /* the only ones: wraps around to them */
	assert_int_equal(d->ui.view.grid.cursor, first);
	desk_run(d, "search guard");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 384);
	desk_run(d, "search 0x55d2c1f0c000");
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
	desk_run(d, "search nothing like it");
	assert_true(d->ui.view.message.bad);
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
}

static void filters(void **state)
{
	struct desk *d = *state;

	desk_type(d, "\\li");
	assert_string_equal(d->ui.view.regions.filter.text, "li"); /* while one types */
	desk_type(d, "bc\n");
	assert_string_equal(d->ui.view.regions.filter.text, "libc");
	assert_int_equal(d->ui.view.grid.cursor, LIBC); /* the heap is hidden: the nearest that is shown */
	assert_int_equal(d->ui.viewport.list.count, 5);
	desk_type(d, "\\xyz");
	desk_press(d, KEY_ESCAPE);
	assert_string_equal(d->ui.view.regions.filter.text, "libc");
	desk_run(d, "goto heap");
	assert_true(d->ui.view.message.bad);
	desk_press(d, KEY_ESCAPE);
	assert_string_equal(d->ui.view.regions.filter.text, "");
	desk_run(d, "kinds heap,stack");
	assert_int_equal(d->ui.viewport.list.count, 2);
	desk_run(d, "kinds all");
	assert_int_equal(d->ui.view.regions.filter.kinds, ~UINT32_C(0));
	desk_run(d, "kinds nonsense");
	assert_true(d->ui.view.message.bad);
}

/* --- what changes --- */

static void chases(void **state)
{
	struct desk *d = *state;

	desk_run(d, "follow");
	stage_at(&d->stage, 60000);
	stage_pages(&d->stage, (ANON + 1000) << 12, 1, page_word(PAGE_ANON, 0));
	stage_tick(&d->stage);
	desk_update(d);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 1000);
	desk_run(d, "left"); /* any move stops it */
	assert_false(d->ui.view.grid.chase);
}

/* What was scrolled to is not at the edge, unless there is nothing beyond. */
static void leaves_rows_around_the_cursor(void **state)
{
	struct desk *d = *state;
	const struct ui *ui = &d->ui;
	int64_t row;
	int column;

	desk_run(d, "goto 0x55d2c0a4f000");
	desk_run(d, "goto 0x7f1200600000");
	assert_true(layout_find(&ui->viewport.layout, ui->view.grid.cursor, &row, &column));
	assert_int_equal(row, ui->view.grid.top + ui->viewport.parts.grid.rows - 1 - 4);
	desk_run(d, "goto stack");
	desk_run(d, "goto 0x7f1200300000");
	assert_true(layout_find(&ui->viewport.layout, ui->view.grid.cursor, &row, &column));
	assert_int_equal(row, ui->view.grid.top + 4);
	desk_run(d, "goto 0x55d2c0a4f000"); /* above the first heading there is nothing */
	assert_int_equal(ui->view.grid.top, 0);
	desk_run(d, "goto stack; end; end");
	assert_true(ui->view.grid.top + ui->viewport.parts.grid.rows <= ui->viewport.layout.rows);
}

static void leaves_a_dead_region(void **state)
{
	struct desk *d = *state;
	const struct region *heap = space_find(d->stage.process->space, HEAP << 12);

	stage_at(&d->stage, 60000);
	stage_unmap(&d->stage, heap->id);
	stage_tick(&d->stage);
	desk_update(d);
	assert_true(d->ui.view.grid.cursor > 0x55d2c0a4f && d->ui.view.grid.cursor < HEAP);
	assert_non_null(space_find(d->stage.process->space, d->ui.view.grid.cursor << 12));
}

static void compares_with_a_mark(void **state)
{
	struct desk *d = *state;

	desk_run(d, "compare");
	assert_false(d->ui.view.snapshots.compared);
	desk_run(d, "mark");
	stage_at(&d->stage, 60000);
	stage_pages(&d->stage, (ANON + 2000) << 12, 2, page_word(PAGE_ANON, 0));
	stage_tick(&d->stage);
	desk_run(d, "compare");
	assert_true(d->ui.view.snapshots.compared);
	assert_int_equal(d->ui.view.snapshots.diff.changed, 2);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "changes");
	desk_run(d, "next-changed");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 2000);
	desk_run(d, "mark; compare"); /* a new mark: nothing has changed since */
	assert_int_equal(d->ui.view.snapshots.diff.changed, 0);
	desk_run(d, "compare-off");
	assert_false(d->ui.view.snapshots.compared);
	assert_null(d->ui.view.snapshots.a);
}

static void fault(struct desk *d, uint64_t page, int32_t tid)
{
	world_apply(d->stage.world, &(struct event){ .type = EVENT_FAULT,
						     .pid = STAGE_PID,
						     .time_ns = d->stage.world->now_ns,
						     .fault = { .address = page << 12, .tid = tid } });
}

static void held_picture_stands_still(void **state)
{
	struct desk *d = *state;
	uint64_t page = ANON + 2000, said = d->stage.process->output.bytes;
	const struct process *shown;
	int64_t top;

	desk_run(d, "goto 0x7f1200200000");
	top = d->ui.view.grid.top;
	fault(d, page, 1);
	desk_run(d, "pause-picture");
	assert_int_equal(d->ui.view.grid.top, top);
	fault(d, page, 2);
	stage_at(&d->stage, 60000);
	stage_pages(&d->stage, page << 12, 2, page_word(PAGE_ANON, 0));
	stage_output(&d->stage, "said while held\n");
	stage_status(&d->stage, PROCESS_STOPPED, 0);
	stage_tick(&d->stage);
	desk_update(d);
	shown = shown_process(&d->ui.shown);
	assert_int_equal(page_state(runs_at(shown->space->pages, page).value), PAGE_RESERVED);
	assert_int_equal(shown->output.bytes, said);
	assert_ptr_not_equal(shown->identity.argv, d->stage.process->identity.argv);
	assert_string_equal(shown->identity.argv[1], "64");
	assert_int_equal(stories_find(&shown->faults.stories, page)->fault.tid, 1);
	assert_int_equal(shown->status, PROCESS_STOPPED); /* the one thing that must not stay unseen */
	desk_run(d, "redraw; pause-picture");
	shown = shown_process(&d->ui.shown);
	assert_int_equal(page_state(runs_at(shown->space->pages, page).value), PAGE_ANON);
	assert_string_equal(output_line(&shown->output, 1), "said while held");
	assert_int_equal(stories_find(&shown->faults.stories, page)->fault.tid, 2);
	assert_int_equal(d->ui.view.grid.top, top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(begins_in_the_heap),
		DESK_TEST(moves_by_cells),
		DESK_TEST(moves_by_rows),
		DESK_TEST(keeps_its_column),
		DESK_TEST(reaches_both_ends),
		DESK_TEST(cursor_stays_in_sight),
		DESK_TEST(jumps_to_resident_pages),
		DESK_TEST(zoom_holds_the_row),
		DESK_TEST(goes_to_places),
		DESK_TEST(searches),
		DESK_TEST(filters),
		DESK_TEST(chases),
		DESK_TEST(leaves_a_dead_region),
		DESK_TEST(compares_with_a_mark),
		DESK_TEST(leaves_rows_around_the_cursor),
		DESK_TEST(held_picture_stands_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
