/* Every state, region kind, set of rights and flags gets words, and none that
 * contradict the region's rights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "render/code.h"
#include "render/explain.h"
#include "render/explain_cause.h"
#include "render/page_entry.h"

static struct region region_of(uint8_t kind, uint8_t perms)
{
	return (struct region){
		.id = 1,
		.attr = { .start = 0x1000, .end = 0x9000, .perms = perms, .kind = kind, .path = "" },
	};
}

static const uint32_t flag_sets[] = {
	0,
	PAGE_EXCLUSIVE,
	PAGE_SHARED,
	PAGE_EXCLUSIVE | PAGE_HUGE,
	PAGE_HUGE | PAGE_HUGETLB,
	PAGE_SHARED | PAGE_KSM | PAGE_LOCKED,
	PAGE_DIRTY | PAGE_REFERENCED,
	PAGE_CACHE_UNKNOWN,
};
#define FLAG_SETS (sizeof flag_sets / sizeof *flag_sets)

typedef void (*check_fn)(uint32_t word, const struct region *);

static void for_all(check_fn check)
{
	for (int state = 0; state < PAGE_STATES; state++)
		for (size_t f = 0; f < FLAG_SETS; f++)
			for (uint8_t kind = 0; kind < REGION_KINDS; kind++)
				for (uint8_t perms = 0; perms < 16; perms++) {
					struct region region = region_of(kind, perms);
					check(page_word((enum page_state)state, flag_sets[f]), &region);
				}
}

static void check_why(uint32_t word, const struct region *region)
{
	struct page_detail *none = NULL;
	struct strbuf out = { 0 };
	explain_why(&out, word, region, none, NULL);
	assert_true(out.len > 20);
	assert_true(out.text[out.len - 1] == '.');
	assert_null(strstr(out.text, "  "));
	if (!(word & PAGE_REFERENCED))
		assert_null(strstr(out.text, "of late"));
	if (!(word & PAGE_DIRTY))
		assert_null(strstr(out.text, "dirty"));
	if (!(region->attr.perms & REGION_WRITE)) {
		assert_null(strstr(out.text, "write here"));
		if (page_state(word) == PAGE_RESERVED)
			assert_null(strstr(out.text, "first write"));
	}
	if (page_state(word) != PAGE_COPY)
		assert_null(strstr(out.text, "Copy-on-write happened"));
	strbuf_fini(&out);
}

static void test_why_always_has_words(void **unused)
{
	for_all(check_why);
}

static bool faults_or_passes(enum explain_outcome outcome)
{
	return outcome != EXPLAIN_SIGNAL && outcome != EXPLAIN_UNKNOWN;
}

static void check_touch(uint32_t word, const struct region *region)
{
	uint8_t perms = region->attr.perms;
	for (int i = 0; i < EXPLAIN_TOUCH_KINDS; i++) {
		struct forecast next = explain_touch((enum explain_touch)i, word, region);
		assert_true(*next.text && *explain_outcome_name(next.outcome) &&
			    *explain_touch_name((enum explain_touch)i));
		if (i == EXPLAIN_TOUCH_WRITE && !(perms & REGION_WRITE))
			assert_int_equal(next.outcome, EXPLAIN_SIGNAL);
		if (i == EXPLAIN_TOUCH_READ && !(perms & REGION_READ))
			assert_false(faults_or_passes(next.outcome));
		if (i == EXPLAIN_TOUCH_EXEC && !(perms & REGION_EXEC))
			assert_false(faults_or_passes(next.outcome));
		if (page_state(word) == PAGE_GUARD || page_state(word) == PAGE_NONE)
			assert_false(faults_or_passes(next.outcome));
		if (page_state(word) == PAGE_UNKNOWN)
			assert_false(faults_or_passes(next.outcome));
		if (next.outcome == EXPLAIN_PASS)
			assert_true(page_state_resident(page_state(word)) || page_state(word) == PAGE_ZERO);
	}
}

static void test_touch_keeps_to_the_rights(void **unused)
{
	for_all(check_touch);
}

static void check_next(uint32_t word, const struct region *region)
{
	struct strbuf out = { 0 };
	explain_next(&out, word, region);
	assert_non_null(strstr(out.text, "read: "));
	assert_non_null(strstr(out.text, "write: "));
	assert_non_null(strstr(out.text, "exec: "));
	strbuf_fini(&out);
}

static void test_next_names_all_touches(void **unused)
{
	for_all(check_next);
	check_next(PAGE_NONE, NULL);
}

static enum explain_outcome outcome_of(enum explain_touch touch, uint32_t word, uint8_t kind, uint8_t perms)
{
	struct region region = region_of(kind, perms);
	return explain_touch(touch, word, &region).outcome;
}

static void test_faults_known_by_name(void **unused)
{
	enum { R = REGION_READ, RW = R | REGION_WRITE, RX = R | REGION_EXEC, S = REGION_MAY_SHARE };
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_READ, PAGE_RESERVED, REGION_HEAP, RW), EXPLAIN_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_WRITE, PAGE_RESERVED, REGION_HEAP, RW), EXPLAIN_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_READ, PAGE_ZERO, REGION_ANON, RW), EXPLAIN_PASS);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_WRITE, PAGE_ZERO, REGION_ANON, RW), EXPLAIN_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_EXEC, PAGE_CACHED, REGION_TEXT, RX), EXPLAIN_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_EXEC, PAGE_RESERVED, REGION_TEXT, RX), EXPLAIN_MAJOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_EXEC, PAGE_RESERVED | PAGE_CACHE_UNKNOWN, REGION_TEXT, RX),
			 EXPLAIN_FAULT);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_WRITE, PAGE_FILE, REGION_DATA, RW), EXPLAIN_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_WRITE, PAGE_FILE, REGION_FILE, RW | S),
			 EXPLAIN_AT_MOST_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_WRITE, PAGE_ANON | PAGE_SHARED, REGION_HEAP, RW),
			 EXPLAIN_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_WRITE, PAGE_ANON | PAGE_EXCLUSIVE, REGION_HEAP, RW),
			 EXPLAIN_AT_MOST_MINOR);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_READ, PAGE_SWAP, REGION_HEAP, RW), EXPLAIN_FAULT);
	assert_int_equal(outcome_of(EXPLAIN_TOUCH_READ, PAGE_ANON, REGION_HEAP, 0), EXPLAIN_SIGNAL);
}

static void test_state_words(void **unused)
{
	struct strbuf out = { 0 };
	explain_state(&out, PAGE_ANON | PAGE_EXCLUSIVE | PAGE_HUGE);
	assert_string_equal(out.text, "anon, exclusive, huge");
	strbuf_clear(&out);
	explain_state(&out, PAGE_RESERVED | PAGE_CACHE_UNKNOWN);
	assert_string_equal(out.text, "reserved");
	strbuf_clear(&out);
	explain_state(&out, page_unknown(PAGE_WHY_ZERO_OR_ANON));
	assert_string_equal(out.text, "unknown");
	strbuf_fini(&out);
}

static void test_why_uses_the_reading(void **unused)
{
	static struct page_detail detail = { .location = { .section = ".got" },
					     .cached = { .refused = true, .why = "not yours" } };
	struct region data = region_of(REGION_DATA, REGION_READ);
	struct strbuf out = { 0 };
	explain_why(&out, PAGE_COPY, &data, &detail, NULL);
	assert_non_null(strstr(out.text, "begins in .got"));
	strbuf_clear(&out);
	explain_why(&out, PAGE_RESERVED | PAGE_CACHE_UNKNOWN, &data, &detail, NULL);
	assert_non_null(strstr(out.text, "not known: not yours."));
	strbuf_clear(&out);
	explain_why(&out, page_unknown(PAGE_WHY_DENIED), &data, &detail, NULL);
	assert_non_null(strstr(out.text, page_why_text(PAGE_WHY_DENIED)));
	strbuf_clear(&out);
	/* not every kernel has a zero page, and the page does not show it */
	struct region heap = region_of(REGION_HEAP, REGION_READ | REGION_WRITE);
	explain_why(&out, PAGE_RESERVED, &heap, NULL, NULL);
	assert_non_null(strstr(out.text, "zero page, if there is one"));
	strbuf_fini(&out);
}

static void check_address(uint64_t address, int width, unsigned page_shift, int levels)
{
	struct address_field fields[PAGE_ENTRY_FIELDS_MAX];
	int n = address_fields(address, width, page_shift, fields);
	uint64_t whole = 0;
	int bits = 0;
	assert_int_equal(n, levels + 1);
	for (int i = 0; i < n; i++) {
		assert_true(fields[i].value < UINT64_C(1) << fields[i].bits);
		whole |= fields[i].value << fields[i].shift;
		bits += fields[i].bits;
	}
	assert_int_equal(bits, width);
	assert_int_equal(fields[n - 1].shift, 0);
	assert_true(whole == (address & ((UINT64_C(1) << width) - 1)));
}

static void test_address_fields(void **unused)
{
	struct address_field fields[PAGE_ENTRY_FIELDS_MAX];
	static const uint64_t addresses[] = {
		0, 0x1234, 0x55d2c1f0b123, 0x7fffffffe000, 0xf7fc1abc, 0x00ff123456789abc, UINT64_MAX
	};
	static const struct {
		int bits;
		unsigned page_shift;
		int tables;
		const char *names;
		int top; /* bits of the first */
	} layouts[] = {
		/* x86 */
		{ 32, 12, 2, "PGD PTE", 10 },
		{ 48, 12, 4, "PGD PUD PMD PTE", 9 },
		{ 57, 12, 5, "PGD P4D PUD PMD PTE", 9 },
		/* aarch64: CONFIG_ARM64_VA_BITS and CONFIG_PGTABLE_LEVELS of the kernel's Kconfig */
		{ 39, 12, 3, "PGD PMD PTE", 9 },
		{ 52, 12, 5, "PGD P4D PUD PMD PTE", 4 },
		{ 36, 14, 2, "PGD PTE", 11 },
		{ 47, 14, 3, "PGD PMD PTE", 11 },
		{ 48, 14, 4, "PGD PUD PMD PTE", 1 },
		{ 52, 14, 4, "PGD PUD PMD PTE", 5 },
		{ 42, 16, 2, "PGD PTE", 13 },
		{ 48, 16, 3, "PGD PMD PTE", 6 },
		{ 52, 16, 3, "PGD PMD PTE", 10 },
	};
	for (size_t l = 0; l < sizeof layouts / sizeof *layouts; l++) {
		char names[40] = "";
		for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
			check_address(addresses[i], layouts[l].bits, layouts[l].page_shift,
				      layouts[l].tables);
		address_fields(0, layouts[l].bits, layouts[l].page_shift, fields);
		for (int i = 0; i < layouts[l].tables; i++)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? " " : "",
				 fields[i].name);
		assert_string_equal(names, layouts[l].names);
		assert_int_equal(fields[0].bits, layouts[l].top);
		assert_int_equal(fields[layouts[l].tables].bits, layouts[l].page_shift);
	}
	assert_int_equal(address_fields(0x1000, 0, 12, fields), 0);
	assert_int_equal(address_fields(0x1000, 12, 12, fields), 0);
	assert_int_equal(address_fields(0x1000, 64, 12, fields), 0); /* six levels */
	assert_int_equal(address_fields(0x1000, 48, 0, fields), 0);
	assert_int_equal(address_fields(0x55d2c1f0b123, 48, 12, fields), 5);
	assert_int_equal(fields[0].value, 0x55d2c1f0b123 >> 39);
	assert_string_equal(fields[4].name, "offset");
	assert_int_equal(fields[4].value, 0x123);
}

static struct entry_bit find_bit(const struct entry_bit *bits, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(bits[i].name, name))
			return bits[i];
	return (struct entry_bit){ -1, -1, "", UINT64_MAX, "", false };
}

/* The parts tile 63..0 and put together again are the entry. */
static int check_entry(uint64_t entry, bool has_frame, struct entry_bit *bits)
{
	int n = entry_bits(entry, has_frame, bits), next = 63;
	uint64_t whole = 0;
	assert_true(n <= PAGE_ENTRY_BITS_MAX);
	for (int i = 0; i < n; i++) {
		assert_int_equal(bits[i].high, next);
		assert_true(*bits[i].meaning);
		whole |= bits[i].value << bits[i].low;
		next = bits[i].low - 1;
	}
	assert_int_equal(next, -1);
	assert_true(whole == entry);
	return n;
}

static void test_entry_bits(void **unused)
{
	struct entry_bit bits[PAGE_ENTRY_BITS_MAX];
	int n = check_entry(UINT64_C(1) << 63 | UINT64_C(1) << 56 | 0x115034, true, bits);
	assert_int_equal(find_bit(bits, n, "present").value, 1);
	assert_int_equal(find_bit(bits, n, "exclusive").value, 1);
	assert_int_equal(find_bit(bits, n, "frame").value, 0x115034);
	assert_false(find_bit(bits, n, "frame").hidden);
	n = check_entry(UINT64_C(1) << 63, false, bits);
	assert_non_null(strstr(find_bit(bits, n, "frame").meaning, "CAP_SYS_ADMIN"));
	assert_true(find_bit(bits, n, "frame").hidden); /* 0 is no frame's number */
	n = check_entry(UINT64_C(1) << 62 | 77 << 5 | 3, true, bits);
	assert_int_equal(find_bit(bits, n, "swap type").value, 3);
	assert_int_equal(find_bit(bits, n, "swap offset").value, 77);
	n = check_entry(UINT64_C(1) << 62 | UINT64_C(1) << 58, true, bits);
	assert_int_equal(find_bit(bits, n, "swap type").high, -1);
	assert_non_null(strstr(find_bit(bits, n, "swapped").meaning, "nothing was swapped"));
	check_entry(0, false, bits);
	check_entry(UINT64_MAX, true, bits);
}

static void test_kflags(void **unused)
{
	struct strbuf out = { 0 };
	entry_kflags(&out, 0);
	assert_string_equal(out.text, "");
	entry_kflags(&out, 1 << 3 | 1 << 5 | 1 << 12 | 1 << 14 | UINT64_C(1) << 33 | UINT64_C(1) << 63);
	assert_string_equal(out.text, "uptodate lru anon swapbacked mlocked bit-63");
	strbuf_fini(&out);
}

/* One sentence for each cause, all different. */
static void test_causes(void **state)
{
	const char *text[FAULT_CAUSES];

	(void)state;
	for (int i = 0; i < FAULT_CAUSES; i++) {
		struct event_fault fault = { .cause = (enum fault_cause)i,
					     .access = FAULT_WRITE,
					     .now = PAGE_ANON };
		size_t len;

		text[i] = explain_cause(&fault);
		len = strlen(text[i]);
		assert_true(len > 20 && text[i][len - 1] == '.');
		assert_null(strstr(text[i], ". "));
		for (int before = 0; before < i; before++)
			assert_string_not_equal(text[before], text[i]);
	}
	struct event_fault huge = { .cause = FAULT_ZERO_FILL,
				    .access = FAULT_WRITE,
				    .now = PAGE_ANON | PAGE_HUGE };
	assert_non_null(strstr(explain_cause(&huge), "huge page"));
	/* without a zero page, a read brings a frame of its own */
	huge.access = FAULT_READ;
	assert_null(strstr(explain_cause(&huge), "shared"));
	huge = (struct event_fault){ .cause = FAULT_ZERO_PAGE,
				     .access = FAULT_READ,
				     .now = PAGE_ZERO | PAGE_HUGE };
	assert_non_null(strstr(explain_cause(&huge), "shared huge page"));
	struct event_fault unsure = { .cause = FAULT_ZERO_FILL, .now = PAGE_ANON };
	assert_null(strstr(explain_cause(&unsure), "ritten"));
	struct event_fault swap = { .cause = FAULT_SWAP_IN, .now = PAGE_ANON };
	assert_null(strstr(explain_cause(&swap), "disk"));
}

/* The text about a page that a fault provided is what that fault did. */
static void test_why_agrees_with_the_cause(void **state)
{
	static const enum fault_cause kept[] = { FAULT_COW_FORK, FAULT_REUSE, FAULT_SWAP_IN,
						 FAULT_USERFAULT };
	struct region stack = region_of(REGION_STACK, REGION_READ | REGION_WRITE);
	struct strbuf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		struct event_fault fault = { .cause = kept[i], .access = FAULT_WRITE };
		explain_why(&out, PAGE_ANON, &stack, NULL, &fault);
		assert_true(out.len > 20);
		assert_null(strstr(out.text, "zero"));
		strbuf_clear(&out);
		explain_why(&out, PAGE_COPY, &stack, NULL, &fault);
		assert_null(strstr(out.text, "file's page"));
		strbuf_clear(&out);
	}
	struct event_fault filled = { .cause = FAULT_ZERO_FILL, .access = FAULT_WRITE };
	explain_why(&out, PAGE_ANON, &stack, NULL, &filled);
	assert_non_null(strstr(out.text, "zeroed"));
	strbuf_fini(&out);
}

static void test_short_names(void **state)
{
	static const struct {
		const char *name;
		int columns;
		const char *brief;
	} cases[] = {
		{ "fill+0x2c", 20, "fill+0x2c" },
		{ "f(int, char const*)+0x12", 24, "f(int, char const*)+0x12" },
		{ "f(int, char const*)+0x12", 20, "f+0x12" },
		{ "std::vector<std::pair<int, long> >::push_back(int)", 45,
		  "std::vector<std::pair<int, long> >::push_back" },
		{ "std::vector<std::pair<int, long> >::push_back(int)+0x1", 30,
		  "std::vector<>::push_back+0x1" },
		{ "std::vector<std::pair<int, long> >::push_back(int)", 12, "~::push_back" },
		{ "ns::operator<< <char>(std::ostream&)", 18, "ns::operator<< <>" },
		{ "a::operator->() const", 14, "a::operator->" },
		{ "a::operator()(int, int)", 15, "a::operator()" },
		{ "(anonymous namespace)::go(int)", 25, "(anonymous namespace)::go" },
		{ "a_plain_name_that_is_far_too_long", 10, "~_too_long" },
		{ "core::ops::Fn<Args>>>::x", 12, "~ps::Fn<>>::x" },
		{ "x(", 1, "~" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct strbuf out = { 0 };

		strbuf_add(&out, "", 0);
		code_add_short(&out, cases[i].name, cases[i].columns, 1);
		if (i != 11) /* brackets that do not match: anything that fits */
			assert_string_equal(out.text, cases[i].brief);
		assert_true(text_columns(out.text) <= cases[i].columns);
		strbuf_fini(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_why_always_has_words),
		cmocka_unit_test(test_touch_keeps_to_the_rights),
		cmocka_unit_test(test_next_names_all_touches),
		cmocka_unit_test(test_faults_known_by_name),
		cmocka_unit_test(test_state_words),
		cmocka_unit_test(test_why_uses_the_reading),
		cmocka_unit_test(test_address_fields),
		cmocka_unit_test(test_entry_bits),
		cmocka_unit_test(test_kflags),
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_why_agrees_with_the_cause),
		cmocka_unit_test(test_short_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
