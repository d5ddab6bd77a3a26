/* Comparing the address spaces of two processes: what is matched with what, and which
 * differences are by chance. */
#include "model_check.h"

#include <string.h>

#include "compare/compare.h"

#define STACK_END 0x7ff00u /* pages */

static void map(struct space *s, uint64_t id, struct region_attr attr, enum page_state state)
{
	struct run tile = { attr.start / PAGE, attr.end / PAGE, state };

	space_map(s, id, &attr, 0);
	space_set_pages(s, &tile, 1, 0);
}

static void set(struct space *s, uint64_t first, uint64_t pages, uint32_t word)
{
	struct run tile = { first, first + pages, word };

	space_set_pages(s, &tile, 1, 0);
}

/* The stack is `moved` pages lower than in the other, so that the layouts differ. */
static struct space *make(uint64_t moved)
{
	struct space *s = space_create(12);
	struct region_attr stack = check_anon(STACK_END - moved - 32, STACK_END - moved);

	stack.kind = REGION_STACK;
	stack.path = "[stack]";
	map(s, 99, stack, PAGE_RESERVED);
	set(s, STACK_END - moved - 4, 4, PAGE_ANON);
	return s;
}

static const struct compare_region
    none; /* returned if what is looked for is not there: then the test has failed */

static const struct compare_region *find(const struct comparison *c, uint64_t b_first)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->regions[i].b && c->regions[i].b->attr.start == b_first * PAGE)
			return &c->regions[i];
	fail_msg("no region");
	return &none;
}

static const struct compare_region *find_gone(const struct comparison *c, uint64_t a_first)
{
	for (size_t i = 0; i < c->count; i++)
		if (!c->regions[i].b && c->regions[i].a->attr.start == a_first * PAGE)
			return &c->regions[i];
	fail_msg("no region");
	return &none;
}

static void test_equal(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct comparison c;

	map(a, 1, check_file(0x1000, 0x1040, 5, 0), PAGE_FILE);
	map(b, 1, check_file(0x2005, 0x2045, 6, 0), PAGE_FILE);
	map(a, 2, check_anon(0x3000, 0x3010), PAGE_ANON);
	map(b, 2, check_anon(0x5000, 0x5010), PAGE_ANON);
	compare_spaces(&c, a, b, false);
	assert_false(c.same_layout);
	assert_int_equal(c.count, 3);
	assert_int_equal(c.differing, 0);
	compare_fini(&c);
	compare_spaces(&c, a, a, true);
	assert_true(c.same_layout);
	assert_int_equal(c.differing, 0);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* One more mapping among equal ones, one that grew down, one that grew up. */
static void test_order(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct comparison c;

	map(a, 1, check_anon(0x1000, 0x1010), PAGE_ANON);
	map(a, 2, check_anon(0x2000, 0x2020), PAGE_ANON);
	map(a, 3, check_anon(0x3000, 0x3030), PAGE_ANON);
	map(b, 1, check_anon(0x4000, 0x4010), PAGE_ANON);
	map(b, 2, check_anon(0x5000, 0x5020), PAGE_ANON);
	map(b, 3, check_anon(0x5800, 0x5805), PAGE_RESERVED);
	map(b, 4, check_anon(0x6000, 0x6030), PAGE_ANON);
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.differing, 1);
	assert_null(find(&c, 0x5800)->a);
	assert_int_equal(c.pages[COMPARE_REAL], 5);
	assert_int_equal(c.moves[PAGE_NONE][PAGE_RESERVED], 5);
	assert_ptr_equal(find(&c, 0x5000)->a, space_find_id(a, 2));
	compare_fini(&c);
	compare_spaces(&c, b, a, false);
	assert_int_equal(c.differing, 1);
	assert_int_equal(find_gone(&c, 0x5800)->pages[COMPARE_REAL], 5);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);

	a = make(0);
	b = make(7);
	map(a, 1, check_anon(0x1000, 0x1010), PAGE_RESERVED);
	set(a, 0x100f, 1, PAGE_ANON);
	map(b, 1, check_anon(0x4000, 0x4020), PAGE_RESERVED);
	set(b, 0x401f, 1, PAGE_ANON); /* its end is where it was: it grew down */
	compare_spaces(&c, a, b, false);
	assert_int_equal(find(&c, 0x4000)->attrs, COMPARE_SIZE);
	assert_int_equal(c.pages[COMPARE_REAL], 16);
	assert_int_equal(c.moves[PAGE_NONE][PAGE_RESERVED], 16);
	compare_fini(&c);
	set(b, 0x401f, 1, PAGE_RESERVED);
	set(b, 0x400f, 1, PAGE_ANON); /* its beginning is: it grew up */
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.moves[PAGE_NONE][PAGE_RESERVED], 16);
	assert_int_equal(c.pages[COMPARE_REAL], 16);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* Arenas that lie in another order: each is found by its size, if no other has it. */
static void test_lone_size(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct comparison c;

	map(a, 1, check_anon(0x1000, 0x1010), PAGE_ANON);
	map(a, 2, check_anon(0x2000, 0x2020), PAGE_ANON);
	map(a, 3, check_anon(0x3000, 0x3030), PAGE_ANON);
	map(a, 4, check_anon(0x4000, 0x4008), PAGE_ANON);
	map(b, 1, check_anon(0x5000, 0x5030), PAGE_ANON);
	map(b, 2, check_anon(0x6000, 0x6010), PAGE_ANON);
	map(b, 3, check_anon(0x7000, 0x7020), PAGE_ANON);
	map(b, 4, check_anon(0x8000, 0x8008), PAGE_ANON);
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.differing, 0);
	assert_ptr_equal(find(&c, 0x5000)->a, space_find_id(a, 3));
	assert_int_equal(find(&c, 0x5000)->by, MATCH_SIZE);
	assert_ptr_equal(find(&c, 0x6000)->a, space_find_id(a, 1));
	assert_int_equal(find(&c, 0x6000)->by, MATCH_ORDER);
	assert_int_equal(find(&c, 0x8000)->by, MATCH_ORDER);
	compare_fini(&c);
	/* a second one of that size: which of them it is cannot be known, and it stays alone */
	map(b, 5, check_anon(0x4000, 0x4030), PAGE_ANON);
	compare_spaces(&c, a, b, false);
	assert_null(find(&c, 0x5000)->a);
	assert_int_equal(find(&c, 0x5000)->by, MATCH_ALONE);
	assert_null(find(&c, 0x4000)->a);
	find_gone(&c, 0x3000);
	assert_int_equal(c.differing, 3);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* One that grew is still found between those in order, and what was found by its size is not taken again. */
static void test_lone_size_between(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct comparison c;

	map(a, 1, check_anon(0x1000, 0x1050), PAGE_ANON);
	map(a, 2, check_anon(0x2000, 0x2010), PAGE_ANON); /* grows */
	map(a, 3, check_anon(0x3000, 0x3020), PAGE_ANON);
	map(a, 4, check_anon(0x4000, 0x4008), PAGE_ANON);
	map(b, 1, check_anon(0x5000, 0x5014), PAGE_ANON);
	map(b, 2, check_anon(0x6000, 0x6020), PAGE_ANON);
	map(b, 3, check_anon(0x7000, 0x7008), PAGE_ANON);
	map(b, 4, check_anon(0x8000, 0x8050), PAGE_ANON);
	compare_spaces(&c, a, b, false);
	assert_ptr_equal(find(&c, 0x8000)->a, space_find_id(a, 1));
	assert_int_equal(find(&c, 0x8000)->by, MATCH_SIZE);
	assert_ptr_equal(find(&c, 0x5000)->a, space_find_id(a, 2));
	assert_int_equal(find(&c, 0x5000)->attrs, COMPARE_SIZE);
	assert_ptr_equal(find(&c, 0x6000)->a, space_find_id(a, 3));
	assert_int_equal(c.differing, 1);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

static struct region_attr named(uint64_t first, uint64_t end, uint8_t perms)
{
	struct region_attr attr = check_anon(first, end);

	attr.path = "[anon:mine]";
	attr.perms = perms;
	return attr;
}

/* A name that only one has on each side is enough, whatever else differs; two of a name are told apart by their
 * rights and their order. */
static void test_names(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct comparison c;

	map(a, 1, named(0x1000, 0x1010, REGION_READ), PAGE_ANON);
	map(a, 2, check_anon(0x2000, 0x2020), PAGE_ANON);
	map(b, 1, check_anon(0x5000, 0x5020), PAGE_ANON);
	map(b, 2, named(0x6000, 0x6014, REGION_READ | REGION_WRITE), PAGE_ANON);
	compare_spaces(&c, a, b, false);
	assert_ptr_equal(find(&c, 0x6000)->a, space_find_id(a, 1));
	assert_int_equal(find(&c, 0x6000)->by, MATCH_NAME);
	assert_int_equal(find(&c, 0x6000)->attrs, COMPARE_SIZE | COMPARE_PERMS);
	assert_int_equal(c.differing, 1);
	compare_fini(&c);
	map(b, 3, named(0x7000, 0x7018, REGION_EXEC), PAGE_ANON);
	compare_spaces(&c, a, b, false);
	find_gone(&c, 0x1000);
	assert_null(find(&c, 0x6000)->a);
	assert_null(find(&c, 0x7000)->a);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* Changed rights are a change; another part of a file is something else. */
static void test_identity(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct region_attr other = check_file(0x2000, 0x2010, 5, 0);
	struct comparison c;

	map(a, 1, check_file(0x1000, 0x1010, 5, 0), PAGE_RESERVED);
	map(a, 2, check_file(0x1100, 0x1110, 5, 0x100), PAGE_RESERVED);
	other.perms |= REGION_WRITE;
	map(b, 1, other, PAGE_RESERVED);
	map(b, 2, check_file(0x2100, 0x2110, 5, 0x200), PAGE_RESERVED);
	compare_spaces(&c, a, b, false);
	assert_int_equal(find(&c, 0x2000)->attrs, COMPARE_PERMS);
	assert_non_null(find(&c, 0x2000)->a);
	assert_null(find(&c, 0x2100)->a);
	find_gone(&c, 0x1100);
	assert_int_equal(c.differing, 3);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

static void note_run(void *context, const struct compare_run *run)
{
	struct compare_run *runs = context;
	size_t n = 0;

	while (runs[n].pages)
		n++;
	runs[n] = *run;
}

/* Page 20 of a file was touched by both. In a its window of 16 pages begins at page 16, in b, where
 * the file lies 5 pages on, at 11. Page 100 b alone has touched: its window is 91 to 106. */
static void test_fault_around(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct compare_run runs[16] = { 0 };
	struct comparison c;

	map(a, 1, check_file(0x1000, 0x1100, 5, 0), PAGE_CACHED);
	map(b, 1, check_file(0x2005, 0x2105, 5, 0), PAGE_RESERVED);
	set(a, 0x1010, 16, PAGE_FILE);
	set(b, 0x2010, 16, PAGE_FILE);
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.differing, 0);
	assert_int_equal(c.pages[COMPARE_AROUND], 10);
	compare_fini(&c);
	set(b, 0x2060, 16, PAGE_FILE);
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.differing, 1);
	assert_int_equal(c.pages[COMPARE_REAL], 16);
	compare_each_run(&c, find(&c, 0x2005), note_run, runs);
	for (size_t i = 0; runs[i].pages; i++)
		if (runs[i].chance == COMPARE_REAL) {
			assert_int_equal(runs[i].offset, 0x5b);
			assert_int_equal(runs[i].a_page, 0x105b);
			assert_int_equal(runs[i].b_page, 0x2060);
			assert_int_equal(runs[i].pages, 16);
		}
	compare_fini(&c);
	/* with `all` nothing is left out */
	compare_spaces(&c, a, b, true);
	assert_int_equal(c.pages[COMPARE_REAL], 256 - 11); /* except those mapped in both */
	compare_fini(&c);
	/* a private copy is not by chance */
	set(b, 0x2015, 1, PAGE_COPY);
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.moves[PAGE_FILE][PAGE_COPY], 1);
	assert_int_equal(c.pages[COMPARE_REAL], 17);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* A region of ten pages, six of them before a boundary: a touch of the first brings all ten, for the first window
 * begins with the region. */
static void test_first_window(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct comparison c;

	map(a, 1, check_file(0x100a, 0x1014, 5, 0), PAGE_FILE);
	map(b, 1, check_file(0x200e, 0x2018, 5, 0), PAGE_FILE);
	set(b, 0x2012, 6, PAGE_CACHED); /* b: pages 0 to 3 of ten; a: all */
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.pages[COMPARE_AROUND], 6);
	assert_int_equal(c.differing, 0);
	compare_fini(&c);
	/* nothing of a's first window is there in b: a's pages behind the boundary may be of the second window, which b
	 * touched, but not those before it */
	set(b, 0x200e, 10, PAGE_CACHED);
	set(b, 0x2017, 1, PAGE_FILE);
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.pages[COMPARE_REAL], 6);
	assert_int_equal(c.pages[COMPARE_AROUND], 3);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* Two pages of the stack more or less are by chance, three are not. */
static void test_stack(void **state)
{
	for (uint64_t more = 0; more < 6; more++) {
		struct space *a = make(0), *b = make(7);
		struct comparison c;

		set(b, STACK_END - 7 - 4 - more, more + 1, PAGE_ANON);
		compare_spaces(&c, a, b, false);
		assert_int_equal(c.pages[COMPARE_REAL], more > 2 ? more - 2 : 0);
		assert_int_equal(c.pages[COMPARE_STACK], more > 2 ? 2 : more);
		compare_fini(&c);
		compare_spaces(&c, b, a, false);
		assert_int_equal(c.pages[COMPARE_REAL], more > 2 ? more - 2 : 0);
		compare_fini(&c);
		space_destroy(a);
		space_destroy(b);
	}
}

/* The same layout: page by page by address, each once, whatever happened to the regions. */
static void test_same_layout(void **state)
{
	struct space *a = make(0), *b = make(0);
	struct region_attr half = check_anon(0x1010, 0x1020);
	uint64_t sum = 0;
	struct comparison c;

	half.perms = REGION_READ;
	map(a, 1, check_anon(0x1000, 0x1030), PAGE_RESERVED);
	map(b, 1, check_anon(0x1000, 0x1010), PAGE_RESERVED);
	map(b, 2, half, PAGE_RESERVED);
	map(b, 3, check_anon(0x1020, 0x1028), PAGE_RESERVED); /* and eight pages are gone */
	set(b, 0x1018, 4, PAGE_ANON);
	compare_spaces(&c, a, b, false);
	assert_true(c.same_layout);
	assert_int_equal(c.moves[PAGE_RESERVED][PAGE_ANON], 4);
	assert_int_equal(c.moves[PAGE_RESERVED][PAGE_NONE], 8);
	assert_int_equal(c.pages[COMPARE_REAL], 12);
	for (size_t i = 0; i < c.count; i++)
		sum += c.regions[i].pages[COMPARE_REAL];
	assert_int_equal(sum, 12);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* What is unknown on one side is neither a difference nor equal. */
static void test_unknown(void **state)
{
	struct space *a = make(0), *b = make(7);
	struct comparison c;

	map(a, 1, check_anon(0x1000, 0x1010), PAGE_ANON);
	map(b, 1, check_anon(0x2000, 0x2010), PAGE_ANON);
	set(b, 0x2003, 2, page_unknown(PAGE_WHY_DENIED));
	compare_spaces(&c, a, b, false);
	assert_int_equal(c.differing, 0);
	assert_int_equal(c.pages[COMPARE_UNKNOWN], 2);
	compare_fini(&c);
	space_destroy(a);
	space_destroy(b);
}

/* Random spaces: each page differs once at most, the sums fit, b against a is a against b turned round, and of
 * a space against itself there is nothing. */
static struct space *random_space(uint64_t *random)
{
	static const char *const paths[] = { "", "", "/lib/one", "/lib/two", "[heap]" };
	struct space *s = make(check_random(random) % 3);
	uint64_t at = 0x100 + check_random(random) % 64;

	for (uint64_t id = 1; id <= 1 + check_random(random) % 20; id++) {
		uint64_t pages = 1 + check_random(random) % 40, offset = check_random(random) % 20;
		size_t path = check_random(random) % 5;
		struct region_attr attr = check_anon(at, at + pages);

		if (paths[path][0] == '/')
			attr = check_file(at, at + pages, 5, offset);
		attr.path = paths[path];
		attr.perms = (uint8_t)(1 + check_random(random) % 3);
		map(s, id, attr, PAGE_RESERVED);
		for (int i = 0; i < 6; i++) {
			uint64_t first = check_random(random) % pages;

			set(s, at + first, 1 + check_random(random) % (pages - first),
			    1 + check_random(random) % (PAGE_STATES - 1));
		}
		at += pages + check_random(random) % 30;
	}
	return s;
}

static void sum_run(void *context, const struct compare_run *run)
{
	uint64_t *sums = context;

	assert_int_not_equal(run->was, run->now);
	sums[run->chance] += run->pages;
}

static void test_random(void **state)
{
	uint64_t random = 42;

	for (int round = 0; round < 300; round++) {
		struct space *a = random_space(&random), *b = random_space(&random);
		struct comparison c, back, self;
		uint64_t sums[COMPARE_CHANCES] = { 0 }, was = 0, now = 0;

		compare_spaces(&c, a, b, round % 2);
		compare_spaces(&back, b, a, round % 2);
		compare_spaces(&self, a, a, true);
		assert_int_equal(self.differing, 0);
		for (size_t i = 0; i < c.count; i++)
			compare_each_run(&c, &c.regions[i], sum_run, sums);
		for (int chance = 0; chance < COMPARE_CHANCES; chance++)
			assert_int_equal(sums[chance], c.pages[chance]);
		/* each region is in it once */
		for (size_t i = 0; i < c.count; i++) {
			was += c.regions[i].a != NULL;
			now += c.regions[i].b != NULL;
		}
		assert_int_equal(was, a->count);
		assert_int_equal(now, b->count);
		/* what left a state, less what came to it, is what the census has lost; `all` reports everything */
		for (int s = PAGE_RESERVED; s < PAGE_STATES && round % 2; s++) {
			int64_t moved = 0;

			for (int other = 0; other < PAGE_STATES; other++)
				moved += (int64_t)c.moves[other][s] - (int64_t)c.moves[s][other];
			if (!c.pages[COMPARE_UNKNOWN])
				assert_int_equal(moved, (int64_t)(c.now[s] - c.was[s]));
		}
		if (c.same_layout)
			assert_int_equal(c.pages[COMPARE_REAL], back.pages[COMPARE_REAL]);
		compare_fini(&c);
		compare_fini(&back);
		compare_fini(&self);
		space_destroy(a);
		space_destroy(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_fault_around),
		cmocka_unit_test(test_first_window),
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_same_layout),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_lone_size),
		cmocka_unit_test(test_lone_size_between),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
