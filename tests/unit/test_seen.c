/* What readings changed: found by page and time, kept a while longer than needed, bounded. */
#include "live/seen.h"
#include "unit/check.h"

static void add(struct seen *s, uint64_t page, uint64_t time_ns)
{
	seen_add(s, &(struct seen_change){ page, page + 1, 1, (uint32_t)time_ns, time_ns });
}

static uint64_t since(const struct seen *s, uint64_t page, uint64_t time_ns)
{
	const struct seen_change *change = seen_since(s, page, time_ns);
	return change ? change->time_ns : 0;
}

static uint64_t before(const struct seen *s, uint64_t page, uint64_t time_ns)
{
	const struct seen_change *change = seen_before(s, page, time_ns);
	return change ? change->time_ns : 0;
}

static void test_by_time(void **state)
{
	struct seen s = { 0 };
	(void)state;
	assert_int_equal(since(&s, 5, 0), 0);
	add(&s, 5, 10);
	add(&s, 7, 10);
	add(&s, 5, 20);
	add(&s, 9, 20);
	assert_int_equal(s.part_count, 2);
	assert_int_equal(since(&s, 5, 1), 10);
	assert_int_equal(since(&s, 5, 11), 20);
	assert_int_equal(since(&s, 5, 21), 0);
	assert_int_equal(since(&s, 6, 1), 0);
	assert_int_equal(before(&s, 5, 21), 20);
	assert_int_equal(before(&s, 5, 20), 10);
	assert_int_equal(before(&s, 5, 10), 0);
	seen_fini(&s);
}

/* Once aged, a reading serves late faults only; then it is forgotten, and newer ones are not. */
static void test_age(void **state)
{
	struct seen s = { 0 };
	(void)state;
	add(&s, 5, 10);
	seen_age(&s, seen_fresh(&s), 0);
	assert_null(seen_lately(&s, 5));
	assert_int_equal(since(&s, 5, 1), 10);
	assert_int_equal(before(&s, 5, 11), 10);
	add(&s, 6, 20); /* not of the aged part, though its page comes behind */
	assert_int_equal(seen_fresh(&s), 1);
	assert_int_equal(seen_lately(&s, 6)->time_ns, 20);
	assert_int_equal(since(&s, 6, 1), 20);
	seen_age(&s, 0, 15);
	assert_int_equal(before(&s, 5, 11), 0);
	assert_int_equal(since(&s, 6, 1), 20);
	seen_age(&s, 1, 15);
	assert_int_equal(before(&s, 6, 30), 20);
	seen_age(&s, 0, 100);
	assert_int_equal(s.count + s.part_count + s.aged, 0);
	add(&s, 3, 30);
	assert_int_equal(since(&s, 3, 30), 30);
	seen_fini(&s);
}

/* When there is no room left, the aged ones go first. */
static void test_bounded(void **state)
{
	struct seen s = { 0 };
	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		add(&s, 1000 - i, 1 + i);
	assert_true(s.overflow);
	size_t most = s.part_count;
	seen_age(&s, seen_fresh(&s), 0);
	assert_int_equal(before(&s, 1000, 2000), 1);
	add(&s, 7, 3000);
	assert_false(s.overflow);
	assert_int_equal(since(&s, 7, 3000), 3000);
	assert_true(s.part_count < most && s.aged == 0);
	for (uint64_t i = 0; i < 1000000; i++)
		add(&s, 8 + 2 * i, 3001);
	assert_true(s.overflow && s.count <= 1 << 16);
	seen_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_time),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
