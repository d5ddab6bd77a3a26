/* Who owns regions that are made up: what recognisers claim, and what they do not; and where memory can go. */
#include "unit/verdict_case.h"

#include <string.h>

#include "verdict/owners.h"
#include "verdict/report.h"

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

/* An arena that needs more takes further heaps. Full ones look like what the program maps beside one: only the split
 * within 64 MiB shows a heap. */
static void test_arenas_of_several_heaps(void **state)
{
	uint64_t at = UINT64_C(0x7f5380000000);

	library(UINT64_C(0x7f0000000000), "/lib/libc.so.6");
	anon(at, at + 97 * MIB, "rw-");
	anon(at + 97 * MIB, at + 128 * MIB, "---");
	anon(at + 128 * MIB, at + 256 * MIB, "rw-");
	anon(at + 256 * MIB, at + 320 * MIB, "rw-");
	pages(at, at + 97 * MIB, PAGE_ANON);
	ASSERT_OWNS(OWNER_ARENA, OWNER_LIKELY, 64 * MIB);
	assert_int_equal(owner(OWNER_ARENA).resident, 33 * MIB);
	assert_int_equal(owner(OWNER_ARENA).parts, 1);
	assert_int_equal(owner(OWNER_ARENA).heaps, 1);
	ASSERT_OWNS(OWNER_HEAPS, OWNER_POSSIBLE, 256 * MIB);
	assert_int_equal(owner(OWNER_HEAPS).resident, 64 * MIB);
	assert_int_equal(owner(OWNER_HEAPS).heaps, 4);
	/* not beside one; beside one, but not of whole heaps */
	anon(at + 640 * MIB, at + 704 * MIB, "rw-");
	anon(at + 320 * MIB, at + 321 * MIB, "rw-");
	ASSERT_OWNS(OWNER_ARENA, OWNER_LIKELY, 64 * MIB);
	ASSERT_OWNS(OWNER_MALLOC_LARGE, OWNER_POSSIBLE, 65 * MIB);
}

/* A mapping of any size right below a heap is one region with it, but none of the heap's. */
static void test_mapping_below_heap(void **state)
{
	uint64_t at = UINT64_C(0x7f5380000000);

	library(UINT64_C(0x7f0000000000), "/lib/libc.so.6");
	anon(at - 40 * MIB, at + MIB, "rw-");
	anon(at + MIB, at + 64 * MIB, "---");
	pages(at - 40 * MIB, at + MIB, PAGE_ANON);
	ASSERT_OWNS(OWNER_ARENA, OWNER_LIKELY, 64 * MIB);
	assert_int_equal(owner(OWNER_ARENA).resident, MIB);
	ASSERT_OWNS(OWNER_MALLOC_LARGE, OWNER_POSSIBLE, 40 * MIB);
	assert_int_equal(owner(OWNER_MALLOC_LARGE).resident, 40 * MIB);
	assert_int_equal(owner(OWNER_MALLOC_LARGE).heaps, 0);
}

/* Heaps of Go and of Java can have the shape of an arena's, where glibc is mapped, too. */
static void test_arenas_of_others(void **state)
{
	uint64_t go = UINT64_C(0xc000000000), java = UINT64_C(0xe8000000);

	library(UINT64_C(0x7f0000000000), "/lib/libc.so.6");
	library(UINT64_C(0x7f1000000000), "/opt/jdk/lib/server/libjvm.so");
	anon(go, go + 4 * MIB, "rw-");
	anon(go + 4 * MIB, go + 64 * MIB, "---");
	anon(java, java + 80 * MIB, "rw-");
	anon(java + 80 * MIB, java + 128 * MIB, "---");
	ASSERT_OWNS_NOTHING(OWNER_ARENA);
	ASSERT_OWNS(OWNER_GO, OWNER_LIKELY, 64 * MIB);
	ASSERT_OWNS(OWNER_JAVA_HEAP, OWNER_LIKELY, 128 * MIB);
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
	/* a thread that stands in it is better evidence than where it begins */
	struct stack_pointer pointer = { 8, UINT64_C(0x7f1b80440000) };

	anon(UINT64_C(0x7f1b80400000), UINT64_C(0x7f1b80480000), "rw-");
	figures.stacks = &pointer;
	figures.stacks_count = 1;
	read_figures();
	figures.stacks = NULL;
	figures.stacks_count = 0;
	ASSERT_OWNS(OWNER_THREADS, OWNER_CERTAIN, 512 * KIB);
	ASSERT_OWNS(OWNER_V8, OWNER_LIKELY, 256 * KIB);
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
	assert_int_equal(owner(OWNER_UNKNOWN).reserved, 64 * KIB); /* and no reason, as nothing is known */
	assert_null(owner(OWNER_UNKNOWN).ground);
}

static void test_python(void **state)
{
	anon(0x10000000, 0x10100000, "rw-");
	anon(0x20000000, 0x20100000 - 4096, "rw-");
	library(0x400000, "/usr/bin/python3.11");
	ASSERT_OWNS(OWNER_PYTHON, OWNER_POSSIBLE, MIB);
}

/* Where memory without a file can go, by how much swap there is. */
static void test_swap_room(void **state)
{
	static const struct {
		uint64_t swap, free;
		const char *says, *note;
	} rooms[] = {
		{ 0, 0, "has to stay: it is backed by no file, and this machine has no swap",
		  "has to stay: there is no swap" },
		{ 64 * MIB, 0, "has to stay: it is backed by no file, and swap is full",
		  "has to stay: swap is full" },
		{ 1024 * MIB, 8 * MIB, "at most 8.00 MiB of it can go to swap, where no more is free",
		  "to swap, of which 8.00 MiB is free" },
		{ 16 * MIB, KERNEL_UNKNOWN, "at most 16.0 MiB of it can go to swap, which is no larger",
		  "to swap, which holds 16.0 MiB" },
		{ 1024 * MIB, 64 * MIB, "can only go to swap: it is", "can only go to swap" },
		{ 64 * MIB, KERNEL_UNKNOWN, "can only go to swap: it is", "can only go to swap" },
		{ KERNEL_UNKNOWN, KERNEL_UNKNOWN, "except to swap, if there is any",
		  "to swap, if there is any" },
	};
	struct region_sums sums = { .start = 0x30000000,
				    .end = 0x34000000,
				    .kind = REGION_ANON,
				    .rss = 64 * MIB,
				    .anonymous = 64 * MIB,
				    .private_dirty = 64 * MIB };

	anon(0x30000000, 0x34000000, "rw-");
	pages(0x30000000, 0x34000000, PAGE_ANON);
	figures.sums = &sums;
	figures.sums_count = 1;
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		struct verdict v;
		struct report r;
		bool found = false;

		figures.values[KERNEL_MACHINE_SWAP] = rooms[i].swap;
		figures.values[KERNEL_MACHINE_SWAP_FREE] = rooms[i].free;
		read_figures();
		verdict_init(&v, NULL, p, 0, KERNEL_NONE);
		const struct sentence *stays = sentence(&v, SENTENCE_PRIVATE);
		assert_true(stays && strstr(stays->says, rooms[i].says));
		report_init(&r, &v);
		for (size_t k = 0; k < r.count; k++)
			found |= !strcmp(r.rows[k].label, "private memory") &&
				 strstr(r.rows[k].note, rooms[i].note);
		assert_true(found);
		report_fini(&r);
		verdict_fini(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arenas),
		TEST(test_arenas_of_several_heaps),
		TEST(test_mapping_below_heap),
		TEST(test_arenas_of_others),
		TEST(test_heap),
		TEST(test_stacks),
		TEST(test_go),
		TEST(test_java),
		TEST(test_v8),
		TEST(test_names_and_files),
		TEST(test_python),
		TEST(test_swap_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
