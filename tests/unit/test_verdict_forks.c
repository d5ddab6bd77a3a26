/* What a verdict says of forks: what is still shared, and who copied what. */
#include "unit/verdict_case.h"

#include <string.h>

#include "verdict/remedies.h"

/* A child's copies: which code made them, and what that suggests. Advice shared with another sentence is
 * given once. */
static void test_copied(void **state)
{
	static const struct event_copier copiers[] = {
		{ .ip = 0x1000,
		  .pages = 1500,
		  .named = true,
		  .function = "gc_collect_main",
		  .object = "/usr/bin/python3.11" },
		{ .ip = 0x2000,
		  .pages = 200,
		  .parent = true,
		  .named = true,
		  .function = "fill",
		  .object = "/tmp/demo" },
	};
	const struct event_forked forked = { .stage = FORKED_END,
					     .whole = true,
					     .known = true,
					     .shared = 2048,
					     .copied = 1536,
					     .by_child = 1500,
					     .by_parent = 200 };
	unsigned advice = 0;
	struct verdict v;

	anon(0x3000000, 0x4000000, "rw-");
	pages(0x3000000, 0x4000000, PAGE_ANON);
	p->parent = 6;
	forked_put(&p->forked, &forked);
	for (size_t i = 0; i < 2; i++)
		forked_put_copier(&p->forked, &copiers[i]);
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	const struct sentence *copied = sentence(&v, SENTENCE_COPIED);
	assert_true(copied && strstr(copied->says, "its parent 6 at the fork, 75 %") &&
		    strstr(copied->evidence, "1500, by gc_collect_main (python3.11) in the child") &&
		    strstr(copied->remedy, "gc.freeze()"));
	assert_string_equal(remedy_owner(&v.facts, OWNER_PYTHON, &advice), "");
	assert_int_equal(advice, ADVICE_TRACEMALLOC);
	verdict_fini(&v);
}

/* A share is never said to be more than it is: below 1 % it has no number, and what is "at least" is rounded down. */
static void test_small_share(void **state)
{
	static const struct {
		uint64_t shared;
		bool whole;
		const char *says;
	} cases[] = {
		{ 1 << 20, true, "at the fork, <1 % has been copied since: 8.00 MiB" },
		{ 1 << 20, false, "at the fork, at least 8.00 MiB has been copied since" },
		{ 204801, true, "at the fork, <1 % has been copied since: 8.00 MiB" },
		{ 204800, false, "at the fork, at least 1 % has been copied since: 8.00 MiB" },
		{ 107790, false, "at the fork, at least 1 % has been copied since: 8.00 MiB" },
		{ 107790, true, "at the fork, 2 % has been copied since: 8.00 MiB" },
	};

	(void)state;
	anon(0x3000000, 0x4000000, "rw-");
	pages(0x3000000, 0x4000000, PAGE_ANON);
	p->parent = 6;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct event_forked forked = { .stage = FORKED_END,
						     .whole = cases[i].whole,
						     .known = true,
						     .shared = cases[i].shared,
						     .copied = 2048,
						     .by_child = 2048 };
		struct verdict v;

		forked_put(&p->forked, &forked);
		verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
		const struct sentence *copied = sentence(&v, SENTENCE_COPIED);
		if (!copied || !strstr(copied->says, cases[i].says))
			fail_msg("%zu: %s", i, copied ? copied->says : "nothing");
		verdict_fini(&v);
	}
}

/* Advice about what is still shared points to the table of forks only if that has something to say. */
static void test_shared(void **state)
{
	static const struct {
		struct event_forked forked;
		const char *remedy;
	} cases[] = {
		{ { .stage = FORKED_NO }, "-f, or -p with both" },
		{ { .stage = FORKED_COUNTED, .known = true, .shared = 200, .unknown = 50 },
		  "from the start" },
		{ { .stage = FORKED_AWAITED }, "from the start" },
		{ { .stage = FORKED_COUNTED,
		    .known = true,
		    .shared = 200,
		    .unknown = 50,
		    .copied = 1,
		    .by_child = 1 },
		  "table of forks" },
		{ { .stage = FORKED_COUNTED, .known = true, .whole = true, .shared = 200 },
		  "table of forks" },
	};
	struct region_sums sums = { .start = 0x3000000,
				    .end = 0x4000000,
				    .kind = REGION_ANON,
				    .rss = 16 * MIB,
				    .anonymous = 16 * MIB,
				    .shared_dirty = 8 * MIB,
				    .private_dirty = 8 * MIB };
	struct verdict v;

	(void)state;
	anon(0x3000000, 0x4000000, "rw-");
	pages(0x3000000, 0x4000000, PAGE_ANON);
	figures.sums = &sums;
	figures.sums_count = 1;
	read_figures();
	p->parent = 6;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		forked_put(&p->forked, &cases[i].forked);
		verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
		const struct sentence *shared = sentence(&v, SENTENCE_FORK);
		const char *remedy = shared ? shared->remedy : "";
		if (!strstr(remedy, cases[i].remedy))
			fail_msg("%zu: %s", i, remedy);
		verdict_fini(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_copied),
		TEST(test_small_share),
		TEST(test_shared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
