/* Stepping from fault to fault, on a program that touches known pages: see step_target.c. */
#include <stdio.h>

#include "live/step_launch.h"

/* From its first instruction on: each step is one fault, of the thread that is named. */
static void test_first_faults(void **state)
{
	struct stepper *t = launch("walk", NULL);
	for (int i = 0; i < 40; i++) {
		uint64_t before = t->w.process->counters.now.minor + t->w.process->counters.now.major;
		assert_true(stepper_step(t, FAULT()));
		assert_int_equal(t->why, STOP_FAULT);
		assert_int_equal(t->tid, t->w.pid);
		assert_true(all_stand(t->w.pid));
		uint64_t after = t->w.process->counters.now.minor + t->w.process->counters.now.major;
		/* one system call may have several; one that was retried counts, and brought nothing */
		assert_true(t->faults == 1 || t->fault[0].ip >> 63);
		assert_in_range(after - before, t->faults, t->faults + 2);
		const struct event_fault *last = &t->fault[t->faults - 1];
		uint32_t word = runs_at(t->w.process->space->pages, last->address / PAGE).value;
		assert_true(page_state_resident(page_state(word)) || page_state(word) == PAGE_ZERO);
	}
	STEPPER_UNTIL(t, t->w.process->status == PROCESS_PAUSED);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "b 0x"));
	stepper_line(t);
	ends_with(t, 7);
}

static void test_order(void **state)
{
	struct stepper *t = launch_to_line("walk", NULL, "b 0x");
	uint64_t a = stepper_number(t, "a ") / PAGE;
	/* whatever faults it has on its way back from reading the line */
	while (stepper_step(t, FAULT()) && t->fault[t->faults - 1].address / PAGE != a + walk_page(0))
		;
	for (size_t i = 1; i < WALK; i++) {
		assert_true(stepper_step(t, FAULT()));
		assert_int_equal(t->faults, 1);
		assert_int_equal(t->fault[0].address, (a + walk_page(i)) * PAGE + 8 * i);
		assert_int_equal(t->fault[0].access, FAULT_WRITE);
	}
	ends_with(t, 7);
}

static void test_range(void **state)
{
	struct stepper *t = launch_to_line("walk", NULL, "b 0x");
	uint64_t a = stepper_number(t, "a ") / PAGE, b = stepper_number(t, "b ") / PAGE;
	for (size_t i = 0; i < 10; i++) { /* all of a, and none of b */
		assert_true(stepper_step(t, FAULT(.first = a, .end = a + WALK)));
		assert_int_equal(t->fault[t->faults - 1].address / PAGE, a + walk_page(i));
	}
	/* one page of b: all else of both goes by */
	assert_true(stepper_step(t, FAULT(.first = b + walk_page(5), .end = b + walk_page(5) + 1)));
	assert_int_equal(t->faults, WALK - 10 + 6);
	assert_int_equal(t->fault[t->faults - 1].address / PAGE, b + walk_page(5));
	/* five more, on chosen pages */
	assert_true(stepper_step(t, FAULT(.first = b, .end = b + WALK, .count = 5)));
	assert_int_equal(t->faults, 5);
	assert_int_equal(t->fault[4].address / PAGE, b + walk_page(10));
	/* a page that is never touched again: to the end, status and all */
	assert_false(stepper_step(t, FAULT(.first = a, .end = a + WALK)));
	assert_int_equal(t->w.process->status_code, 7);
	stepper_end(t);
}

static void test_count(void **state)
{
	struct stepper *t = launch_to_line("walk", NULL, "b 0x");
	uint64_t a = stepper_number(t, "a ") / PAGE;
	while (stepper_step(t, FAULT()) && t->fault[t->faults - 1].address / PAGE != a + walk_page(0))
		;
	assert_true(stepper_step(t, FAULT(.count = 31)));
	assert_int_equal(t->faults, 31);
	assert_int_equal(t->fault[30].address / PAGE, a + walk_page(31));
	ends_with(t, 7);
}

/* A whole program, fault by fault: as many as the kernel counts. Those within exec came
 * before, those during its exit are not waited for; one that the kernel retried is counted
 * by the kernel, and brought nothing. */
static void test_whole(void **state)
{
	struct stepper *t = launch("fork", NULL);
	uint64_t base = t->w.process->counters.now.minor + t->w.process->counters.now.major, steps = 0;
	unsigned execs = t->w.process->course.execs;
	t->fault_count = 0;
	while (stepper_step(t, FAULT()))
		steps++;
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, 12);
	assert_int_equal(t->w.process->course.execs, execs + 1);
	uint64_t counted = t->w.process->counters.now.minor + t->w.process->counters.now.major - base;
	bool user_only =
	    !t->w.process->sources[SOURCE_FAULTS].ok || *t->w.process->sources[SOURCE_FAULTS].why;
	fprintf(stderr, "# %d steps, %d faults reported, %d counted%s\n", (int)steps, (int)t->fault_count,
		(int)counted, user_only ? " (user mode only)" : "");
	assert_true(steps <= t->fault_count && steps >= t->fault_count * 3 / 4);
	assert_true(t->fault_count <= counted && t->fault_count + (user_only ? 60 : 8) >= counted);
	stepper_end(t);
}

static const struct region *stack_region(const struct stepper *t)
{
	const struct space *s = t->w.process->space;
	for (size_t i = 0; i < s->count; i++)
		if (s->regions[i]->attr.kind == REGION_STACK)
			return s->regions[i];
	fail_msg("no stack");
	return NULL;
}

/* Regions are read before the faults of a stop are reported. Each fault that made the stack grow is
 * still reported as such, and no other. */
static void test_stack_growth(void **state)
{
	struct stepper *t = launch_to_line("grow", NULL, "ready");
	uint64_t start = stack_region(t)->attr.start;
	size_t grown = 0;
	while (stepper_step(t, FAULT()))
		for (size_t i = 0; i < t->faults; i++) {
			const struct event_fault *f = &t->fault[i];
			bool below = f->address < start &&
				     space_find(t->w.process->space, f->address) == stack_region(t);
			assert_int_equal(f->cause == FAULT_STACK_GROWTH, below);
			start = below ? f->address / PAGE * PAGE : start;
			grown += below;
		}
	assert_true(grown > 20);
	assert_int_equal(t->w.process->status_code, 8);
	stepper_end(t);
}

static void test_slow_motion(void **state)
{
	struct stepper *t = launch("walk", NULL);
	uint64_t begin = clock_now_ns();
	unsigned stops = t->stops;
	assert_int_equal(stepper_control(t, CONTROL_STEP, FAULT(.per_second = 100), NULL), 0);
	STEPPER_UNTIL(t, t->stops >= stops + 20);
	assert_true(clock_now_ns() - begin >= 19 * (CLOCK_SECOND / 100));
	assert_true(t->fault_count >= 20);
	stepper_pause(t);
	stops = t->stops;
	for (begin = clock_now_ns(); clock_now_ns() - begin < 100 * CLOCK_MS;)
		stepper_watch(t);
	assert_int_equal(t->stops, stops);
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, "b 0x"));
	stepper_line(t);
	ends_with(t, 7);
}

/* With an argument only the tests whose names fit it, as in "test_st*". */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_faults), cmocka_unit_test(test_order),
		cmocka_unit_test(test_range),        cmocka_unit_test(test_count),
		cmocka_unit_test(test_whole),        cmocka_unit_test(test_stack_growth),
		cmocka_unit_test(test_slow_motion),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
