/* Marks and notes that are made while a recording is shown. */
#include "replay_check.h"

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

	live_record(&live, path, 60, 6, 3000);
	replay_open(&r, path, NULL);
	at = live.world->now_ns / 2;
	replay_check_at(&r, &live, at);
	assert_int_equal(r.time->note(r.source, 100, "here", NULL), 0);
	assert_int_equal(r.time->note(r.source, 100, "and here", NULL), 0);
	assert_true(has_note(&r, at, "here"));
	replay_check_at(&r, &live, at / 2);
	replay_close(&r);

	replay_open(&r, path, NULL);
	assert_true(has_note(&r, at, "here") && has_note(&r, at, "and here"));
	assert_int_equal(replay_status(&r).events, live.events);
	replay_check_at(&r, &live, at);
	r.time->seek(r.source, &r.world->sink, UINT64_MAX, NULL);
	assert_int_equal(replay_status(&r).end, TIME_END_CLOSED);
	assert_string_equal(replay_status(&r).end_text, "the recording ends here"); /* still whole */
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

	live_record(&live, path, 60, 6, 3000);
	bytes = check_slurp(path, &len);
	assert_int_equal(truncate(path, (off_t)len - 5), 0);
	replay_open(&r, path, NULL);
	replay_check_at(&r, &live, live.world->now_ns / 2);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notes_in_the_file),
		cmocka_unit_test(test_notes_beside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
