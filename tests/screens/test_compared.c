/* Two compared runs of a program, against golden pictures: what was matched is in the same
 * rows, what differs is marked, what differs by chance is not. */
#include "unit/check.h"

#include <string.h>

#include "screens/scene_builder.h"
#include "ui/view/overlays.h"

static const char *const demo_argv[] = { "./demo", "64", NULL };

#define HEAP UINT64_C(0x55d2c1f0a000)
#define ANON UINT64_C(0x7f1200000000)
#define MOVED_LOW UINT64_C(0x3a4b000)  /* how much higher the program is in the second run, */
#define MOVED_HIGH UINT64_C(0x51e7000) /* ... and how much lower what mmap gave */
#define OWN page_word(PAGE_ANON, PAGE_EXCLUSIVE)

struct runs_of_two {
	struct stage a, b;
	struct aligned *aligned;
};

static uint64_t moved(uint64_t address)
{
	if (address >> 56)
		return address; /* vsyscall */
	return address < UINT64_C(0x700000000000) ? address + MOVED_LOW : address - MOVED_HIGH;
}

/* The same program, placed elsewhere. */
static void run_again(struct stage *to, const struct stage *from)
{
	const struct space *s = from->process->space;
	struct runs_iter iter = runs_iter(s->pages, 0, RUNS_END);
	struct run run;
	char perms[5];

	stage_init(to, demo_argv);
	for (size_t i = 0; i < s->count; i++) {
		const struct region_attr *a = &s->regions[i]->attr;

		stage_map(to, moved(a->start), (a->end - a->start) >> 12, region_perms_text(perms, a->perms),
			  a->kind, a->path);
	}
	while (runs_next(&iter, &run))
		if (run.value != PAGE_NONE)
			stage_pages(to, moved(run.first << 12), run.end - run.first, run.value);
}

static void fault(struct stage *s, uint64_t address)
{
	static const struct code_frame frames[] = {
		{ .function = "fill", .source = "src/demo.c", .line = 14 }
	};
	struct event e = { .type = EVENT_SYMBOL, .pid = STAGE_PID, .time_ns = s->now_ns };

	e.symbol = (struct event_symbol){ .ip = 0x401120,
					  .frames = frames,
					  .count = 1,
					  .offset = 0x2c,
					  .object = "demo",
					  .section = ".text" };
	world_apply(s->world, &e);
	e = (struct event){ .type = EVENT_FAULT, .pid = STAGE_PID, .time_ns = s->now_ns };
	e.fault = (struct event_fault){ .tid = STAGE_PID,
					.address = address,
					.ip = 0x401120,
					.access = FAULT_WRITE,
					.cause = FAULT_ZERO_FILL,
					.was = PAGE_RESERVED,
					.now = (uint32_t)OWN };
	world_apply(s->world, &e);
}

/* One more page of libc, which came with its neighbours because of where the window is: by chance. */
static void read_around(struct stage *s)
{
	const struct space *space = s->process->space;

	for (size_t i = 0; i < space->count; i++) {
		const struct region *r = space->regions[i];

		if (r->attr.kind == REGION_TEXT && strstr(r->attr.path, "libc.so.6"))
			stage_pages(s, r->attr.start + 90 * 4096, 1, page_word(PAGE_FILE, PAGE_SHARED));
	}
}

static void compare(struct runs_of_two *r)
{
	stage_init(&r->a, demo_argv);
	stage_build_demo(&r->a);
	run_again(&r->b, &r->a);
	stage_map(&r->a, 0x7f1100000000, 40, "rw-p", REGION_ANON, ""); /* A alone */
	stage_pages(&r->a, 0x7f1100000000, 4, OWN);
	stage_map(&r->b, 0x7f1190000000, 6, "rw-s", REGION_SHM, "/memfd:ring (deleted)"); /* B alone */
	stage_pages(&r->b, 0x7f1190000000, 2, page_word(PAGE_SHM, PAGE_SHARED));
	stage_pages(&r->b, moved(HEAP) + 20 * 4096, 2, OWN);
	read_around(&r->b);
	stage_at(&r->b, 1500);
	fault(&r->b, moved(HEAP) + 20 * 4096);
	const struct aligned_picture pictures[] = {
		{ r->a.process, "before.psn", "2026-11-24T10:15:00.123Z", r->a.now_ns },
		{ r->b.process, "after.psn", "2026-11-24T10:15:09.004Z", r->b.now_ns },
	};
	r->aligned = aligned_create(pictures, false);
	stage_compare(&r->b, r->aligned);
	r->b.view.regions.at = 2;
	r->b.view.grid.cursor = (moved(HEAP) >> 12) + 20;
}

static void finish(struct runs_of_two *r)
{
	stage_fini(&r->b);
	aligned_destroy(r->aligned);
	stage_fini(&r->a);
}

static void side_by_side(void **state)
{
	struct runs_of_two r;

	compare(&r);
	assert_int_equal(r.aligned->comparison.pages[COMPARE_REAL], 40 + 6 + 2);
	assert_int_equal(r.aligned->comparison.pages[COMPARE_AROUND], 1);
	stage_check(&r.b, 24, 80, "compared-80x24");
	stage_check(&r.b, 36, 120, "compared-120x36");
	r.b.mono = 1;
	stage_check(&r.b, 24, 80, "compared-mono");
	r.b.ascii = 1;
	stage_check(&r.b, 24, 80, "compared-ascii");
	finish(&r);
}

/* A cell of many pages is marked if one of them differs; memory that only one has is on its side. */
static void zoomed(void **state)
{
	struct runs_of_two r;

	compare(&r);
	r.b.view.grid.zoom = 3;
	stage_check(&r.b, 24, 80, "compared-zoomed");
	r.b.view.grid.zoom = 0;
	r.b.view.grid.cursor = (UINT64_C(0x7f1190000000) >> 12) + 1;
	r.b.process = (struct process *)&r.aligned->sides[ALIGNED_A];
	stage_check(&r.b, 24, 80, "compared-alone");
	finish(&r);
}

static void totals(void **state)
{
	struct runs_of_two r;

	compare(&r);
	stage_tab(&r.b, "changes");
	r.b.view.tall = true;
	stage_check(&r.b, 24, 80, "compared-totals");
	stage_check(&r.b, 36, 120, "compared-totals-120x36");
	finish(&r);
}

/* Its own marks come first in the right column. */
static void legend(void **state)
{
	struct runs_of_two r;

	compare(&r);
	r.b.view.overlay.ops = &overlay_legend;
	stage_check(&r.b, 44, 170, "compared-legend");
	finish(&r);
}

static void all_sizes(void **state)
{
	struct runs_of_two r;

	compare(&r);
	for (size_t tab = 0; tab < r.b.view.tabs.count; tab++) {
		r.b.view.tabs.shown = &r.b.view.tabs.items[tab];
		for (int rows = 1; rows < 60; rows += 7)
			for (int columns = 1; columns < 260; columns += 9)
				stage_draw(&r.b, rows, columns);
	}
	finish(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(side_by_side), cmocka_unit_test(zoomed),    cmocka_unit_test(totals),
		cmocka_unit_test(legend),       cmocka_unit_test(all_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
