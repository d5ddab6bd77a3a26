/* PAGEMAP_SCAN: ranges of pages by category, from one call.
 *
 *   size flags start end walk_end vec vec_len max_pages inverted mask anyof return
 *
 * An unknown category is EINVAL: a kernel before 6.15 is asked for one less. walk_end,
 * where the kernel stopped, is not to be trusted: the kernel fills its own buffer of
 * 512 ranges and flushes it, and a walk that ends after a flush leaves walk_end where
 * the flush was. Therefore a call that returned fewer ranges than there was room for
 * has seen everything; otherwise the walk goes on from walk_end or from the end of
 * the last range, whichever is further: nothing is seen twice, nothing missed. */
#include "kern/pagescan.h"

#include <errno.h>
#include <sys/ioctl.h>

struct scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};

#define SCAN_REQUEST _IOWR('f', 16, struct scan_arg)
#define SCAN_FIRST_SET (SCAN_FILE | SCAN_PRESENT | SCAN_SWAPPED | SCAN_ZERO | SCAN_HUGE)

unsigned pagescan_probe(int fd, int *errnum)
{
	static const unsigned sets[] = { SCAN_FIRST_SET | SCAN_GUARD, SCAN_FIRST_SET };
	struct scan_range range;
	uint64_t next;

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		if (pagescan(fd, sets[i], 0, 1 << 16, &range, 1, &next) >= 0) {
			*errnum = 0;
			return sets[i];
		}
		*errnum = errno;
		if (errno != EINVAL)
			break;
	}
	return 0;
}

int64_t pagescan(int fd, unsigned categories, uint64_t start, uint64_t end, struct scan_range *ranges,
		 size_t n, uint64_t *next)
{
	struct scan_arg arg = {
		.size = sizeof arg,
		.start = start,
		.end = end,
		.vec = (uintptr_t)ranges,
		.vec_len = n,
		.category_anyof_mask = categories & (SCAN_PRESENT | SCAN_SWAPPED | SCAN_GUARD),
		.return_mask = categories,
	};
	int got;

	do
		got = ioctl(fd, SCAN_REQUEST, &arg);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	*next = end;
	if ((size_t)got == n) {
		uint64_t last = ranges[n - 1].end;

		*next = arg.walk_end > last && arg.walk_end < end ? arg.walk_end : last;
	}
	return got;
}
