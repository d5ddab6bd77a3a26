/* The verdict of processes that are made up: what recognisers claim and what they do not, amounts, what came, and
 * the sentences. */
#include "unit/model_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/report.h"
#include "verdict/words.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)

static struct world *world;
static struct process *p;
static struct kernel_figures figures;
static uint64_t now_ns;

static int set_up(void **state)
{
	(void)state;
	world = world_create();
	now_ns = 0;
	p = check_process(world, 7);
	kernel_figures_init(&figures);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_destroy(world);
	figures.sums = NULL;
	figures.stacks = NULL;
	figures.nodes = NULL;
	kernel_figures_fini(&figures);
	return 0;
}

static void send(struct event *e)
{
	e->pid = 7;
	e->time_ns = now_ns;
	world_apply(world, e);
}

static void map(uint64_t start, uint64_t end, const char *perms, enum region_kind kind, const char *path)
{
	struct event e = { .type = EVENT_MAP };

	e.region.id = start;
	e.region.attr = (struct region_attr){ .start = start, .end = end, .kind = kind, .path = path };
	e.region.attr.perms =
	    (uint8_t)((perms[0] == 'r' ? REGION_READ : 0) | (perms[1] == 'w' ? REGION_WRITE : 0) |
		      (perms[2] == 'x' ? REGION_EXEC : 0));
	send(&e);
}

static void anon(uint64_t start, uint64_t end, const char *perms)
{
	map(start, end, perms, REGION_ANON, "");
}

static void library(uint64_t start, const char *path)
{
	map(start, start + 64 * KIB, "r-x", REGION_TEXT, path);
}

static void pages(uint64_t start, uint64_t end, enum page_state state)
{
	struct run tile = { start / PAGE, end / PAGE, page_word(state, 0) };
	struct event e = { .type = EVENT_PAGES };

	e.pages.tiles = &tile;
	e.pages.n = 1;
	send(&e);
}

static void tick(void)
{
	struct event e = { .type = EVENT_TICK };

	send(&e);
}

static void read_figures(void)
{
	struct event e = { .type = EVENT_FIGURES, .figures = &figures };

	send(&e);
}

static struct owner owner(enum owner_kind kind)
{
	struct owners owners;
	struct owner sum;

	owners_take(&owners, p);
	sum = owners_sum(&owners, kind);
	owners_fini(&owners);
	return sum;
}

#define ASSERT_OWNS(kind, how, bytes)                                                                        \
	do {                                                                                                 \
		struct owner sum_ = owner(kind);                                                             \
		assert_true(sum_.reserved == (bytes));                                                       \
		assert_int_equal(sum_.sure, how);                                                            \
		assert_non_null(sum_.ground);                                                                \
	} while (0)
#define ASSERT_OWNS_NOTHING(kind) assert_int_equal(owner(kind).regions, 0)

static void test_arenas(void **state)
{
	uint64_t at = UINT64_C(0x7f9de4000000);

	anon(at, at + MIB, "rw-");
	anon(at + MIB, at + 64 * MIB, "---");
	ASSERT_OWNS_NOTHING(OWNER_ARENA); /* there is no glibc */
	library(UINT64_C(0x7f0000000000), "/lib/libc.so.6");
	ASSERT_OWNS(OWNER_ARENA, OWNER_CERTAIN, 64 * MIB);
	assert_int_equal(owner(OWNER_ARENA).parts, 1);
	/* not at a multiple; not as large; something between; a right to the rest */
	anon(at + 65 * MIB, at + 66 * MIB, "rw-");
	anon(at + 66 * MIB, at + 128 * MIB, "---");
	anon(at + 128 * MIB, at + 129 * MIB, "rw-");
	anon(at + 129 * MIB, at + 191 * MIB, "---");
	anon(at + 192 * MIB, at + 193 * MIB, "rw-");
	anon(at + 194 * MIB, at + 256 * MIB, "---");
	ASSERT_OWNS(OWNER_ARENA, OWNER_CERTAIN, 64 * MIB);
	ASSERT_OWNS(OWNER_MALLOC_LARGE, OWNER_POSSIBLE, 3 * MIB);
}

static void test_heap(void **state)
{
	map(0x1000000, 0x1100000, "rw-", REGION_HEAP, "[heap]");
	ASSERT_OWNS(OWNER_BREAK, OWNER_CERTAIN, MIB);
	library(0x7000000, "/usr/lib/libc.so.6");
	ASSERT_OWNS(OWNER_MAIN_ARENA, OWNER_LIKELY, MIB);
	ASSERT_OWNS_NOTHING(OWNER_BREAK);
	anon(0x2000000, 0x2400000, "rw-");
	library(0x7100000, "/usr/lib/libjemalloc.so.2");
	ASSERT_OWNS(OWNER_BREAK, OWNER_CERTAIN, MIB);
	ASSERT_OWNS(OWNER_ALLOCATOR, OWNER_LIKELY, 4 * MIB);
}

static void test_stacks(void **state)
{
	struct stack_pointer pointers[] = { { 8, 0x20000000 + 3 * MIB }, { 9, 0x900000000 } };
	uint64_t guard = 4 * KIB, at = 0x10000000;

	anon(at, at + guard, "---");
	anon(at + guard, at + guard + 8 * MIB, "rw-");
	ASSERT_OWNS_NOTHING(OWNER_THREADS); /* the limit is not known */
	figures.values[KERNEL_STACK_LIMIT] = 8 * MIB;
	read_figures();
	ASSERT_OWNS(OWNER_THREADS, OWNER_LIKELY, 8 * MIB + guard);
	assert_int_equal(owner(OWNER_THREADS).parts, 1);
	/* another size, but a thread stands in it; one beyond all regions does no harm */
	anon(0x20000000, 0x20000000 + 4 * MIB, "rw-");
	figures.stacks = pointers;
	figures.stacks_count = 2;
	read_figures();
	ASSERT_OWNS(OWNER_THREADS, OWNER_CERTAIN, 12 * MIB + guard);
	/* of that size without a guard */
	anon(0x30000000, 0x30000000 + 8 * MIB, "rw-");
	ASSERT_OWNS(OWNER_THREADS, OWNER_CERTAIN, 12 * MIB + guard);
	figures.stacks = NULL;
	figures.stacks_count = 0;
}

static void test_go(void **state)
{
	uint64_t at = UINT64_C(0xc000000000);

	anon(at + 64 * MIB, at + 128 * MIB, "rw-");
	ASSERT_OWNS_NOTHING(OWNER_GO); /* nothing where it begins */
	anon(at, at + 4 * MIB, "rw-");
	ASSERT_OWNS_NOTHING(OWNER_GO); /* and does not end at a multiple */
	anon(at + 4 * MIB, at + 64 * MIB, "---");
	ASSERT_OWNS(OWNER_GO, OWNER_LIKELY, 128 * MIB);
}

static void test_java(void **state)
{
	anon(UINT64_C(0xf0000000), UINT64_C(0xf8000000), "rw-");
	anon(UINT64_C(0xf8000000), UINT64_C(0x100000000), "---");
	anon(UINT64_C(0x7f9e65400000), UINT64_C(0x7f9e65670000), "rwx");
	ASSERT_OWNS_NOTHING(OWNER_JAVA_HEAP);
	ASSERT_OWNS(OWNER_CODE, OWNER_CERTAIN, UINT64_C(0x270000));
	library(UINT64_C(0x7f0000000000), "/opt/jdk/lib/server/libjvm.so");
	ASSERT_OWNS(OWNER_JAVA_HEAP, OWNER_LIKELY, 256 * MIB);
	ASSERT_OWNS(OWNER_JAVA_CODE, OWNER_LIKELY, UINT64_C(0x270000));
}

static void test_v8(void **state)
{
	anon(UINT64_C(0x1a6c440000), UINT64_C(0x1a6c480000), "rw-");
	anon(UINT64_C(0x1b6c441000), UINT64_C(0x1b6c481000), "rw-");
	ASSERT_OWNS_NOTHING(OWNER_V8);
	library(0x400000, "/usr/bin/node");
	ASSERT_OWNS(OWNER_V8, OWNER_LIKELY, 256 * KIB);
	assert_int_equal(owner(OWNER_UNKNOWN).reserved, 256 * KIB);
}

static void test_names_and_files(void **state)
{
	struct owners owners;

	map(0x1000000, 0x1100000, "rw-", REGION_ANON, "[anon:dalvik-main space]");
	map(0x2000000, 0x2200000, "rw-", REGION_SHM, "/dev/shm/queue");
	library(0x3000000, "/usr/bin/prog");
	map(0x3010000, 0x3020000, "rw-", REGION_BSS, "");
	map(0x4000000, 0x4001000, "r-x", REGION_VDSO, "[vdso]");
	anon(0x5000000, 0x6000000, "---");
	anon(0x6000000, 0x6010000, "rw-");
	owners_take(&owners, p);
	assert_int_equal(owners.count, 6);
	for (size_t i = 0; i < owners.count; i++) {
		const struct owner *o = &owners.list[i];

		if (o->kind == OWNER_NAMED)
			assert_string_equal(o->name, "dalvik-main space");
		if (o->kind == OWNER_FILE) { /* with the bss behind it */
			assert_string_equal(o->name, "/usr/bin/prog");
			assert_int_equal(o->reserved, 128 * KIB);
			assert_string_equal(owner_title(o), "prog");
		}
		if (o->kind == OWNER_SHARED)
			assert_string_equal(owner_title(o), "/dev/shm/queue");
	}
	owners_fini(&owners);
	ASSERT_OWNS(OWNER_NAMED, OWNER_CERTAIN, MIB);
	ASSERT_OWNS(OWNER_NO_ACCESS, OWNER_CERTAIN, 16 * MIB);
	assert_int_equal(owner(OWNER_UNKNOWN).reserved, 64 * KIB); /* and no ground, for nothing is known */
	assert_null(owner(OWNER_UNKNOWN).ground);
}

static void test_python(void **state)
{
	anon(0x10000000, 0x10100000, "rw-");
	anon(0x20000000, 0x20100000 - 4096, "rw-");
	library(0x400000, "/usr/bin/python3.11");
	ASSERT_OWNS(OWNER_PYTHON, OWNER_POSSIBLE, MIB);
}

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
	assert_true(a.dirty_at_least); /* who knows whether there is swap */
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

static void fault(uint64_t address, uint64_t ip)
{
	struct event e = { .type = EVENT_FAULT };

	e.fault = (struct event_fault){ .address = address, .ip = ip, .tid = 7, .access = FAULT_WRITE };
	e.fault.was = page_word(PAGE_RESERVED, 0);
	e.fault.now = page_word(PAGE_ANON, 0);
	send(&e);
}

static void name_in(const char *object, uint64_t ip, const char *function, uint32_t line)
{
	struct code_frame frame = { function, "/src/leak.c", line };
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){
		.ip = ip, .object = object, .section = "", .frames = &frame, .count = 1, .why = ""
	};
	send(&e);
}

static void name(uint64_t ip, const char *function, uint32_t line)
{
	name_in("/tmp/demo", ip, function, line);
}

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
}

static const struct sentence *sentence(const struct verdict *v, enum sentence_kind kind)
{
	for (size_t i = 0; i < v->sentences_count; i++)
		if (v->sentences[i].kind == kind)
			return &v->sentences[i];
	return NULL;
}

/* As many as hold, five at most, the weightiest first; and none of a process of which nothing is to be said. */
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
	verdict_init(&v, p, 0);
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
	verdict_init(&v, p, 0);
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

/* Nobody can do anything about what the loader keeps. */
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
	verdict_init(&v, p, now_ns);
	const struct sentence *growth = sentence(&v, SENTENCE_GROWTH);
	assert_true(growth && !strncmp(growth->remedy, "that is the loader", strlen("that is the loader")));
	verdict_fini(&v);
}

/* Every program has a loader: a small share of it is no news, whoever comes next is. */
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
	verdict_init(&v, p, now_ns);
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
	verdict_init(&v, p, now_ns);
	char nothing[] = "";
	const struct sentence none = { .says = nothing, .remedy = nothing },
			      *growing = sentence(&v, SENTENCE_GROWING);
	growing = growing ? growing : &none;
	assert_int_equal(strncmp(growing->says, "It was still growing", 20), 0);
	assert_non_null(strstr(growing->remedy, "watch it longer"));
	verdict_fini(&v);
	e.status.status = PROCESS_EXITED;
	send(&e);
	verdict_init(&v, p, now_ns);
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
	verdict_init(&v, p, now_ns);
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
	verdict_init(&v, p, 0);
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
	assert_int_equal(words_percent(1, 100000), 1);
	assert_int_equal(words_percent(99999, 100000), 99);
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
	assert_string_equal(words_share(share, shares[1], 4), "<1 %");
	assert_string_equal(words_share(share, 0, 0), "0 %");
	assert_string_equal(words_share(share, 42, 1), "42 %");
	words_split((uint64_t[]){ 1, 1 }, 2, 8, shares); /* the rest is elsewhere */
	assert_int_equal(shares[0] + shares[1], 25);
	words_split((uint64_t[]){ 0, 0 }, 2, 0, shares);
	assert_int_equal(shares[0] + shares[1], 0);
	assert_string_equal(words_span(buf, 1740 * MS), "1.7 s");
	assert_string_equal(words_span(buf, 200000 * MS), "3 min 20 s");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arenas),
		TEST(test_heap),
		TEST(test_stacks),
		TEST(test_go),
		TEST(test_java),
		TEST(test_v8),
		TEST(test_names_and_files),
		TEST(test_python),
		TEST(test_amounts),
		TEST(test_arrivals),
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
