/* The processes panel, and two processes side by side, against golden pictures. */
#include "unit/check.h"

#include <string.h>

#include "screens/scene_builder.h"
#include "ui/view/overlays.h"

#define CHILD 4250
#define HEAP (UINT64_C(0x55d2c1f0a000) >> 12)
#define ANON (UINT64_C(0x7f1200000000) >> 12)

static const char *const demo_argv[] = { "./demo", "64", NULL };

/* The child is looked at before it has run; then both write. */
static void count_fork(struct stage *s)
{
	struct event e = { .type = EVENT_TICK, .time_ns = s->now_ns, .pid = CHILD };

	world_find(s->world, CHILD)->forked.whole = true;
	world_apply(s->world, &e);
	e.type = EVENT_FAULT;
	for (int i = 0; i < 30; i++) {
		e.pid = i % 3 ? CHILD : STAGE_PID;
		e.fault = (struct event_fault){ .address = (ANON + (uint64_t)i) << 12,
						.cause = FAULT_COW_FORK,
						.access = FAULT_WRITE,
						.tid = e.pid };
		world_apply(s->world, &e);
	}
}

static void family(struct stage *s)
{
	struct event e = { .type = EVENT_STATUS, .status = { PROCESS_EXITED, 1 } };

	stage_init(s, demo_argv);
	stage_build_demo(s);
	stage_at(s, 20000);
	stage_thread(s, STAGE_PID, STAGE_PID, "demo", false);
	stage_thread(s, STAGE_PID, 4243, "reader", false);
	stage_thread(s, STAGE_PID, 4244, "a \033[1mhostile name", true);
	stage_fork(s, CHILD);
	count_fork(s);
	stage_fork(s, 4251);
	e.pid = 4251;
	e.time_ns = s->now_ns;
	world_apply(s->world, &e);
	stage_at(s, 30000);
}

static void processes(void **state)
{
	struct stage s;

	family(&s);
	s.view.processes = true;
	stage_check(&s, 24, 80, "processes-80x24");
	stage_check(&s, 36, 120, "processes-120x36");
	s.view.pid = CHILD; /* its own threads are listed: none is known */
	s.process = world_find(s.world, CHILD);
	s.ascii = s.mono = 1;
	stage_check(&s, 24, 80, "processes-ascii");
	stage_fini(&s);
}

static void process_list(void **state)
{
	struct stage s;

	family(&s);
	s.view.overlay.ops = &overlay_processes;
	s.view.overlay.scroll = 1;
	stage_check(&s, 24, 80, "process-list-80x24");
	stage_check(&s, 36, 120, "process-list-120x36");
	stage_status(&s, PROCESS_EXITED, 0);
	stage_check(&s, 24, 80, "process-list-some");
	for (size_t i = 0; i < s.world->count; i++)
		s.world->processes[i]->status = PROCESS_EXITED;
	stage_check(&s, 24, 80, "process-list-ended");
	stage_fini(&s);
}

/* No frame is known: by file, with what may be shared since the fork. */
static void held_together(void **state)
{
	struct stage s;
	struct sharing sharing;
	struct err why = { 0 };

	family(&s);
	sharing_init(&sharing, false);
	sharing_add(&sharing, s.process, NULL, NULL);
	sharing_add(&sharing, world_find(s.world, CHILD), NULL, NULL);
	sharing_finish(&sharing);
	sharing.perhaps = 300;
	err_set(&why, ERR_DENIED, "%s", "frame numbers need CAP_SYS_ADMIN (sudo)");
	s.scene.sharing = &sharing;
	s.scene.sharing_err = &why;
	s.scene.sharing_ns = 30000 * UINT64_C(1000000);
	s.view.overlay.ops = &overlay_sharing;
	stage_check(&s, 24, 80, "held-together-80x24");
	stage_check(&s, 36, 120, "held-together-120x36");
	sharing_fini(&sharing);
	stage_fini(&s);
}

/* Frames that follow each other but for one that jumps, two that the child has, too, and one that is not there. */
static struct physical frames_of(const struct stage *s)
{
	struct physical p = { .count = 40, .at = 20, .page_shift = 12, .first = ANON, .end = ANON + 2048 };

	for (uint64_t i = 0; i < p.count; i++) {
		uint64_t frame = i == 12 ? 0 : i < 17 ? 0x12ab34 + i : 0x7f01 + i;

		p.rows[i] = (struct physical_row){ .page = ANON + i,
						   .word = runs_at(s->process->space->pages, ANON + i).value,
						   .frame = frame,
						   .step = i == 17 ? 0x7f12 - 0x12ab44 : 1,
						   .has_step = i && i != 12 && i != 13,
						   .flags = i < 17 ? 0x5868 : 0x401828,
						   .count = i == 5 || i == 18 ? 2 : 1,
						   .has_flags = true,
						   .has_count = true };
	}
	p.rows[25].flags = UINT64_C(1) << 24;
	p.totals = (struct physical_totals){
		.resident = 289, .framed = 288, .runs = 3, .longest = 255, .once = 280, .twice = 7, .more = 1
	};
	p.counted_until = p.end;
	return p;
}

static void frames(void **state)
{
	struct stage s;
	struct physical p;

	family(&s);
	p = frames_of(&s);
	s.scene.frames = &p;
	s.scene.frames_ns = 30000 * UINT64_C(1000000);
	s.view.overlay = (struct overlay){ &overlay_frames, 20 };
	stage_check(&s, 24, 80, "frames-80x24");
	p.counted_until = ANON + 1000;
	p.totals.none = 1; /* and the kernel reported nothing about another */
	p.totals.twice -= 2;
	err_set(&p.flags_err, ERR_UNSUPPORTED, "%s", "this kernel does not have it");
	for (size_t i = 0; i < p.count; i++)
		p.rows[i].has_flags = false;
	s.ascii = 1;
	stage_check(&s, 24, 80, "frames-partly");
	s.ascii = 0;
	p = frames_of(&s);
	stage_check(&s, 36, 120, "frames-120x36");
	p = (struct physical){ 0 };
	err_set(&p.err, ERR_DENIED, "%s", "frame numbers need CAP_SYS_ADMIN (sudo)");
	stage_check(&s, 24, 80, "frames-denied");
	for (int rows = 1; rows < 40; rows += 3)
		for (int columns = 1; columns < 160; columns += 7) {
			p = columns % 2 ? frames_of(&s) : p;
			stage_draw(&s, rows, columns);
		}
	stage_fini(&s);
}

/* As the source would report: all resident pages are common, except every fifth and those of the heap. */
static void compare(struct stage *s, enum page_common kind, uint64_t now_ns)
{
	struct runs_iter iter = runs_iter(s->process->space->pages, 0, RUNS_END);
	struct run run;

	while (runs_next(&iter, &run))
		for (uint64_t page = run.first; page < run.end && page_state_resident(page_state(run.value));
		     page++) {
			uint8_t common = (uint8_t)kind;

			pair_take(&s->pair, page, &common, 1, now_ns);
			common = PAGE_COMMON_OWN;
			if (page % 5 == 0 || (page >= HEAP && page < HEAP + 33))
				pair_take(&s->pair, page, &common, 1, now_ns);
		}
}

static void side_by_side(void **state)
{
	struct stage s;

	family(&s);
	stage_pair(&s, CHILD);
	compare(&s, PAGE_COMMON_SAME, 20000 * UINT64_C(1000000));
	s.view.grid.cursor = ANON;
	stage_check(&s, 24, 80, "beside-80x24");
	stage_check(&s, 36, 120, "beside-120x36");
	s.view.processes = true;
	stage_check(&s, 36, 120, "beside-processes");
	s.view.processes = false;
	s.mono = 1;
	stage_check(&s, 24, 80, "beside-mono");
	s.ascii = 1;
	stage_check(&s, 24, 80, "beside-ascii");
	stage_fini(&s);
}

/* What an ordinary user sees; a page that was separated a moment ago is bright. */
static void shared_with_someone(void **state)
{
	struct stage s;
	uint8_t common = PAGE_COMMON_SAME;

	family(&s);
	stage_pair(&s, CHILD);
	world_find(s.world, CHILD)->forked.whole = false; /* found later */
	compare(&s, PAGE_COMMON_MAYBE, 20000 * UINT64_C(1000000));
	pair_take(&s.pair, ANON + 3, &common, 1, 20000 * UINT64_C(1000000));
	common = PAGE_COMMON_OWN;
	pair_take(&s.pair, ANON + 3, &common, 1, 29900 * UINT64_C(1000000));
	assert_int_equal(runs_at(s.pair.parted, ANON + 3).value, 29900);
	s.view.grid.cursor = ANON;
	stage_check(&s, 24, 80, "beside-user");
	stage_fini(&s);
}

/* A region that one of the two maps after the fork: its rows are on both sides, its pages on one. */
static void apart(void **state)
{
	struct stage s;

	family(&s);
	stage_pair(&s, CHILD);
	stage_map(&s, 0x7f1100000000, 40, "rw-p", REGION_ANON, "");
	stage_pages(&s, 0x7f1100000000, 4, page_word(PAGE_ANON, 0));
	pair_update(&s.pair, s.process, world_find(s.world, CHILD), s.now_ns);
	s.view.grid.cursor = UINT64_C(0x7f1100000000) >> 12;
	stage_check(&s, 24, 80, "beside-apart");
	stage_fini(&s);
}

static void all_sizes(void **state)
{
	struct stage s;

	family(&s);
	stage_pair(&s, CHILD);
	for (int pair = 0; pair < 2; pair++) {
		s.view.pair = pair;
		s.view.processes = !pair;
		for (int rows = 1; rows < 60; rows += 3)
			for (int columns = 1; columns < 260; columns += 7)
				stage_draw(&s, rows, columns);
	}
	stage_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes),     cmocka_unit_test(process_list),
		cmocka_unit_test(held_together), cmocka_unit_test(frames),
		cmocka_unit_test(side_by_side),  cmocka_unit_test(shared_with_someone),
		cmocka_unit_test(apart),         cmocka_unit_test(all_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
