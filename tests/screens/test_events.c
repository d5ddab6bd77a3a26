/* What is shown of faults, against golden pictures: the page's story, stacks, the list of events, the
 * profile of functions. */
#include "unit/check.h"

#include <stdio.h>
#include <string.h>

#include "ui/view/panel.h"
#include "screens/panels_scene.h"
#include "screens/scene_builder.h"
#include "ui/view/tab_events.h"
#include "ui/view/tab_functions.h"
#include "ui/view/tab_stack.h"

#define HEAP_PAGE UINT64_C(0x55d2c1f0b)
#define ANON_PAGE UINT64_C(0x7f1200000)

static struct panels_scene s; /* too large for the stack */

static const enum spot shown[] = { SPOT_HEAP, SPOT_ZERO,  SPOT_TEXT, SPOT_TEXT_COLD, SPOT_COPY,
				   SPOT_SHM,  SPOT_STACK, SPOT_SWAP, SPOT_HUGE,      SPOT_GUARD };
enum { SHOWN = sizeof shown / sizeof *shown };

static void set_up(int rows, int columns)
{
	panels_scene_init(&s, columns);
	panels_scene_faults(&s);
	panels_scene_update(&s, rows);
}

static int draw_panel(struct canvas *canvas, int row, int rows)
{
	panels_scene_update(&s, rows);
	return panel_detail(area_part(area_all(canvas), row, 0, rows, canvas->columns), &s.scene);
}

/* A tab for each spot that faulted, one below the other. */
static void check_tab(const char *tab, int rows, int columns, bool root, int ascii, const char *name)
{
	struct canvas canvas;

	set_up(rows, columns);
	panels_scene_tab(&s, tab);
	canvas_init(&canvas, rows * SHOWN, columns, ascii);
	for (int i = 0; i < SHOWN; i++) {
		panels_scene_go(&s, shown[i], root);
		draw_panel(&canvas, i * rows, rows);
	}
	canvas_check(&canvas, name);
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

static void test_stories(void **unused)
{
	check_tab("page", 6, 80, false, 0, "events-page-80");
	check_tab("page", 15, 80, false, 0, "events-page-80-tall");
	check_tab("page", 9, 120, true, 0, "events-page-120-root");
	check_tab("page", 12, 200, true, 0, "events-page-200-root");
	check_tab("page", 6, 80, false, 1, "events-page-80-ascii");
}

static void test_stacks(void **unused)
{
	check_tab("stack", 6, 80, false, 0, "events-stack-80");
	check_tab("stack", 16, 80, false, 0, "events-stack-80-tall");
	check_tab("stack", 9, 120, false, 0, "events-stack-120");
	check_tab("stack", 12, 200, false, 0, "events-stack-200");
	check_tab("stack", 16, 80, false, 1, "events-stack-80-ascii");
}

struct list_case {
	int rows, columns, ascii;
	bool tall;
	const char *filter;
	enum profile_by by;
	bool open; /* the tree of one's own code */
};

/* clang-format off */
static const struct list_case lists[] = {
	{ 6, 80, 0, false, "", PROFILE_FUNCTION, false },
	{ 16, 80, 0, false, "", PROFILE_CALLERS, false },
	{ 16, 80, 1, false, "", PROFILE_FUNCTION, false },
	{ 9, 120, 0, false, "", PROFILE_FUNCTION, false },
	{ 33, 200, 0, false, "", PROFILE_CALLERS, false },
	{ 8, 80, 0, false, "thread:4242 cause:zero", PROFILE_FUNCTION, false },
	{ 8, 80, 0, false, "no-such", PROFILE_FUNCTION, false },
	{ 8, 40, 1, false, "region:heap", PROFILE_CALLERS, false },
	{ 16, 80, 0, false, "", PROFILE_OWN, false },
	{ 24, 120, 0, false, "", PROFILE_OWN, true },
};
/* clang-format on */
enum { LISTS = sizeof lists / sizeof *lists };

/* Opens all lines of the tree. */
static void open_all(int rows)
{
	struct tab *tab = tabs_named(&s.view.tabs, "functions");
	struct functions_tab *f = tab->state;

	panels_scene_update(&s, rows);
	for (f->at = 0; f->at < (int)f->rows.count; f->at++)
		tab->ops->sideways(tab, 1);
	f->at = 1;
	f->top = 0;
}

static void check_list(const char *tab, const char *prefix)
{
	char name[64];

	for (int i = 0; i < LISTS; i++) {
		const struct list_case *c = &lists[i];
		struct canvas canvas;

		set_up(c->rows, c->columns);
		panels_scene_tab(&s, tab);
		s.view.focus = VIEW_FOCUS_DETAIL;
		tab_functions_state(&s.view)->by = c->by;
		tab_functions_state(&s.view)->at = 1;
		strcpy(tab_events_state(&s.view)->filter, c->filter);
		if (c->open)
			open_all(c->rows);
		canvas_init(&canvas, c->rows, c->columns, c->ascii);
		canvas.mono = c->ascii;
		draw_panel(&canvas, 0, c->rows);
		snprintf(name, sizeof name, "%s-%d", prefix, i);
		canvas_check(&canvas, name);
		canvas_fini(&canvas);
		panels_scene_fini(&s);
	}
}

static void test_lists(void **unused)
{
	check_list("events", "events-list");
	check_list("functions", "events-profile");
}

/* A page's biography; events of an image before an exec; nothing seen, and why. */
static void test_special(void **unused)
{
	struct canvas canvas;

	set_up(8, 120);
	canvas_init(&canvas, 8 * 5, 120, 0);
	panels_scene_tab(&s, "events");
	tab_events_state(&s.view)->biography = true;
	panels_scene_go(&s, SPOT_HEAP, false);
	draw_panel(&canvas, 0, 8);
	panels_scene_go(&s, SPOT_VVAR, false);
	draw_panel(&canvas, 8, 8);
	tab_events_state(&s.view)->biography = false;
	s.process.faults.image = 9;
	s.process.calls.image = 2;
	draw_panel(&canvas, 16, 8);
	panels_scene_tab(&s, "stack");
	tab_stack_state(&s.view)->of =
	    (struct view_event){ .known = true, .kind = EVENT_KIND_FAULT, .number = 8 };
	draw_panel(&canvas, 24, 8);
	tab_stack_state(&s.view)->of =
	    (struct view_event){ .known = true, .kind = EVENT_KIND_CALL, .number = 0 };
	s.process.calls.image = 0;
	draw_panel(&canvas, 32, 8);
	canvas_check(&canvas, "events-special");
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

/* Pages that went: by a call, without one, of a long stretch. */
static void test_left(void **unused)
{
	static const struct {
		uint64_t ms;
		struct event_left left;
	} gone[] = {
		{ 12500,
		  { HEAP_PAGE, HEAP_PAGE + 1, PAGE_ANON, PAGE_RESERVED, LEFT_PROGRAM, .kind = REGION_HEAP } },
		{ 12700,
		  { ANON_PAGE, ANON_PAGE + 300, PAGE_ANON, PAGE_NONE, LEFT_CALL, CALL_MUNMAP, 4242,
		    REGION_ANON } },
		{ 12701,
		  { HEAP_PAGE + 2, HEAP_PAGE + 4, PAGE_ANON, PAGE_SWAP, LEFT_SWAPPED, .kind = REGION_HEAP } },
		{ 12702,
		  { ANON_PAGE, ANON_PAGE + 12345, PAGE_SHM, PAGE_NONE, LEFT_UNMAP, .kind = REGION_SHM } },
		{ 12703,
		  { ANON_PAGE, ANON_PAGE + 1, PAGE_FILE, PAGE_CACHED, LEFT_OTHER, .kind = REGION_RODATA } },
	};
	static const int columns[] = { 80, 120, 160 };
	struct canvas canvas;
	char name[64];

	for (int wide = 0; wide < 3; wide++) {
		set_up(12, columns[wide]);
		for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
			departures_add(&s.process.departures, gone[i].ms * 1000000, &gone[i].left,
				       s.process.faults.log.end);
		panels_scene_tab(&s, "events");
		canvas_init(&canvas, 12, columns[wide], 0);
		draw_panel(&canvas, 0, 12);
		snprintf(name, sizeof name, "events-left-%d", columns[wide]);
		canvas_check(&canvas, name);
		canvas_fini(&canvas);
		departures_fini(&s.process.departures);
		panels_scene_fini(&s);
	}
}

/* A program that became others, and only these. */
static void test_execs(void **unused)
{
	static const char *const lines[][4] = {
		{ "/bin/sh", "-c", "make -C /home/student/work/a-folder-with-a-long-name all\t2>&1" },
		{ "make", "-j2" },
	};
	static const int columns[] = { 80, 120 };
	struct canvas canvas;
	char name[64];

	for (int wide = 0; wide < 2; wide++) {
		set_up(9, columns[wide]);
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
			exec_log_add(&s.process.execs, (12500 + i) * 1000000,
				     &(struct event_process){ .argv = lines[i], .comm = "sh" },
				     s.process.faults.log.end);
		panels_scene_tab(&s, "events");
		canvas_init(&canvas, 18, columns[wide], 0);
		draw_panel(&canvas, 0, 9);
		strcpy(tab_events_state(&s.view)->filter, "kind:exec");
		draw_panel(&canvas, 9, 9);
		snprintf(name, sizeof name, "events-execs-%d", columns[wide]);
		canvas_check(&canvas, name);
		canvas_fini(&canvas);
		exec_log_fini(&s.process.execs);
		panels_scene_fini(&s);
	}
}

/* The page panel of pages that went, and of one that came back since. */
static void test_went(void **unused)
{
	static const struct {
		enum spot spot;
		uint64_t page, ms;
		struct event_left left;
	} gone[] = {
		{ SPOT_SWAP,
		  0x7f1200010,
		  12000,
		  { .was = PAGE_ANON, .now = PAGE_SWAP, .reason = LEFT_SWAPPED } },
		{ SPOT_HEAP_END,
		  0x55d2c1f2a,
		  5000,
		  { .was = PAGE_ANON, .now = PAGE_RESERVED, .reason = LEFT_FREED } },
		{ SPOT_TEXT_COLD, 0x7f1400002, 5001, { .was = PAGE_FILE, .now = PAGE_CACHED } },
		{ SPOT_GAP,
		  0x600000000,
		  5002,
		  { .was = PAGE_SHM, .reason = LEFT_CALL, .call = CALL_MUNMAP, .tid = 4243 } },
		{ SPOT_HEAP,
		  HEAP_PAGE,
		  5003,
		  { .was = PAGE_ANON, .now = PAGE_RESERVED, .reason = LEFT_PROGRAM } },
	};
	enum { GONE = sizeof gone / sizeof *gone, ROWS = 7 };
	struct canvas canvas;
	char name[64];

	for (int wide = 0; wide < 2; wide++) {
		int columns = wide ? 120 : 80;

		set_up(ROWS, columns);
		for (size_t i = 0; i < GONE; i++) {
			struct event_left left = gone[i].left;

			left.first = gone[i].page;
			left.end = left.first + 1;
			departures_add(&s.process.departures, gone[i].ms * 1000000, &left,
				       s.process.faults.log.end);
		}
		panels_scene_tab(&s, "page");
		canvas_init(&canvas, ROWS * GONE, columns, !wide);
		for (int i = 0; i < GONE; i++) {
			panels_scene_go(&s, gone[i].spot, false);
			draw_panel(&canvas, i * ROWS, ROWS);
		}
		snprintf(name, sizeof name, "events-went-%d", columns);
		canvas_check(&canvas, name);
		canvas_fini(&canvas);
		departures_fini(&s.process.departures);
		panels_scene_fini(&s);
	}
}

/* A function of the stack is chosen: the source shown is its own, or its caller's. */
static void test_chosen_functions(void **unused)
{
	static const struct {
		enum spot spot;
		int rows, chosen;
	} cases[] = { { SPOT_HEAP, 16, 1 },
		      { SPOT_HEAP, 6, 1 },
		      { SPOT_HEAP, 6, 4 },
		      { SPOT_STACK, 6, 100 },
		      { SPOT_STACK, 6, 1000 } };
	enum { CASES = sizeof cases / sizeof *cases };
	struct canvas canvas;

	set_up(6, 80);
	panels_scene_tab(&s, "stack");
	s.view.focus = VIEW_FOCUS_DETAIL;
	canvas_init(&canvas, 16 * CASES, 80, 0);
	for (int i = 0; i < CASES; i++) {
		panels_scene_go(&s, cases[i].spot, false);
		s.view.tabs.shown->scroll = cases[i].chosen;
		assert_int_equal(draw_panel(&canvas, 16 * i, cases[i].rows),
				 cases[i].spot == SPOT_HEAP ? 4 : STACK_MAX - 1);
	}
	canvas_check(&canvas, "events-stack-chosen");
	canvas_fini(&canvas);
	canvas_init(&canvas, 9, 120, 0);
	panels_scene_go(&s, SPOT_HEAP, false);
	s.view.tabs.shown->scroll = 1;
	draw_panel(&canvas, 0, 9);
	canvas_check(&canvas, "events-stack-chosen-120");
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

static void test_nothing(void **unused)
{
	struct canvas canvas;

	panels_scene_init(&s, 80);
	s.process.sources[SOURCE_FAULTS].ok = false;
	s.process.sources[SOURCE_FAULTS].why =
	    (char *)(uintptr_t) "kernel.perf_event_paranoid is 3: take root, or set it to 2";
	canvas_init(&canvas, 8 * 4, 80, 0);
	for (int i = 0; i < 4; i++) {
		panels_scene_tab(&s, (const char *[]){ "page", "stack", "events", "functions" }[i]);
		draw_panel(&canvas, 8 * i, 8);
	}
	canvas_check(&canvas, "events-nothing");
	canvas_fini(&canvas);
	panels_scene_fini(&s);
}

/* No size may crash, and an ASCII canvas has ASCII only. */
static void test_all_sizes(void **unused)
{
	set_up(10, 80);
	for (int rows = 1; rows < 24; rows += 2)
		for (int columns = 1; columns < 230; columns += 1 + columns / 9) {
			struct canvas canvas;

			canvas_init(&canvas, rows, columns, 1);
			for (int i = 0; i < SHOWN; i++)
				for (size_t tab = 0; tab < s.view.tabs.count; tab++) {
					panels_scene_go(&s, shown[i], i & 1);
					s.view.tabs.shown = &s.view.tabs.items[tab];
					s.view.tabs.shown->scroll = i;
					draw_panel(&canvas, 0, rows);
				}
			for (int i = 0; i < rows * columns; i++)
				assert_in_range(canvas.cells[i].ch, 0x20, 0x7e);
			canvas_fini(&canvas);
		}
	panels_scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_execs),
		cmocka_unit_test(test_chosen_functions),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_went),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
