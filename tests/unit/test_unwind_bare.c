/* Callers of code that has no tables. */
#include "symbol/unwind_bare.h"

#include <string.h>

#include "unit/check.h"

/* Code at 0x1000, and a stack at 0x8000. */
struct bare {
	uint8_t code[64];
	uint64_t stack[16];
	bool unreadable;
};

static bool bare_word(void *context, uint64_t address, uint64_t *value)
{
	struct bare *b = context;

	if (address < 0x8000 || address >= 0x8000 + sizeof b->stack)
		return false;
	*value = b->stack[(address - 0x8000) / 8];
	return true;
}

static ptrdiff_t bare_code(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	struct bare *b = context;
	uint64_t at = address - 0x1000, left = sizeof b->code - at;

	if (at >= sizeof b->code)
		return -1;
	if (b->unreadable)
		return 0;
	size = left < size ? (size_t)left : size;
	memcpy(bytes, b->code + at, size);
	return (ptrdiff_t)size;
}

static struct unwind_state bare_state(uint64_t ip, uint64_t sp, uint64_t bp)
{
	struct unwind_state s = { .known = 1u << 6 | 1u << 7 | 1u << 16 };

	s.regs[6] = bp;
	s.regs[7] = sp;
	s.regs[16] = ip;
	return s;
}

static void test_without_tables(void **state)
{
	struct bare b = { .code = { [0x1b] = 0xe8, [0x26] = 0xff, [0x27] = 0xd1 } };
	struct unwind_bare_ops ops = { bare_word, bare_code, &b };
	struct unwind_state s = bare_state(0x1008, 0x8000, 0x8020);

	/* Python's trampoline, behind its call: sub $8,%rsp; call *%rcx; add $8,%rsp; ret */
	memcpy(b.code, "\x48\x83\xec\x08\xff\xd1\x48\x83\xc4\x08\xc3", 11);
	b.stack[1] = 0x1020; /* behind call, relative */
	b.stack[4] = 0x8040;
	b.stack[5] = 0x1028; /* behind call *%rcx */
	s.regs[16] = 0x1006;
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_SURE);
	assert_int_equal(s.regs[16], 0x1020);
	assert_int_equal(s.regs[7], 0x8010);
	assert_int_equal(s.regs[6], 0x8020);
	/* by the frame pointer */
	s = bare_state(0x1010, 0x8000, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[16], 0x1028);
	assert_int_equal(s.regs[7], 0x8030);
	assert_int_equal(s.regs[6], 0x8040);
	/* it has only just been called */
	s = bare_state(0x1010, 0x8008, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, false), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[16], 0x1020);
	assert_int_equal(s.regs[7], 0x8010);
	/* what no call can have led to is no caller */
	b.stack[5] = 0x1024;
	s = bare_state(0x1010, 0x8000, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_NONE);
	b.unreadable = true; /* it may be */
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	b.stack[5] = 0x9000; /* no code */
	s = bare_state(0x1010, 0x8000, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_NONE);
	/* a frame pointer below the stack, beyond it, or askew */
	b.stack[5] = 0x1028;
	for (int i = 0; i < 3; i++) {
		s = bare_state(0x1010, 0x8030, (const uint64_t[]){ 0x8020, 0x9000, 0x8031 }[i]);
		assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_NONE);
	}
}

static void test_without_tables_arm64(void **state)
{
	struct bare b = { 0 };
	struct unwind_bare_ops ops = { bare_word, bare_code, &b };
	const uint32_t bl = 0x94000010, blr = 0xd63f0060;
	struct unwind_state start = { .known = UINT64_C(0xf) << 29 }, s = start;

	memcpy(b.code + 0x1c, &bl, sizeof bl);
	memcpy(b.code + 0x24, &blr, sizeof blr);
	b.stack[4] = 0x8040;
	b.stack[5] = 0x1028;
	start.regs[29] = 0x8020;
	start.regs[30] = 0x1020;
	start.regs[31] = 0x8000;
	start.regs[32] = 0x1008;
	s = start; /* it has called nothing yet */
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, false), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[32], 0x1020);
	assert_int_equal(s.regs[31], 0x8000);
	assert_int_equal(s.regs[29], 0x8020);
	s = start; /* by the frame pointer */
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[32], 0x1028);
	assert_int_equal(s.regs[31], 0x8040);
	assert_int_equal(s.regs[29], 0x8040);
	s = start; /* no call leads to where the link register points */
	s.regs[30] = 0x1024;
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, false), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[32], 0x1028);
	s = start;
	b.stack[5] = 0x102c;
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_NONE);
	b.unreadable = true; /* it may be */
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	b.stack[5] = 0x1029; /* between instructions */
	s = start;
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_tables),
		cmocka_unit_test(test_without_tables_arm64),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
