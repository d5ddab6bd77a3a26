/* What came into memory since the beginning, who brought it, and when. */
#include "unit/verdict_case.h"

#include <string.h>

#include "verdict/arrivals.h"

/* What was there at the first look did not come; what went is not there. Two lines of one function are one. */
static void test_arrivals(void **state)
{
	struct arrivals a;

	library(0x400000, "/tmp/demo");
	anon(0x3000000, 0x3100000, "rw-");
	pages(0x3000000, 0x3002000, PAGE_ANON);
	tick();
	arrivals_take(&a, p, now_ns);
	assert_false(a.known);
	arrivals_fini(&a);
	now_ns = 4000 * MS;
	for (uint64_t at = 0x3004000; at < 0x3010000; at += PAGE)
		fault(at, at < 0x3006000 ? 0x400100 : 0x400200);
	fault(0x3020000, 0x400300);
	pages(0x3004000, 0x3010000, PAGE_ANON);
	pages(0x3030000, 0x3031000, PAGE_ANON); /* by no fault */
	name(0x400100, "insert", 9);
	name(0x400200, "insert", 31);
	name(0x400300, "gone", 50);
	tick();
	arrivals_take(&a, p, now_ns);
	assert_true(a.known);
	assert_int_equal(a.span_ns, 4000 * MS);
	assert_int_equal(a.stayed, 2 * PAGE);
	assert_int_equal(a.came, 13 * PAGE);
	assert_int_equal(a.unseen, PAGE);
	assert_int_equal(a.functions.count, 1);
	assert_string_equal(a.functions.list[0].name, "insert");
	assert_string_equal(a.functions.list[0].source, "leak.c:31");
	assert_int_equal(a.functions.list[0].bytes, 12 * PAGE);
	assert_int_equal(a.regions.count, 1);
	assert_true(a.regions.list[0].start == 0x3000000);
	arrivals_fini(&a);
	send(&(struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 0 } });
	arrivals_take(&a, p, now_ns + 9000 * MS); /* the watch goes on */
	assert_int_equal(a.span_ns, 4000 * MS);
	arrivals_fini(&a);
}

/* A later fault of a page that was there is not what brought it, also after a seek to a keyframe. */
static void test_what_brought_a_page(void **state)
{
	static const enum fault_cause causes[] = { FAULT_ZERO_FILL, FAULT_REUSE, FAULT_WRITE_ENABLE };
	struct arrivals a;

	library(0x400000, "/tmp/demo");
	anon(0x3000000, 0x3100000, "rw-");
	tick();
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		struct event e = { .type = EVENT_FAULT };

		now_ns += 1000 * MS;
		e.fault = (struct event_fault){ .address = 0x3000000,
						.ip = 0x400100 + 0x100 * i,
						.tid = 7,
						.access = FAULT_WRITE,
						.cause = causes[i] };
		send(&e);
	}
	pages(0x3000000, 0x3001000, PAGE_ANON);
	name(0x400100, "insert", 9);
	name(0x400200, "collect", 31);
	name(0x400300, "sync", 50);
	tick();
	arrivals_take(&a, p, now_ns);
	assert_int_equal(a.functions.count, 1);
	assert_string_equal(a.functions.list[0].name, "insert");
	assert_int_equal(a.unseen, 0);
	arrivals_fini(&a);
	fault(0x3000000, 0x400200); /* it had gone, and came again */
	arrivals_take(&a, p, now_ns);
	assert_string_equal(a.functions.list[0].name, "collect");
	arrivals_fini(&a);
}

/* Two looks far apart show that it grew, not when: its faults show that it had stopped long before. */
static void test_growth_between_distant_looks(void **state)
{
	struct event e = { .type = EVENT_SOURCE, .source = { .kind = SOURCE_FAULTS, .ok = true, .why = "" } };
	struct verdict v;

	send(&e);
	library(0x600000, "/usr/bin/demo");
	anon(0x3000000, 0x3500000, "rw-");
	tick();
	for (int late = 0; late < 2; late++) {
		now_ns = (late ? 3600 : 1000) * MS;
		for (uint64_t at = 0x3000000; at < 0x3500000; at += PAGE)
			fault(at, 0x600100);
		now_ns = 4000 * MS;
		pages(0x3000000, 0x3500000, PAGE_ANON);
		tick();
		verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
		assert_true(late == (sentence(&v, SENTENCE_GROWING) != NULL));
		verdict_fini(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arrivals),
		TEST(test_what_brought_a_page),
		TEST(test_growth_between_distant_looks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
