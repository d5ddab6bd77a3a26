/* What the page cache holds of a file: mincore on a mapping of our own.
 *
 * The mapping has no access rights and is never touched: mincore looks the pages up in the
 * page cache and brings none in. Since Linux 5.2 it answers "all there" for
 * files that the caller neither owns nor may write. It does so for all pages of such a mapping,
 * and so gives itself away: asked about a page far past the end of the file, where
 * nothing can be, it must say no, or nothing that it says about this file is true.
 *
 * cachestat (Linux 6.5) goes from one cached page to the next and is asked first, so that
 * a long stretch of nothing costs nothing.
 *
 * Shared memory may be in swap for everyone who maps it, and smaps counts it. cachestat shows it,
 * even for pages that are in swap and for a while also in memory, which mincore takes for
 * cached. Before 6.5, what mincore does not find is in swap if the file has data
 * there (SEEK_DATA).
 *
 * One entry a file: open, with a window of mapped pages that grows over the regions of
 * the file. The number of entries is bounded; the one unused for longest goes first. */
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

#define FILES_MAX 256
#define BUCKETS 512
#define WINDOW_MAX (UINT64_C(1) << 36) /* bytes, above which a window does not grow */
#define BEYOND (UINT64_C(1) << 30)     /* so far past the end nothing is cached */
#define CACHESTAT 451                  /* the system call's number, on all machines but alpha */
#define CACHESTAT_PAGES 64             /* for fewer, mincore is as good */
#define RETRY_NS (2 * CLOCK_SECOND)    /* what could not be opened is tried again */

struct file {
	struct file *next; /* in its bucket */
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	int fd;         /* -1: cannot be asked */
	struct err err; /* why */
	uint64_t failed_ns;
	unsigned char *map; /* the window */
	uint64_t map_offset, map_len;
	uint64_t used; /* when it was last used, counted in questions */
	bool wanted;
};

struct pagecache {
	struct file *buckets[BUCKETS];
	size_t count;
	uint64_t questions;
	unsigned page_shift;
	struct err denied, failed; /* the reason that a file gave; the second while the system fails */
	pagecache_open_fn open;
	void *context;
};

struct pagecache *pagecache_create(unsigned page_shift, pagecache_open_fn open, void *context)
{
	struct pagecache *cache = mem_zalloc(sizeof *cache);

	cache->page_shift = page_shift;
	cache->open = open;
	cache->context = context;
	return cache;
}

static void close_file(struct file *f)
{
	if (f->map)
		munmap(f->map, f->map_len);
	if (f->fd >= 0)
		close(f->fd);
	f->map = NULL;
	f->map_len = 0;
	f->fd = -1;
}

static void remove_file(struct pagecache *cache, struct file **link)
{
	struct file *f = *link;

	*link = f->next;
	close_file(f);
	free(f);
	cache->count--;
}

void pagecache_destroy(struct pagecache *cache)
{
	if (!cache)
		return;
	for (size_t b = 0; b < BUCKETS; b++) {
		while (cache->buckets[b])
			remove_file(cache, &cache->buckets[b]);
	}
	free(cache);
}

static struct file **bucket_of(struct pagecache *cache, const struct region_attr *a)
{
	uint64_t hash = (a->inode ^ (uint64_t)a->dev_minor << 40) * UINT64_C(0x9e3779b97f4a7c15);

	return &cache->buckets[hash >> 55];
}

static struct file *find_file(struct pagecache *cache, const struct region_attr *a)
{
	for (struct file *f = *bucket_of(cache, a); f; f = f->next) {
		if (f->inode == a->inode && f->dev_major == a->dev_major && f->dev_minor == a->dev_minor)
			return f;
	}
	return NULL;
}

static void remove_oldest(struct pagecache *cache)
{
	struct file **oldest = NULL;

	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct file **link = &cache->buckets[b]; *link; link = &(*link)->next) {
			if (!oldest || (*link)->used < (*oldest)->used)
				oldest = link;
		}
	}
	if (oldest)
		remove_file(cache, oldest);
}

static void fail(struct file *f)
{
	close_file(f);
	f->failed_ns = clock_now_ns();
}

/* Asks about a page where nothing can be. Fails if the answer is yes. */
static void try_honesty(struct pagecache *cache, struct file *f)
{
	size_t page = (size_t)1 << cache->page_shift;
	unsigned char there = 1;
	struct stat st;

	if (fstat(f->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		err_set(&f->err, ERR_UNSUPPORTED, "%s", _("it is not a regular file"));
		fail(f);
		return;
	}

	uint64_t beyond = ((uint64_t)st.st_size / page + 1) * page + BEYOND;
	void *map = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE, f->fd, (off_t)beyond);

	if (map == MAP_FAILED) {
		err_system(&f->err, errno, "%s", _("the file cannot be mapped"));
		fail(f);
		return;
	}
	if (mincore(map, page, &there) < 0)
		there = 1;
	munmap(map, page);
	if (there & 1) {
		err_set(&f->err, ERR_DENIED, "%s",
			_("the kernel shows it only for files that you own or may write"));
		fail(f);
		cache->denied = f->err;
	}
}

static void open_file(struct pagecache *cache, struct file *f, const struct region_attr *a)
{
	f->err = (struct err){ 0 };
	f->fd = cache->open(cache->context, a, &f->err);
	if (f->fd < 0)
		fail(f);
	else
		try_honesty(cache, f);
	if (f->err.code == ERR_SYSTEM)
		cache->failed = f->err;
	else if (f->fd >= 0)
		cache->failed = (struct err){ 0 };
}

static struct file *get_file(struct pagecache *cache, const struct region_attr *a)
{
	struct file *f = find_file(cache, a);

	if (!f) {
		struct file **bucket;

		if (cache->count == FILES_MAX)
			remove_oldest(cache);
		bucket = bucket_of(cache, a);
		f = mem_zalloc(sizeof *f);
		*f = (struct file){ .next = *bucket,
				    .inode = a->inode,
				    .dev_major = a->dev_major,
				    .dev_minor = a->dev_minor,
				    .wanted = true };
		*bucket = f;
		cache->count++;
		open_file(cache, f, a);
	} else if (f->fd < 0 && clock_now_ns() - f->failed_ns > RETRY_NS) {
		open_file(cache, f, a);
	}
	f->used = ++cache->questions;
	return f;
}

/* Makes the window hold [offset, end): grows it if possible, else moves it. */
static bool map_window(struct file *f, uint64_t offset, uint64_t end)
{
	uint64_t from = offset, to = end;

	if (f->map && offset >= f->map_offset && end <= f->map_offset + f->map_len)
		return true;
	if (f->map) {
		if (f->map_offset < from)
			from = f->map_offset;
		if (f->map_offset + f->map_len > to)
			to = f->map_offset + f->map_len;
		if (to - from > WINDOW_MAX) {
			from = offset;
			to = end;
		}
		munmap(f->map, f->map_len);
		f->map = NULL;
	}

	void *map = mmap(NULL, to - from, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE, f->fd, (off_t)from);

	if (map == MAP_FAILED)
		return false;
	f->map = map;
	f->map_offset = from;
	f->map_len = to - from;
	return true;
}

/* Counts of a range, as of cachestat(2). */
struct counts {
	uint64_t cached, dirty, writeback, evicted, recently_evicted;
};

static bool count_cached(const struct file *f, uint64_t offset, uint64_t len, struct counts *counts)
{
	struct {
		uint64_t offset, len;
	} range = { offset, len };

	return syscall(CACHESTAT, f->fd, &range, counts, 0) == 0;
}

/* Marks as swapped what cachestat counts as evicted, halving ranges that are mixed.
 * Returns whether this kernel has cachestat. */
static bool find_evicted(const struct file *f, uint64_t offset, size_t n, unsigned page_shift,
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
static void find_data(const struct file *f, uint64_t offset, size_t n, unsigned page_shift,
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
	struct file *f = get_file(cache, a);
	uint64_t offset = a->offset + ((first << cache->page_shift) - a->start);
	uint64_t len = (uint64_t)n << cache->page_shift;

	struct counts counts = { 0 };

	if (f->fd >= 0 && !map_window(f, offset, offset + len)) {
		err_system(&f->err, errno, "%s", _("the file cannot be mapped"));
		fail(f);
	}
	if (f->fd < 0) {
		if (err)
			*err = f->err;
		return false;
	}
	if (n >= CACHESTAT_PAGES && count_cached(f, offset, len, &counts) && counts.cached == 0)
		memset(answers, 0, n);
	else if (mincore(f->map + (offset - f->map_offset), len, answers) < 0) {
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
	if (cache->count == 0)
		return;
	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct file *f = cache->buckets[b]; f; f = f->next)
			f->wanted = false;
	}
	for (size_t i = 0; i < list->count; i++) {
		struct file *f = list->attrs[i].inode ? find_file(cache, &list->attrs[i]) : NULL;

		if (f)
			f->wanted = true;
	}
	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct file **link = &cache->buckets[b]; *link;) {
			if ((*link)->wanted)
				link = &(*link)->next;
			else
				remove_file(cache, link);
		}
	}
}

const struct err *pagecache_err(const struct pagecache *cache)
{
	return cache->failed.code ? &cache->failed : &cache->denied;
}
