/* Which faults made the stack grow, however regions and faults come to be known. */
#include "live/stack_growth.h"
#include "live/touches.h"
#include "unit/check.h"

#define PAGE UINT64_C(4096)
#define START (UINT64_C(0x7ffc00000000))

static void region(struct stack_growth *g, enum event_type type, uint64_t start, uint64_t now_ns)
{
	struct event e = { .type = type, .time_ns = now_ns };
	e.region.attr = (struct region_attr){
		.start = start, .end = START + 64 * PAGE, .kind = REGION_STACK, .path = ""
	};
	stack_growth_note(g, &e);
}

/* The faults come before the regions are read again. */
static void test_faults_first(void **state)
{
	struct stack_growth g = { 0 };
	(void)state;
	region(&g, EVENT_MAP, START, 100);
	assert_false(stack_growth_by(&g, START + PAGE, 150));
	assert_false(stack_growth_by(&g, START, 151));
	assert_true(stack_growth_by(&g, START - PAGE, 152));
	assert_false(stack_growth_by(&g, START - PAGE, 153));
	assert_true(stack_growth_by(&g, START - 3 * PAGE, 154));
	assert_false(stack_growth_by(&g, START - 2 * PAGE, 155)); /* the stack was larger already */
}

/* The other way round, as with a stopped process. */
static void test_regions_first(void **state)
{
	struct stack_growth g = { 0 };
	(void)state;
	region(&g, EVENT_MAP, START, 100);
	region(&g, EVENT_CHANGE, START - 2 * PAGE, 200);
	assert_true(stack_growth_by(&g, START - PAGE, 150));
	assert_true(stack_growth_by(&g, START - 2 * PAGE, 151));
	region(&g, EVENT_CHANGE, START - 5 * PAGE, 300);
	assert_true(stack_growth_by(&g, START - 5 * PAGE, 250));
}

/* It grew without a fault that was reported. */
static void test_unreported(void **state)
{
	struct stack_growth g = { 0 };
	(void)state;
	region(&g, EVENT_MAP, START, 100);
	region(&g, EVENT_CHANGE, START - 4 * PAGE, 200);
	assert_false(stack_growth_by(&g, START - 2 * PAGE, 201 + TOUCHES_LATE_NS));
	assert_true(stack_growth_by(&g, START - 5 * PAGE, 202 + TOUCHES_LATE_NS));
}

/* A reading has seen what they did, and they are stamped later: the thread was held up before it could
 * report, or the reading took its time before it read. */
static void test_late(void **state)
{
	struct stack_growth g = { 0 };
	(void)state;
	region(&g, EVENT_MAP, START, 100);
	region(&g, EVENT_CHANGE, START - 4 * PAGE, 200);
	assert_true(stack_growth_by(&g, START - 2 * PAGE, 201));
	assert_false(stack_growth_by(&g, START - PAGE, 202));
	assert_true(stack_growth_by(&g, START - 4 * PAGE, 203));
	assert_false(stack_growth_by(&g, START - 3 * PAGE, 204));
}

static void test_unknown(void **state)
{
	struct stack_growth g = { 0 };
	(void)state;
	assert_false(stack_growth_by(&g, START, 5));
	struct event e = { .type = EVENT_MAP, .time_ns = 7 };
	e.region.attr =
	    (struct region_attr){ .start = START, .end = START + PAGE, .kind = REGION_ANON, .path = "" };
	stack_growth_note(&g, &e);
	assert_false(stack_growth_by(&g, START - PAGE, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults_first), cmocka_unit_test(test_regions_first),
		cmocka_unit_test(test_unreported),   cmocka_unit_test(test_late),
		cmocka_unit_test(test_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
