/* What the keys ask of a source that can be moved in time, and what the list of marks does. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "model/marks.h"
#include "screens/scene_builder.h"
#include "ui/command_time.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/terminal.h"
#include "ui/show_process.h"
#include "ui/update.h"
#include "ui/view/overlays.h"

#define BEGIN_NS CLOCK_SECOND
#define END_NS (101 * CLOCK_SECOND)
#define CURSOR UINT64_C(0x7f1200010)

/* A recording of a hundred seconds that keeps the requests. */
struct fake {
	struct source source; /* first */
	struct time_status at;
	struct marks marks;
	char asked[256];
	bool refuses, finds, meets_gap;
};

static struct fake *fake_of(struct source *source)
{
	return (struct fake *)source;
}

static void fake_status(struct source *source, struct time_status *s)
{
	*s = fake_of(source)->at;
}

static void meet_gap(struct fake *f)
{
	f->at.gap = (struct time_gap){ 40 * CLOCK_SECOND, 42 * CLOCK_SECOND + 500 * CLOCK_MS };
	f->at.gaps_met += f->meets_gap;
}

static int fake_seek(struct source *source, struct sink *sink, uint64_t time_ns, struct err *err)
{
	struct fake *f = fake_of(source);

	snprintf(f->asked, sizeof f->asked, "seek %ju", (uintmax_t)(time_ns / CLOCK_MS));
	if (f->refuses)
		return err_set(err, ERR_INPUT, "it is damaged");
	meet_gap(f);
	f->at.now_ns = time_ns < BEGIN_NS ? BEGIN_NS : time_ns > END_NS ? END_NS : time_ns;
	return 0;
}

static int fake_move(struct source *source, struct sink *sink, const struct time_move *m, struct err *err)
{
	static const char *const units[] = { "event", "look", "fault", "change" };
	struct fake *f = fake_of(source);

	snprintf(f->asked, sizeof f->asked, "%s %+d of %d", units[m->unit], m->step, m->pid);
	if (m->unit == TIME_CHANGE)
		snprintf(f->asked + strlen(f->asked), 64, " in %jx-%jx", (uintmax_t)m->first,
			 (uintmax_t)m->end);
	meet_gap(f);
	return f->finds;
}

static void fake_play(struct source *source, bool on)
{
	fake_of(source)->at.playing = on;
}

static bool fake_faster(struct source *source, int step)
{
	struct fake *f = fake_of(source);

	snprintf(f->asked, sizeof f->asked, "faster %+d", step);
	f->at.speed = 2;
	return f->finds;
}

static const struct marks *fake_marks(struct source *source)
{
	return &fake_of(source)->marks;
}

static int fake_note(struct source *source, int32_t pid, const char *text, struct err *err)
{
	struct fake *f = fake_of(source);

	snprintf(f->asked, sizeof f->asked, "note %d %s", pid, text);
	return f->refuses ? err_set(err, ERR_SYSTEM, "the disk is full") : 0;
}

static size_t fake_course(struct source *source, int32_t pid, const struct time_point **points)
{
	*points = NULL;
	return 0;
}

static const struct time_ops time_ops = { fake_status, fake_seek,  fake_move, fake_play,
					  fake_faster, fake_marks, fake_note, fake_course };
static const struct source_ops with_time = { .time = &time_ops };
static const struct source_ops without_time;

struct desk {
	struct stage stage;
	struct fake fake;
	struct ui ui;
};

static void update(struct desk *d)
{
	d->ui.shown.now_ns = d->stage.world->now_ns;
	ui_update_time(&d->ui);
	ui_update(&d->ui, 36, 120);
}

static int set_up_with(void **state, const struct source_ops *ops)
{
	static const char *const argv[] = { "./demo", "64", NULL };
	static struct desk desk;

	memset(&desk, 0, sizeof desk);
	stage_init(&desk.stage, argv);
	stage_build_demo(&desk.stage);
	desk.fake = (struct fake){ .source = { ops }, .finds = true };
	desk.fake.at = (struct time_status){ .begin_ns = BEGIN_NS,
					     .now_ns = 31 * CLOCK_SECOND,
					     .end_ns = END_NS,
					     .speed = 1,
					     .speed_of = 1,
					     .end_text = "" };
	marks_add(&desk.fake.marks, 11 * CLOCK_SECOND, STAGE_PID, "first");
	marks_add(&desk.fake.marks, 21 * CLOCK_SECOND, STAGE_PID, "sec\033ond");
	marks_add(&desk.fake.marks, 41 * CLOCK_SECOND, STAGE_PID, "");
	ui_init(&desk.ui, desk.stage.world, &desk.fake.source, STAGE_PID, theme_list()[0]);
	desk.ui.view.press.key = commands_key;
	desk.ui.view.grid.zoom_auto = false;
	update(&desk);
	ui_move(&desk.ui, CURSOR);
	update(&desk);
	*state = &desk;
	return 0;
}

static int set_up(void **state)
{
	return set_up_with(state, &with_time);
}

static int set_up_live(void **state)
{
	return set_up_with(state, &without_time);
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	marks_fini(&d->fake.marks);
	ui_fini(&d->ui);
	stage_fini(&d->stage);
	return 0;
}

static void press(struct desk *d, uint32_t key)
{
	input_key(&d->ui, key);
	update(d);
}

static void run(struct desk *d, const char *text)
{
	struct err err = { 0 };

	assert_int_equal(commands_run_text(&d->ui, text, &err), 0);
	update(d);
}

static void check_key(struct desk *d, uint32_t key, const char *asked)
{
	d->fake.asked[0] = '\0';
	press(d, key);
	assert_string_equal(d->fake.asked, asked);
}

/* Many faults are of one look, whose time is shown: which it is, the cursor and a message say. */
static void faults_are_named(void **state)
{
	struct desk *d = *state;
	uint64_t page = d->ui.view.grid.cursor + 1;
	struct event e = { .type = EVENT_FAULT, .pid = 4242, .time_ns = 1234567000 };

	e.fault = (struct event_fault){ .address = page << 12, .tid = 4242, .cause = FAULT_ZERO_FILL };
	world_apply(d->ui.shown.world, &e);
	check_key(d, KEY_CODE_SHIFT_RIGHT, "fault +1 of 4242");
	assert_non_null(strstr(d->ui.view.message.text, "fault at 00:01.234567, 0x"));
	assert_non_null(strstr(d->ui.view.message.text, ": zero-fill"));
	assert_int_equal(d->ui.view.grid.cursor, page);
	d->fake.finds = false;
	check_key(d, KEY_CODE_SHIFT_RIGHT, "fault +1 of 4242");
	assert_string_equal(d->ui.view.message.text, "no page fault after this");
}

static void keys_move(void **state)
{
	struct desk *d = *state;

	check_key(d, 'd', "event +1 of 4242");
	check_key(d, 'a', "event -1 of 4242");
	check_key(d, 'D', "look +1 of 4242");
	check_key(d, 'A', "look -1 of 4242");
	check_key(d, KEY_CODE_SHIFT_RIGHT, "fault +1 of 4242");
	check_key(d, KEY_CODE_SHIFT_LEFT, "fault -1 of 4242");
	check_key(d, 'u', "change +1 of 4242 in 7f1200010-7f1200011");
	d->ui.view.focus = VIEW_FOCUS_REGIONS;
	check_key(d, 'U', "change -1 of 4242 in 7f1200000-7f1200800");
	assert_string_equal(d->ui.view.message.text, "");
	d->fake.finds = false;
	check_key(d, 'd', "event +1 of 4242");
	assert_string_equal(d->ui.view.message.text, "that was the last event");
	assert_false(d->ui.view.message.bad);
}

/* A gap that was come upon is reported each time, but not after a move that did not, or that says more. */
static void gaps_are_reported(void **state)
{
	static const char lost[] = "damaged from 00:40.000 to 00:42.500: this span cannot be shown";
	struct desk *d = *state;

	run(d, "goto-time 41");
	assert_string_equal(d->ui.view.message.text, "");
	d->fake.meets_gap = true;
	run(d, "goto-time 41");
	assert_string_equal(d->ui.view.message.text, lost);
	assert_true(d->ui.view.message.bad);
	press(d, '\''); /* a mark, past it */
	assert_string_equal(d->ui.view.message.text, lost);
	press(d, KEY_CODE_SHIFT_RIGHT);
	assert_string_equal(d->ui.view.message.text, lost);
	d->fake.finds = false;
	press(d, 'u');
	assert_string_equal(d->ui.view.message.text,
			    "nothing found in what can be read: damaged from 00:40.000 to 00:42.500");
	d->fake.meets_gap = false;
	press(d, 'u');
	assert_string_equal(d->ui.view.message.text, "no change after this");
	ui_message_clear(&d->ui);
	time_report_gap(&d->ui);
	assert_string_equal(d->ui.view.message.text, "");
	d->fake.at.gaps_met++; /* while it plays, or the course is read */
	update(d);
	time_report_gap(&d->ui);
	assert_string_equal(d->ui.view.message.text, lost);
}

static void keys_play(void **state)
{
	struct desk *d = *state;

	press(d, ' ');
	assert_true(d->fake.at.playing);
	press(d, ' ');
	assert_false(d->fake.at.playing);
	check_key(d, '*', "faster +1");
	assert_string_equal(d->ui.view.message.text, "plays at 2 times the original speed");
	d->fake.finds = false;
	check_key(d, '%', "faster -1");
	assert_string_equal(d->ui.view.message.text, "this is the slowest");
	d->fake.at.at_end = true; /* once more, from the beginning */
	update(d);
	check_key(d, ' ', "seek 1000");
	assert_true(d->fake.at.playing);
}

static void check_time(struct desk *d, const char *text, uint64_t ms)
{
	char asked[32];

	d->fake.at.now_ns = 31 * CLOCK_SECOND;
	update(d);
	run(d, text);
	snprintf(asked, sizeof asked, "seek %ju", (uintmax_t)ms);
	assert_string_equal(d->fake.asked, asked);
}

static void times_in_words(void **state)
{
	struct desk *d = *state;

	check_time(d, "goto-time 12.5", 12500);
	check_time(d, "goto-time 1:02.25", 62250);
	check_time(d, "goto-time +3", 34000);
	check_time(d, "goto-time -0.010", 30990);
	check_time(d, "goto-time -99", 0);
	check_time(d, "goto-time 50%", 51000);
	check_time(d, "goto-time end", 101000);
	d->fake.asked[0] = '\0';
	run(d, "goto-time soon");
	assert_string_equal(d->fake.asked, "");
	assert_true(d->ui.view.message.bad);
	d->fake.refuses = true;
	run(d, "goto-time 5");
	assert_string_equal(d->ui.view.message.text, "it is damaged");
}

/* With the timeline in focus the arrows move by a column, and g asks for a time. */
static void timeline_has_the_arrows(void **state)
{
	struct desk *d = *state;

	press(d, 't');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_TIMELINE);
	check_key(d, KEY_CODE_RIGHT, "seek 32000");
	check_key(d, KEY_CODE_LEFT, "seek 31000");
	check_key(d, KEY_CODE_HOME, "seek 1000");
	check_key(d, KEY_CODE_END, "seek 101000");
	press(d, 'g');
	assert_string_equal(d->ui.view.prompt.ops->label, "time:");
	press(d, KEY_ESCAPE);
	press(d, 't');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
}

static void marks_to_and_fro(void **state)
{
	struct desk *d = *state;

	check_key(d, '"', "seek 41000");
	assert_string_equal(d->ui.view.message.text, "mark 00:41.000");
	check_key(d, '"', "");
	assert_string_equal(d->ui.view.message.text, "no mark after this");
	check_key(d, '\'', "seek 21000");
	assert_null(strchr(d->ui.view.message.text, '\033'));
	run(d, "note here it is");
	assert_string_equal(d->fake.asked, "note 4242 here it is");
	d->fake.refuses = true;
	run(d, "note again");
	assert_string_equal(d->ui.view.message.text, "the disk is full");
}

static void list_of_marks(void **state)
{
	struct desk *d = *state;

	press(d, 'L');
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_marks);
	assert_int_equal(d->ui.view.overlay.scroll, 1); /* the last one up to now */
	press(d, KEY_CODE_UP);
	press(d, KEY_CODE_UP);
	assert_int_equal(d->ui.view.overlay.scroll, 0);
	press(d, KEY_CODE_END);
	assert_int_equal(d->ui.view.overlay.scroll, 2);
	press(d, KEY_CODE_UP);
	press(d, KEY_CODE_UP);
	check_key(d, '\n', "seek 11000");
	assert_null(d->ui.view.overlay.ops);
	assert_string_equal(d->ui.view.message.text, "mark 00:11.000: first");
	press(d, 'L');
	check_key(d, KEY_ESCAPE, "");
	assert_null(d->ui.view.overlay.ops);
}

/* A live watch has marks, but no other time to go to. */
static void live_there_is_only_now(void **state)
{
	struct desk *d = *state;

	press(d, 'd');
	assert_true(d->ui.view.message.bad);
	press(d, 't');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
	press(d, 'L');
	press(d, '\n'); /* none is there */
	assert_null(d->ui.view.overlay.ops);
	assert_string_equal(d->ui.view.message.text, "");
	run(d, "note now");
	assert_int_equal(d->stage.world->marks.count, 1);
	assert_string_equal(d->stage.world->marks.items[0].text, "now");
	press(d, 'L');
	press(d, '\n');
	assert_true(d->ui.view.message.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(faults_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keys_move, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gaps_are_reported, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keys_play, set_up, tear_down),
		cmocka_unit_test_setup_teardown(times_in_words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(timeline_has_the_arrows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(marks_to_and_fro, set_up, tear_down),
		cmocka_unit_test_setup_teardown(list_of_marks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(live_there_is_only_now, set_up_live, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
