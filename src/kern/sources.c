/* Which sources of data there are: each is tried once, and keeps its reason where it
 * refuses. */
#include "kern/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kern/kpage.h"
#include "kern/pagemap.h"

#define HUGE_TRY (UINT64_C(4) << 20) /* holds a huge page of 2 MiB, wherever it begins */

static const char *off_text(void)
{
	return _("switched off");
}

static const char *why_open_failed(int errnum)
{
	switch (errnum) {
	case EACCES:
	case EPERM:
		return _("needs CAP_SYS_ADMIN (sudo)");
	case ENOENT:
		return _("this kernel does not have it");
	default:
		return _("it cannot be opened");
	}
}

static int open_frames_file(struct reader *r, enum source_kind kind, const char *name)
{
	if (r->off[kind]) {
		r->why[kind] = off_text();
		return -1;
	}

	int fd = openat(r->root, name, O_RDONLY | O_CLOEXEC);

	r->why[kind] = fd < 0 ? why_open_failed(errno) : "";
	return fd;
}

/* The kernel's zero pages, which are the same for all processes: the huge one is made, and
 * cleared, when it is looked at, which is too dear for each of a thousand children. */
static struct {
	bool known, huge_told;
	unsigned categories;
	uint64_t frame;
} zero_pages;

/* Fresh memory of ours, read but not written: the kernel maps its zero pages there. */
static void look_at_own_zero_pages(struct reader *r, int pagemap)
{
	size_t page = (size_t)1 << r->page_shift;
	unsigned char *map =
	    mmap(NULL, HUGE_TRY, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct scan_range ranges[8];
	uint64_t next, entry, address = (uintptr_t)map;

	if (map == MAP_FAILED)
		return;
	madvise(map, HUGE_TRY, MADV_NOHUGEPAGE);
	(void)*(volatile unsigned char *)map;
	if (pagemap_read(pagemap, address >> r->page_shift, 1, &entry) == 1)
		r->zero_frame = pagemap_frame(entry);
	madvise(map, page, MADV_DONTNEED);
	madvise(map, HUGE_TRY, MADV_HUGEPAGE);
	(void)*(volatile unsigned char *)(map + HUGE_TRY / 2);
	if (r->categories) {
		int64_t n = pagescan(pagemap, r->categories, address, address + HUGE_TRY, ranges, 8, &next);

		for (int64_t i = 0; i < n; i++) {
			if ((ranges[i].categories & (SCAN_HUGE | SCAN_ZERO)) == (SCAN_HUGE | SCAN_ZERO))
				r->scan_tells_huge_zero = true;
		}
	}
	munmap(map, HUGE_TRY);
	zero_pages.known = true;
	zero_pages.categories = r->categories;
	zero_pages.frame = r->zero_frame;
	zero_pages.huge_told = r->scan_tells_huge_zero;
}

static void find_zero_pages(struct reader *r, int pagemap)
{
	if (!zero_pages.known || zero_pages.categories != r->categories) {
		look_at_own_zero_pages(r, pagemap);
		return;
	}
	r->zero_frame = zero_pages.frame;
	r->scan_tells_huge_zero = zero_pages.huge_told;
}

/* What our own pagemap tells: may we see frame numbers? Of a captured tree nobody
 * knows; what its entries hold is taken. */
static void try_frames(struct reader *r)
{
	int own = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t here = (uintptr_t)&own, entry = 0;

	if (r->off[SOURCE_FRAMES])
		r->why[SOURCE_FRAMES] = off_text();
	else if (r->captured)
		r->why[SOURCE_FRAMES] = "";
	else if (own < 0 || pagemap_read(own, here >> r->page_shift, 1, &entry) != 1 || !pagemap_frame(entry))
		r->why[SOURCE_FRAMES] = _("frame numbers need CAP_SYS_ADMIN (sudo)");
	else
		r->why[SOURCE_FRAMES] = "";
	if (own < 0)
		return;
	if (!r->captured)
		find_zero_pages(r, own);
	close(own);
}

static void try_pagemap(struct reader *r)
{
	if (r->off[SOURCE_PAGEMAP]) {
		r->why[SOURCE_PAGEMAP] = r->why[SOURCE_PAGEMAP_SCAN] = off_text();
		if (r->pagemap >= 0)
			close(r->pagemap);
		r->pagemap = -1;
	} else if (r->pagemap < 0) {
		r->why[SOURCE_PAGEMAP] = r->why[SOURCE_PAGEMAP_SCAN] =
		    _("run as the user of the process, or with CAP_SYS_PTRACE (sudo)");
	} else {
		r->why[SOURCE_PAGEMAP] = "";
	}
}

static void try_scan(struct reader *r)
{
	int errnum;

	if (r->pagemap < 0)
		return;
	if (r->off[SOURCE_PAGEMAP_SCAN]) {
		r->why[SOURCE_PAGEMAP_SCAN] = off_text();
		return;
	}
	r->categories = pagescan_probe(r->pagemap, &errnum);
	r->why[SOURCE_PAGEMAP_SCAN] =
	    r->categories ? "" : _("this kernel does not have it (Linux 6.7 and later do)");
}

static void try_file(struct reader *r, enum source_kind kind, int dir, const char *name, const char *denied)
{
	int fd;

	r->why[kind] = "";
	if (r->off[kind]) {
		r->why[kind] = off_text();
		return;
	}
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		r->why[kind] = errno == EACCES || errno == EPERM ? denied : _("it cannot be opened");
	else
		close(fd);
}

static const char *mem_denied_text(const struct reader *r)
{
	char level = '0';
	int fd = openat(r->root, "sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (pread(fd, &level, 1, 0) != 1)
			level = '0';
		close(fd);
	}
	if (level != '0')
		return _("kernel.yama.ptrace_scope keeps processes apart; needs CAP_SYS_PTRACE (sudo)");
	return _("run as the user of the process, or with CAP_SYS_PTRACE (sudo)");
}

void sources_try(struct reader *r)
{
	try_pagemap(r);
	try_scan(r);
	try_frames(r);
	r->kpageflags = open_frames_file(r, SOURCE_KPAGEFLAGS, "kpageflags");
	r->kpagecount = open_frames_file(r, SOURCE_KPAGECOUNT, "kpagecount");
	try_file(r, SOURCE_SMAPS, r->thread, "smaps",
		 _("run as the user of the process, or with CAP_SYS_PTRACE (sudo)"));
	try_file(r, SOURCE_BYTES, r->thread, "mem", mem_denied_text(r));
	r->why[SOURCE_MAPS] = "";
	r->why[SOURCE_COUNTERS] = r->off[SOURCE_COUNTERS] ? off_text() : "";
	r->why[SOURCE_PAGE_CACHE] = r->off[SOURCE_PAGE_CACHE] ? off_text() : "";
	r->why[SOURCE_FAULTS] = r->off[SOURCE_FAULTS] ? off_text() : "";
	r->why[SOURCE_STACKS] = r->off[SOURCE_STACKS] ? off_text() : "";
	r->why[SOURCE_ACCESS] = r->off[SOURCE_ACCESS] ? off_text() : "";
	r->why[SOURCE_SYMBOLS] = r->off[SOURCE_SYMBOLS] ? off_text() : "";
}
