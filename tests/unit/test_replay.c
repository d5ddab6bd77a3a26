/* Replaying: at any time, reached by any way, the picture is the one that was live. */
#include "session_check.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "model/marks.h"
#include "store/frame.h"
#include "store/replay.h"
#include "world_dump.h"

/* --- a watch in which everything occurs --- */

static void send_name(struct watch *w, int process, uint64_t ip)
{
	static const struct code_frame frames[] = { { "inner", "a.c", 3 }, { "outer", "a.c", 30 } };
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){ .ip = ip,
					  .object = "/bin/demo",
					  .section = ".text",
					  .offset = ip & 0xff,
					  .frames = frames,
					  .count = ip % 3,
					  .why = "no lines" };
	watch_send(w, &e, process);
	e = (struct event){ .type = EVENT_LINES };
	e.lines.path = "a.c";
	e.lines.first = (uint32_t)(ip % 7);
	e.lines.text = "first\n\tsecond\n";
	watch_send(w, &e, process);
}

static void send_fault(struct watch *w, int process)
{
	uint64_t ips[5], page = 16 + check_random(&w->random) % 100;
	struct event e = { .type = EVENT_FAULT };

	for (int i = 0; i < 5; i++)
		ips[i] = 0x400000 + check_random(&w->random) % 8;
	e.fault = (struct event_fault){ .address = page * PAGE + 123,
					.ip = ips[0],
					.tid = 100 + (int)(check_random(&w->random) % 3),
					.major = check_random(&w->random) % 2,
					.access = FAULT_READ,
					.cause = FAULT_FILE_CACHED,
					.was = PAGE_CACHED,
					.now = PAGE_FILE,
					.before = (uint16_t)(check_random(&w->random) % 3),
					.after = (uint16_t)(check_random(&w->random) % 9) };
	e.stack = (struct event_stack){ ips, check_random(&w->random) % 6,
					(enum stack_end)(check_random(&w->random) % STACK_ENDS), 0 };
	w->time_ns -= w->time_ns ? 1000 : 0; /* it happened a little before it was reported */
	watch_send(w, &e, process);
	w->time_ns += w->time_ns ? 1000 : 0;
	if (check_random(&w->random) % 4 == 0)
		send_name(w, process, ips[0]);
}

/* Memory in common with its parent, of which some is copied. */
static void send_forked(struct watch *w, int process)
{
	uint64_t first = watch_attr(0, SLOT_PAGES).start / PAGE;
	struct run tile = { first, first + SLOT_PAGES, PAGE_ANON | PAGE_SHARED };
	struct event e = { 0 };

	e.region.id = 1;
	e.region.attr = watch_attr(0, SLOT_PAGES);
	e.type = EVENT_UNMAP; /* of one of that number that has not ended, maybe */
	watch_send(w, &e, process);
	e.type = EVENT_MAP;
	watch_send(w, &e, process);
	e = (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } };
	watch_send(w, &e, process);
	e = (struct event){ .type = EVENT_TICK };
	watch_send(w, &e, process);
	for (unsigned n = check_random(&w->random) % 20; n; n--) {
		e = (struct event){ .type = EVENT_FAULT };
		e.fault =
		    (struct event_fault){ .address = (first + check_random(&w->random) % SLOT_PAGES) * PAGE,
					  .ip = 0x400000 + check_random(&w->random) % 8,
					  .tid = 100,
					  .access = FAULT_WRITE,
					  .cause = check_random(&w->random) % 4 ? FAULT_COW_FORK
										: FAULT_CAUSE_UNKNOWN,
					  .was = PAGE_ANON,
					  .now = PAGE_ANON };
		watch_send(w, &e, check_random(&w->random) % 2 ? process : 0);
	}
	tile = (struct run){ first, first + 3, PAGE_RESERVED };
	e = (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } };
	if (check_random(&w->random) % 2)
		watch_send(w, &e, process);
}

/* It starts, lives, ends; and its pid comes again. */
static void send_child(struct watch *w, int process)
{
	static const char *const argv[] = { "child", NULL };
	struct event e = { .type = EVENT_PROCESS };

	e.process = (struct event_process){ .argv = argv,
					    .comm = "child",
					    .exe = "/tmp/child",
					    .bits = 64,
					    .page_shift = SHIFT,
					    .address_bits = 48,
					    .parent = 100,
					    .forked_ns = w->time_ns,
					    .unrun = check_random(&w->random) % 2,
					    .vfork = check_random(&w->random) % 8 == 0 };
	watch_send(w, &e, process);
	if (check_random(&w->random) % 4)
		send_forked(w, process);
	e = (struct event){ .type = EVENT_THREAD, .thread = { 105, "first", false, 0, 0 } };
	watch_send(w, &e, process);
	send_fault(w, process);
	e = (struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 3 } };
	if (check_random(&w->random) % 2)
		watch_send(w, &e, process);
}

static void send_kernel_figures(struct watch *w, int process)
{
	struct region_sums sums = { .start = 0x400000, .end = 0x500000, .kind = REGION_TEXT, .rss = 4096 };
	struct stack_pointer stack = { 101, 0x7ffff000 };
	uint64_t random = w->time_ns, node = check_random(&random); /* the rest goes on as without them */
	struct kernel_figures f;
	struct event e = { .type = EVENT_FIGURES, .figures = &f };

	kernel_figures_init(&f);
	for (int i = 0; i < KERNEL_FIGURES; i++)
		f.values[i] = check_random(&random) % 3 ? check_random(&random) : KERNEL_UNKNOWN;
	sums.private_dirty = UINT64_C(1024) * (check_random(&random) % 100);
	f.sums = &sums;
	f.sums_count = 1;
	f.stacks = &stack;
	f.stacks_count = check_random(&random) % 2;
	f.nodes = &node;
	f.nodes_count = 1;
	watch_send(w, &e, process);
}

static void send_more(struct watch *w, int process)
{
	uint64_t ips[2] = { 0x7f0000, 0x400001 };
	struct event e = { 0 };

	switch (check_random(&w->random) % 12) {
	case 0:
		e.type = EVENT_CALL;
		e.call = (struct event_call){ .tid = 101, .kind = CALL_MMAP, .args = { 0, 4096 } };
		call_return(&e.call, check_random(&w->random), 0);
		e.stack = (struct event_stack){ ips, 2, STACK_WHOLE, 0 };
		break;
	case 1:
		e = (struct event){ .type = EVENT_STATUS, .status = { PROCESS_PAUSED, 0 } };
		watch_send(w, &e, process);
		e = (struct event){ .type = EVENT_STOP, .stop = { .why = STOP_FAULT, .tid = 102 } };
		break;
	case 2:
		e = (struct event){ .type = EVENT_THREAD,
				    .thread = { 101 + (int)(check_random(&w->random) % 4), "worker",
						check_random(&w->random) % 3 == 0, 0, 0 } };
		break;
	case 3:
		e = (struct event){ .type = EVENT_OUTPUT,
				    .output = { "\xe2\x82", 2 } }; /* half a character */
		break;
	case 4:
		e = (struct event){ .type = EVENT_OUTPUT, .output = { "\xac\tx\r", 4 } };
		break;
	case 5:
		e = (struct event){ .type = EVENT_OUTPUT, .output = { "\033]0;title", 9 } };
		break;
	case 6:
		send_child(w, 2 + (int)(check_random(&w->random) % 3));
		return;
	default:
		if (w->time_ns % 16 == 0)
			send_kernel_figures(w, process);
		send_fault(w, process);
		return;
	}
	watch_send(w, &e, process);
}

static void send_exec(struct watch *w, int process)
{
	static const char *const argv[] = { "./other", NULL };
	struct event e = { .type = EVENT_PROCESS };

	e.process = (struct event_process){ .argv = argv,
					    .comm = "other",
					    .exe = "/tmp/other",
					    .bits = 64,
					    .page_shift = SHIFT,
					    .address_bits = 48,
					    .exec = true,
					    .parent = 100 };
	watch_send(w, &e, process);
	memset(w->ids[process], 0, sizeof w->ids[process]);
}

static void send_all(struct watch *w, unsigned looks)
{
	watch_begin(w);
	for (unsigned i = 0; i < looks; i++) {
		watch_look(w);
		if (i % 97 == 96)
			send_exec(w, (int)(i & 1));
		for (unsigned n = check_random(&w->random) % 6; n; n--)
			send_more(w, (int)(check_random(&w->random) % 2));
	}
}

/* --- what was live, at each time --- */

struct moment {
	uint64_t time_ns;
	char *dump;
};

/* Between world and recorder: before time goes on, the picture is kept. */
struct live {
	struct sink sink; /* first */
	struct world *world;
	struct sink *recorder;
	struct moment *moments;
	size_t count, cap, events;
};

static void note_moment(struct live *live)
{
	mem_grow(live->moments, live->cap, live->count + 1);
	live->moments[live->count++] = (struct moment){ live->world->now_ns, world_dump(live->world) };
}

static void live_take(struct sink *sink, const struct event *e)
{
	struct live *live = (struct live *)sink;

	if (e->time_ns > live->world->now_ns && live->world->ticks)
		note_moment(live);
	world_apply(live->world, e);
	sink_send(live->recorder, e);
	live->events++;
}

static void record(struct live *live, const char *path, unsigned looks, uint64_t seed, uint64_t key_every)
{
	struct session_writer_options options = { .force = true,
						  .page_shift = SHIFT,
						  .key_every = key_every };
	struct session_writer *writer;
	struct watch watch = { .sink = &live->sink, .random = seed };

	*live = (struct live){ .sink = { .take = live_take }, .world = world_create() };
	options.world = live->world;
	writer = session_writer_create(path, &options, NULL);
	live->recorder = session_writer_sink(writer);
	send_all(&watch, looks);
	note_moment(live);
	assert_int_equal(session_writer_close(writer, NULL), 0);
}

static void live_fini(struct live *live)
{
	for (size_t i = 0; i < live->count; i++)
		free(live->moments[i].dump);
	free(live->moments);
	world_destroy(live->world);
}

/* --- replaying it --- */

struct replaying {
	struct session *session;
	struct world *world;
	struct source *source;
	const struct time_ops *time;
};

static void replay_open(struct replaying *r, const char *path, struct spool *spool)
{
	struct err err = { 0 };

	r->session = session_open(spool ? spool_path(spool) : path, &err);
	if (!r->session)
		fail_msg("%s", err.text);
	r->world = world_create();
	r->source = replay_create(r->session, r->world, spool ? NULL : path, spool);
	r->time = r->source->ops->time;
	if (r->source->ops->sweep(r->source, &r->world->sink, &err) < 0)
		fail_msg("%s", err.text);
	r->time->play(r->source, false);
}

static void replay_close(struct replaying *r)
{
	r->source->ops->destroy(r->source);
	session_close(r->session);
	world_destroy(r->world);
}

static struct time_status status_of(struct replaying *r)
{
	struct time_status status;

	r->time->status(r->source, &status);
	return status;
}

/* The last moment that is not after the time. */
static const struct moment *moment_at(const struct live *live, uint64_t time_ns)
{
	size_t i = live->count - 1;

	while (i > 0 && live->moments[i].time_ns > time_ns)
		i--;
	return &live->moments[i];
}

static void check_now(struct replaying *r, const struct moment *moment)
{
	char *dump = world_dump(r->world);

	world_dump_check(moment->dump, dump);
	free(dump);
}

static void check_at(struct replaying *r, const struct live *live, uint64_t time_ns)
{
	assert_int_equal(r->time->seek(r->source, &r->world->sink, time_ns, NULL), 0);
	check_now(r, moment_at(live, time_ns));
	assert_int_equal(status_of(r).now_ns, time_ns);
}

static void test_any_time_is_as_it_was(void **state)
{
	static const uint64_t key_every[] = { 0, 3000, 40000 };
	uint64_t random = 5;

	for (uint64_t seed = 0; seed < 3; seed++) {
		char *path = check_path("times");
		struct replaying r;
		struct live live;

		record(&live, path, 400, seed + 1, key_every[seed]);
		replay_open(&r, path, NULL);
		for (int i = 0; i < 340; i++) {
			uint64_t begin = status_of(&r).begin_ns, whole = live.world->now_ns - begin;

			check_at(&r, &live,
				 begin + (uint64_t)((double)whole * check_random(&random) / INT32_MAX));
		}
		for (size_t i = live.count; i > 0; i -= i > 17 ? 17 : i) /* exactly at moments, backwards */
			if (live.moments[i - 1].time_ns >= status_of(&r).begin_ns)
				check_at(&r, &live, live.moments[i - 1].time_ns);
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

	record(&live, path, 300, 9, 3000);
	session = session_open(path, NULL);
	for (size_t i = 0; i < live.count; i++) {
		struct world *world = world_create();
		char *dump;

		assert_int_equal(session_seek(session, live.moments[i].time_ns, NULL), 0);
		check_play(session, &world->sink, live.moments[i].time_ns);
		keys += world->processes[0]->faults.log.begin > 0;
		dump = without_log(world_dump(world));
		world_dump_check(without_log(live.moments[i].dump), dump);
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
	struct moment *way = NULL;
	size_t count = 0, cap = 0;
	struct replaying r;
	struct live live;

	record(&live, path, 100, 3, 3000);
	replay_open(&r, path, NULL);
	do {
		mem_grow(way, cap, count + 1);
		way[count++] = (struct moment){ status_of(&r).at_event, world_dump(r.world) };
	} while (r.time->move(r.source, &r.world->sink, &on, NULL) == 1);
	assert_true(count > 3);
	check_now(&r, &way[count - 1]); /* nothing found: nothing moved */
	for (size_t i = count - 1; i-- > 1;) {
		assert_int_equal(r.time->move(r.source, &r.world->sink, &back, NULL), 1);
		assert_int_equal(status_of(&r).at_event, way[i].time_ns);
		check_now(&r, &way[i]);
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

	record(&live, path, 200, 4, 3000);
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

/* At its end it says so and stays; and one can go back. */
static void test_end(void **state)
{
	char *path = check_path("end");
	struct replaying r;
	struct live live;

	record(&live, path, 50, 8, 3000);
	replay_open(&r, path, NULL);
	check_at(&r, &live, live.world->now_ns);
	assert_true(status_of(&r).at_end);
	assert_int_equal(status_of(&r).end, TIME_END_CLOSED);
	assert_string_equal(status_of(&r).end_text, "the recording ends here");
	assert_int_equal(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0, 1);
	r.time->play(r.source, true);
	assert_false(status_of(&r).playing);
	check_at(&r, &live, live.world->now_ns / 2);
	assert_false(status_of(&r).at_end);
	r.time->seek(r.source, &r.world->sink, 0, NULL);
	assert_int_equal(status_of(&r).now_ns, status_of(&r).begin_ns);
	r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL);
	assert_int_equal(status_of(&r).now_ns, live.world->now_ns);
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

	record(&live, path, 200, 8, 3000);
	replay_open(&r, path, NULL);
	while (r.time->faster(r.source, 1))
		;
	assert_int_equal(status_of(&r).speed, 100);
	began = clock_now_ns();
	r.time->play(r.source, true);
	for (s = status_of(&r); s.playing; s = status_of(&r))
		assert_true(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0);
	assert_true(clock_now_ns() - began >= (s.end_ns - s.begin_ns) / 100);
	check_now(&r, &live.moments[live.count - 1]);
	while (r.time->faster(r.source, -1))
		;
	assert_int_equal(status_of(&r).speed_of, 100);
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

	record(&live, path, 300, 2, 3000);
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
	send_all(&watch, 1);
	for (int i = 0; i < 100; i++) {
		watch.time_ns += 3 * CLOCK_MS;
		send_fault(&watch, 0);
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

/* --- notes --- */

static size_t count_events(const char *path, enum session_result *result)
{
	struct session *session = session_open(path, NULL);
	struct event e;
	size_t n = 0;

	assert_non_null(session);
	while ((*result = session_next(session, &e, NULL)) == SESSION_EVENT)
		n++;
	session_close(session);
	return n;
}

static bool has_note(struct replaying *r, uint64_t time_ns, const char *text)
{
	const struct marks *marks = r->time->marks(r->source);

	for (size_t i = 0; i < marks->count; i++)
		if (marks->items[i].time_ns == time_ns && !strcmp(marks->items[i].text, text))
			return true;
	return false;
}

static void test_notes_in_the_file(void **state)
{
	char *path = check_path("notes");
	enum session_result result;
	struct session *session;
	struct replaying r;
	struct live live;
	struct event e;
	uint64_t at;

	record(&live, path, 60, 6, 3000);
	replay_open(&r, path, NULL);
	at = live.world->now_ns / 2;
	check_at(&r, &live, at);
	assert_int_equal(r.time->note(r.source, 100, "here", NULL), 0);
	assert_int_equal(r.time->note(r.source, 100, "and here", NULL), 0);
	assert_true(has_note(&r, at, "here"));
	check_at(&r, &live, at / 2);
	replay_close(&r);

	replay_open(&r, path, NULL);
	assert_true(has_note(&r, at, "here") && has_note(&r, at, "and here"));
	assert_int_equal(status_of(&r).events, live.events);
	check_at(&r, &live, at);
	r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL);
	assert_int_equal(status_of(&r).end, TIME_END_CLOSED);
	assert_string_equal(status_of(&r).end_text, "the recording ends here"); /* still whole */
	replay_close(&r);

	/* a reader without notes reads as before, from the start and from the index */
	assert_int_equal(count_events(path, &result), live.events);
	assert_int_equal(result, SESSION_END);
	session = session_open(path, NULL);
	assert_int_equal(session_seek(session, UINT64_MAX, NULL), 0);
	assert_int_equal(session_next(session, &e, NULL), SESSION_EVENT);
	assert_int_equal(e.type, EVENT_MARK); /* a keyframe begins with marks */
	session_close(session);
	live_fini(&live);
	unlink(path);
}

/* A session that was cut is not written to: its notes are beside it. */
static void test_notes_beside(void **state)
{
	char *path = check_path("beside"), beside[300], *bytes, *after;
	size_t len, len_after;
	struct replaying r;
	struct live live;

	record(&live, path, 60, 6, 3000);
	bytes = check_slurp(path, &len);
	assert_int_equal(truncate(path, (off_t)len - 5), 0);
	replay_open(&r, path, NULL);
	check_at(&r, &live, live.world->now_ns / 2);
	assert_int_equal(r.time->note(r.source, 100, "one", NULL), 0);
	assert_int_equal(r.time->note(r.source, 100, "two", NULL), 0);
	replay_close(&r);
	after = check_slurp(path, &len_after);
	assert_int_equal(len_after, len - 5);
	assert_memory_equal(after, bytes, len_after);
	replay_open(&r, path, NULL);
	assert_true(has_note(&r, live.world->now_ns / 2, "one") &&
		    has_note(&r, live.world->now_ns / 2, "two"));
	replay_close(&r);
	snprintf(beside, sizeof beside, "%s.notes", path);
	assert_int_equal(unlink(beside), 0);
	free(bytes);
	free(after);
	live_fini(&live);
	unlink(path);
}

/* --- a file that still grows --- */

/* Records in a process of its own: so many looks for each byte that comes through the pipe. */
static pid_t start_recorder(const char *path, int *go)
{
	struct world *world;
	struct session_writer_options options = { .force = true, .page_shift = SHIFT };
	struct watch watch = { .random = 1 };
	struct session_writer *writer;
	char byte;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	*go = fds[1];
	if (pid) {
		close(fds[0]);
		return pid;
	}
	close(fds[1]);
	world = world_create();
	options.world = world;
	writer = session_writer_create(path, &options, NULL);
	watch.sink = session_writer_sink(writer);
	while (read(fds[0], &byte, 1) == 1) {
		if (!watch.time_ns)
			watch_begin(&watch);
		for (int i = 0; i < 100; i++)
			watch_look(&watch);
	}
	_exit(session_writer_close(writer, NULL) ? 1 : 0);
}

/* Steps until there are more events than that. */
static uint64_t wait_for_events(struct replaying *r, uint64_t more_than)
{
	uint64_t end = clock_now_ns() + 20 * CLOCK_SECOND;

	while (clock_now_ns() < end && status_of(r).at_event <= more_than)
		assert_true(r->source->ops->step(r->source, &r->world->sink, CLOCK_MS, NULL) >= 0);
	assert_true(status_of(r).at_event > more_than);
	return status_of(r).at_event;
}

static void wait_for_file(const char *path)
{
	uint64_t end = clock_now_ns() + 20 * CLOCK_SECOND;
	struct stat status;

	while ((stat(path, &status) < 0 || status.st_size < 200) && clock_now_ns() < end)
		poll(NULL, 0, 1);
}

static void check_growing(bool killed)
{
	char *path = check_path("grows");
	struct replaying r;
	uint64_t events;
	int go, status;
	pid_t pid;

	unlink(path);
	pid = start_recorder(path, &go);
	assert_int_equal(write(go, "", 1), 1);
	wait_for_file(path);
	replay_open(&r, path, NULL);
	r.time->play(r.source, true);
	events = wait_for_events(&r, 0);
	assert_true(status_of(&r).grows);
	assert_false(status_of(&r).at_end);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(write(go, "", 1), 1);
		events = wait_for_events(&r, events);
	}
	r.time->play(r.source, false);
	r.time->seek(r.source, &r.world->sink, 0, NULL); /* back, while it goes on */
	assert_int_equal(status_of(&r).now_ns, status_of(&r).begin_ns);
	if (killed)
		kill(pid, SIGKILL);
	close(go);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0);
	r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL);
	assert_false(status_of(&r).grows);
	assert_true(status_of(&r).at_end);
	assert_true(status_of(&r).events >= events);
	assert_int_equal(status_of(&r).end, killed ? TIME_END_BROKEN : TIME_END_CLOSED);
	assert_non_null(strstr(status_of(&r).end_text, killed ? "breaks off" : "ends here"));
	replay_close(&r);
	unlink(path);
}

static void test_growing_file(void **state)
{
	check_growing(false);
	check_growing(true);
}

/* Through a pipe: the same, back and forth. */
static void test_pipe_is_followed(void **state)
{
	char *path = check_path("piped"), *bytes;
	struct spool *spool;
	struct replaying r;
	struct live live;
	size_t len, half;
	int fds[2];

	record(&live, path, 60, 6, 3000);
	bytes = check_slurp(path, &len);
	half = len / 2;
	assert_true(len < 60000); /* it fits into the pipe */
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], bytes, half), half);
	spool = spool_create(fds[0], NULL);
	assert_non_null(spool);
	replay_open(&r, NULL, spool);
	assert_true(status_of(&r).grows);
	r.time->seek(r.source, &r.world->sink, 0, NULL);
	assert_int_equal(r.time->note(r.source, 100, "no", NULL), -1);
	assert_int_equal(write(fds[1], bytes + half, len - half), len - half);
	close(fds[1]);
	for (int i = 0; i < 100 && status_of(&r).events < live.events; i++)
		assert_true(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0);
	assert_int_equal(status_of(&r).events, live.events);
	check_at(&r, &live, live.world->now_ns / 3);
	check_at(&r, &live, live.world->now_ns);
	assert_true(status_of(&r).at_end);
	replay_close(&r);
	spool_destroy(spool);
	close(fds[0]);
	free(bytes);
	live_fini(&live);
	unlink(path);
}

/* --- a file that must always open --- */

/* GENERATE=1 writes it again: only before any release has written such files. */
static void generate(const char *path)
{
	struct replaying r;
	struct live live;

	unlink(path);
	record(&live, path, 120, 21, 3000);
	replay_open(&r, path, NULL);
	r.time->seek(r.source, &r.world->sink, live.world->now_ns / 2, NULL);
	assert_int_equal(r.time->note(r.source, 100, "kept", NULL), 0);
	replay_close(&r);
	live_fini(&live);
}

static void test_kept_file(void **state)
{
	const char *source_dir = getenv("SRCDIR");
	struct replaying r;
	const struct process *p;
	const char *line;
	char path[4096];

	if (!source_dir)
		skip();
	snprintf(path, sizeof path, "%s/session/v1-whole.pgs", source_dir);
	if (getenv("GENERATE"))
		generate(path);
	replay_open(&r, path, NULL);
	while (r.source->ops->due_ns(r.source) <= clock_now_ns()) /* marks are found on the way */
		r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL);
	assert_true(r.time->marks(r.source)->count > 10);
	assert_string_equal(marks_before(r.time->marks(r.source), status_of(&r).end_ns / 2 + 1)->text,
			    "kept");
	assert_int_equal(r.time->seek(r.source, &r.world->sink, UINT64_MAX / 2, NULL), 0);
	assert_int_equal(status_of(&r).end, TIME_END_CLOSED);
	assert_string_equal(status_of(&r).end_text, "the recording ends here");
	p = r.world->processes[0];
	assert_true(p->faults.log.end > 30 && p->calls.end > 2 && names_line_count(p->names) > 3);
	assert_true(stacks_get(&p->stacks, fault_log_at(&p->faults.log, p->faults.log.end - 1)->stack).count >
			0 ||
		    p->stacks.hash.count > 10);
	line = names_line(p->names, "a.c", 3);
	assert_true(line && (!strcmp(line, "first") || !strcmp(line, "\tsecond")));
	assert_int_equal(r.time->seek(r.source, &r.world->sink, status_of(&r).end_ns / 2, NULL), 0);
	assert_true(r.world->processes[0]->faults.log.end > 10);
	replay_close(&r);
}

/* --- damage --- */

/* A keyframe that makes no sense is skipped: what comes before it leads there, too. */
static void test_damaged_keyframe(void **state)
{
	char *path = check_path("badkey"), *bytes;
	struct replaying r;
	struct live live;
	struct frame frame;
	size_t len, at, damaged = 0;
	int fd;

	record(&live, path, 400, 6, 3000);
	bytes = check_slurp(path, &len);
	at = SESSION_HEAD + (size_t)bytes_get_le((uint8_t *)bytes + 12, 4);
	for (; frame_get((uint8_t *)bytes + at, &frame) && frame.type != FRAME_INDEX;
	     at += FRAME_HEAD + frame.stored)
		if (frame.type == FRAME_KEY) {
			bytes[at + FRAME_HEAD + frame.stored / 2] ^= 1;
			damaged++;
		}
	assert_true(damaged > 1);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, bytes, len, 0), len);
	close(fd);
	replay_open(&r, path, NULL);
	check_at(&r, &live, live.world->now_ns / 2);
	check_at(&r, &live, live.world->now_ns / 3);
	check_at(&r, &live, live.world->now_ns);
	replay_close(&r);
	free(bytes);
	live_fini(&live);
	unlink(path);
}

/* Whichever byte is changed: the session opens up to there, or is refused, and can be moved in. */
static void test_flipped_bytes(void **state)
{
	char *path = check_path("flip"), *bytes;
	uint64_t random = 77;
	struct live live;
	size_t len;

	record(&live, path, 30, 6, 2000);
	bytes = check_slurp(path, &len);
	for (int i = 0; i < 300; i++) {
		size_t at = check_random(&random) % len;
		struct err err = { 0 };
		struct session *session;
		struct world *world = world_create();
		struct source *source;

		char was = bytes[at];

		bytes[at] ^= (char)(1u << check_random(&random) % 8);
		session = check_open_bytes(bytes, len, &err);
		source = session ? replay_create(session, world, NULL, NULL) : NULL;
		if (source && source->ops->sweep(source, &world->sink, &err) == 0) {
			struct time_move back = { TIME_EVENT, -1, 100, 0, 0 };

			source->ops->time->seek(source, &world->sink, UINT64_MAX, &err);
			source->ops->time->move(source, &world->sink, &back, &err);
			source->ops->time->seek(source, &world->sink, live.world->now_ns / 2, &err);
		} else {
			assert_true(err.code != 0);
		}
		if (source)
			source->ops->destroy(source);
		session_close(session);
		world_destroy(world);
		bytes[at] = was;
	}
	free(bytes);
	live_fini(&live);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_time_is_as_it_was),
		cmocka_unit_test(test_every_keyframe),
		cmocka_unit_test(test_step_by_step),
		cmocka_unit_test(test_changes_are_changes),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_overview),
		cmocka_unit_test(test_overview_of_faults),
		cmocka_unit_test(test_notes_in_the_file),
		cmocka_unit_test(test_notes_beside),
		cmocka_unit_test(test_growing_file),
		cmocka_unit_test(test_pipe_is_followed),
		cmocka_unit_test(test_kept_file),
		cmocka_unit_test(test_damaged_keyframe),
		cmocka_unit_test(test_flipped_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
