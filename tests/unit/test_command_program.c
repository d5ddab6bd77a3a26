/* What is asked of the program, and of its pages; leaving it. */
#include "desk.h"

#include <string.h>

#include "render/reclaim_words.h"
#include "ui/attention.h"
#include "ui/view/overlays.h"

static void pauses_and_resumes(void **state)
{
	struct desk *d = *state;

	desk_press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_PAUSE);
	stage_status(&d->stage, PROCESS_PAUSED, 0);
	desk_press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
	d->fake.refuses = true;
	desk_press(d, ' ');
	assert_string_equal(d->ui.view.message.text, "not allowed");
	stage_status(&d->stage, PROCESS_EXITED, 3);
	d->fake.asked = -1;
	desk_press(d, ' ');
	assert_int_equal(d->fake.asked, -1);
	assert_true(d->ui.view.message.bad);
}

/* What is open shows the present, and the end once all have ended. */
static void held_together_follows(void **state)
{
	struct desk *d = *state;
	const struct shown_sharing *sharing = &d->ui.shown.sharing;
	const struct sharing *s = &sharing->of;

	stage_fork(&d->stage, 4250);
	desk_press(d, 'H');
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_sharing);
	assert_int_equal(s->count, 2);
	uint64_t resident = s->resident;
	assert_true(resident > 0);
	stage_at(&d->stage, 31000);
	stage_status(&d->stage, PROCESS_EXITED, 0);
	desk_update(d);
	assert_int_equal(s->count, 1);
	assert_int_equal(s->pids[0], 4250);
	assert_int_equal(sharing->taken_ns, d->stage.world->now_ns);
	struct event end = { .type = EVENT_STATUS, .pid = 4250, .time_ns = d->stage.world->now_ns + 1 };
	end.status.status = PROCESS_EXITED;
	world_apply(d->stage.world, &end);
	stage_at(&d->stage, 32000);
	desk_update(d);
	assert_int_equal(s->count, 2);
	assert_int_equal(s->resident, resident);
	assert_string_equal(sharing->err.text, "they had ended by then");
}

static void sends_lines(void **state)
{
	struct desk *d = *state;

	desk_type(d, "ihello\n");
	assert_int_equal(d->fake.asked, -1); /* not ours to write to */
	d->stage.process->identity.launched = true;
	desk_press(d, KEY_ESCAPE);
	desk_run(d, "tab page");
	desk_type(d, "ihello\n");
	assert_int_equal(d->fake.asked, CONTROL_SEND);
	assert_string_equal(d->fake.sent, "hello\n");
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "page"); /* the place is kept */
	desk_type(d, "i\n");
	assert_string_equal(d->fake.sent, "\n");
	desk_run(d, "send two words");
	assert_string_equal(d->fake.sent, "two words\n");
}

/* The cursor goes to the touch that killed a process, once; moving away from there is not undone. */
static void goes_to_what_killed(void **state)
{
	struct desk *d = *state;
	uint64_t page = ANON + 77;

	desk_run(d, "goto heap");
	desk_fault(d, page, FAULT_NO_RIGHT, 1);
	desk_update(d);
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
	stage_status(&d->stage, PROCESS_KILLED, 11);
	desk_update(d);
	assert_int_equal(d->ui.view.grid.cursor, page);
	desk_run(d, "goto heap");
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
}

static void check_reclaimed(enum control what, const struct control_done *done, const char *want)
{
	struct strbuf words = { 0 };

	reclaim_words(&words, what, done);
	assert_string_equal(words.text, want);
	strbuf_fini(&words);
}

static void says_what_came_of_it(void **state)
{
	struct control_done none = { 0 }, file = { 0 }, drop = { 0 }, sync = { 0 };

	check_reclaimed(CONTROL_EVICT, &none, "none of these pages was in memory");
	file.before.states[PAGE_FILE] = 8;
	file.after.states[PAGE_CACHED] = 5;
	file.after.states[PAGE_RESERVED] = 3;
	check_reclaimed(CONTROL_EVICT, &file, "8 of 8 pages evicted: 5 still cached, 3 on disk");
	file.after.cache_unknown = 3; /* then it is not known whether they are only on disk */
	check_reclaimed(CONTROL_EVICT, &file, "8 of 8 pages evicted: 5 still cached");
	check_reclaimed(CONTROL_DROP, &none, "nothing to drop: the page cache has no unmapped page here");
	drop.after.states[PAGE_FILE] = 4;
	check_reclaimed(CONTROL_DROP, &drop,
			"nothing was dropped or written; 4 are mapped: evict them first");
	drop.before.states[PAGE_CACHED] = 4;
	drop.after.states[PAGE_CACHED] = 1;
	drop.after.states[PAGE_FILE] = 2;
	check_reclaimed(CONTROL_DROP, &drop, "3 of 4 cached pages dropped; 2 are mapped: evict them first");
	drop.before.has_dirty = drop.after.has_dirty = true;
	drop.before.dirty = drop.after.dirty = 1;
	check_reclaimed(CONTROL_DROP, &drop, "3 of 4 cached pages dropped; 2 are mapped: evict them first");
	drop.before.dirty = 3;
	check_reclaimed(
	    CONTROL_DROP, &drop,
	    "3 of 4 cached pages dropped; 2 dirty pages are being written to disk; 2 are mapped: evict "
	    "them first");
	drop.before.has_dirty = false;
	drop.after.cache_unknown = 1;
	check_reclaimed(
	    CONTROL_DROP, &drop,
	    "the drop was requested; the file's cached pages cannot be seen; 2 are mapped: evict them first");
	check_reclaimed(CONTROL_SYNC, &sync, "the file is on disk");
	sync.before = (struct control_census){ .has_dirty = true, .dirty = 3 };
	sync.after = (struct control_census){ .has_dirty = true, .dirty = 0 };
	check_reclaimed(CONTROL_SYNC, &sync, "the file is on disk: 3 dirty pages here before, now 0");
}

static void asks_before_it_evicts(void **state)
{
	struct desk *d = *state;
	const struct space *space = d->stage.process->space;

	ui_move(&d->ui, HEAP + 1);
	desk_press(d, 'V');
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_reclaim);
	desk_press(d, 'z');
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_reclaim);
	desk_press(d, KEY_ESCAPE);
	assert_null(d->ui.view.overlay.ops);
	assert_int_equal(d->fake.asked, -1);
	desk_press(d, 'V');
	desk_press(d, 'p');
	assert_null(d->ui.view.overlay.ops);
	assert_int_equal(d->fake.asked, CONTROL_EVICT);
	assert_int_equal(d->fake.pages.first, HEAP + 1);
	assert_int_equal(d->fake.pages.end, HEAP + 2);
	desk_run(d, "evict-region");
	assert_int_equal(d->fake.pages.first, HEAP);
	assert_int_equal(d->fake.pages.end, region_end(space, space_find(space, HEAP << 12)));
	assert_string_equal(d->ui.view.message.text,
			    "7 of 9 pages evicted: 7 to swap; 2 stay (locked, shared, new or no swap)");
	assert_string_equal(d->stage.world->marks.items[d->stage.world->marks.count - 1].text,
			    "evict [heap]: 7 of 9 pages evicted: 7 to swap; "
			    "2 stay (locked, shared, new or no swap)");
	desk_fault(d, HEAP + 1, FAULT_SWAP_IN, 1);
	desk_fault(d, ANON, FAULT_ZERO_FILL, 1); /* another region's */
	desk_update(d);
	assert_string_equal(d->ui.view.message.text, "evicted pages touched again: 1 swap-in");
	desk_run(d, "drop-file");
	assert_int_equal(d->fake.asked, CONTROL_DROP);
	desk_run(d, "sync-file");
	assert_int_equal(d->fake.asked, CONTROL_SYNC);
	d->fake.refuses = true;
	desk_run(d, "evict-page");
	assert_true(d->ui.view.message.bad);
	assert_string_equal(d->ui.view.message.text, "not allowed");
}

/* Nothing that a frozen picture shows was read after it was frozen. */
static void frozen_detail_stands_still(void **state)
{
	struct desk *d = *state;
	struct attention attention = { 0 };

	desk_run(d, "goto heap");
	assert_true(attention_read(&attention, &d->ui, 1));
	assert_int_equal(d->ui.detail->entry.value, 1);
	desk_run(d, "pause-picture");
	assert_false(attention_read(&attention, &d->ui, UINT64_C(10000000000)));
	assert_int_equal(attention_due_ns(&attention, &d->ui), UINT64_MAX);
	assert_int_equal(d->ui.detail->entry.value, 1);
	desk_run(d, "right");
	assert_true(attention_read(&attention, &d->ui, UINT64_C(10000000001)));
	assert_false(d->ui.detail->entry.known);
	assert_non_null(strstr(d->ui.detail->entry.why, "frozen"));
	desk_run(d, "pause-picture");
	assert_true(attention_read(&attention, &d->ui, UINT64_C(10000000002)));
	assert_true(d->ui.detail->entry.known);
}

static void quits_an_attached_one_at_once(void **state)
{
	struct desk *d = *state;

	desk_press(d, 'q');
	assert_true(d->ui.quit);
	assert_int_equal(d->fake.asked, -1);
}

static void asks_before_leaving_a_launched_one(void **state)
{
	struct desk *d = *state;

	d->stage.process->identity.launched = true;
	desk_press(d, 'q');
	assert_false(d->ui.quit);
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_quit);
	desk_press(d, 'z'); /* no other key does anything */
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_quit);
	assert_false(d->ui.view.regions.fold);
	desk_press(d, KEY_ESCAPE);
	assert_null(d->ui.view.overlay.ops);
	desk_press(d, 'q');
	desk_press(d, 'l');
	assert_int_equal(d->fake.asked, CONTROL_RELEASE);
	assert_true(d->ui.quit);
	d->ui.quit = false;
	desk_press(d, KEY_CTRL('C'));
	assert_false(d->ui.quit);
	desk_press(d, KEY_CTRL('C'));
	assert_int_equal(d->fake.asked, CONTROL_END);
	assert_true(d->ui.quit);
	d->ui.quit = false;
	stage_status(&d->stage, PROCESS_EXITED, 0);
	desk_press(d, 'q');
	assert_true(d->ui.quit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(pauses_and_resumes),
		DESK_TEST(held_together_follows),
		DESK_TEST(sends_lines),
		DESK_TEST(goes_to_what_killed),
		DESK_TEST(frozen_detail_stands_still),
		DESK_TEST(quits_an_attached_one_at_once),
		DESK_TEST(asks_before_leaving_a_launched_one),
		DESK_TEST(asks_before_it_evicts),
		DESK_TEST(says_what_came_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
