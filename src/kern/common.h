/* Which pages two processes have in common: both map the same frame. */
#ifndef KERN_COMMON_H
#define KERN_COMMON_H

#include "event/source.h"
#include "kern/reader.h"

/* Pages [first, first + n) of both; out[i] is an enum page_common. Where frame numbers may be
 * read, the answer is exact. Where not, a page that is mapped once only is no common one, and
 * of the others nothing more is said than that. -1: neither can be read. */
int common_pages(const struct reader *a, const struct reader *b, uint64_t first, size_t n, uint8_t *out,
		 struct err *);

#endif
