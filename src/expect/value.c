/* Numbers with bounds: as much interval arithmetic as counts need. */
#include "expect/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#define KIB 1024

struct expect_value value_number(int64_t number, enum value_unit unit)
{
	return (struct expect_value){ VALUE_NUMBER, unit, number, number, NULL, NULL };
}

struct expect_value value_range(int64_t low, int64_t high, enum value_unit unit, const char *why)
{
	return (struct expect_value){ VALUE_NUMBER, unit, low,
				      high,         NULL, low == high ? NULL : mem_strdup(why) };
}

struct expect_value value_word(const char *word)
{
	return (struct expect_value){ .kind = VALUE_WORD, .text = mem_strdup(word) };
}

struct expect_value value_text(const char *text)
{
	return (struct expect_value){ .kind = VALUE_TEXT, .text = mem_strdup(text) };
}

struct expect_value value_unknown(const char *why)
{
	return (struct expect_value){ .kind = VALUE_UNKNOWN, .why = mem_strdup(why) };
}

void value_fini(struct expect_value *value)
{
	free(value->text);
	free(value->why);
	*value = (struct expect_value){ 0 };
}

bool value_is_exact(const struct expect_value *value)
{
	return value->kind != VALUE_UNKNOWN && (value->kind != VALUE_NUMBER || value->low == value->high);
}

struct expect_value value_copy(const struct expect_value *value)
{
	struct expect_value copy = *value;

	copy.text = value->text ? mem_strdup(value->text) : NULL;
	copy.why = value_is_exact(value) ? NULL : mem_strdup(value->why);
	return copy;
}

static int64_t scaled(int64_t number, int64_t by)
{
	int64_t result;

	return number == INT64_MAX || __builtin_mul_overflow(number, by, &result) ? INT64_MAX : result;
}

static void to_bytes(struct expect_value *value, uint64_t page_size)
{
	if (value->unit != VALUE_UNIT_PAGES)
		return;
	value->low = scaled(value->low, (int64_t)page_size);
	value->high = scaled(value->high, (int64_t)page_size);
	value->unit = VALUE_UNIT_BYTES;
}

/* The unit of the sum of two: pages and bytes together are bytes. */
static enum value_unit joined_unit(char op, enum value_unit left, enum value_unit right)
{
	if (op == '-' && left == VALUE_UNIT_ADDRESS && right == VALUE_UNIT_ADDRESS)
		return VALUE_UNIT_BYTES;
	if (op == '/' && left == right)
		return VALUE_UNIT_NONE;
	if (left == VALUE_UNIT_ADDRESS || right == VALUE_UNIT_ADDRESS)
		return VALUE_UNIT_ADDRESS;
	if (left == VALUE_UNIT_BYTES || right == VALUE_UNIT_BYTES)
		return VALUE_UNIT_BYTES;
	return left == VALUE_UNIT_NONE ? right : left;
}

/* False: it cannot be computed. */
static int compute(char op, int64_t left, int64_t right, int64_t *out)
{
	if (left == INT64_MAX || right == INT64_MAX) {
		*out = INT64_MAX;
		return op == '+';
	}
	if (op == '+')
		return !__builtin_add_overflow(left, right, out);
	if (op == '-')
		return !__builtin_sub_overflow(left, right, out);
	if (op == '*')
		return !__builtin_mul_overflow(left, right, out);
	if (!right || (left == INT64_MIN && right == -1))
		return 0;
	*out = left / right;
	return 1;
}

struct expect_value value_join(char op, struct expect_value left, struct expect_value right,
			       uint64_t page_size)
{
	struct expect_value result = { 0 };
	bool turned = op == '-'; /* the greatest difference is that to the lowest value */
	bool exact = value_is_exact(&left) && value_is_exact(&right);

	if (left.kind == VALUE_UNKNOWN || right.kind == VALUE_UNKNOWN) {
		result = value_unknown(left.kind == VALUE_UNKNOWN ? left.why : right.why);
	} else if (left.kind != VALUE_NUMBER || right.kind != VALUE_NUMBER) {
		result = value_unknown(_("only numbers can be added, multiplied or divided"));
	} else {
		bool units = left.unit >= VALUE_UNIT_BYTES || right.unit >= VALUE_UNIT_BYTES;
		if (op != '*' && left.unit != right.unit && units) {
			to_bytes(&left, page_size);
			to_bytes(&right, page_size);
		}
		result.kind = VALUE_NUMBER;
		result.unit = joined_unit(op, left.unit, right.unit);
		if (!compute(op, left.low, turned ? right.high : right.low, &result.low) ||
		    !compute(op, left.high, turned ? right.low : right.high, &result.high) ||
		    ((op == '*' || op == '/') && (left.low != left.high || right.low != right.high)))
			result = value_unknown(exact ? _("the numbers are too large, or divided by 0")
						     : value_doubt(&left, &right));
		else if (!value_is_exact(&result))
			result.why = mem_strdup(value_doubt(&left, &right));
	}
	value_fini(&left);
	value_fini(&right);
	return result;
}

static enum expect_outcome outcome(bool always, bool never)
{
	return always ? EXPECT_HOLDS : never ? EXPECT_FAILS : EXPECT_UNKNOWN;
}

static enum expect_outcome opposite(enum expect_outcome o)
{
	return o == EXPECT_UNKNOWN ? o : o == EXPECT_HOLDS ? EXPECT_FAILS : EXPECT_HOLDS;
}

static enum expect_outcome compare_numbers(const struct expect_value *a, enum value_op op,
					   const struct expect_value *b)
{
	switch (op) {
	case VALUE_OP_EQUAL:
	case VALUE_OP_CONTAINS:
		return outcome(a->low == a->high && b->low == b->high && a->low == b->low,
			       a->high < b->low || b->high < a->low);
	case VALUE_OP_DIFFERENT:
		return opposite(compare_numbers(a, VALUE_OP_EQUAL, b));
	case VALUE_OP_LESS:
		return outcome(a->high < b->low, a->low >= b->high);
	case VALUE_OP_AT_MOST:
		return outcome(a->high <= b->low, a->low > b->high);
	case VALUE_OP_GREATER:
		return compare_numbers(b, VALUE_OP_LESS, a);
	case VALUE_OP_AT_LEAST:
		return compare_numbers(b, VALUE_OP_AT_MOST, a);
	}
	return EXPECT_UNKNOWN;
}

enum expect_outcome value_compare(const struct expect_value *left, enum value_op op,
				  const struct expect_value *right, uint64_t page_size)
{
	struct expect_value a = *left, b = *right;

	if (a.kind == VALUE_UNKNOWN || b.kind == VALUE_UNKNOWN)
		return EXPECT_UNKNOWN;
	if (a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER) {
		if (a.unit != b.unit && a.unit && b.unit) {
			to_bytes(&a, page_size);
			to_bytes(&b, page_size);
		}
		return compare_numbers(&a, op, &b);
	}
	if (a.kind == VALUE_NUMBER || b.kind == VALUE_NUMBER)
		return op == VALUE_OP_DIFFERENT ? EXPECT_HOLDS : EXPECT_FAILS;
	if (op == VALUE_OP_CONTAINS)
		return strstr(a.text, b.text) ? EXPECT_HOLDS : EXPECT_FAILS;
	return (strcmp(a.text, b.text) == 0) == (op == VALUE_OP_EQUAL) ? EXPECT_HOLDS : EXPECT_FAILS;
}

const char *value_doubt(const struct expect_value *a, const struct expect_value *b)
{
	return !value_is_exact(a) ? a->why : !value_is_exact(b) ? b->why : "";
}

static void print_bytes(struct strbuf *out, int64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;

	while (unit + 1 < sizeof units / sizeof *units && bytes && bytes % KIB == 0) {
		bytes /= KIB;
		unit++;
	}
	strbuf_printf(out, "%" PRId64 " %s", bytes, units[unit]);
}

static void print_number(struct strbuf *out, int64_t number, enum value_unit unit)
{
	if (unit == VALUE_UNIT_ADDRESS)
		strbuf_printf(out, "0x%" PRIx64, (uint64_t)number);
	else if (unit == VALUE_UNIT_BYTES)
		print_bytes(out, number);
	else
		strbuf_printf(out, "%" PRId64, number);
}

void value_print(struct strbuf *out, const struct expect_value *value, int unit)
{
	if (value->kind == VALUE_UNKNOWN) {
		strbuf_puts(out, _("unknown"));
		return;
	}
	if (value->kind != VALUE_NUMBER) {
		text_printable(out, value->text, strlen(value->text));
		return;
	}
	if (value->low == value->high)
		print_number(out, value->low, value->unit);
	else if (value->high == INT64_MAX)
		strbuf_printf(out, _("%" PRId64 " or more"), value->low);
	else
		strbuf_printf(out, _("%" PRId64 " to %" PRId64), value->low, value->high);
	if (unit && value->unit == VALUE_UNIT_PAGES)
		strbuf_puts(out,
			    ngettext(" page", " pages",
				     (unsigned long)(value->high == INT64_MAX ? value->low : value->high)));
}

bool value_unit_find(const char *word, size_t length, enum value_unit *unit, int64_t *times)
{
	static const struct {
		const char *word;
		enum value_unit unit;
		int64_t times;
	} units[] = {
		{ "pages", VALUE_UNIT_PAGES, 1 },
		{ "page", VALUE_UNIT_PAGES, 1 },
		{ "bytes", VALUE_UNIT_BYTES, 1 },
		{ "byte", VALUE_UNIT_BYTES, 1 },
		{ "KiB", VALUE_UNIT_BYTES, 1024 },
		{ "MiB", VALUE_UNIT_BYTES, 1 << 20 },
		{ "GiB", VALUE_UNIT_BYTES, 1 << 30 },
		{ "faults", VALUE_UNIT_NONE, 1 },
		{ "TiB", VALUE_UNIT_BYTES, INT64_C(1) << 40 },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strlen(units[i].word) == length && !memcmp(units[i].word, word, length)) {
			*unit = units[i].unit;
			*times = units[i].times;
			return true;
		}
	return false;
}
