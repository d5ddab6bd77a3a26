/* The faults of a family: what is thinned out is no answer to any question that may still come. */
#include <stdlib.h>

#include "kern/perf/kin_faults.h"
#include "unit/check.h"

static bool add(struct kin_faults *t, int32_t pid, uint64_t page, uint64_t time_ns, bool sure)
{
	return kin_faults_add(
	    t, &(struct kin_fault){ .page = page, .time_ns = time_ns, .pid = pid, .by = pid, .sure = sure });
}

#define PIDS 3
#define PAGES 5
#define FAULTS 6000
#define TIMES 20

struct question {
	int32_t pid;
	uint64_t page, from_ns, to_ns;
};

/* When the answer was; 0: there is none. */
static uint64_t ask(const struct kin_faults *faults, struct question q)
{
	const struct kin_fault *f = kin_faults_last(faults, q.pid, q.page, q.from_ns, q.to_ns);

	return f ? f->time_ns : 0;
}

static int by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool all_stay(const void *context, int32_t pid, uint64_t time_ns)
{
	(void)context;
	(void)pid;
	(void)time_ns;
	return true;
}

static bool one_goes(const void *context, int32_t pid, uint64_t time_ns)
{
	(void)time_ns;
	return pid != *(const int32_t *)context;
}

/* Nearly in order of time, as they come from several rings. */
static void fill(struct kin_faults *faults)
{
	for (int i = 0; i < FAULTS; i++)
		assert_true(add(faults, rand() % PIDS + 1, (uint64_t)(rand() % PAGES),
				(uint64_t)(i + 1 + rand() % 20), rand() & 1));
}

/* Every question that may be asked has the same answer as before. */
static void test_same_answers(void **state)
{
	struct kin_faults whole = { 0 }, thin = { 0 };
	uint64_t times[TIMES];

	(void)state;
	srand(7);
	fill(&whole);
	for (size_t i = 0; i < whole.count; i++) {
		const struct kin_fault *f = &whole.list[i];

		add(&thin, f->pid, f->page, f->time_ns, f->sure);
	}
	for (int i = 0; i < TIMES; i++)
		times[i] = (uint64_t)(rand() % (FAULTS * 3 / 4));
	qsort(times, TIMES, sizeof *times, by_time);
	assert_true(kin_faults_many(&thin));
	kin_faults_thin(&thin, times, TIMES, all_stay, NULL);
	/* those later than the last time, and one for each of the others, page and process */
	assert_true(thin.count < FAULTS * 2 / 5);
	assert_false(kin_faults_many(&thin));
	for (int i = 0; i < 20000; i++) {
		uint64_t now = times[TIMES - 1] + (uint64_t)(rand() % FAULTS);
		struct question q = { rand() % PIDS + 1, (uint64_t)(rand() % PAGES),
				      (uint64_t)(rand() % FAULTS), rand() & 1 ? times[rand() % TIMES] : now };

		assert_int_equal(ask(&thin, q), ask(&whole, q));
	}
	kin_faults_fini(&whole);
	kin_faults_fini(&thin);
}

/* A process that has gone takes its faults with it; the others keep theirs. */
static void test_gone(void **state)
{
	struct kin_faults faults = { 0 };
	int32_t gone = 2;
	uint64_t now = FAULTS + 100;

	(void)state;
	fill(&faults);
	kin_faults_thin(&faults, &now, 1, one_goes, &gone);
	assert_int_equal(faults.count, (PIDS - 1) * PAGES); /* the last of each */
	assert_int_equal(ask(&faults, (struct question){ gone, 1, 0, now }), 0);
	assert_int_not_equal(ask(&faults, (struct question){ 1, 1, 0, now }), 0);
	kin_faults_forget(&faults);
	assert_int_equal(ask(&faults, (struct question){ 1, 1, 0, now }), 0);
	kin_faults_fini(&faults);
}

/* A server that forks, and writes the same pages after each fork, needs no more memory. */
static void test_bounded(void **state)
{
	struct kin_faults faults = { 0 };
	uint64_t time = 0, most = 0;

	(void)state;
	for (int forks = 0; forks < 5000; forks++) {
		uint64_t times[] = { time, time + 1 };

		for (uint64_t page = 0; page < 200; page++)
			assert_true(add(&faults, 1, page, ++time, true));
		if (kin_faults_many(&faults))
			kin_faults_thin(&faults, times, 2, all_stay, NULL);
		most = faults.count > most ? faults.count : most;
	}
	assert_true(most < 8192);
	kin_faults_fini(&faults);
}

static void test_too_many(void **state)
{
	struct kin_faults faults = { 0 };

	(void)state;
	for (uint64_t i = 0; i < KIN_FAULTS_MAX; i++)
		add(&faults, 1, i, i + 1, true);
	assert_false(add(&faults, 1, 1, 1, true));
	kin_faults_fini(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_answers),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
