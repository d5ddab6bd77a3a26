/* Frames. A word for each:
 *
 *   kpageflags  0x0000000000005828   bits of include/uapi/linux/kernel-page-flags.h
 *   kpagecount  0x0000000000000001   how often the frame is mapped
 *
 * Locked is what mlock did (bit 33); bit 0 is a lock that the kernel holds for a moment. */
#include "kern/frames.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "event/page.h"
#include "kern/pagemap.h"
#include "kern/procfile.h"

#define MADV_GUARD 102               /* MADV_GUARD_INSTALL, Linux 6.13 */
#define HUGE_TRY (UINT64_C(4) << 20) /* holds a huge page of 2 MiB, wherever it begins */

/* What our own memory shows about this kernel. Its zero pages are the same for all processes. The huge one is
 * allocated and cleared when we touch it, which is too expensive to do for each of a thousand children. */
static struct zero_pages {
	bool known, visible, scan_shows_huge, guards_have_bit;
	bool missing, huge_missing; /* a read gives a page of its own */
	uint64_t frame;
} zero_pages;

/* Makes the page a guard, and checks its entry. */
static bool guards_have_bit(int pagemap, void *page, size_t size)
{
	uint64_t entry;

	if (madvise(page, size, MADV_GUARD) != 0)
		return true; /* this kernel has no guards */
	return pagemap_read(pagemap, (uintptr_t)page / size, 1, &entry, NULL) == 1 && entry & PAGEMAP_GUARD;
}

/* What a range shows of our memory that was read with huge pages allowed. A huge page of its own alone says nothing:
 * use_zero_page, which can be set at any time, may be 0. */
static void look_at_huge(int pagemap, const struct scan_range *range, size_t page, struct zero_pages *zero)
{
	uint64_t entry;

	if (!(range->categories & PAGEMAP_SCAN_HUGE))
		return;
	if (range->categories & PAGEMAP_SCAN_ZERO)
		zero->scan_shows_huge = true;
	else if (zero->missing && pagemap_read(pagemap, range->start / page, 1, &entry, NULL) == 1)
		zero->huge_missing = entry & PAGEMAP_EXCLUSIVE;
}

/* Reads fresh memory of our own without writing it: the kernel maps its zero pages there. */
static void try_own_memory(int pagemap, struct zero_pages *zero)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *map =
	    mmap(NULL, HUGE_TRY, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned categories = pagemap_scan_probe(pagemap);
	uint64_t next, entry, address = (uintptr_t)map;
	struct scan_range ranges[8];

	if (map == MAP_FAILED)
		return;
	madvise(map, HUGE_TRY, MADV_NOHUGEPAGE);
	(void)*(volatile unsigned char *)map;
	if (pagemap_read(pagemap, address / page, 1, &entry, NULL) == 1) {
		zero->missing = entry & PAGEMAP_EXCLUSIVE;
		zero->visible = pagemap_frame(entry) != 0;
		zero->frame = zero->missing ? 0 : pagemap_frame(entry);
	}
	madvise(map, page, MADV_DONTNEED);
	madvise(map, HUGE_TRY, MADV_HUGEPAGE);
	(void)*(volatile unsigned char *)(map + HUGE_TRY / 2);
	if (categories) {
		int64_t n =
		    pagemap_scan(pagemap, categories, address, address + HUGE_TRY, ranges, 8, &next, NULL);

		for (int64_t i = 0; i < n; i++)
			look_at_huge(pagemap, &ranges[i], page, zero);
	}
	zero->guards_have_bit = guards_have_bit(pagemap, map, page);
	munmap(map, HUGE_TRY);
	zero->known = true;
}

/* NULL, with err, if our own page map cannot be read. */
static const struct zero_pages *find_zero_pages(struct err *err)
{
	int own = zero_pages.known ? -1 : procfile_open(AT_FDCWD, "/proc/self/pagemap", err);

	if (own >= 0)
		try_own_memory(own, &zero_pages);
	procfile_close(&own);
	return zero_pages.known ? &zero_pages : NULL;
}

bool frames_scan_separates_huge_zero(void)
{
	const struct zero_pages *zero = find_zero_pages(NULL);

	return zero && (zero->scan_shows_huge || zero->huge_missing);
}

bool frames_guards_have_bit(void)
{
	const struct zero_pages *zero = find_zero_pages(NULL);

	return zero && zero->guards_have_bit;
}

bool frames_have_zero_page(void)
{
	const struct zero_pages *zero = find_zero_pages(NULL);

	return !zero || !zero->missing;
}

bool frames_are_shown(void)
{
	const struct zero_pages *zero = find_zero_pages(NULL);

	return zero && zero->visible;
}

static int open_words(int root, const char *name, bool off, struct err *err)
{
	int fd = off ? -1 : procfile_open(root, name, err);

	if (off)
		err_set_off(err);
	else if (err->code == ERR_DENIED)
		err_set(err, ERR_DENIED, "%s", _("needs CAP_SYS_ADMIN (sudo)"));
	else if (err->code == ERR_NOT_FOUND)
		err_set(err, ERR_UNSUPPORTED, "%s", _("this kernel does not have it"));
	return fd;
}

void frames_init(struct frames *f, int root, bool captured, const bool off[static SOURCE_KINDS])
{
	const struct zero_pages *zero;

	*f = (struct frames){ .flags = -1, .counts = -1 };
	f->flags = open_words(root, "kpageflags", off[SOURCE_KPAGEFLAGS], &f->flags_err);
	f->counts = open_words(root, "kpagecount", off[SOURCE_KPAGECOUNT], &f->counts_err);
	zero = captured ? NULL : find_zero_pages(&f->err);
	if (zero)
		f->zero = zero->frame;
	if (off[SOURCE_FRAMES])
		err_set_off(&f->err);
	else if (zero && !zero->visible)
		err_set(&f->err, ERR_DENIED, "%s", _("frame numbers need CAP_SYS_ADMIN (sudo)"));
}

void frames_fini(struct frames *f)
{
	procfile_close(&f->flags);
	procfile_close(&f->counts);
}

uint32_t frames_flags(uint64_t kernel_flags)
{
	uint32_t flags = 0;

	if (kernel_flags & FRAMES_REFERENCED)
		flags |= PAGE_REFERENCED;
	if (kernel_flags & FRAMES_DIRTY)
		flags |= PAGE_DIRTY;
	if (kernel_flags & FRAMES_KSM)
		flags |= PAGE_KSM;
	if (kernel_flags & FRAMES_MLOCKED)
		flags |= PAGE_LOCKED;
	return flags;
}

bool frames_read_words(int fd, uint64_t frame, size_t n, uint64_t *words)
{
	size_t want = n * sizeof *words;

	return fd >= 0 && pread(fd, words, want, (off_t)(frame * sizeof *words)) == (ssize_t)want;
}
