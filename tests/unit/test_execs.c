/* An exec is sent once, whether the tracer, a look or a report shows it first. */
#include "base/clock.h"
#include "live/execs.h"
#include "unit/check.h"

static size_t report(struct execs *e, const struct fault_task *tasks, size_t count, size_t *first)
{
	const struct fault_task *reports = tasks;
	size_t n = execs_reported(e, &reports, count);

	*first = (size_t)(reports - tasks);
	return n;
}

static void test_tracer(void **state)
{
	struct execs e = { 0 };

	assert_int_equal(execs_stop(&e, 0), EXECS_STOP_NONE);
	assert_int_equal(execs_stop(&e, 1), EXECS_STOP_NEW);
	e.count = 1;
	assert_int_equal(execs_stop(&e, 1), EXECS_STOP_NONE);
}

/* A look has found it, the tracer comes after. */
static void test_ahead(void **state)
{
	struct execs e = { .count = 1, .ahead = true };

	assert_int_equal(execs_stop(&e, 1), EXECS_STOP_NONE);
	assert_int_equal(execs_stop(&e, 2), EXECS_STOP_SENT);
	e.ahead = false;
	assert_int_equal(execs_stop(&e, 2), EXECS_STOP_NONE);
	assert_int_equal(execs_stop(&e, 3), EXECS_STOP_NEW);
}

static void test_reported(void **state)
{
	const struct fault_task tasks[] = { { .time_ns = 10 * CLOCK_SECOND },
					    { .time_ns = 11 * CLOCK_SECOND },
					    { .time_ns = 12 * CLOCK_SECOND } };
	struct execs e = { 0 };
	size_t first;

	assert_int_equal(report(&e, tasks, 0, &first), 0);
	assert_int_equal(report(&e, tasks, 3, &first), 3);
	assert_int_equal(first, 0);
	e.traced_ns = 11 * CLOCK_SECOND; /* the tracer brought the first two */
	assert_int_equal(report(&e, tasks, 3, &first), 1);
	assert_int_equal(first, 2);
	e.traced_ns = 20 * CLOCK_SECOND;
	assert_int_equal(report(&e, tasks, 3, &first), 0);
}

/* Those that the tracer's stop has brought, and those that are long over. */
static void test_settled(void **state)
{
	uint64_t now = clock_now_ns();
	const struct fault_task tasks[] = { { .time_ns = now - 2 * CLOCK_SECOND },
					    { .time_ns = now + CLOCK_SECOND },
					    { .time_ns = now + 2 * CLOCK_SECOND } };
	struct execs e = { 0 };

	assert_int_equal(execs_settled(&e, tasks, 0), 0);
	assert_int_equal(execs_settled(&e, tasks, 3), 1);
	e.traced_ns = now + CLOCK_SECOND;
	assert_int_equal(execs_settled(&e, tasks, 3), 2);
}

/* What a look has found is reported later: the first report is of that one, and only once. */
static void test_found(void **state)
{
	const struct fault_task tasks[] = { { .time_ns = 10 * CLOCK_SECOND },
					    { .time_ns = 11 * CLOCK_SECOND } };
	struct execs e = { .unreported_ns = 10 * CLOCK_SECOND + CLOCK_MS, .unreported = 1 };
	size_t first;

	assert_int_equal(report(&e, tasks, 1, &first), 0);
	assert_int_equal(report(&e, tasks, 2, &first), 2);
	e.unreported = 1;
	e.unreported_ns = 9 * CLOCK_SECOND; /* long before: it has nothing to do with these */
	assert_int_equal(report(&e, tasks, 2, &first), 2);
	assert_int_equal(first, 0);
}

/* So many are still to be reported. */
static void test_unreported(void **state)
{
	uint64_t now = clock_now_ns();
	const struct fault_task tasks[] = { { .time_ns = now }, { .time_ns = now }, { .time_ns = now } };
	struct execs e = { 0 };
	size_t first;

	assert_int_equal(execs_unreported(&e), 0);
	execs_sent(&e);
	execs_sent(&e);
	assert_int_equal(execs_unreported(&e), 2);
	assert_int_equal(report(&e, tasks, 3, &first), 1);
	assert_int_equal(first, 2);
	assert_int_equal(execs_unreported(&e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tracer),   cmocka_unit_test(test_ahead),
		cmocka_unit_test(test_reported), cmocka_unit_test(test_settled),
		cmocka_unit_test(test_found),    cmocka_unit_test(test_unreported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
