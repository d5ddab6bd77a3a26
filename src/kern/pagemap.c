/* /proc/PID/pagemap: 8 bytes of every page.
 *
 *   63      62      61    58    57       56        55         54            0
 *   present swapped file  guard uffd-wp  exclusive soft-dirty frame number
 *
 *   0x8100000000115034   present, mapped once, frame 0x115034: private memory
 *   0xa000000000002860   present, a page of a file that others map too
 *   0x440000000000009f   guard: bit 62 is set as well
 *
 * The frame number reads as 0 without CAP_SYS_ADMIN. Swapped pages have the place in
 * swap in its stead. */
#include "kern/pagemap.h"

#include <errno.h>
#include <unistd.h>

#include "kern/pagescan.h"

unsigned pagemap_categories(uint64_t entry)
{
	unsigned categories = 0;

	if (entry & ENTRY_FILE)
		categories |= SCAN_FILE;
	if (entry & ENTRY_PRESENT)
		categories |= SCAN_PRESENT;
	if (entry & ENTRY_SWAPPED)
		categories |= SCAN_SWAPPED;
	if (entry & ENTRY_GUARD)
		categories |= SCAN_GUARD;
	return categories;
}

int64_t pagemap_read(int fd, uint64_t first, size_t n, uint64_t *entries)
{
	size_t have = 0, want = n * sizeof *entries;
	uint64_t offset = first * sizeof *entries;

	while (have < want) {
		ssize_t got = pread(fd, (char *)entries + have, want - have, (off_t)(offset + have));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (int64_t)(have / sizeof *entries);
}
