/* The verdict of processes that are made up: amounts, what came, and the sentences. */
#include "unit/verdict_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/report.h"
#include "verdict/words.h"

/* Of a private file mapping what is dirty beyond the copies is the file's; of shared memory nothing is. */
static void test_amounts(void **state)
{
	struct region_sums sums[] = {
		{ .start = 0x1000000,
		  .end = 0x1100000,
		  .kind = REGION_FILE,
		  .rss = 100 * KIB,
		  .anonymous = 20 * KIB,
		  .private_dirty = 50 * KIB,
		  .private_clean = 50 * KIB },
		{ .start = 0x2000000,
		  .end = 0x2100000,
		  .kind = REGION_SHM,
		  .rss = 40 * KIB,
		  .shared_dirty = 40 * KIB,
		  .pss = 20 * KIB },
		{ .start = 0x3000000,
		  .end = 0x3100000,
		  .kind = REGION_ANON,
		  .rss = 64 * KIB,
		  .anonymous = 64 * KIB,
		  .lazyfree = 16 * KIB,
		  .shared_clean = 4 * KIB,
		  .shared_dirty = 8 * KIB,
		  .private_dirty = 52 * KIB,
		  .swap = 12 * KIB,
		  .is_locked = true },
	};
	struct amounts a;

	anon(0x3000000, 0x3100000, "rw-");
	pages(0x3000000, 0x3000000 + 204 * KIB, PAGE_ANON);
	figures.sums = sums;
	figures.sums_count = 3;
	read_figures();
	amounts_take(&a, p);
	assert_true(a.from_sums && a.fresh);
	assert_int_equal(a.rss, 204 * KIB);
	assert_int_equal(a.parts[AMOUNT_FILE_DIRTY], 30 * KIB);
	assert_int_equal(a.parts[AMOUNT_FILE_CLEAN], 50 * KIB);
	assert_int_equal(a.parts[AMOUNT_FREED], 16 * KIB);
	assert_int_equal(a.parts[AMOUNT_PRIVATE], 68 * KIB);
	assert_int_equal(a.parts[AMOUNT_SHARED], 40 * KIB);
	assert_true(a.dirty_at_least); /* whether there is swap is unknown */
	assert_int_equal(a.fork, 12 * KIB);
	assert_int_equal(a.own, 152 * KIB);
	assert_int_equal(a.locked, 64 * KIB);
	assert_int_equal(a.swap, 12 * KIB);
	/* the process has grown since they were read: only page states count */
	now_ns += 1000 * MS;
	pages(0x3000000, 0x3100000, PAGE_ANON);
	amounts_take(&a, p);
	assert_false(a.from_sums || a.fresh);
	assert_int_equal(a.rss, MIB);
	assert_int_equal(a.parts[AMOUNT_PRIVATE], MIB);
	assert_true(a.parts[AMOUNT_FILE_CLEAN] == KERNEL_UNKNOWN && a.pss == KERNEL_UNKNOWN);
}

#define IN_KERNEL UINT64_C(0xffffffff81b6ab30)

static const struct arrival_row *row_of(const struct arrivals *a, const char *name, const char *object)
{
	for (size_t i = 0; i < a->functions.count; i++)
		if (!strcmp(a->functions.list[i].name, name) && !strcmp(a->functions.list[i].object, object))
			return &a->functions.list[i];
	return NULL;
}

/* Does any figure of the report have that label, and that note beside it? */
static bool reports(const struct verdict *v, const char *label, const char *note)
{
	struct report report;
	bool found = false;

	report_init(&report, v);
	for (size_t i = 0; i < report.count; i++)
		found |= report.rows[i].kind == REPORT_FIGURE && !strcmp(report.rows[i].label, label) &&
			 strstr(report.rows[i].note, note);
	report_fini(&report);
	return found;
}

static bool row_is(const struct arrival_row *row, int who, uint64_t bytes)
{
	return row && (int)row->who == who && row->bytes == bytes;
}

/* A library's function without a stack, and the kernel without one, are not named as the cause; own code needs no stack. */
static void test_stacks_not_taken(void **state)
{
	struct verdict v;

	library(0x400000, "/tmp/demo");
	library(0x600000, "/usr/lib/libc.so.6");
	anon(0x3000000, 0x4000000, "rw-");
	tick();
	now_ns = 4000 * MS;
	for (uint64_t at = 0x3000000; at < 0x3400000; at += PAGE)
		fault(at, IN_KERNEL);
	for (uint64_t at = 0x3400000; at < 0x3700000; at += PAGE)
		fault(at, 0x600100);
	for (uint64_t at = 0x3700000; at < 0x3800000; at += PAGE)
		fault_called(at, 0x600100, 0x400100);
	for (uint64_t at = 0x3800000; at < 0x3900000; at += PAGE)
		fault(at, 0x400100);
	pages(0x3000000, 0x3900000, PAGE_ANON);
	name_in("/usr/lib/libc.so.6", 0x600100, "memset", 9);
	name(0x400100, "fill", 31);
	tick();
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	const struct arrivals *a = &v.facts.arrivals;
	assert_int_equal(a->functions.count, 3);
	assert_true(row_is(row_of(a, "", "[kernel]"), ARRIVAL_NO_STACK, 4 * MIB));
	assert_true(row_is(row_of(a, "memset", "libc.so.6"), ARRIVAL_NO_STACK, 3 * MIB));
	assert_true(row_is(row_of(a, "fill", "demo"), ARRIVAL_KNOWN, 2 * MIB));
	assert_true(reports(&v, "memset", "its stack was not taken"));
	assert_true(reports(&v, "the kernel, in a system call", "its stack was not taken"));
	const struct sentence *growth = sentence(&v, SENTENCE_GROWTH);
	assert_true(growth && strstr(growth->says, "22 %") && strstr(growth->says, "fill (leak.c:31)"));
	verdict_fini(&v);
}

/* A user who may not see faults within system calls learns that if most of what came has none. */
static void test_user_mode_only(void **state)
{
	struct event e = { .type = EVENT_SOURCE };
	struct verdict v;

	anon(0x3000000, 0x4000000, "rw-");
	e.source.kind = SOURCE_FAULTS;
	e.source.ok = true;
	e.source.why = "";
	send(&e);
	tick();
	now_ns = 4000 * MS;
	pages(0x3000000, 0x3900000, PAGE_ANON);
	tick();
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	assert_null(
	    sentence(&v, SENTENCE_UNSEEN)); /* nothing is known against it: they came without a fault */
	assert_true(reports(&v, "no fault seen", "they came without a fault"));
	verdict_fini(&v);
	e.source.partial = true;
	e.source.why = "in user mode only";
	send(&e);
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	const struct sentence *unseen = sentence(&v, SENTENCE_UNSEEN);
	assert_true(unseen && strstr(unseen->says, "100 %") && strstr(unseen->says, "within system calls"));
	assert_true(reports(&v, "no fault seen", "within system calls"));
	verdict_fini(&v);
}

/* Sentences about the largest look at an ended process do not sound as if it still ran, or as if that were
 * its end. */
static void test_largest_look(void **state)
{
	struct region_sums sums = { .start = 0x3000000,
				    .end = 0x4000000,
				    .kind = REGION_ANON,
				    .rss = 9 * MIB,
				    .anonymous = 9 * MIB,
				    .private_dirty = 9 * MIB };
	struct verdict v;

	anon(0x3000000, 0x4000000, "rw-");
	for (int i = 0; i < 9; i++) {
		now_ns += 400 * MS;
		pages(0x3000000, 0x3100000 + (uint64_t)i * MIB, PAGE_ANON);
		tick();
	}
	figures.sums = &sums;
	figures.sums_count = 1;
	figures.values[KERNEL_RSS_PEAK] = 20 * MIB;
	read_figures();
	verdict_init(&v, NULL, p, now_ns, MIB);
	assert_true(facts_ended(&v.facts));
	assert_null(sentence(&v, SENTENCE_GROWING));
	const struct sentence *peak = sentence(&v, SENTENCE_PEAK);
	assert_true(peak && !strstr(peak->says, "now") && strstr(peak->says, "9.00 MiB at this look"));
	for (size_t i = 0; i < v.sentences_count; i++)
		assert_null(strstr(v.sentences[i].remedy, "free it"));
	verdict_fini(&v);
}

/* A process that has not written to a file, or may not, gets no advice to write its pages. */
static void test_dirty_by_others(void **state)
{
	struct region_sums sums = {
		.start = 0x3000000, .end = 0x3100000, .kind = REGION_FILE, .rss = MIB, .private_dirty = MIB
	};
	static const struct {
		const char *perms;
		uint8_t share;
		bool said;
	} cases[] = {
		{ "rw-", 0, false },
		{ "r--", REGION_MAY_SHARE, false },
		{ "rw-", REGION_MAY_SHARE, true },
	};

	for (size_t i = 0; i < 3; i++) {
		struct event e = { .type = EVENT_MAP };
		struct verdict v;

		e.region.id = 1;
		e.region.attr = (struct region_attr){ .start = 0x3000000,
						      .end = 0x3100000,
						      .kind = REGION_FILE,
						      .path = "/tmp/data",
						      .perms = (uint8_t)(REGION_READ | cases[i].share) };
		if (cases[i].perms[1] == 'w')
			e.region.attr.perms |= REGION_WRITE;
		e.type = i ? EVENT_CHANGE : EVENT_MAP;
		send(&e);
		pages(0x3000000, 0x3100000, PAGE_FILE);
		figures.sums = &sums;
		figures.sums_count = 1;
		read_figures();
		verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
		assert_int_equal(v.facts.amounts.parts[AMOUNT_FILE_DIRTY], MIB);
		assert_int_equal(sentence(&v, SENTENCE_DIRTY) != NULL, cases[i].said);
		verdict_fini(&v);
	}
}

/* As many as hold, five at most, the weightiest first; and none for a process about which there is nothing to
 * say. */
static void test_sentences(void **state)
{
	struct region_sums sums = { .start = 0x30000000,
				    .end = 0x70000000,
				    .kind = REGION_ANON,
				    .rss = 64 * MIB,
				    .anonymous = 64 * MIB,
				    .lazyfree = 16 * MIB,
				    .shared_dirty = 32 * MIB,
				    .private_dirty = 32 * MIB,
				    .huge = 40 * MIB,
				    .swap = 8 * MIB,
				    .is_locked = true };
	struct verdict v;

	tick();
	verdict_init(&v, NULL, p, 0, KERNEL_NONE);
	assert_int_equal(v.sentences_count, 0);
	verdict_fini(&v);
	anon(0x30000000, 0x70000000, "rw-");
	pages(0x30000000, 0x34000000, PAGE_ANON);
	figures.sums = &sums;
	figures.sums_count = 1;
	figures.values[KERNEL_REGIONS_MAX] = 1;
	figures.values[KERNEL_MACHINE_SWAP] = 0;
	figures.values[KERNEL_HUGE_READ] = 40 * MIB;
	figures.values[KERNEL_HUGE_ZERO] = 30 * MIB;
	read_figures();
	verdict_init(&v, NULL, p, 0, KERNEL_NONE);
	assert_int_equal(v.sentences_count, SENTENCES_MAX);
	for (size_t i = 1; i < v.sentences_count; i++)
		assert_true(v.sentences[i - 1].weight >= v.sentences[i].weight);
	assert_int_equal(v.sentences[0].kind, SENTENCE_REGIONS);
	assert_non_null(sentence(&v, SENTENCE_LOCKED));
	const struct sentence *zero = sentence(&v, SENTENCE_HUGE_ZERO);
	assert_null(sentence(&v, SENTENCE_HUGE)); /* for they were read */
	assert_true(zero && strstr(zero->says, "30.0 MiB"));
	for (size_t i = 0; i < v.sentences_count; i++)
		assert_true(*v.sentences[i].says && *v.sentences[i].evidence);
	verdict_fini(&v);
}

/* Nothing can be done about what the loader keeps. */
static void test_loader(void **state)
{
	struct verdict v;

	library(0x400000, "/usr/lib64/ld-linux-x86-64.so.2");
	anon(0x3000000, 0x3100000, "rw-");
	tick();
	now_ns = 4000 * MS;
	for (uint64_t at = 0x3000000; at < 0x3100000; at += PAGE)
		fault(at, 0x400100);
	pages(0x3000000, 0x3100000, PAGE_ANON);
	name_in("/usr/lib64/ld-linux-x86-64.so.2", 0x400100, "elf_machine_rela_relative", 9);
	tick();
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	const struct sentence *growth = sentence(&v, SENTENCE_GROWTH);
	assert_true(growth && !strncmp(growth->remedy, "that is the dynamic loader",
				       strlen("that is the dynamic loader")));
	verdict_fini(&v);
}

/* Every program has a loader: its small share is not news, but the next function is. */
static void test_loader_beside_others(void **state)
{
	struct verdict v;

	library(0x400000, "/usr/lib64/ld-linux-x86-64.so.2");
	library(0x600000, "/usr/bin/demo");
	anon(0x3000000, 0x3500000, "rw-");
	tick();
	now_ns = 4000 * MS;
	for (uint64_t at = 0x3000000; at < 0x3500000; at += PAGE)
		fault(at, at < 0x3140000 ? 0x400100 : 0x600100 + (at >> 18 & 3) * 0x10);
	pages(0x3000000, 0x3500000, PAGE_ANON);
	name_in("/usr/lib64/ld-linux-x86-64.so.2", 0x400100, "elf_machine_rela_relative", 9);
	for (int i = 0; i < 4; i++) {
		char function[8] = { 'f', (char)('0' + i) };

		name_in("/usr/bin/demo", 0x600100 + (uint64_t)i * 0x10, function, 9);
	}
	tick();
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	assert_string_equal(v.facts.arrivals.functions.list[0].name, "elf_machine_rela_relative");
	assert_int_equal(v.facts.arrivals.functions.list[0].share, 25);
	const struct sentence *growth = sentence(&v, SENTENCE_GROWTH);
	assert_true(growth && strstr(growth->says, "first touched by f"));
	verdict_fini(&v);
}

/* What has ended cannot be watched any longer, nor does it still grow. */
static void test_growth_of_what_has_ended(void **state)
{
	struct event e = { .type = EVENT_STATUS };
	struct verdict v;

	library(0x600000, "/usr/bin/demo");
	anon(0x3000000, 0x3500000, "rw-");
	tick();
	for (int i = 0; i < 10; i++) {
		now_ns += 400 * MS;
		for (uint64_t at = 0x3000000 + (uint64_t)i * 0x80000; at < 0x3080000 + (uint64_t)i * 0x80000;
		     at += PAGE)
			fault(at, 0x600100);
		pages(0x3000000 + (uint64_t)i * 0x80000, 0x3080000 + (uint64_t)i * 0x80000, PAGE_ANON);
		tick();
	}
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	char nothing[] = "";
	const struct sentence none = { .says = nothing, .remedy = nothing },
			      *growing = sentence(&v, SENTENCE_GROWING);
	growing = growing ? growing : &none;
	assert_int_equal(strncmp(growing->says, "It was still growing", 20), 0);
	assert_non_null(strstr(growing->remedy, "watch it longer"));
	verdict_fini(&v);
	e.status.status = PROCESS_EXITED;
	send(&e);
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	growing = sentence(&v, SENTENCE_GROWING);
	growing = growing ? growing : &none;
	assert_int_equal(strncmp(growing->says, "It grew until its end", 21), 0);
	assert_null(strstr(growing->remedy, "watch"));
	verdict_fini(&v);
}

/* The kernel's sums are a moment older than the pages that an owner has: it never has more than all. */
static void test_share_of_a_growing_process(void **state)
{
	static struct region_sums sums = { .start = 0x30000000,
					   .end = 0x40000000,
					   .rss = 62 * MIB,
					   .anonymous = 62 * MIB,
					   .private_dirty = 62 * MIB };
	struct verdict v;

	map(0x30000000, 0x40000000, "rw-", REGION_HEAP, "[heap]");
	figures.sums = &sums;
	figures.sums_count = 1;
	read_figures();
	now_ns = 1000 * MS;
	pages(0x30000000, 0x34000000, PAGE_ANON);
	tick();
	verdict_init(&v, NULL, p, now_ns, KERNEL_NONE);
	assert_true(v.facts.amounts.from_sums);
	const struct sentence *owner = sentence(&v, SENTENCE_OWNER);
	assert_true(owner && strstr(owner->says, "64.0 MiB, 100 % of RSS"));
	verdict_fini(&v);
}

/* Names come from outside: what people get to see is printable. */
static void test_report_is_printable(void **state)
{
	struct report report;
	struct verdict v;
	bool found = false;

	library(0x400000, "/tmp/a\033[31mred\nline");
	pages(0x400000, 0x410000, PAGE_FILE);
	tick();
	verdict_init(&v, NULL, p, 0, KERNEL_NONE);
	report_init(&report, &v);
	for (size_t i = 0; i < report.count; i++) {
		const char *texts[] = { report.rows[i].label, report.rows[i].value, report.rows[i].note };

		for (size_t t = 0; t < 3; t++)
			for (const char *c = texts[t]; *c; c++)
				assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
		found |= strstr(report.rows[i].label, "red") != NULL;
	}
	assert_true(found);
	report_fini(&report);
	verdict_fini(&v);
}

static void test_words(void **state)
{
	char buf[WORDS_SIZE];

	assert_string_equal(words_size(buf, 0), "0");
	assert_string_equal(words_size(buf, 12), "12 B");
	assert_string_equal(words_size(buf, 640 * KIB), "640 KiB");
	assert_string_equal(words_size(buf, MIB - 1), "1.00 MiB");
	assert_string_equal(words_size(buf, 412 * MIB / 10), "41.2 MiB");
	assert_string_equal(words_size(buf, UINT64_C(1) << 40), "1.00 TiB");
	assert_string_equal(words_size(buf, KERNEL_UNKNOWN), "unknown");
	assert_string_equal(words_size(buf, KERNEL_NONE), "no limit");
	assert_int_equal(words_percent(0, 0), 0);
	assert_int_equal(words_percent(1, 100000), 0);
	assert_int_equal(words_percent(99999, 100000), 100);
	assert_int_equal(words_percent(7, 7), 100);

	uint64_t parts[] = { 1, 1, 1, KERNEL_UNKNOWN, 0 };
	unsigned shares[5];
	char share[WORDS_SIZE];

	words_split(parts, 5, 3, shares); /* a third each: one of them gets the hundredth that is left */
	assert_int_equal(shares[0] + shares[1] + shares[2], 100);
	assert_in_range(shares[2], 33, 34);
	assert_int_equal(shares[3], 0);
	assert_int_equal(shares[4], 0);
	words_split((uint64_t[]){ 995, 4, 1 }, 3, 1000, shares);
	assert_int_equal(shares[0], 100);
	assert_string_equal(words_share(share, shares[1], 4, 1000), "<1 %");
	assert_string_equal(words_share(share, shares[0], 995, 1000), ">99 %");
	assert_string_equal(words_share(share, 0, 0, 7), "0 %");
	assert_string_equal(words_share(share, 42, 42, 100), "42 %");
	assert_string_equal(words_share(share, 0, 0, 0), "0 %");
	assert_string_equal(words_share(share, 100, 7, 7), "100 %");
	assert_string_equal(words_share(share, 99, 99499, 100000), "99 %");
	assert_string_equal(words_share(share, 100, 99999, 100000), ">99 %");
	assert_string_equal(words_share(share, 1, 6, 1000), "<1 %"); /* rounded it would be one */
	assert_string_equal(words_share(share, 1, 10, 1000), "1 %");
	/* the hundredth that is left goes to none of less than a half */
	words_split((uint64_t[]){ 3330, 3320, 3315, 35 }, 4, 10000, shares);
	assert_int_equal(shares[0], 34);
	assert_string_equal(words_share(share, shares[3], 35, 10000), "<1 %");
	words_split((uint64_t[]){ 1, 1 }, 2, 8, shares); /* the rest is elsewhere */
	assert_int_equal(shares[0] + shares[1], 25);
	words_split((uint64_t[]){ 0, 0 }, 2, 0, shares);
	assert_int_equal(shares[0] + shares[1], 0);
	assert_string_equal(words_span(buf, 1740 * MS), "1.7 s");
	assert_string_equal(words_span(buf, 200000 * MS), "3 min 20 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_amounts),
		TEST(test_stacks_not_taken),
		TEST(test_user_mode_only),
		TEST(test_largest_look),
		TEST(test_dirty_by_others),
		TEST(test_sentences),
		TEST(test_loader),
		TEST(test_loader_beside_others),
		TEST(test_growth_of_what_has_ended),
		TEST(test_share_of_a_growing_process),
		TEST(test_report_is_printable),
		TEST(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
