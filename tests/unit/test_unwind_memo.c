/* What is kept of stacks that were unwound: for a sample with the same bytes, and for one that ends too early. */
#include "symbol/unwind_memo.h"

#include "symbol/unwind_outer.h"
#include "unit/check.h"

#define SP UNWIND_REG_SP
#define IP UNWIND_REG_IP

/* Bytes that were not read may change; bytes that were read may not. */
static void test_memo(void **state)
{
	struct unwind_memo *memo = unwind_memo_create();
	uint64_t words[4] = { 1, 2, 3, 4 }, ips[] = { 100, 200, 300 }, got[4];
	struct unwind_frame places[] = { { 1, 2 }, { 3, 4 }, { 5, 6 } }, places_got[4];
	struct unwind_sample sample = { .stack = (const uint8_t *)words, .length = sizeof words };
	struct unwind_trace trace = { .regs = UINT64_C(1) << SP | UINT64_C(1) << IP,
				      .count = 2,
				      .at = { 0, 16 } };
	struct event_stack whole = { ips, 3, STACK_WHOLE, 1 }, found;

	sample.regs[SP] = 0x7ffd0000;
	sample.regs[IP] = 100;
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	unwind_memo_add(memo, &sample, &trace, &whole, places);
	sample.regs[0] = 77;
	words[1] = 77;
	assert_true(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	assert_int_equal(found.count, 3);
	assert_int_equal(found.deduced, 1);
	assert_int_equal(found.end, STACK_WHOLE);
	assert_memory_equal(got, ips, sizeof ips);
	assert_memory_equal(places_got, places, sizeof places);
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 2, &found));
	words[2] = 77;
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	words[2] = 3;
	sample.length = 8; /* what was read is not all there */
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	sample.length = sizeof words;
	sample.regs[SP] += 8;
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	sample.regs[SP] -= 8;
	unwind_memo_flush(memo);
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	unwind_memo_add(memo, &sample, &trace, &(struct event_stack){ ips, 2, STACK_SAMPLE_ENDS, 0 }, places);
	assert_true(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	assert_int_equal(found.count, 2);
	assert_int_equal(found.end, STACK_SAMPLE_ENDS);
	sample.length -= 8; /* another end of the sample, another stack */
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	unwind_memo_destroy(memo);
}

/* A stack goes on as the last one that had the same function in the same place. */
static void test_outer(void **state)
{
	struct unwind_outer *outer = unwind_outer_create();
	uint64_t ips[] = { 11, 21, 31, 41 }, others[] = { 12, 22, 51 }, got[4] = { 13, 23 };
	struct unwind_frame places[] = { { 10, 0x100 }, { 20, 0x200 }, { 30, 0x300 }, { 40, 0x400 } };
	struct event_stack cut = { got, 2, STACK_SAMPLE_ENDS, 0 };
	struct unwind_frame last = places[1];

	assert_false(unwind_outer_find(outer, 5, last, got, 4, &cut));
	unwind_outer_add(outer, 5, &(struct event_stack){ ips, 4, STACK_WHOLE, 0 }, places);
	assert_true(unwind_outer_find(outer, 5, last, got, 4, &cut));
	assert_int_equal(cut.count, 4);
	assert_int_equal(cut.deduced, 2);
	assert_int_equal(cut.end, STACK_WHOLE);
	assert_memory_equal(got, ((const uint64_t[]){ 13, 23, 31, 41 }), sizeof got);
	cut = (struct event_stack){ got, 2, STACK_SAMPLE_ENDS, 0 };
	assert_true(unwind_outer_find(outer, 5, last, got, 3, &cut)); /* no room for more */
	assert_int_equal(cut.end, STACK_TOO_DEEP);
	assert_int_equal(cut.count, 3);
	unwind_outer_add(outer, 5, &(struct event_stack){ others, 3, STACK_WHOLE, 0 }, places);
	cut = (struct event_stack){ got, 2, STACK_SAMPLE_ENDS, 0 };
	assert_true(unwind_outer_find(outer, 5, last, got, 4, &cut));
	assert_memory_equal(got, ((const uint64_t[]){ 13, 23, 51 }), 3 * sizeof *got);
	cut = (struct event_stack){ got, 2, STACK_SAMPLE_ENDS, 0 };
	assert_false(unwind_outer_find(outer, 6, last, got, 4, &cut));
	last.sp += 8;
	assert_false(unwind_outer_find(outer, 5, last, got, 4, &cut));
	last = places[1];
	for (int i = 0; i < 1000; i++) /* pushes the others out */
		unwind_outer_add(outer, 9, &(struct event_stack){ ips, 1, STACK_WHOLE, 0 }, places);
	assert_false(unwind_outer_find(outer, 5, last, got, 4, &cut));
	unwind_outer_destroy(outer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memo),
		cmocka_unit_test(test_outer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
