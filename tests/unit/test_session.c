/* What is read from a session is what was written, from the start and from any moment. */
#include "session_check.h"

#include "base/clock.h"
#include "store/replay.h"

static void check_same_runs(const struct runs *a, const struct runs *b)
{
	struct runs_iter in_a = runs_iter(a, 0, RUNS_END), in_b = runs_iter(b, 0, RUNS_END);
	struct run run_a, run_b;

	assert_int_equal(runs_length(a), runs_length(b));
	while (runs_next(&in_a, &run_a)) {
		assert_true(runs_next(&in_b, &run_b));
		assert_int_equal(run_a.first, run_b.first);
		assert_int_equal(run_a.end, run_b.end);
		assert_int_equal(run_a.value, run_b.value);
	}
}

/* What a keyframe must contain. */
static void check_same_process(const struct process *a, const struct process *b)
{
	assert_int_equal(a->pid, b->pid);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->status_code, b->status_code);
	assert_int_equal(a->identity.launched, b->identity.launched);
	assert_int_equal(a->identity.uid, b->identity.uid);
	assert_string_equal(a->identity.comm, b->identity.comm);
	assert_string_equal(a->identity.exe, b->identity.exe);
	assert_string_equal(a->identity.argv[2], b->identity.argv[2]);
	assert_int_equal(a->counters.now.minor, b->counters.now.minor);
	assert_int_equal(a->counters.first.minor, b->counters.first.minor);
	assert_int_equal(a->counters.now.threads, b->counters.now.threads);
	assert_int_equal(a->course.lost, b->course.lost);
	for (int i = 0; i < SOURCE_KINDS; i++) {
		assert_int_equal(a->sources[i].known, b->sources[i].known);
		assert_int_equal(a->sources[i].ok, b->sources[i].ok);
	}
	assert_int_equal(a->space->count, b->space->count);
	for (size_t i = 0; i < a->space->count; i++) {
		assert_int_equal(a->space->regions[i]->id, b->space->regions[i]->id);
		assert_int_equal(a->space->regions[i]->born_ns, b->space->regions[i]->born_ns);
		assert_true(region_attr_equal(&a->space->regions[i]->attr, &b->space->regions[i]->attr));
	}
	check_same_runs(a->space->pages, b->space->pages);
	check_same_runs(a->space->since, b->space->since);
}

static void check_same_world(const struct world *a, const struct world *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->now_ns, b->now_ns);
	for (size_t i = 0; i < a->count; i++)
		check_same_process(a->processes[i], b->processes[i]);
}

static void test_replay_equals_record(void **state)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		char *path = check_path("equal");
		struct world *live = world_create(), *again = world_create();
		struct keep kept = { 0 }, read = { { .take = keep_take }, &again->sink, NULL, NULL, 0, 0 };
		struct session *session;

		check_record(path, 300, seed, seed % 2 ? 0 : 5000, &kept, live);
		session = session_open(path, NULL);
		assert_non_null(session);
		assert_int_equal(check_play(session, &read.sink, UINT64_MAX), SESSION_END);
		assert_int_equal(read.count, kept.count);
		check_prefix(&read, &kept);
		check_same_world(live, again);
		for (size_t i = 0; i < live->count; i++) {
			assert_int_equal(live->processes[i]->output.bytes, again->processes[i]->output.bytes);
			assert_int_equal(live->processes[i]->history.count,
					 again->processes[i]->history.count);
			assert_int_equal(live->processes[i]->space->ghost_count,
					 again->processes[i]->space->ghost_count);
		}
		session_close(session);
		keep_fini(&kept);
		keep_fini(&read);
		world_destroy(live);
		world_destroy(again);
		unlink(path);
	}
}

/* At random times the picture from the nearest keyframe is the one that was live. */
static void check_any_moment(struct session *session, uint64_t end_ns)
{
	uint64_t random = 99;

	for (int i = 0; i < 100; i++) {
		uint64_t at = (uint64_t)check_random(&random) * CLOCK_MS % end_ns;
		struct world *from_key = world_create(), *from_start = world_create();

		assert_int_equal(session_seek(session, 0, NULL), 0);
		check_play(session, &from_start->sink, at);
		assert_int_equal(session_seek(session, at, NULL), 0);
		check_play(session, &from_key->sink, at);
		check_same_world(from_start, from_key);
		world_destroy(from_key);
		world_destroy(from_start);
	}
}

static void test_seek(void **state)
{
	char *path = check_path("seek");
	struct world *live = world_create();
	struct keep kept = { 0 };
	struct keep late = { { .take = keep_take }, NULL, NULL, NULL, 0, 0 };
	struct session *session;
	char *bytes;
	size_t len;

	check_record(path, 1000, 7, 5000, &kept, live);
	session = session_open(path, NULL);
	check_any_moment(session, live->now_ns);
	assert_int_equal(session_seek(session, UINT64_MAX, NULL), 0);
	check_play(session, &late.sink, UINT64_MAX);
	assert_true(late.count < kept.count / 2); /* there are keyframes, and they are found */
	session_close(session);

	/* without its foot: the blocks are gone through */
	bytes = check_slurp(path, &len);
	session = check_open_bytes(bytes, len - 30, NULL);
	keep_fini(&late);
	late = (struct keep){ { .take = keep_take }, NULL, NULL, NULL, 0, 0 };
	check_any_moment(session, live->now_ns);
	assert_int_equal(session_seek(session, UINT64_MAX, NULL), 0);
	assert_int_equal(check_play(session, &late.sink, UINT64_MAX), SESSION_BROKEN);
	assert_true(late.count < kept.count / 2);
	session_close(session);
	free(bytes);
	keep_fini(&late);
	keep_fini(&kept);
	world_destroy(live);
	unlink(path);
}

static void test_large_events(void **state)
{
	enum { TILES = 200000, OUTPUT = 300000 };
	char *path = check_path("large");
	struct session_writer_options options = { .page_shift = SHIFT };
	struct session_writer *writer = session_writer_create(path, &options, NULL);
	struct sink *sink = session_writer_sink(writer);
	struct world *again = world_create();
	struct watch watch = { .sink = sink };
	struct event e = { .type = EVENT_PAGES, .pid = 100 };
	struct run *tiles = mem_alloc(TILES * sizeof *tiles);
	char *output = mem_zalloc(OUTPUT);
	struct session *session;

	for (uint64_t i = 0; i < TILES; i++)
		tiles[i] = (struct run){ i, i + 1, i % 2 ? PAGE_ANON : PAGE_RESERVED };
	watch_begin(&watch);
	e.pages.tiles = tiles;
	e.pages.n = TILES;
	sink_send(sink, &e);
	memset(output, 'x', OUTPUT);
	e = (struct event){ .type = EVENT_OUTPUT, .pid = 100, .output = { output, OUTPUT } };
	sink_send(sink, &e);
	assert_int_equal(session_writer_close(writer, NULL), 0);

	session = session_open(path, NULL);
	assert_int_equal(check_play(session, &again->sink, UINT64_MAX), SESSION_END);
	assert_int_equal(again->processes[0]->output.bytes, OUTPUT);
	assert_int_equal(runs_length(again->processes[0]->space->pages), TILES + 1);
	session_close(session);
	world_destroy(again);
	free(tiles);
	free(output);
	unlink(path);
}

/* Nothing is overwritten unless asked for; an empty session leaves no file. */
static void test_existing_file(void **state)
{
	char *path = check_path("exists");
	struct session_writer_options options = { .page_shift = SHIFT };
	struct err err = { 0 };
	FILE *file = fopen(path, "w");

	fputs("dear", file);
	fclose(file);
	assert_null(session_writer_create(path, &options, &err));
	assert_non_null(strstr(err.text, "--force"));
	file = fopen(path, "r");
	assert_int_equal(fgetc(file), 'd');
	fclose(file);
	unlink(path);
	assert_int_equal(session_writer_close(session_writer_create(path, &options, NULL), NULL), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_null(session_writer_create("/no/such/dir/file", &options, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void test_full_disk(void **state)
{
	struct session_writer_options options = { .force = true, .page_shift = SHIFT };
	struct session_writer *writer;
	struct watch watch = { .random = 1 };
	struct err err = { 0 };

	if (access("/dev/full", W_OK) != 0)
		skip();
	writer = session_writer_create("/dev/full", &options, NULL);
	watch.sink = session_writer_sink(writer);
	watch_begin(&watch);
	watch_look(&watch);
	assert_int_equal(session_writer_close(writer, &err), -1);
	assert_non_null(strstr(err.text, "/dev/full"));
	assert_int_equal(access("/dev/full", F_OK), 0);
}

/* A pipe gives bytes in any pieces: what is there is read, and the rest is waited for. */
static void test_pipe(void **state)
{
	char *path = check_path("pipe"), from[64], *bytes;
	struct world *live = world_create();
	struct keep kept = { 0 }, read_back = { { .take = keep_take }, NULL, NULL, NULL, 0, 0 };
	enum session_result result = SESSION_WAIT;
	struct session *session;
	size_t len, at = 200;
	struct event e;
	int fds[2];

	check_record(path, 10, 3, 0, &kept, live);
	bytes = check_slurp(path, &len);
	assert_int_equal(pipe(fds), 0);
	snprintf(from, sizeof from, "/proc/self/fd/%d", fds[0]);
	assert_int_equal(write(fds[1], bytes, at), at);
	session = session_open(from, NULL);
	assert_non_null(session);
	assert_int_equal(session_seek(session, 0, NULL), -1);
	while (result != SESSION_END) {
		while ((result = session_next(session, &e, NULL)) == SESSION_EVENT)
			sink_send(&read_back.sink, &e);
		if (result == SESSION_END)
			break;
		assert_int_equal(result, SESSION_WAIT);
		assert_true(at < len);
		assert_int_equal(write(fds[1], bytes + at++, 1), 1);
	}
	assert_int_equal(read_back.count, kept.count);
	check_prefix(&read_back, &kept);
	session_close(session);
	close(fds[0]);
	close(fds[1]);
	free(bytes);
	keep_fini(&kept);
	keep_fini(&read_back);
	world_destroy(live);
	unlink(path);
}

static void test_source(void **state)
{
	char *path = check_path("source");
	struct world *live = world_create(), *world = world_create();
	struct keep kept = { 0 };
	struct session *session;
	struct source *source;
	struct page_detail *detail = mem_zalloc(sizeof *detail);
	struct time_status status;
	struct err err = { 0 };
	uint64_t end, began = clock_now_ns();
	int result = 0;

	check_record(path, 6, 5, 0, &kept, live);
	session = session_open(path, NULL);
	source = replay_create(session, world, path, NULL);
	assert_int_equal(source->ops->sweep(source, &world->sink, &err), 0);
	assert_int_equal(world->ticks, 1);
	assert_false(world->processes[0]->identity.launched);
	assert_true(world->processes[0]->identity.recorded_launch);
	end = began + live->now_ns - world->now_ns;
	for (status.playing = true; status.playing && clock_now_ns() < end + 120 * CLOCK_SECOND;) {
		result = source->ops->step(source, &world->sink, CLOCK_MS, &err);
		assert_true(result >= 0);
		source->ops->time->status(source, &status);
	}
	assert_true(status.at_end);
	assert_non_null(strstr(status.end_text, "ends"));
	assert_true(clock_now_ns() >= end); /* at its own pace */
	check_same_runs(world->processes[0]->space->pages, live->processes[0]->space->pages);
	while (source->ops->due_ns(source) <= clock_now_ns()) /* the overview */
		source->ops->step(source, &world->sink, CLOCK_MS, &err);
	assert_true(source->ops->due_ns(source) == UINT64_MAX);

	assert_int_equal(source->ops->control(source, 100, CONTROL_PAUSE, NULL, &err), -1);
	assert_non_null(strstr(err.text, "a recording"));
	assert_int_equal(source->ops->inspect(source, 100, 16, INSPECT_PAGE, detail, &err), 0);
	assert_int_equal(detail->word, runs_at(live->processes[0]->space->pages, 16).value);
	assert_non_null(detail->frame.why);
	source->ops->destroy(source);
	session_close(session);
	free(detail);
	keep_fini(&kept);
	world_destroy(live);
	world_destroy(world);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay_equals_record),
		cmocka_unit_test(test_seek),
		cmocka_unit_test(test_large_events),
		cmocka_unit_test(test_existing_file),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_source),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
