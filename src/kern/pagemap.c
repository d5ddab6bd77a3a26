/* /proc/PID/pagemap: 8 bytes for every page.
 *
 *   63      62      61    58    57       56        55         54            0
 *   present swapped file  guard uffd-wp  exclusive soft-dirty frame number
 *
 *   0x8100000000115034   present, mapped once, frame 0x115034: private memory
 *   0xa000000000002860   present, a page of a file that others map too
 *   0x440000000000009f   guard: bit 62 is set as well
 *
 * The frame number reads as 0 without CAP_SYS_ADMIN. Swapped pages have their position in swap there instead.
 *
 * PAGEMAP_SCAN takes and returns a struct of 64-bit words:
 *
 *   size flags start end walk_end vec vec_len max_pages inverted mask anyof return
 *
 * An unknown category is EINVAL: a kernel before 6.15 is asked for one less. walk_end, where the kernel
 * stopped, cannot be trusted: the kernel fills its own buffer of 512 ranges and flushes it, and a walk that
 * ends after a flush leaves walk_end where the flush was. Therefore a call that returned fewer ranges than
 * there was room for has seen everything; otherwise the walk goes on from walk_end or from the end of the
 * last range, whichever is further: nothing is seen twice, nothing missed. */
#include "kern/pagemap.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kern/procfile.h"

unsigned pagemap_categories(uint64_t entry)
{
	unsigned categories = 0;

	if (entry & PAGEMAP_FILE)
		categories |= PAGEMAP_SCAN_FILE;
	if (entry & PAGEMAP_PRESENT)
		categories |= PAGEMAP_SCAN_PRESENT;
	if (entry & PAGEMAP_SWAPPED)
		categories |= PAGEMAP_SCAN_SWAPPED;
	if (entry & PAGEMAP_GUARD)
		categories |= PAGEMAP_SCAN_GUARD;
	return categories;
}

int64_t pagemap_read(int fd, uint64_t first, size_t n, uint64_t *entries, struct err *err)
{
	size_t have = 0, want = n * sizeof *entries;
	uint64_t offset = first * sizeof *entries;

	while (have < want) {
		ssize_t got = pread(fd, (char *)entries + have, want - have, (off_t)(offset + have));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_system(err, errno, "pagemap");
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (int64_t)(have / sizeof *entries);
}

int pagemap_open_of(int32_t pid)
{
	int process = procfile_open_process(NULL, pid, NULL);
	int fd = process < 0 ? -1 : procfile_open(process, "pagemap", NULL);

	procfile_close(&process);
	return fd;
}

uint64_t pagemap_entry_of(int32_t pid, uint64_t address)
{
	uint64_t entry = 0;
	int fd = pagemap_open_of(pid);

	if (fd >= 0 && pagemap_read(fd, address / (uint64_t)sysconf(_SC_PAGESIZE), 1, &entry, NULL) != 1)
		entry = 0;
	procfile_close(&fd);
	return entry;
}

struct scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};

#define SCAN_REQUEST _IOWR('f', 16, struct scan_arg)
#define SCAN_FIRST_SET                                                                                       \
	(PAGEMAP_SCAN_FILE | PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_SWAPPED | PAGEMAP_SCAN_ZERO |               \
	 PAGEMAP_SCAN_HUGE)

unsigned pagemap_scan_probe(int fd)
{
	static const unsigned sets[] = { SCAN_FIRST_SET | PAGEMAP_SCAN_GUARD, SCAN_FIRST_SET };
	struct scan_range range;
	struct err err = { 0 };
	uint64_t next;

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		if (pagemap_scan(fd, sets[i], 0, 1 << 16, &range, 1, &next, &err) >= 0)
			return sets[i];
		if (err.errnum != EINVAL)
			break;
	}
	return 0;
}

int64_t pagemap_scan(int fd, unsigned categories, uint64_t start, uint64_t end, struct scan_range *ranges,
		     size_t n, uint64_t *next, struct err *err)
{
	struct scan_arg arg = {
		.size = sizeof arg,
		.start = start,
		.end = end,
		.vec = (uintptr_t)ranges,
		.vec_len = n,
		.category_anyof_mask =
		    categories & (PAGEMAP_SCAN_PRESENT | PAGEMAP_SCAN_SWAPPED | PAGEMAP_SCAN_GUARD),
		.return_mask = categories,
	};
	int got;

	do
		got = ioctl(fd, SCAN_REQUEST, &arg);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_system(err, errno, "PAGEMAP_SCAN");
	*next = end;
	if ((size_t)got == n) {
		uint64_t last = ranges[n - 1].end;

		*next = arg.walk_end > last && arg.walk_end < end ? arg.walk_end : last;
	}
	return got;
}
