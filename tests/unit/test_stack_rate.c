/* How many stacks are taken of how many faults: what counts is the program's own time. */
#include "base/clock.h"
#include "live/stack_rate.h"
#include "unit/check.h"

#define SPAN (20 * CLOCK_MS)

/* So many faults a second, for so long, as they are noted every 20 ms. Returns how many had stacks. */
static uint64_t go_on(struct stack_rate *r, uint64_t per_second, uint64_t ms)
{
	uint64_t stacks = 0, faults = per_second / 50;

	for (uint64_t at = 0; at < ms; at += 20) {
		stacks += faults / r->every;
		stack_rate_note(r, faults, SPAN);
	}
	return stacks;
}

static void test_few(void **state)
{
	struct stack_rate r;

	stack_rate_init(&r, 0);
	assert_int_equal(go_on(&r, STACK_RATE_PER_SECOND, 60000), 60 * STACK_RATE_PER_SECOND);
	assert_int_equal(r.every, 1);
}

/* What a program does once has all its stacks. */
static void test_burst(void **state)
{
	struct stack_rate r;

	stack_rate_init(&r, 0);
	assert_int_equal(go_on(&r, 100000, 180), 18000);
	assert_int_equal(r.every, 1);
	go_on(&r, 0, 4000);
	assert_int_equal(go_on(&r, 100000, 180), 18000);
}

static void test_storm(void **state)
{
	static const struct {
		uint64_t per_second;
		uint32_t every;
	} storms[] = { { 10000, 4 },   { 20000, 4 },     { 50000, 16 },
		       { 250000, 64 }, { 1000000, 256 }, { 100000000, 256 } };

	for (size_t i = 0; i < sizeof storms / sizeof *storms; i++) {
		struct stack_rate r;

		stack_rate_init(&r, 0);
		go_on(&r, storms[i].per_second, 5000);
		assert_int_equal(r.every, storms[i].every);
	}
}

/* Once it is over, each fault has its stack again, though not at once. */
static void test_after(void **state)
{
	struct stack_rate r;

	stack_rate_init(&r, 0);
	go_on(&r, 250000, 2000);
	assert_int_equal(r.every, 64);
	go_on(&r, 100, 1000);
	assert_int_equal(r.every, 64);
	go_on(&r, 100, 1500);
	assert_int_equal(r.every, 1);
}

/* A lasting storm of faults costs the configured rate, and at most one full bucket more. */
static void test_bound(void **state)
{
	for (uint64_t per_second = 6000; per_second < 1000000; per_second = per_second * 3 / 2) {
		struct stack_rate r;

		stack_rate_init(&r, 0);
		assert_true(go_on(&r, per_second, 60000) <=
			    60 * STACK_RATE_PER_SECOND + STACK_RATE_STORE + per_second / 50);
	}
}

static void test_asked(void **state)
{
	struct stack_rate r;

	stack_rate_init(&r, 1);
	go_on(&r, 1000000, 5000);
	assert_int_equal(r.every, 1);
	stack_rate_init(&r, 10);
	go_on(&r, 10, 5000);
	assert_int_equal(r.every, 10);
	assert_true(r.fixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few),   cmocka_unit_test(test_burst), cmocka_unit_test(test_storm),
		cmocka_unit_test(test_after), cmocka_unit_test(test_bound), cmocka_unit_test(test_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
