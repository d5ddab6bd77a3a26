/* Rows of call frame information: descriptions written by hand, as an assembler would write them. */
#include <string.h>

#include "symbol/unwind_sites.h"
#include "symbol/unwind_row.h"
#include "unit/check.h"

#define CIE_AT 0x1000
#define FDE_AT 0x2000
#define START 0x5000
#define RBX 0 /* slots */
#define RBP 1

/* The address of what was found, or that nothing was. */
struct answer {
	bool found;
	uint64_t start;
	struct unwind_row row;
};

static void put_word(uint8_t *bytes, uint32_t word)
{
	memcpy(bytes, &word, sizeof word);
}

/* Of a CIE with these letters, whose functions have their return address on top, and of a function of 64 bytes with this
 * code: what the tables say of a place in it. */
static struct answer ask_with(const char *letters, uint8_t augmentation, const uint8_t *common,
			      size_t common_size, const uint8_t *code, size_t size, uint64_t address)
{
	uint8_t cie[64] = { 0 }, fde[64] = { 0 };
	size_t at = 9;
	struct answer answer;
	struct unwind_description c = { cie, 0, CIE_AT }, f = { fde, 0, FDE_AT };

	cie[8] = 1;
	memcpy(cie + at, letters, strlen(letters) + 1);
	at += strlen(letters) + 1;
	cie[at++] = 1;    /* code */
	cie[at++] = 0x78; /* data: -8 */
	cie[at++] = 16;
	cie[at++] = (uint8_t)strlen(letters) - 1;
	cie[at++] = augmentation; /* R: relative to its place, four bytes */
	at += strlen(letters) - 2;
	memcpy(cie + at, common, common_size);
	c.length = at + common_size;
	put_word(cie, (uint32_t)c.length - 4);

	put_word(fde + 4, FDE_AT + 4 - CIE_AT);
	put_word(fde + 8, (uint32_t)(START - (FDE_AT + 8)));
	put_word(fde + 12, 64);
	memcpy(fde + 17, code, size);
	f.length = 17 + size;
	put_word(fde, (uint32_t)f.length - 4);
	assert_int_equal(unwind_row_cie(&f), CIE_AT);
	answer.found = unwind_row_read(&c, &f, address, &answer.start, &answer.row);
	return answer;
}

/* def_cfa rsp 8, return address at CFA - 8 */
static const uint8_t usual[] = { 0x0c, 7, 8, 0x90, 1 };

static struct answer ask(const uint8_t *code, size_t size, uint64_t offset)
{
	return ask_with("zR", 0x1b, usual, sizeof usual, code, size, START + offset);
}

static void check_row(struct answer a, unsigned reg, int offset, unsigned rbx, unsigned rbp)
{
	assert_true(a.found);
	assert_int_equal(a.start, START);
	assert_int_equal(a.row.kind, UNWIND_ROW_CALLER);
	assert_int_equal(a.row.cfa_reg, reg);
	assert_int_equal(a.row.cfa_offset, offset);
	assert_int_equal(a.row.saved[RBX], rbx);
	assert_int_equal(a.row.saved[RBP], rbp);
}

static void test_prologue(void **state)
{
	/* push rbp; mov rsp, rbp; push rbx; ...; pop, as what it was before */
	static const uint8_t code[] = { 0x41, 0x0e, 16,   0x86, 2,    0x43, 0x0d, 6,    0x02, 1,
					0x83, 3,    0x0a, 0x44, 0xc6, 0xc3, 0x0c, 7,    8,    0x44,
					0x0b, 0x41, 0x08, 3,    0x03, 1,    0,    0x05, 14,   9 };

	assert_int_equal(unwind_row_slot(3), RBX);
	assert_int_equal(unwind_row_slot(6), RBP);
	assert_int_equal(unwind_row_slot(7), -1);
	assert_int_equal(unwind_row_slot(99), -1);
	check_row(ask(code, sizeof code, 0), 7, 8, 0, 0);
	check_row(ask(code, sizeof code, 1), 7, 16, 0, 2);
	check_row(ask(code, sizeof code, 3), 7, 16, 0, 2);
	check_row(ask(code, sizeof code, 4), 6, 16, 0, 2);
	check_row(ask(code, sizeof code, 5), 6, 16, 3, 2);
	check_row(ask(code, sizeof code, 8), 6, 16, 3, 2);
	check_row(ask(code, sizeof code, 9), 7, 8, 0, 0);
	check_row(ask(code, sizeof code, 13), 6, 16, 3, 2);
	check_row(ask(code, sizeof code, 14), 6, 16, 0, 2);
	struct answer last = ask(code, sizeof code, 63);
	check_row(last, 6, 16, 0, 2);
	assert_int_equal(last.row.saved[unwind_row_slot(14)], 9);
}

static void test_outside(void **state)
{
	static const uint8_t code[] = { 0x41, 0x0e, 16 };

	assert_false(ask(code, sizeof code, 64).found);
	assert_false(ask(code, sizeof code, UINT64_MAX).found);
	/* the address of a pointer to it, not its own */
	assert_false(ask_with("zR", 0x9b, usual, sizeof usual, code, sizeof code, START).found);
}

static void check_other(struct answer a)
{
	assert_true(a.found);
	assert_int_equal(a.start, START);
	assert_int_equal(a.row.kind, UNWIND_ROW_OTHER);
}

/* What does not have the simple form is left to libunwind, from that instruction on. */
static void test_other(void **state)
{
	static const struct {
		size_t size;
		uint8_t code[8];
	} cases[] = {
		{ 5, { 0x41, 0x0f, 2, 0x77, 8 } }, /* CFA: an expression */
		{ 6, { 0x41, 0x10, 3, 2, 0x77, 8 } },
		{ 6, { 0x41, 0x16, 3, 2, 0x77, 8 } },
		{ 4, { 0x41, 0x09, 3, 12 } }, /* in a register */
		{ 3, { 0x41, 0x07, 3 } },     /* undefined */
		{ 3, { 0x41, 0x80, 2 } },     /* rax */
		{ 3, { 0x41, 0x83, 0 } },     /* at the CFA */
		{ 4, { 0x41, 0x83, 0x80, 2 } },
		{ 3, { 0x41, 0x90, 2 } },                            /* the return address elsewhere */
		{ 2, { 0x41, 0x0b } },                               /* back to what was not remembered */
		{ 2, { 0x41, 0x3f } },                               /* nothing known */
		{ 2, { 0x41, 0x0e } },                               /* cut */
		{ 3, { 0x41, 0x0d, 17 } },                           /* no register */
		{ 7, { 0x41, 0x0e, 0xff, 0xff, 0xff, 0xff, 0x7f } }, /* beyond 2 GiB */
	};
	static const uint8_t undefined[] = { 0x90, 1 }, unsaved[] = { 0x0c, 7, 8 }, none[] = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		check_other(ask(cases[i].code, cases[i].size, 1));
		check_row(ask(cases[i].code, cases[i].size, 0), 7, 8, 0, 0);
	}
	/* a signal's frame; a CIE without a CFA, and without a return address */
	check_other(ask_with("zRS", 0x1b, usual, sizeof usual, none, 1, START));
	check_other(ask_with("zR", 0x1b, undefined, sizeof undefined, none, 1, START));
	check_other(ask_with("zR", 0x1b, unsaved, sizeof unsaved, none, 1, START));
}

static void test_last(void **state)
{
	static const uint8_t code[] = { 0x07, 16 };
	struct answer a = ask(code, sizeof code, 5);

	assert_true(a.found);
	assert_int_equal(a.row.kind, UNWIND_ROW_LAST);
}

static void test_nonsense(void **state)
{
	uint8_t bytes[32] = { 0 };
	uint64_t start;
	struct unwind_row row;
	struct unwind_description d = { bytes, sizeof bytes, CIE_AT };

	for (size_t length = 0; length <= sizeof bytes; length++) {
		d.length = length;
		assert_int_equal(unwind_row_cie(&d), 0);
		assert_false(unwind_row_read(&d, &d, START, &start, &row));
	}
	memset(bytes, 0xff, sizeof bytes);
	assert_false(unwind_row_read(&d, &d, START, &start, &row));
}

static void test_places(void **state)
{
	static struct unwind_sites places;
	struct unwind_site place = { 0x40, { .kind = UNWIND_ROW_LAST } }, found;

	assert_false(unwind_sites_find(&places, 0, &found));
	unwind_sites_add(&places, 0x44, &place);
	assert_true(unwind_sites_find(&places, 0x44, &found));
	assert_int_equal(found.start, 0x40);
	assert_int_equal(found.row.kind, UNWIND_ROW_LAST);
	assert_false(unwind_sites_find(&places, 0x45, &found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prologue), cmocka_unit_test(test_outside),
		cmocka_unit_test(test_other),    cmocka_unit_test(test_last),
		cmocka_unit_test(test_nonsense), cmocka_unit_test(test_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
