/* The threads of a process: model/threads.h. */
#include "unit/check.h"

#include <string.h>

#include "model/threads.h"

static void test_come_and_go(void **state)
{
	struct threads t = { 0 };
	assert_true(threads_note(&t, 20, "b", false, 100));
	assert_true(threads_note(&t, 10, "a", false, 50));
	assert_false(threads_note(&t, 10, "a", false, 60));
	assert_true(threads_note(&t, 10, "renamed", false, 70));
	assert_int_equal(t.count, 2);
	assert_int_equal(t.list[0].tid, 10);
	assert_string_equal(t.list[0].name, "renamed");
	assert_int_equal(t.list[0].begun_ns, 50);
	assert_true(threads_note(&t, 10, "", true, 200));
	assert_false(threads_note(&t, 10, "", true, 210));
	assert_string_equal(t.list[0].name, "renamed");
	assert_int_equal(t.list[0].ended_ns, 200);
	assert_true(threads_end_all(&t, 300));
	assert_false(threads_end_all(&t, 400));
	assert_int_equal(t.list[1].ended_ns, 300);
	threads_fini(&t);
}

/* A number that comes again is a new thread: its faults begin at zero. */
static void test_number_again(void **state)
{
	struct threads t = { 0 };
	threads_count_fault(&t, 7, true, 10);
	threads_count_fault(&t, 7, false, 11);
	assert_string_equal(threads_find(&t, 7)->name, "");
	assert_int_equal(threads_find(&t, 7)->major, 1);
	assert_int_equal(threads_find(&t, 7)->minor, 1);
	threads_note(&t, 7, "x", true, 20);
	assert_int_equal(threads_find(&t, 7)->minor, 1);
	threads_note(&t, 7, "y", false, 30);
	assert_int_equal(threads_find(&t, 7)->minor, 0);
	assert_int_equal(t.ended, 0);
	assert_int_equal(t.dropped, 1);
	threads_fini(&t);
}

static void test_bound(void **state)
{
	struct threads t = { 0 };
	for (int32_t tid = 1; tid <= 3 * THREADS_ENDED_MAX; tid++) {
		threads_note(&t, tid, "t", false, (uint64_t)tid);
		if (tid > 1)
			threads_note(&t, tid, "", true, (uint64_t)tid);
	}
	assert_int_equal(t.count, THREADS_ENDED_MAX + 1);
	assert_int_equal(t.dropped, 2 * THREADS_ENDED_MAX - 1);
	assert_non_null(threads_find(&t, 1));
	assert_null(threads_find(&t, 2));
	assert_non_null(threads_find(&t, 3 * THREADS_ENDED_MAX));
	struct threads copy = threads_copy(&t);
	threads_fini(&t);
	assert_int_equal(copy.count, THREADS_ENDED_MAX + 1);
	assert_string_equal(threads_find(&copy, 1)->name, "t");
	threads_fini(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_come_and_go),
		cmocka_unit_test(test_number_again),
		cmocka_unit_test(test_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
