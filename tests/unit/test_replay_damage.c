/* Files that must always open, and files that are damaged. */
#include "replay_check.h"

#include "base/clock.h"
#include "store/block.h"

/* Does everything that is due at once: the overview, above all. */
static void run_overview(struct replaying *r)
{
	while (r->source->ops->due_ns(r->source) <= clock_now_ns())
		r->source->ops->step(r->source, &r->world->sink, CLOCK_MS, NULL);
}

/* GENERATE=1 writes it again: only before any release has written such files. */
static void generate(const char *path)
{
	struct replaying r;
	struct live live;

	unlink(path);
	live_record(&live, path, 120, 21, 3000);
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
	run_overview(&r); /* marks are found on the way */
	assert_true(r.time->marks(r.source)->count > 10);
	assert_string_equal(marks_before(r.time->marks(r.source), replay_status(&r).end_ns / 2 + 1)->text,
			    "kept");
	assert_int_equal(r.time->seek(r.source, &r.world->sink, UINT64_MAX / 2, NULL), 0);
	assert_int_equal(replay_status(&r).end, TIME_END_CLOSED);
	assert_string_equal(replay_status(&r).end_text, "the recording ends here");
	p = r.world->processes[0];
	assert_true(p->faults.log.end > 30 && p->calls.end > 2 && names_line_count(p->names) > 3);
	assert_true(stacks_get(&p->stacks, fault_log_at(&p->faults.log, p->faults.log.end - 1)->stack).count >
			0 ||
		    p->stacks.hash.count > 10);
	line = names_line(p->names, "a.c", 3);
	assert_true(line && (!strcmp(line, "first") || !strcmp(line, "\tsecond")));
	assert_int_equal(r.time->seek(r.source, &r.world->sink, replay_status(&r).end_ns / 2, NULL), 0);
	assert_true(r.world->processes[0]->faults.log.end > 10);
	replay_close(&r);
}

/* A keyframe that makes no sense is skipped: what comes before it leads there, too. */
static void test_damaged_keyframe(void **state)
{
	char *path = check_path("badkey"), *bytes;
	struct replaying r;
	struct live live;
	struct block block;
	size_t len, at, damaged = 0;
	int fd;

	live_record(&live, path, 400, 6, 3000);
	bytes = check_slurp(path, &len);
	at = SESSION_HEAD + (size_t)bytes_get_le((uint8_t *)bytes + 12, 4);
	for (; block_get((uint8_t *)bytes + at, &block) && block.type != BLOCK_INDEX;
	     at += BLOCK_HEAD + block.stored)
		if (block.type == BLOCK_KEY) {
			bytes[at + BLOCK_HEAD + block.stored / 2] ^= 1;
			damaged++;
		}
	assert_true(damaged > 1);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, bytes, len, 0), len);
	close(fd);
	replay_open(&r, path, NULL);
	replay_check_at(&r, &live, live.world->now_ns / 2);
	replay_check_at(&r, &live, live.world->now_ns / 3);
	replay_check_at(&r, &live, live.world->now_ns);
	replay_close(&r);
	free(bytes);
	live_fini(&live);
	unlink(path);
}

/* Damage before the end is what ends it, though the recorder closed the file. */
static void test_damaged_events(void **state)
{
	char *path = check_path("events"), *bytes;
	struct replaying r;
	struct err err = { 0 };
	struct live live;
	struct block block;
	size_t len, at, last = 0;
	int fd;

	live_record(&live, path, 400, 6, 3000);
	bytes = check_slurp(path, &len);
	at = SESSION_HEAD + (size_t)bytes_get_le((uint8_t *)bytes + 12, 4);
	for (; block_get((uint8_t *)bytes + at, &block) && block.type != BLOCK_INDEX;
	     at += BLOCK_HEAD + block.stored)
		if (block.type == BLOCK_EVENTS)
			last = at + BLOCK_HEAD + block.stored / 2;
	assert_true(last > 0);
	bytes[last] ^= 1;
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, bytes, len, 0), len);
	close(fd);
	replay_open(&r, path, NULL);
	r.time->seek(r.source, &r.world->sink, UINT64_MAX, &err);
	assert_int_equal(replay_status(&r).end, TIME_END_BROKEN);
	assert_non_null(strstr(replay_status(&r).end_text, "damaged"));
	replay_close(&r);
	free(bytes);
	live_fini(&live);
	unlink(path);
}

/* Damages the middle of one block of events in a file: the first from `after` bytes on. Returns where it begins. */
static size_t damage_events(const char *path, size_t after)
{
	size_t len, at;
	char *bytes = check_slurp(path, &len);
	struct block block;
	int fd;

	at = SESSION_HEAD + (size_t)bytes_get_le((uint8_t *)bytes + 12, 4);
	while (block_get((uint8_t *)bytes + at, &block) && (block.type != BLOCK_EVENTS || at < after))
		at += BLOCK_HEAD + block.stored;
	assert_int_equal(block.type, BLOCK_EVENTS);
	bytes[at + BLOCK_HEAD + block.stored / 2] ^= 1;
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, bytes, len, 0), len);
	close(fd);
	free(bytes);
	return at;
}

/* Asserts that this is the picture at the end, that the log of faults has no gap, and that it begins later than that
 * of the live one: after the damage. */
static void check_end(struct replaying *r, const struct live *live)
{
	bool shorter = false;

	assert_int_equal(r->world->count, live->world->count);
	for (size_t i = 0; i < r->world->count; i++) {
		const struct process *p = r->world->processes[i], *was = live->world->processes[i];

		assert_int_equal(p->history.resident, was->history.resident);
		assert_int_equal(p->counters.now.minor, was->counters.now.minor);
		assert_int_equal(p->faults.log.end, was->faults.log.end);
		shorter |= p->faults.log.begin > was->faults.log.begin;
		assert_true(p->faults.log.begin < p->faults.log.end);
		for (uint64_t n = p->faults.log.begin; n < p->faults.log.end; n++)
			assert_int_equal(fault_log_at(&p->faults.log, n)->time_ns,
					 fault_log_at(&was->faults.log, n)->time_ns);
	}
	assert_true(shorter);
}

/* What a keyframe after the damage leads to is shown, whatever the overview, or the search for faults to recall, comes
 * upon; going on event by event ends at the damage, and says where that is. */
static void test_damage_between_keyframes(void **state)
{
	char *path = check_path("between"), place[40];
	struct time_move on = { TIME_EVENT, 1, 100, 0, 0 };
	const struct time_point *points;
	struct replaying r;
	struct live live;
	uint64_t events, end_ns;
	size_t at;

	live_record(&live, path, 400, 6, 3000);
	at = damage_events(path, 20000);
	replay_open(&r, path, NULL);
	events = replay_status(&r).events;
	end_ns = replay_status(&r).end_ns;
	r.time->play(r.source, false);
	assert_int_equal(r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL), 0);
	check_end(&r, &live);
	run_overview(&r);
	assert_true(r.time->course(r.source, 100, &points) > 10);
	assert_int_equal(replay_status(&r).end, TIME_END_CLOSED);
	assert_int_equal(replay_status(&r).events, events);
	assert_int_equal(r.time->seek(r.source, &r.world->sink, end_ns - end_ns / 20, NULL), 0);
	assert_int_equal(r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL), 0);
	check_end(&r, &live);
	assert_int_equal(replay_status(&r).end_ns, end_ns);

	replay_check_at(&r, &live, live.world->now_ns / 50);
	while (r.time->move(r.source, &r.world->sink, &on, NULL) > 0)
		;
	assert_true(replay_status(&r).events < events);
	assert_int_equal(r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL), 0);
	assert_int_equal(replay_status(&r).end, TIME_END_BROKEN);
	snprintf(place, sizeof place, "byte %zu:", at);
	assert_non_null(strstr(replay_status(&r).end_text, place));
	replay_close(&r);
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

	live_record(&live, path, 30, 6, 2000);
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
		cmocka_unit_test(test_kept_file),      cmocka_unit_test(test_damaged_keyframe),
		cmocka_unit_test(test_damaged_events), cmocka_unit_test(test_damage_between_keyframes),
		cmocka_unit_test(test_flipped_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
