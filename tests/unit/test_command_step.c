/* Steps, one by one and queued, slow motion; the cursor goes where the program stops. */
#include "desk.h"

#include <string.h>

#include "render/status.h"
#include "ui/command_step.h"

/* The process is paused, and why. */
static void stand(struct desk *d, enum stop_why why, int32_t tid)
{
	struct event e = { .type = EVENT_STOP, .pid = STAGE_PID, .time_ns = d->stage.world->now_ns };

	stage_status(&d->stage, PROCESS_PAUSED, 0);
	e.stop.why = why;
	e.stop.tid = tid;
	world_apply(d->stage.world, &e);
	desk_update(d);
}

static void check_step(struct desk *d, enum step_kind kind, uint64_t first, uint64_t end, uint64_t count,
		       unsigned rate)
{
	assert_int_equal(d->fake.asked, CONTROL_STEP);
	assert_int_equal(d->fake.step.kind, kind);
	assert_int_equal(d->fake.step.first, first);
	assert_int_equal(d->fake.step.end, end);
	assert_int_equal(d->fake.step.count, count);
	assert_int_equal(d->fake.step.per_second, rate);
	d->fake.asked = -1;
}

static void press_and_stand(struct desk *d, uint32_t key)
{
	desk_press(d, key);
	stand(d, STOP_FAULT, 1);
	step_go_on(&d->ui);
}

static void steps(void **state)
{
	struct desk *d = *state;
	const struct region *heap = space_find(d->ui.shown.process->space, HEAP << 12);

	press_and_stand(d, 's');
	check_step(d, STEP_FAULT, 0, 0, 1, 0);
	press_and_stand(d, 'y');
	check_step(d, STEP_CALL, 0, 0, 1, 0);
	press_and_stand(d, 'r');
	check_step(d, STEP_FAULT, HEAP, heap->attr.end >> 12, 1, 0);
	desk_press(d, 'R'); /* it is there: asks to press it again */
	press_and_stand(d, 'R');
	check_step(d, STEP_FAULT, d->ui.view.grid.cursor, d->ui.view.grid.cursor + 1, 1, 0);
	desk_press(d, 'S');
	assert_string_equal(d->ui.view.prompt.ops->label, "how many faults:");
	desk_type(d, "250\n");
	check_step(d, STEP_FAULT, 0, 0, 250, 0);
	stand(d, STOP_FAULT, 1);
	desk_run(d, "step-count 0");
	assert_true(d->ui.view.message.bad);
	desk_run(d, "step-count 5x");
	assert_true(d->ui.view.message.bad);
	assert_int_equal(d->fake.asked, -1);
	d->fake.refuses = true;
	desk_press(d, 's');
	assert_string_equal(d->ui.view.message.text, "not allowed");
}

/* Where all pages are there already: only if asked for twice. */
static void warns_where_nothing_stops(void **state)
{
	struct desk *d = *state;
	struct space *space = d->ui.shown.process->space;
	const struct region *heap = space_find(space, HEAP << 12);
	uint64_t first = HEAP, end = heap->attr.end >> 12;
	struct run all = { first, end, PAGE_ANON };
	struct event e = { .type = EVENT_PAGES, .pid = STAGE_PID, .pages = { &all, 1 } };

	world_apply(d->stage.world, &e);
	desk_press(d, 'r');
	assert_int_equal(d->fake.asked, -1);
	assert_true(d->ui.view.message.bad);
	assert_non_null(strstr(d->ui.view.message.text, "nothing may stop it; r again: run"));
	desk_press(d, 'R'); /* another place: its own warning */
	assert_int_equal(d->fake.asked, -1);
	desk_press(d, 'r');
	assert_int_equal(d->fake.asked, -1);
	desk_press(d, 'r');
	check_step(d, STEP_FAULT, first, end, 1, 0);
	stand(d, STOP_FAULT, 1);
	desk_press(d, 'r'); /* and again after a step */
	assert_int_equal(d->fake.asked, -1);
	all.value = PAGE_RESERVED;
	all.first = end - 1;
	world_apply(d->stage.world, &e);
	desk_press(d, 'r');
	check_step(d, STEP_FAULT, first, end, 1, 0);
}

/* No question is asked whose answer can do nothing. */
static void asks_nothing_of_the_ended(void **state)
{
	static const char keys[] = "Sw";
	struct desk *d = *state;

	stage_status(&d->stage, PROCESS_EXITED, 0);
	desk_update(d);
	for (const char *key = keys; *key; key++) {
		desk_press(d, (uint32_t)*key);
		assert_null(d->ui.view.prompt.ops);
		assert_string_equal(d->ui.view.message.text, "the program has ended");
		ui_message_clear(&d->ui);
	}
}

/* Pressed during a step: each is done in turn, at the place of the cursor at that time. */
static void steps_are_queued(void **state)
{
	struct desk *d = *state;
	const struct region *anon = space_find(d->ui.shown.process->space, ANON << 12);

	desk_press(d, 's');
	check_step(d, STEP_FAULT, 0, 0, 1, 0);
	desk_press(d, 'y');
	desk_press(d, 'r');
	desk_run(d, "step-count 7");
	assert_int_equal(d->fake.asked, -1);
	assert_non_null(strstr(d->ui.view.message.text, "3 more steps"));
	step_go_on(&d->ui); /* it has not stopped yet */
	assert_int_equal(d->fake.asked, -1);
	stand(d, STOP_FAULT, 1);
	assert_int_equal(d->fake.asked, -1); /* not before the picture */
	step_go_on(&d->ui);
	check_step(d, STEP_CALL, 0, 0, 1, 0);
	d->ui.view.grid.cursor = ANON;
	stand(d, STOP_CALL, 1);
	step_go_on(&d->ui);
	check_step(d, STEP_FAULT, ANON, anon->attr.end >> 12, 1, 0);
	stand(d, STOP_FAULT, 1);
	step_go_on(&d->ui);
	check_step(d, STEP_FAULT, 0, 0, 7, 0);
	assert_string_equal(d->ui.view.message.text, "");
	stand(d, STOP_FAULT, 1);
	step_go_on(&d->ui);
	assert_int_equal(d->fake.asked, -1);
	desk_press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
}

static void waiting_steps_are_forgotten(void **state)
{
	struct desk *d = *state;

	for (int key = 0; key < 3; key++) {
		desk_press(d, 's');
		for (int i = 0; i < STEPS_WAITING_MAX; i++)
			desk_press(d, 's');
		assert_false(d->ui.view.message.bad);
		desk_press(d, 's');
		assert_true(d->ui.view.message.bad);
		stand(d, STOP_FAULT, 1);
		if (key == 0) {
			desk_press(d, ' '); /* it is stopped between two steps, and still gets paused */
			assert_int_equal(d->fake.asked, CONTROL_PAUSE);
		} else if (key == 1) {
			desk_press(d, 'G');
			assert_int_equal(d->fake.asked, CONTROL_RESUME);
		} else {
			desk_run(d, "slow-motion 20");
			check_step(d, STEP_FAULT, 0, 0, 1, 20);
		}
		d->fake.asked = -1;
		step_go_on(&d->ui);
		assert_int_equal(d->fake.asked, -1);
	}
	desk_press(d, 's');
	desk_press(d, 's');
	stand(d, STOP_FAULT, 1);
	d->fake.refuses = true;
	step_go_on(&d->ui);
	assert_string_equal(d->ui.view.message.text, "not allowed");
	d->fake.refuses = false;
	desk_press(d, 's');
	d->fake.asked = -1;
	desk_press(d, 's');
	stage_status(&d->stage, PROCESS_EXITED, 0);
	step_go_on(&d->ui);
	assert_int_equal(d->fake.asked, -1);
}

static void moves_slowly(void **state)
{
	struct desk *d = *state;

	desk_press(d, 'w');
	assert_string_equal(d->ui.view.prompt.ops->label, "faults per second, at most:");
	desk_type(d, "5\n");
	check_step(d, STEP_FAULT, 0, 0, 1, 5);
	stand(d, STOP_FAULT, 1);
	desk_press(d, 'w');
	assert_int_equal(d->fake.asked, CONTROL_PAUSE);
	desk_run(d, "slow-motion 20");
	check_step(d, STEP_FAULT, 0, 0, 1, 20);
	desk_press(d, ' '); /* it is stopped most of the time, and still gets paused */
	assert_int_equal(d->fake.asked, CONTROL_PAUSE);
	desk_press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
	d->fake.asked = -1;
	desk_press(d, 'G');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
	assert_int_equal(d->ui.steps.slow, 0);
}

static void fault_of(struct desk *d, uint64_t page, int32_t tid)
{
	struct event e = { .type = EVENT_FAULT, .pid = STAGE_PID, .time_ns = d->stage.now_ns };

	e.fault = (struct event_fault){ .address = page << 12, .ip = 1, .tid = tid, .now = PAGE_ANON };
	world_apply(d->stage.world, &e);
}

static void check_words(struct desk *d, const char *want)
{
	struct strbuf words = { 0 };

	stop_print(&words, d->ui.shown.process);
	assert_string_equal(words.text, want);
	strbuf_fini(&words);
}

static void cursor_goes_to_a_stop(void **state)
{
	struct desk *d = *state;
	struct event call = { .type = EVENT_CALL, .pid = STAGE_PID };
	uint64_t before = d->ui.view.grid.cursor;

	fault_of(d, ANON + 20, 7);
	fault_of(d, ANON + 30, 8); /* of another thread, meanwhile */
	stand(d, STOP_FAULT, 7);
	assert_int_equal(d->ui.view.grid.cursor, before); /* no step was asked for here */
	desk_press(d, 's');
	stand(d, STOP_FAULT, 7);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 20);
	check_words(d, "paused at a fault in thread 7");
	desk_run(d, "goto heap");
	assert_int_equal(d->ui.view.grid.cursor, HEAP); /* the cursor goes to a stop once */
	call.call =
	    (struct event_call){ .tid = 7, .kind = CALL_MPROTECT, .args = { 0x7f1200003000, 4096, 1 } };
	world_apply(d->stage.world, &call);
	desk_press(d, 'y');
	stand(d, STOP_CALL, 7);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 3);
	assert_string_equal(d->ui.view.message.text, "mprotect(0x7f1200003000, 4096, PROT_READ) = 0");
	call.call =
	    (struct event_call){ .tid = 7, .kind = CALL_MMAP, .args = { 0, 4096, 1, 1, 3, 0 }, .error = 13 };
	world_apply(d->stage.world, &call);
	stand(d, STOP_CALL, 7);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 3);
	assert_string_equal(d->ui.view.message.text,
			    "mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3, 0) = -1 EACCES");
	check_words(d, "paused at mmap(NULL, 4096, ...) = -1 EACCES");
	stand(d, STOP_EXEC, 0);
	check_words(d, "paused before its first instruction");
	stand(d, STOP_ASKED, 0);
	check_words(d, "paused");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(steps),
		DESK_TEST(warns_where_nothing_stops),
		DESK_TEST(asks_nothing_of_the_ended),
		DESK_TEST(steps_are_queued),
		DESK_TEST(waiting_steps_are_forgotten),
		DESK_TEST(moves_slowly),
		DESK_TEST(cursor_goes_to_a_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
