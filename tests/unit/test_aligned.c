/* Two compared processes, lined up in one order of slots. */
#include "model_check.h"

#include <stdlib.h>

#include "compare/aligned.h"
#include "compare/pair.h"

#define PID 42
#define STACK_END 0x7ff00u

struct two {
	struct world *world[ALIGNED_SIDES];
	struct process *process[ALIGNED_SIDES];
	uint64_t next_id;
};

static void map(struct two *t, enum aligned_side side, struct region_attr attr, uint32_t word)
{
	struct run tile = { attr.start / PAGE, attr.end / PAGE, word };

	space_map(t->process[side]->space, ++t->next_id, &attr, 0);
	space_set_pages(t->process[side]->space, &tile, 1, 0);
}

static void set(struct two *t, enum aligned_side side, uint64_t first, uint64_t pages, uint32_t word)
{
	struct run tile = { first, first + pages, word };

	space_set_pages(t->process[side]->space, &tile, 1, 5 * MS);
}

/* B's stack is lower, so that the layouts differ. */
static void start(struct two *t, uint64_t moved)
{
	*t = (struct two){ 0 };
	for (int side = 0; side < ALIGNED_SIDES; side++) {
		uint64_t end = STACK_END - (side == ALIGNED_B ? moved : 0);
		struct region_attr stack = check_anon(end - 32, end);

		stack.kind = REGION_STACK;
		stack.path = "[stack]";
		t->world[side] = world_create();
		t->process[side] = check_process(t->world[side], PID);
		map(t, (enum aligned_side)side, stack, PAGE_RESERVED);
		set(t, (enum aligned_side)side, end - 4, 4, PAGE_ANON);
	}
}

static struct aligned *align(const struct two *t)
{
	const struct aligned_picture pictures[ALIGNED_SIDES] = { { t->process[0], "a", "", 0 },
								 { t->process[1], "b", "", 0 } };

	return aligned_create(pictures, false);
}

static void finish(struct two *t, struct aligned *al)
{
	aligned_destroy(al);
	world_destroy(t->world[0]);
	world_destroy(t->world[1]);
}

/* Every page of both has one slot, which leads back to it and shows its state; matched pages share it. */
static void check_round_trip(const struct two *t, const struct aligned *al)
{
	for (int side = 0; side < ALIGNED_SIDES; side++) {
		const struct space *s = t->process[side]->space;

		for (size_t i = 0; i < s->count; i++)
			for (uint64_t page = region_first(s, s->regions[i]);
			     page < region_end(s, s->regions[i]); page++) {
				uint64_t slot, back;

				assert_true(aligned_slot(al, (enum aligned_side)side, page, &slot));
				assert_true(aligned_page(al, (enum aligned_side)side, slot, &back));
				assert_int_equal(back, page);
				ASSERT_WORD(al->sides[side].space, slot, runs_at(s->pages, page).value);
				assert_int_equal(runs_at(al->sides[side].space->since, slot).value,
						 runs_at(s->since, page).value);
			}
	}
}

static uint64_t slot_of(const struct aligned *al, enum aligned_side side, uint64_t page)
{
	uint64_t slot = 0;

	assert_true(aligned_slot(al, side, page, &slot));
	return slot;
}

static void test_matched(void **state)
{
	struct two t;
	struct aligned *al;
	uint64_t page, by_chance;

	start(&t, 7);
	map(&t, ALIGNED_A, check_file(0x1000, 0x1010, 5, 0), PAGE_CACHED);
	map(&t, ALIGNED_B, check_file(0x2000, 0x2010, 6, 0), PAGE_CACHED);
	map(&t, ALIGNED_A, check_anon(0x3000, 0x3020), PAGE_RESERVED);
	map(&t, ALIGNED_B, check_anon(0x5000, 0x5020), PAGE_RESERVED);
	set(&t, ALIGNED_B, 0x5003, 1, PAGE_ANON);
	al = align(&t);
	assert_int_equal(slot_of(al, ALIGNED_A, 0x3003), 0x5003); /* a slot is B's page where there is room */
	assert_int_equal(slot_of(al, ALIGNED_A, STACK_END - 1), STACK_END - 8);
	assert_int_equal(runs_at(al->differs, 0x5003).value, ALIGNED_REAL);
	assert_int_equal(aligned_count(al, 0, RUNS_END, &by_chance), 1);
	assert_int_equal(by_chance, 0);
	assert_false(aligned_page(al, ALIGNED_A, 0x3003, &page));
	check_round_trip(&t, al);
	finish(&t, al);
}

/* A's part is larger than the gap that B leaves, and A alone has memory in between. */
static void test_makes_room(void **state)
{
	struct two t;
	struct aligned *al;
	uint64_t slot, page, next;
	struct pair pair;

	start(&t, 7);
	map(&t, ALIGNED_A, check_file(0x1000, 0x1040, 5, 0), PAGE_CACHED);
	map(&t, ALIGNED_A, check_anon(0x1040, 0x1050), PAGE_ANON); /* A alone, right behind it */
	map(&t, ALIGNED_B, check_file(0x2000, 0x2020, 6, 0), PAGE_CACHED);
	struct region_attr heap = check_anon(0x2021, 0x2030);

	heap.kind = REGION_HEAP;
	heap.path = "[heap]";
	map(&t, ALIGNED_B, heap, PAGE_RESERVED);
	al = align(&t);
	slot = slot_of(al, ALIGNED_A, 0x1000);
	assert_int_equal(slot, slot_of(al, ALIGNED_B, 0x2000));
	assert_int_equal(slot_of(al, ALIGNED_A, 0x103f), slot + 0x3f);
	assert_int_equal(slot_of(al, ALIGNED_A, 0x1040), slot + 0x40);
	next = slot_of(al, ALIGNED_B, 0x2021);
	assert_true(next >= slot + 0x50);
	assert_false(aligned_page(al, ALIGNED_B, slot + 0x30, &page)); /* only A's file is so long */
	assert_false(aligned_page(al, ALIGNED_A, next, &page));
	assert_true(aligned_begin(al, ALIGNED_A, slot, slot + 1, &page));
	assert_int_equal(page, 0x1000);
	assert_false(aligned_begin(al, ALIGNED_B, slot + 0x40, slot + 0x50, &page));
	check_round_trip(&t, al);

	pair_init_aligned(&pair, al);
	assert_int_equal(pair.both->count, 4);
	for (size_t i = 1; i < pair.both->count; i++)
		assert_true(pair.both->regions[i - 1]->attr.end <= pair.both->regions[i]->attr.start);
	assert_int_equal(pair.both->regions[0]->attr.end - pair.both->regions[0]->attr.start, 0x40 * PAGE);
	pair_fini(&pair);
	finish(&t, al);
}

/* Two moments of one process: slots are addresses. */
static void test_same_layout(void **state)
{
	struct two t;
	struct aligned *al;
	struct pair pair;
	uint64_t page;

	start(&t, 0);
	map(&t, ALIGNED_A, check_anon(0x1000, 0x1010), PAGE_RESERVED);
	map(&t, ALIGNED_B, check_anon(0x1000, 0x1020), PAGE_RESERVED);
	set(&t, ALIGNED_B, 0x1002, 2, PAGE_ANON);
	al = align(&t);
	assert_true(al->comparison.same_layout);
	assert_int_equal(slot_of(al, ALIGNED_A, 0x1002), 0x1002);
	assert_true(aligned_page(al, ALIGNED_B, 0x1015, &page));
	assert_false(aligned_page(al, ALIGNED_A, 0x1015, &page));
	assert_int_equal(runs_at(al->differs, 0x1001).value, 0);
	assert_int_equal(runs_at(al->differs, 0x1003).value, ALIGNED_REAL);
	assert_int_equal(runs_at(al->differs, 0x1015).value, ALIGNED_REAL);
	pair_init_aligned(&pair, al);
	ASSERT_WORD(pair.both, 0x1002, PAGE_ANON);
	pair_fini(&pair);
	check_round_trip(&t, al);
	finish(&t, al);
}

/* What differs by chance is counted separately. */
static void test_chance(void **state)
{
	struct two t;
	struct aligned *al;
	uint64_t by_chance;

	start(&t, 7);
	map(&t, ALIGNED_A, check_file(0x1000, 0x1010, 5, 0), PAGE_CACHED);
	map(&t, ALIGNED_B, check_file(0x2000, 0x2010, 6, 0), PAGE_CACHED);
	set(&t, ALIGNED_A, 0x1000, 4, PAGE_FILE);
	set(&t, ALIGNED_B, 0x2000, 6, PAGE_FILE);
	al = align(&t);
	assert_int_equal(aligned_count(al, 0, RUNS_END, &by_chance), 0);
	assert_int_equal(by_chance, 2);
	assert_int_equal(runs_at(al->differs, slot_of(al, ALIGNED_B, 0x2004)).value, COMPARE_AROUND);
	finish(&t, al);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matched),
		cmocka_unit_test(test_makes_room),
		cmocka_unit_test(test_same_layout),
		cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
