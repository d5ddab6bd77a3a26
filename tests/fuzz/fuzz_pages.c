/* What PAGEMAP_SCAN, pagemap and kpageflags say of a range of pages: whatever it is, it gives tiles that cover the
 * range in order and without a gap, each with a state. An input is
 *
 *     what is asked for (1 byte), how many ranges (1 byte), ranges (6 bytes each), entries (8 bytes each)
 *
 * where a range is three numbers of two bytes: first and last page, from below the range on, and categories. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/minmax.h"
#include "kern/pages.h"

#define SHIFT 12
#define FIRST 0x80 /* page of the range */
#define PAGES 0x180
#define RANGE_BYTES 6

int __wrap_ioctl(int fd, unsigned long request, ...);

/* The kernel's struct of PAGEMAP_SCAN, as far as it is read here. */
struct scan {
	uint64_t size, flags, start, end, walk_end, vec, vec_len;
};

static const uint8_t *ranges;
static size_t range_count;

static uint64_t two_bytes(const uint8_t *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8;
}

/* What it was given, however much of it is asked for. */
int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	struct scan *scan;
	struct scan_range *to;
	size_t n = range_count;

	va_start(args, request);
	scan = va_arg(args, struct scan *);
	va_end(args);
	to = (struct scan_range *)(uintptr_t)scan->vec;
	n = n < scan->vec_len ? n : (size_t)scan->vec_len;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *from = ranges + i * RANGE_BYTES;

		to[i] = (struct scan_range){ two_bytes(from) << SHIFT, two_bytes(from + 2) << SHIFT,
					     two_bytes(from + 4) };
	}
	scan->walk_end = scan->end;
	return (int)n;
}

static int no_file(void *context, const struct region_attr *a, struct err *err)
{
	return err_set(err, ERR_DENIED, "no file");
}

static int file_of(const uint8_t *bytes, size_t size, uint64_t offset)
{
	int fd = memfd_create("entries", MFD_CLOEXEC);

	if (fd < 0 || pwrite(fd, bytes, size, (off_t)offset) != (ssize_t)size)
		exit(99);
	return fd;
}

static void read_them(struct pages *p, const struct region_attr *a, unsigned how)
{
	struct pages_wanted wanted = { .region = a,
				       .class = (enum page_class)(how / 8 % PAGE_CLASSES),
				       .first = FIRST,
				       .end = FIRST + PAGES,
				       .flags = how & 1,
				       .cache = how & 2 };
	struct tiles out = { 0 };
	struct err err = { 0 };
	uint64_t done = FIRST, at = FIRST;

	if (pages_read(p, &wanted, &out, &done, &err) < 0)
		assert(err.code);
	else
		assert(done == FIRST + PAGES);
	for (size_t i = 0; i < out.count; i++) {
		assert(out.run[i].first == at && out.run[i].end > at);
		assert(page_state(out.run[i].value) > PAGE_NONE &&
		       page_state(out.run[i].value) < PAGE_STATES);
		at = out.run[i].end;
	}
	assert(at == done);
	tiles_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct process_files files = { .captured = true, .root = -1, .process = -1, .thread = -1 };
	struct frames frames = { .counts = -1 };
	struct region_attr a = { .start = FIRST << SHIFT, .end = (FIRST + PAGES) << SHIFT, .path = "" };
	struct pagecache *cache;
	struct pages p;
	unsigned how;

	if (size < 2)
		return 0;
	how = data[0];
	range_count = min(data[1], (size - 2) / RANGE_BYTES);
	ranges = data + 2;
	size -= 2 + range_count * RANGE_BYTES;
	files.pagemap = file_of(ranges + range_count * RANGE_BYTES, size, FIRST * sizeof(uint64_t));
	frames.flags = file_of(data, how & 4 ? size : 0, 0);
	a.hugetlb = how & 128;
	cache = pagecache_create(SHIFT, no_file, NULL, NULL);
	pages_init(&p, &files, &frames, cache, SHIFT, range_count == 0);
	read_them(&p, &a, how);
	pages_fini(&p);
	pagecache_destroy(cache);
	close(frames.flags);
	close(files.pagemap);
	return 0;
}
