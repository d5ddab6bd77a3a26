/* Which pages two processes share: both map the same frame. */
#ifndef KERN_COMMON_H
#define KERN_COMMON_H

#include "event/source.h"

/* Do two processes have one memory, as the child of a vfork(2) has with its parent? By kcmp(2), which may be denied. */
enum common_memory { COMMON_MEMORY_TWO, COMMON_MEMORY_ONE, COMMON_MEMORY_UNKNOWN };
enum common_memory common_memory(int32_t a, int32_t b);

/* One of the two. */
struct common_process {
	int32_t pid;
	int pagemap; /* -1: may not be read */
	bool frames; /* frame numbers may be read */
};

/* Pages [first, first + n) of both; out[i] is an enum page_common. If frame numbers may be read, the answer
 * is exact. If not, a page that is mapped only once is not shared, and about the others nothing is known. 0,
 * or -1 with err if they cannot be read. */
int common_pages(const struct common_process *a, const struct common_process *b, uint64_t first, size_t n,
		 uint8_t *out, struct err *);

#endif
