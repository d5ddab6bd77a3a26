/* Replaying what is still being recorded, from a file and from a pipe. */
#include "replay_check.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "store/block.h"
#include "store/lock.h"

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

/* Where the first block of that type begins, from an offset on. */
static size_t block_from(const char *bytes, enum block_type type, size_t from)
{
	size_t at = SESSION_HEAD + (size_t)bytes_get_le((const uint8_t *)bytes + 12, 4);
	struct block block;

	while (block_get((const uint8_t *)bytes + at, &block) && (block.type != type || at < from))
		at += BLOCK_HEAD + block.stored;
	assert_int_equal(block.type, type);
	return at;
}

/* A process that holds the lock of a file's recorder, until the pipe is closed. */
static pid_t hold(const char *path, int *until)
{
	int end[2], held[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(end), 0);
	assert_int_equal(pipe(held), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(end[1]);
		byte = lock_take(open(path, O_RDWR)) ? 'y' : 'n';
		_exit(write(held[1], &byte, 1) != 1 || read(end[0], &byte, 1) != 0);
	}
	close(end[0]);
	close(held[1]);
	assert_int_equal(read(held[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	close(held[0]);
	*until = end[1];
	return pid;
}

static void write_at(const char *path, const char *bytes, size_t from, size_t to)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0666);

	assert_int_equal(pwrite(fd, bytes + from, to - from, (off_t)from), to - from);
	close(fd);
}

static void step_often(struct replaying *r)
{
	for (int i = 0; i < 500; i++)
		assert_true(r->source->ops->step(r->source, &r->world->sink, CLOCK_MS, NULL) >= 0);
}

static struct time_status go_to_end(struct replaying *r)
{
	assert_int_equal(r->time->seek(r->source, &r->world->sink, UINT64_MAX, NULL), 0);
	return replay_status(r);
}

/* Followed to the damage: it waits there, and can be moved in. Returns the first event that cannot be shown. */
static uint64_t follow_to_damage(struct replaying *r)
{
	struct time_status at;

	r->time->play(r->source, true);
	step_often(r);
	at = go_to_end(r);
	assert_true(at.grows && at.playing && !at.at_end && at.at_event < at.events);
	assert_true(r->source->ops->due_ns(r->source) > clock_now_ns()); /* and idles */
	assert_int_equal(r->time->seek(r->source, &r->world->sink, at.end_ns / 2, NULL), 0);
	assert_true(replay_status(r).at_event < at.at_event);
	return go_to_end(r).at_event;
}

static void check_end(struct replaying *r, const struct live *live, uint64_t damage, bool goes_on)
{
	struct time_status at = go_to_end(r);

	assert_true(!at.grows && at.at_end && at.gaps_met > 0);
	assert_int_equal(at.end, goes_on ? TIME_END_CLOSED : TIME_END_BROKEN);
	assert_non_null(strstr(at.end_text, goes_on ? "ends here" : "damaged"));
	if (!goes_on) {
		assert_int_equal(at.events, damage);
		return;
	}
	assert_int_equal(at.events, live->events);
	assert_int_equal(r->world->count, live->world->count);
	for (size_t i = 0; i < r->world->count; i++) {
		const struct process *p = r->world->processes[i], *was = live->world->processes[i];

		assert_int_equal(p->history.resident, was->history.resident);
		assert_int_equal(p->counters.now.minor, was->counters.now.minor);
		assert_int_equal(p->faults.log.end, was->faults.log.end);
	}
}

/* A file is damaged while it is still being recorded, and no keyframe has come yet. */
static void check_damage(bool goes_on)
{
	char *path = check_path("damage"), *bytes;
	struct replaying r;
	struct live live;
	size_t len, at, key;
	uint64_t damage;
	int until, status;
	pid_t pid;

	live_record(&live, path, 400, 6, 3000);
	bytes = check_slurp(path, &len);
	at = block_from(bytes, BLOCK_EVENTS, 20000);
	key = block_from(bytes, BLOCK_KEY, at);
	bytes[at + BLOCK_HEAD + 5] ^= 1;
	unlink(path);
	write_at(path, bytes, 0, key);
	pid = hold(path, &until);
	replay_open(&r, path, NULL);
	damage = follow_to_damage(&r);
	if (goes_on)
		write_at(path, bytes, key, len);
	step_often(&r);
	assert_true(goes_on ? replay_status(&r).at_event == live.events
			    : replay_status(&r).at_event == damage);
	close(until);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	step_often(&r);
	check_end(&r, &live, damage, goes_on);
	replay_close(&r);
	free(bytes);
	live_fini(&live);
	unlink(path);
}

/* It is shown up to the damage, and goes on at the keyframe that comes; if none ever comes, it ends there. */
static void test_damage_while_recorded(void **state)
{
	check_damage(true);
	check_damage(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing_file),
		cmocka_unit_test(test_pipe_is_followed),
		cmocka_unit_test(test_damage_while_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
