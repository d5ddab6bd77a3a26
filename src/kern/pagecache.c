/* What the page cache holds of a file: mincore on a mapping of our own.
 *
 * The mapping has no access rights and is never touched: mincore looks the pages up in the page cache and
 * brings none in. Since Linux 5.2 it answers "all there" for files that the caller neither owns nor may
 * write. It does so for all pages of such a mapping, which can be detected: asked about a page far past the
 * end of the file, where nothing can be, it must answer no; otherwise none of its answers about this file can
 * be trusted.
 *
 * cachestat (Linux 6.5) goes from one cached page to the next and is asked first, so that a long empty
 * stretch costs nothing.
 *
 * Shared memory may be in swap for all processes that map it, and smaps counts that. cachestat shows it, also
 * for pages that are in swap and for a while still in memory, which mincore reports as cached. Before 6.5,
 * what mincore does not find is in swap if the file has data there (SEEK_DATA).
 *
 * Each file (kern/open_files.h) has a window of mapped pages that grows over its regions. */
#include "kern/pagecache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "event/page.h"

#define WINDOW_MAX (UINT64_C(1) << 36) /* bytes, above which a window does not grow */
#define BEYOND (UINT64_C(1) << 30)     /* this far past the end nothing is cached */
#define CACHESTAT 451                  /* the system call's number, on all machines but alpha */
#define CACHESTAT_PAGES 64             /* for fewer, mincore is as good */
#define RETRY_NS (2 * CLOCK_SECOND)    /* a file that could not be asked about is tried again */

struct pagecache {
	unsigned page_shift;
	struct open_files_asker asker;
	struct open_files *files, *own; /* the table in use; its own, or NULL: it is the caller's */
	struct err denied, failed;      /* reasons from files; the second while the system fails */
	uint64_t failed_ns;
};

struct pagecache *pagecache_create(unsigned page_shift, open_files_open_fn open, void *context,
				   struct open_files *files)
{
	struct pagecache *cache = mem_zalloc(sizeof *cache);

	cache->page_shift = page_shift;
	cache->asker = (struct open_files_asker){ cache, open, context };
	cache->own = files ? NULL : open_files_create(0);
	cache->files = files ? files : cache->own;
	return cache;
}

void pagecache_destroy(struct pagecache *cache)
{
	if (!cache)
		return;
	open_files_leave(cache->files, cache);
	open_files_destroy(cache->own);
	free(cache);
}

struct open_file *pagecache_file(struct pagecache *cache, const struct region_attr *a)
{
	return open_files_get(cache->files, &cache->asker, a);
}

/* Asks about a page where nothing can be. Fails if the answer is yes. */
static void try_honesty(const struct pagecache *cache, struct open_file *f)
{
	size_t page = (size_t)1 << cache->page_shift;
	unsigned char there = 1;
	struct stat st;

	f->cache_ns = clock_now_ns();
	f->cache_err = (struct err){ 0 };
	if (fstat(f->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		err_set(&f->cache_err, ERR_UNSUPPORTED, "%s", _("it is not a regular file"));
		return;
	}

	uint64_t beyond = ((uint64_t)st.st_size / page + 1) * page + BEYOND;
	void *map = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE, f->fd, (off_t)beyond);

	if (map == MAP_FAILED) {
		err_system(&f->cache_err, errno, "%s", _("the file cannot be mapped"));
		return;
	}
	if (mincore(map, page, &there) < 0)
		there = 1;
	munmap(map, page);
	if (there & 1)
		err_set(&f->cache_err, ERR_DENIED, "%s",
			_("the kernel shows it only for files that you own or may write"));
}

/* Why a file cannot be asked about; ERR_NONE: it can. */
static const struct err *check_file(struct pagecache *cache, struct open_file *f)
{
	const struct err *err = &f->err;

	if (f->fd >= 0) {
		if (!f->cache_ns || (f->cache_err.code && clock_now_ns() - f->cache_ns > RETRY_NS))
			try_honesty(cache, f);
		err = &f->cache_err;
		if (err->code == ERR_DENIED)
			cache->denied = *err;
	}
	if (err->code == ERR_SYSTEM) {
		cache->failed = *err;
		cache->failed_ns = clock_now_ns();
	} else if (!err->code && f->tried_ns >= cache->failed_ns) {
		cache->failed = (struct err){ 0 };
	}
	return err;
}

/* Makes the window hold [offset, end): grows it if possible, else moves it. */
static int map_window(struct open_file *f, uint64_t offset, uint64_t end, struct err *err)
{
	uint64_t from = offset, to = end;

	if (f->window && offset >= f->window_offset && end <= f->window_offset + f->window_length)
		return 0;
	if (f->window) {
		if (f->window_offset < from)
			from = f->window_offset;
		if (f->window_offset + f->window_length > to)
			to = f->window_offset + f->window_length;
		if (to - from > WINDOW_MAX) {
			from = offset;
			to = end;
		}
		munmap(f->window, f->window_length);
		f->window = NULL;
	}

	void *map = mmap(NULL, to - from, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE, f->fd, (off_t)from);

	if (map == MAP_FAILED)
		return err_system(err, errno, "%s", _("the file cannot be mapped"));
	f->window = map;
	f->window_offset = from;
	f->window_length = to - from;
	return 0;
}

/* Counts of a range, as of cachestat(2). */
struct counts {
	uint64_t cached, dirty, writeback, evicted, recently_evicted;
};

static bool count_cached(const struct open_file *f, uint64_t offset, uint64_t len, struct counts *counts)
{
	struct {
		uint64_t offset, len;
	} range = { offset, len };

	return syscall(CACHESTAT, f->fd, &range, counts, 0) == 0;
}

/* Marks as swapped what cachestat counts as evicted, halving ranges that are mixed.
 * Returns whether this kernel has cachestat. */
static bool find_evicted(const struct open_file *f, uint64_t offset, size_t n, unsigned page_shift,
			 unsigned char *answers)
{
	struct counts counts = { 0 };

	if (!count_cached(f, offset, (uint64_t)n << page_shift, &counts))
		return false;
	if (counts.evicted == 0)
		return true;
	if (counts.evicted >= n) {
		memset(answers, PAGECACHE_SWAPPED, n);
		return true;
	}
	find_evicted(f, offset, n / 2, page_shift, answers);
	find_evicted(f, offset + ((uint64_t)(n / 2) << page_shift), n - n / 2, page_shift, answers + n / 2);
	return true;
}

/* Marks as swapped what mincore did not find though the file has data there. */
static void find_data(const struct open_file *f, uint64_t offset, size_t n, unsigned page_shift,
		      unsigned char *answers)
{
	uint64_t at = offset, end = offset + ((uint64_t)n << page_shift);

	while (at < end) {
		off_t data = lseek(f->fd, (off_t)at, SEEK_DATA);

		if (data < 0 || (uint64_t)data >= end)
			return;

		off_t hole = lseek(f->fd, data, SEEK_HOLE);
		uint64_t stop = hole < 0 || (uint64_t)hole > end ? end : (uint64_t)hole;

		for (uint64_t i = ((uint64_t)data - offset) >> page_shift; i << page_shift < stop - offset;
		     i++) {
			if (answers[i] == PAGECACHE_NO)
				answers[i] = PAGECACHE_SWAPPED;
		}
		at = stop;
	}
}

bool pagecache_ask(struct pagecache *cache, const struct region_attr *a, bool shm, uint64_t first, size_t n,
		   unsigned char *answers, struct err *err)
{
	struct open_file *f = pagecache_file(cache, a);
	const struct err *failure = check_file(cache, f);
	uint64_t offset = a->offset + ((first << cache->page_shift) - a->start);
	uint64_t len = (uint64_t)n << cache->page_shift;

	struct counts counts = { 0 };

	if (!failure->code)
		map_window(f, offset, offset + len, &f->cache_err);
	if (failure->code) {
		if (err)
			*err = *failure;
		return false;
	}
	if (n >= CACHESTAT_PAGES && count_cached(f, offset, len, &counts) && counts.cached == 0)
		memset(answers, 0, n);
	else if (mincore(f->window + (offset - f->window_offset), len, answers) < 0) {
		err_system(err, errno, "%s", _("mincore failed"));
		return false;
	}
	for (size_t i = 0; i < n; i++)
		answers[i] &= 1;
	if (shm && !find_evicted(f, offset, n, cache->page_shift, answers))
		find_data(f, offset, n, cache->page_shift, answers);
	return true;
}

uint32_t pagecache_word(unsigned char answer)
{
	switch (answer) {
	case PAGECACHE_HELD:
		return page_word(PAGE_CACHED, 0);
	case PAGECACHE_SWAPPED:
		return page_word(PAGE_SWAP, 0);
	default:
		return page_word(PAGE_RESERVED, 0);
	}
}

void pagecache_keep(struct pagecache *cache, const struct region_list *list)
{
	open_files_keep(cache->files, cache, list);
}

const struct err *pagecache_err(const struct pagecache *cache)
{
	return cache->failed.code ? &cache->failed : &cache->denied;
}
