/* Files that must always open, and files that are damaged. */
#include "replay_check.h"

#include "base/clock.h"
#include "store/block.h"
#include "world_dump.h"

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

/* A recording with one damaged block between two keyframes. */
struct damaged {
	char *path;
	struct live live;
	struct replaying r;
	struct time_status whole; /* before anything was found */
};

static void damaged_open(struct damaged *d, const char *name, uint64_t seed)
{
	d->path = check_path(name);
	live_record(&d->live, d->path, 400, seed, 3000);
	damage_events(d->path, 20000);
	replay_open(&d->r, d->path, NULL);
	d->whole = replay_status(&d->r);
}

static void damaged_close(struct damaged *d)
{
	replay_close(&d->r);
	live_fini(&d->live);
	unlink(d->path);
}

/* Asserts that no less of the recording counts than at first. */
static struct time_status check_whole(struct damaged *d)
{
	struct time_status at = replay_status(&d->r);

	assert_int_equal(at.events, d->whole.events);
	assert_int_equal(at.end_ns, d->whole.end_ns);
	return at;
}

static int go_to(struct damaged *d, uint64_t time_ns)
{
	return d->r.time->seek(d->r.source, &d->r.world->sink, time_ns, NULL);
}

static int move_by(struct damaged *d, enum time_unit unit, int step)
{
	struct time_move m = { unit, step, 100, 0, 0 };

	return d->r.time->move(d->r.source, &d->r.world->sink, &m, NULL);
}

/* A picture without the log of faults, which begins after the damage. */
static char *without_faults(char *dump)
{
	char *to = dump;

	for (const char *line = dump; *line;) {
		size_t len = strcspn(line, "\n");

		len += line[len] == '\n';
		if (strncmp(line, "fault ", 6) != 0) {
			memmove(to, line, len);
			to += len;
		}
		line += len;
	}
	*to = '\0';
	return dump;
}

static char *picture_of(const struct damaged *d)
{
	return without_faults(world_dump(d->r.world));
}

/* Asserts that the picture is what was live at the time, or, in the gap, the one before it. */
static void check_time(struct damaged *d, const struct time_gap *gap, const char *before, uint64_t time_ns)
{
	bool lost = time_ns >= gap->begin_ns && time_ns < gap->end_ns;
	char *got, *wanted;

	assert_int_equal(go_to(d, time_ns), 0);
	assert_int_equal(check_whole(d).in_gap, lost && time_ns > gap->begin_ns);
	assert_int_equal(replay_status(&d->r).now_ns, time_ns);
	got = picture_of(d);
	wanted = without_faults(strdup(live_at(&d->live, time_ns)->dump));
	world_dump_check(lost ? before : wanted, got);
	free(got);
	free(wanted);
}

/* The gap, with the picture before it. */
static char *find_gap(struct damaged *d, struct time_gap *gap)
{
	run_overview(&d->r);
	assert_int_equal(replay_status(&d->r).gaps_met, 1);
	*gap = replay_status(&d->r).gap;
	assert_true(gap->begin_ns > 0 && gap->end_ns > gap->begin_ns && gap->end_ns < d->whole.end_ns);
	assert_int_equal(go_to(d, gap->begin_ns), 0);
	return picture_of(d);
}

/* What a keyframe after the damage leads to is shown, whatever the overview, or the search for faults to recall, comes
 * upon; the course goes on after it, and nothing becomes shorter. */
static void test_damage_between_keyframes(void **state)
{
	const struct time_point *points;
	struct damaged d;
	size_t count;

	damaged_open(&d, "between", 6);
	d.r.time->play(d.r.source, false);
	assert_int_equal(go_to(&d, UINT64_MAX), 0);
	check_end(&d.r, &d.live);
	run_overview(&d.r);
	count = d.r.time->course(d.r.source, 100, &points);
	assert_true(count > 10);
	assert_true(points[count - 1].time_ns > replay_status(&d.r).gap.end_ns);
	assert_int_equal(check_whole(&d).end, TIME_END_CLOSED);
	assert_int_equal(go_to(&d, d.whole.end_ns - d.whole.end_ns / 20), 0);
	assert_int_equal(go_to(&d, UINT64_MAX), 0);
	check_end(&d.r, &d.live);
	check_whole(&d);
	damaged_close(&d);
}

/* Each time, forwards and backwards, shows its picture; in the gap it is the last one before it. */
static void test_times_around_gap(void **state)
{
	struct damaged d;
	struct time_gap gap;
	char *before;
	unsigned met;

	damaged_open(&d, "around", 8);
	before = find_gap(&d, &gap);
	for (size_t i = 1; i < d.live.count; i++)
		if (d.live.pictures[i].time_ns >= d.whole.begin_ns)
			check_time(&d, &gap, before, d.live.pictures[i].time_ns);
	for (size_t i = d.live.count; i-- > 1;)
		if (d.live.pictures[i].time_ns >= d.whole.begin_ns)
			check_time(&d, &gap, before, d.live.pictures[i].time_ns);
	check_time(&d, &gap, before, (gap.begin_ns + gap.end_ns) / 2);
	check_time(&d, &gap, before, gap.begin_ns + 1);
	check_time(&d, &gap, before, gap.end_ns - 1);
	check_time(&d, &gap, before, gap.end_ns);
	met = replay_status(&d.r).gaps_met;
	check_time(&d, &gap, before, d.whole.end_ns); /* not past it */
	assert_int_equal(replay_status(&d.r).gaps_met, met);
	assert_int_equal(go_to(&d, d.whole.begin_ns), 0);
	assert_true(replay_status(&d.r).gaps_met > met);
	assert_int_equal(replay_status(&d.r).gap.end_ns, gap.end_ns);
	free(before);
	damaged_close(&d);
}

/* Event by event, there and back, though nothing has found the gap before. */
static void test_events_across_gap(void **state)
{
	struct damaged d;
	struct time_status at, next;
	uint64_t before = 0, after = 0;
	unsigned between = 0;

	damaged_open(&d, "across", 6);
	d.r.time->play(d.r.source, false);
	for (at = replay_status(&d.r); move_by(&d, TIME_EVENT, 1) > 0; at = next) {
		next = check_whole(&d);
		assert_true(next.at_event > at.at_event);
		if (next.gaps_met == at.gaps_met)
			continue;
		assert_int_equal(before, 0);
		before = at.at_event;
		after = next.at_event - 1;
		assert_int_equal(next.gap.begin_ns, at.now_ns);
		assert_true(next.now_ns >= next.gap.end_ns);
	}
	assert_true(before > 0);
	check_end(&d.r, &d.live);
	assert_int_equal(replay_status(&d.r).end, TIME_END_CLOSED);
	for (at = replay_status(&d.r); move_by(&d, TIME_EVENT, -1) > 0; at = next) {
		next = check_whole(&d);
		assert_true(next.at_event < at.at_event);
		between += next.at_event > before && next.at_event < after;
	}
	assert_in_range(between, 0, 2); /* the picture before the gap, the one after it */
	assert_true(at.at_event <= d.whole.at_event);
	damaged_close(&d);
}

/* A search passes the gap, in both directions; one that finds nothing has come upon it, too. */
static void test_search_across_gap(void **state)
{
	struct time_move none = { TIME_CHANGE, 1, 100, UINT64_C(1) << 40, (UINT64_C(1) << 40) + 1 };
	struct damaged d;
	struct time_gap gap;
	unsigned met;

	damaged_open(&d, "search", 6);
	d.r.time->play(d.r.source, false);
	assert_int_equal(d.r.time->move(d.r.source, &d.r.world->sink, &none, NULL), 0);
	assert_int_equal(check_whole(&d).at_event, d.whole.at_event);
	assert_true((met = replay_status(&d.r).gaps_met) > 0);
	gap = replay_status(&d.r).gap;
	assert_int_equal(go_to(&d, gap.begin_ns), 0);
	while (replay_status(&d.r).now_ns <= gap.begin_ns)
		assert_int_equal(move_by(&d, TIME_TICK, 1), 1);
	assert_true(check_whole(&d).now_ns >= gap.end_ns);
	while (replay_status(&d.r).now_ns >= gap.end_ns)
		assert_int_equal(move_by(&d, TIME_FAULT, -1), 1);
	assert_true(check_whole(&d).now_ns <= gap.begin_ns);
	while (replay_status(&d.r).now_ns <= gap.begin_ns)
		assert_int_equal(move_by(&d, TIME_FAULT, 1), 1);
	assert_true(check_whole(&d).now_ns >= gap.end_ns);
	assert_true(replay_status(&d.r).gaps_met > met);
	damaged_close(&d);
}

/* Played from the beginning to the end, as fast as it goes. */
static void test_playing_across_gap(void **state)
{
	struct damaged d;
	struct time_status at;

	damaged_open(&d, "play", 6);
	while (d.r.time->faster(d.r.source, 1))
		;
	d.r.time->play(d.r.source, true);
	for (at = replay_status(&d.r); at.playing; at = check_whole(&d)) {
		assert_true(d.r.source->ops->step(d.r.source, &d.r.world->sink, CLOCK_MS, NULL) >= 0);
	}
	assert_true(at.at_end && at.gaps_met > 1);
	assert_int_equal(at.end, TIME_END_CLOSED);
	check_end(&d.r, &d.live);
	damaged_close(&d);
}

/* Where the damage is in the last block, it ends there, and what is lost is known. */
static void test_gap_at_end(void **state)
{
	struct damaged d;
	struct time_status at;

	d.path = check_path("tail");
	live_record(&d.live, d.path, 400, 6, 0); /* no keyframe comes */
	damage_events(d.path, 20000);
	replay_open(&d.r, d.path, NULL);
	d.whole = replay_status(&d.r);
	run_overview(&d.r);
	at = check_whole(&d); /* it was not played to there yet */
	assert_int_equal(at.gaps_met, 1);
	assert_int_equal(at.gap.end_ns, d.whole.end_ns);
	assert_int_equal(go_to(&d, UINT64_MAX), 0);
	assert_int_equal(replay_status(&d.r).end, TIME_END_BROKEN);
	assert_non_null(strstr(replay_status(&d.r).end_text, "damaged"));
	assert_int_equal(replay_status(&d.r).end_ns, at.gap.begin_ns);
	damaged_close(&d);
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
		cmocka_unit_test(test_kept_file),         cmocka_unit_test(test_damaged_keyframe),
		cmocka_unit_test(test_damaged_events),    cmocka_unit_test(test_damage_between_keyframes),
		cmocka_unit_test(test_times_around_gap),  cmocka_unit_test(test_events_across_gap),
		cmocka_unit_test(test_search_across_gap), cmocka_unit_test(test_playing_across_gap),
		cmocka_unit_test(test_gap_at_end),        cmocka_unit_test(test_flipped_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
