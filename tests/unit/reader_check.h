/* What tests of readers share. */
#ifndef TESTS_READER_CHECK_H
#define TESTS_READER_CHECK_H

#include "check.h"

#include "kern/reader.h"

static inline struct reader *open_reader(int32_t pid, const struct reader_options *options)
{
	struct err err = { 0 };
	struct reader *r = reader_open(pid, options, &err);

	if (!r)
		print_error("%s\n", err.text);
	assert_non_null(r);
	return r;
}

static inline void read_region(struct reader *r, const struct region_attr *a, struct tiles *t)
{
	unsigned shift = reader_page_shift(r);
	struct err err;
	uint64_t done;

	t->count = 0;
	assert_int_equal(reader_pages(r, a, a->start >> shift, a->end >> shift, true, 0, t, &done, &err), 0);
	assert_true(done == a->end >> shift);
}

#endif
