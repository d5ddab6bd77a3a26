/* Replaying what is still being recorded, from a file and from a pipe. */
#include "replay_check.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"

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
	uint64_t end = clock_now_ns() + 120 * CLOCK_SECOND;

	while (clock_now_ns() < end && replay_status(r).at_event <= more_than)
		assert_true(r->source->ops->step(r->source, &r->world->sink, CLOCK_MS, NULL) >= 0);
	assert_true(replay_status(r).at_event > more_than);
	return replay_status(r).at_event;
}

static void wait_for_file(const char *path)
{
	uint64_t end = clock_now_ns() + 120 * CLOCK_SECOND;
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
	assert_true(replay_status(&r).grows);
	assert_false(replay_status(&r).at_end);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(write(go, "", 1), 1);
		events = wait_for_events(&r, events);
	}
	r.time->play(r.source, false);
	r.time->seek(r.source, &r.world->sink, 0, NULL); /* back, while it goes on */
	assert_int_equal(replay_status(&r).now_ns, replay_status(&r).begin_ns);
	if (killed)
		kill(pid, SIGKILL);
	close(go);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0);
	r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL);
	assert_false(replay_status(&r).grows);
	assert_true(replay_status(&r).at_end);
	assert_true(replay_status(&r).events >= events);
	assert_int_equal(replay_status(&r).end, killed ? TIME_END_BROKEN : TIME_END_CLOSED);
	assert_non_null(strstr(replay_status(&r).end_text, killed ? "breaks off" : "ends here"));
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

	live_record(&live, path, 60, 6, 3000);
	bytes = check_slurp(path, &len);
	half = len / 2;
	assert_true(len < 60000); /* it fits into the pipe */
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], bytes, half), half);
	spool = spool_create(fds[0], NULL);
	assert_non_null(spool);
	replay_open(&r, NULL, spool);
	assert_true(replay_status(&r).grows);
	r.time->seek(r.source, &r.world->sink, 0, NULL);
	assert_int_equal(r.time->note(r.source, 100, "no", NULL), -1);
	assert_int_equal(write(fds[1], bytes + half, len - half), len - half);
	close(fds[1]);
	for (int i = 0; i < 100 && replay_status(&r).events < live.events; i++)
		assert_true(r.source->ops->step(r.source, &r.world->sink, CLOCK_MS, NULL) >= 0);
	assert_int_equal(replay_status(&r).events, live.events);
	replay_check_at(&r, &live, live.world->now_ns / 3);
	replay_check_at(&r, &live, live.world->now_ns);
	assert_true(replay_status(&r).at_end);
	replay_close(&r);
	spool_destroy(spool);
	close(fds[0]);
	free(bytes);
	live_fini(&live);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing_file),
		cmocka_unit_test(test_pipe_is_followed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
