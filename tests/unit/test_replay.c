/* Replaying: at any time, reached by any way, the picture is the one that was live. */
#include "replay_check.h"

#include "base/clock.h"
#include "store/pace.h"
#include "world_dump.h"

/* Jumps to and fro, one into each hundredth of the time. */
#define JUMPS 100
#define JUMP_STRIDE 37 /* has no divisor in common with it */

static void test_any_time_is_as_it_was(void **state)
{
	static const uint64_t key_every[] = { 0, 3000, 40000 };
	uint64_t random = 5;

	for (uint64_t seed = 0; seed < 3; seed++) {
		char *path = check_path("times");
		struct replaying r;
		struct live live;

		live_record(&live, path, 400, seed + 1, key_every[seed]);
		replay_open(&r, path, NULL);
		for (int i = 0; i < JUMPS; i++) {
			uint64_t begin = replay_status(&r).begin_ns, whole = live.world->now_ns - begin;
			double within = (double)check_random(&random) / INT32_MAX;
			double share = (i * JUMP_STRIDE % JUMPS + within) / JUMPS;

			replay_check_at(&r, &live, begin + (uint64_t)((double)whole * share));
		}
		for (size_t i = live.count; i > 0; i -= i > 17 ? 17 : i) /* exactly at moments, backwards */
			if (live.pictures[i - 1].time_ns >= replay_status(&r).begin_ns)
				replay_check_at(&r, &live, live.pictures[i - 1].time_ns);
		replay_close(&r);
		live_fini(&live);
		unlink(path);
	}
}

/* Except the entries of the log of faults. */
static char *without_log(char *dump)
{
	char *from = dump, *to = dump;

	while (*from) {
		size_t len = strcspn(from, "\n") + 1;

		if (strncmp(from, "fault ", 6) != 0) {
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	*to = '\0';
	return dump;
}

/* Every keyframe by itself is the picture that was live. */
static void test_every_keyframe(void **state)
{
	char *path = check_path("keys");
	struct session *session;
	size_t keys = 0;
	struct live live;

	live_record(&live, path, 300, 9, 3000);
	session = session_open(path, NULL);
	for (size_t i = 0; i < live.count; i++) {
		struct world *world = world_create();
		char *dump;

		assert_int_equal(session_seek(session, live.pictures[i].time_ns, NULL), 0);
		check_play(session, &world->sink, live.pictures[i].time_ns);
		keys += world->processes[0]->faults.log.begin > 0;
		dump = without_log(world_dump(world));
		world_dump_check(without_log(live.pictures[i].dump), dump);
		free(dump);
		world_destroy(world);
	}
	assert_true(keys > live.count / 2);
	session_close(session);
	live_fini(&live);
	unlink(path);
}

/* Forward step by step, and the same way back. */
static void check_steps(enum time_unit unit)
{
	char *path = check_path("steps");
	struct time_move on = { unit, 1, 100, 16, 60 }, back = { unit, -1, 100, 16, 60 };
	struct live_picture *way = NULL;
	size_t count = 0, cap = 0;
	struct replaying r;
	struct live live;

	live_record(&live, path, 100, 3, 3000);
	replay_open(&r, path, NULL);
	do {
		mem_grow(way, cap, count + 1);
		way[count++] = (struct live_picture){ replay_status(&r).at_event, world_dump(r.world) };
	} while (r.time->move(r.source, &r.world->sink, &on, NULL) == 1);
	assert_true(count > 3);
	replay_check_now(&r, &way[count - 1]); /* nothing found: nothing moved */
	for (size_t i = count - 1; i-- > 1;) {
		assert_int_equal(r.time->move(r.source, &r.world->sink, &back, NULL), 1);
		assert_int_equal(replay_status(&r).at_event, way[i].time_ns);
		replay_check_now(&r, &way[i]);
	}
	assert_int_equal(r.time->move(r.source, &r.world->sink, &back, NULL), unit == TIME_EVENT);
	for (size_t i = 0; i < count; i++)
		free(way[i].dump);
	free(way);
	replay_close(&r);
	live_fini(&live);
	unlink(path);
}

static void test_step_by_step(void **state)
{
	check_steps(TIME_EVENT);
	check_steps(TIME_TICK);
	check_steps(TIME_FAULT);
	check_steps(TIME_CHANGE);
}

/* The state of a page shows how it changed. */
static void test_changes_are_changes(void **state)
{
	char *path = check_path("changes");
	struct time_move on = { TIME_CHANGE, 1, 100, 20, 21 };
	struct replaying r;
	struct live live;
	uint32_t word = 0;
	size_t changes = 0, regions = 0;

	live_record(&live, path, 200, 4, 3000);
	replay_open(&r, path, NULL);
	word = runs_at(r.world->processes[0]->space->pages, 20).value;
	while (r.time->move(r.source, &r.world->sink, &on, NULL) == 1) {
		uint32_t now = runs_at(r.world->processes[0]->space->pages, 20).value;

		changes += now != word;
		regions += now == word; /* its region came or changed */
		word = now;
	}
	assert_true(changes > 3);
	assert_true(regions < 40);
	replay_close(&r);
	live_fini(&live);
	unlink(path);
}

/* Memory that was already gone is there only while the faults in it are sent: no time leads to it. */
static void test_passing_regions(void **state)
{
	static const struct {
		enum event_type type;
		uint64_t time_ms, id;
	} events[] = { { EVENT_PROCESS, 0, 0 }, { EVENT_MAP, 1, 1 },    { EVENT_TICK, 2, 0 },
		       { EVENT_MAP, 100, 2 },   { EVENT_FAULT, 90, 0 }, { EVENT_UNMAP, 110, 2 },
		       { EVENT_MAP, 111, 3 },   { EVENT_FAULT, 91, 0 }, { EVENT_MAP, 112, 4 },
		       { EVENT_UNMAP, 120, 3 }, { EVENT_TICK, 130, 0 }, { EVENT_UNMAP, 200, 4 },
		       { EVENT_TICK, 210, 0 } };
	static const struct {
		uint64_t time_ms, regions;
	} seen[] = { { 5, 1 },   { 95, 1 },  { 100, 1 }, { 109, 1 }, { 110, 1 },
		     { 111, 2 }, { 115, 2 }, { 125, 2 }, { 205, 1 } };
	char *path = check_path("passing");
	static const char *const argv[] = { "a", NULL };
	struct world *world = world_create();
	struct session_writer_options options = { .force = true, .page_shift = SHIFT, .world = world };
	struct session_writer *writer = session_writer_create(path, &options, NULL);
	struct replaying r;

	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		struct event e = { .type = events[i].type,
				   .pid = 100,
				   .time_ns = events[i].time_ms * CLOCK_MS };

		if (e.type == EVENT_PROCESS)
			e.process = (struct event_process){
				.argv = argv, .comm = "a", .exe = "/a", .bits = 64, .page_shift = SHIFT
			};
		if (events[i].id) {
			e.region.id = events[i].id;
			e.region.attr = check_anon(events[i].id * 100, events[i].id * 100 + 9);
		}
		sink_send(&world->sink, &e);
		sink_send(session_writer_sink(writer), &e);
	}
	assert_int_equal(session_writer_close(writer, NULL), 0);
	world_destroy(world);
	replay_open(&r, path, NULL);
	for (int way = 0; way < 2; way++) /* forward, and each from the end */
		for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
			if (way)
				r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL);
			r.time->seek(r.source, &r.world->sink, seen[i].time_ms * CLOCK_MS, NULL);
			assert_int_equal(r.world->processes[0]->space->count, seen[i].regions);
			assert_int_equal(replay_status(&r).now_ns, seen[i].time_ms * CLOCK_MS);
		}
	replay_close(&r);
	unlink(path);
}

/* At its end it says so and stays; and one can go back. */
static void test_end(void **state)
{
	char *path = check_path("end");
	struct replaying r;
	struct live live;

	live_record(&live, path, 50, 8, 3000);
	replay_open(&r, path, NULL);
	replay_check_at(&r, &live, live.world->now_ns);
	assert_true(replay_status(&r).at_end);
	assert_int_equal(replay_status(&r).end, TIME_END_CLOSED);
	assert_string_equal(replay_status(&r).end_text, "the recording ends here");
	assert_int_equal(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0, 1);
	r.time->play(r.source, true);
	assert_false(replay_status(&r).playing);
	replay_check_at(&r, &live, live.world->now_ns / 2);
	assert_false(replay_status(&r).at_end);
	r.time->seek(r.source, &r.world->sink, 0, NULL);
	assert_int_equal(replay_status(&r).now_ns, replay_status(&r).begin_ns);
	r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL);
	assert_int_equal(replay_status(&r).now_ns, live.world->now_ns);
	replay_close(&r);
	live_fini(&live);
	unlink(path);
}

/* At a hundred times its speed a recording takes a hundredth of the time. */
static void test_speed(void **state)
{
	char *path = check_path("speed");
	struct time_status s;
	struct replaying r;
	struct live live;
	uint64_t began;

	live_record(&live, path, 200, 8, 3000);
	replay_open(&r, path, NULL);
	while (r.time->faster(r.source, 1))
		;
	assert_int_equal(replay_status(&r).speed, 100);
	began = clock_now_ns();
	r.time->play(r.source, true);
	for (s = replay_status(&r); s.playing; s = replay_status(&r))
		assert_true(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0);
	assert_true(clock_now_ns() - began >= (s.end_ns - s.begin_ns) / 100);
	replay_check_now(&r, &live.pictures[live.count - 1]);
	while (r.time->faster(r.source, -1))
		;
	assert_int_equal(replay_status(&r).speed_of, 100);
	replay_close(&r);
	live_fini(&live);
	unlink(path);
}

/* The course of the whole is known before it has been played, and so are its marks. */
static void test_overview(void **state)
{
	char *path = check_path("overview");
	const struct time_point *points;
	const struct process *p;
	struct replaying r;
	struct live live;
	size_t n;

	live_record(&live, path, 300, 2, 3000);
	replay_open(&r, path, NULL);
	while (r.source->ops->due_ns(r.source) <= clock_now_ns())
		r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL);
	n = r.time->course(r.source, 100, &points);
	assert_true(n > 100);
	p = live.world->processes[0];
	assert_true(points[n - 1].minor >= p->counters.now.minor - p->counters.first.minor);
	assert_int_equal(points[n - 1].resident, p->history.resident);
	for (size_t i = 1; i < n; i++) {
		assert_true(points[i - 1].time_ns < points[i].time_ns);
		assert_true(points[i - 1].minor <= points[i].minor && points[i - 1].major <= points[i].major);
	}
	assert_int_equal(r.time->marks(r.source)->count, live.world->marks.count);
	assert_true(live.world->marks.count > 3);
	assert_true(r.world->marks.count < live.world->marks.count);
	assert_int_equal(r.time->course(r.source, 999, &points), 0);
	replay_close(&r);
	live_fini(&live);
	unlink(path);
}

/* A program that is over before it is looked at twice: its course follows from its faults. */
static void test_overview_of_faults(void **state)
{
	char *path = check_path("faults");
	struct session_writer_options options = { .force = true, .page_shift = SHIFT };
	struct live live = { .sink = { .take = live_take }, .world = world_create() };
	const struct time_point *points;
	struct session_writer *writer;
	struct replaying r;
	size_t n;

	options.world = live.world;
	writer = session_writer_create(path, &options, NULL);
	live.recorder = session_writer_sink(writer);
	struct watch watch = { .sink = &live.sink, .random = 1 };
	live_send_all(&watch, 1);
	for (int i = 0; i < 100; i++) {
		watch.time_ns += 3 * CLOCK_MS;
		live_send_fault(&watch, 0);
	}
	assert_int_equal(session_writer_close(writer, NULL), 0);
	replay_open(&r, path, NULL);
	while (r.source->ops->due_ns(r.source) <= clock_now_ns())
		r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL);
	n = r.time->course(r.source, 100, &points);
	assert_true(n >= 90);
	assert_true(points[n - 1].minor + points[n - 1].major >=
		    points[n - 51].minor + points[n - 51].major + 50);
	replay_close(&r);
	live_fini(&live);
	unlink(path);
}

/* How long recorded time takes on the clock is what the clock makes of it, at each speed. */
static void test_pace(void **state)
{
	struct pace p;
	unsigned speed, of;
	bool any = false;

	pace_init(&p);
	assert_int_equal(pace_duration(&p, CLOCK_SECOND), CLOCK_SECOND);
	while (pace_faster(&p, -1))
		;
	assert_int_equal(pace_duration(&p, CLOCK_SECOND), 100 * CLOCK_SECOND);
	assert_int_equal(pace_duration(&p, UINT64_MAX), UINT64_MAX);
	do {
		pace_speed(&p, &speed, &of);
		pace_play(&p, true, 7 * CLOCK_SECOND);
		uint64_t later = p.base_clock_ns + pace_duration(&p, 100 * CLOCK_SECOND);
		assert_int_equal(pace_position(&p, later), 107 * CLOCK_SECOND);
		any |= speed == 100;
	} while (pace_faster(&p, 1));
	assert_true(any);
	assert_int_equal(pace_duration(&p, 100 * CLOCK_SECOND), CLOCK_SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_time_is_as_it_was),
		cmocka_unit_test(test_every_keyframe),
		cmocka_unit_test(test_step_by_step),
		cmocka_unit_test(test_changes_are_changes),
		cmocka_unit_test(test_passing_regions),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_pace),
		cmocka_unit_test(test_overview),
		cmocka_unit_test(test_overview_of_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
