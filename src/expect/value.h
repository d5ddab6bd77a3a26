/* The value of an expression of the expectation language: a number, a word, a text.
 *
 * A number that is not known exactly is known within bounds: of 64 pages with 3 unknown states, 61 to 64 are
 * resident. A comparison that holds for every number within the bounds holds; one that holds only for some of
 * them is unknown, with the reason. */
#ifndef EXPECT_VALUE_H
#define EXPECT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

enum value_kind {
	VALUE_UNKNOWN,
	VALUE_NUMBER,
	VALUE_WORD, /* of the language: "zero-fill" */
	VALUE_TEXT, /* raw bytes */
};

enum value_unit { VALUE_UNIT_NONE, VALUE_UNIT_PAGES, VALUE_UNIT_BYTES, VALUE_UNIT_ADDRESS };

struct expect_value {
	enum value_kind kind;
	enum value_unit unit;
	int64_t low, high; /* of a number; equal: exact. INT64_MAX: no bound */
	char *text;        /* of a word or text; owned */
	char *why;         /* the reason if it is not known exactly, one translated line; else NULL; owned */
};

enum expect_outcome { EXPECT_HOLDS, EXPECT_FAILS, EXPECT_UNKNOWN };

enum value_op {
	VALUE_OP_EQUAL,
	VALUE_OP_DIFFERENT,
	VALUE_OP_LESS,
	VALUE_OP_AT_MOST,
	VALUE_OP_GREATER,
	VALUE_OP_AT_LEAST,
	VALUE_OP_CONTAINS,
};

/* New values: exact; within bounds, and why not exact (may be NULL if the bounds are equal); a word of the
 * language; raw text; and unknown, with the reason. All strings are copied. The caller ends each with
 * value_fini. */
struct expect_value value_number(int64_t number, enum value_unit);
struct expect_value value_range(int64_t low, int64_t high, enum value_unit, const char *why);
struct expect_value value_word(const char *);
struct expect_value value_text(const char *);
struct expect_value value_unknown(const char *why);
void value_fini(struct expect_value *);
/* Is it known exactly? If not, `why` says why. */
bool value_is_exact(const struct expect_value *);
struct expect_value value_copy(const struct expect_value *);

/* Applies op, one of + - * /. Takes over both values. Pages and bytes combined give bytes. */
struct expect_value value_join(char op, struct expect_value, struct expect_value, uint64_t page_size);
/* Does the comparison hold? EXPECT_UNKNOWN if that depends on what is not known. */
enum expect_outcome value_compare(const struct expect_value *, enum value_op, const struct expect_value *,
				  uint64_t page_size);
/* Why a comparison of the two is unknown: the reason of the first that is not exact; "" if both are exact. */
const char *value_doubt(const struct expect_value *, const struct expect_value *);

/* The unit that a word stands for ("pages", "KiB"), and what to multiply by. False: it is not a unit. */
bool value_unit_find(const char *word, size_t length, enum value_unit *, int64_t *times);

/* Appends "64 pages", "256 KiB", "0x7f12...", "zero-fill", "61 to 64 pages". `unit`: name pages too. */
void value_print(struct strbuf *, const struct expect_value *, int unit);

#endif
