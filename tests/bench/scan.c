/* scan: how much more than the bare kernel call does a full scan with classification cost? How does it compare with reading smaps?
 *
 *   scan PID [flags]
 *                   prints: microseconds-of-ours microseconds-of-reference pages-of-ours pages-of-reference
 *                   microseconds-of-reading-smaps
 *
 * Ours: reader_pages over all regions into tiles, as watching reads them; with `flags`,
 * as a snapshot with pages does, which reads an entry for each page (as root, what the
 * kernel knows of its frame too). Reference: a bare loop of PAGEMAP_SCAN over the same ranges that adds the ranges up
 * and does nothing else. Both run in turn, the figures are the medians of the processor
 * time. The pages seen present must be the same, or the comparison is void. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kern/reader.h"

#define RUNS_TIMED 9

/* linux/fs.h of 6.7, which the machine's headers may be too old for. */
struct bench_page_region {
	uint64_t start, end, categories;
};
struct bench_pm_scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define BENCH_PAGEMAP_SCAN _IOWR('f', 16, struct bench_pm_scan_arg)
#define CATEGORY_FILE (1 << 2)
#define CATEGORY_PRESENT (1 << 3)
#define CATEGORY_SWAPPED (1 << 4)
#define CATEGORY_ZERO (1 << 5)
#define CATEGORY_HUGE (1 << 6)
#define VECTOR 1024

static void die(const char *what)
{
	fprintf(stderr, "scan: %s\n", what);
	exit(1);
}

/* Pages present and not the zero page in [start, end). */
static uint64_t scan_bare(int fd, uint64_t start, uint64_t end, unsigned shift)
{
	static struct bench_page_region vec[VECTOR];
	uint64_t pages = 0;

	while (start < end) {
		struct bench_pm_scan_arg arg = {
			.size = sizeof(arg),
			.start = start,
			.end = end,
			.vec = (uintptr_t)vec,
			.vec_len = VECTOR,
			.category_anyof_mask = CATEGORY_PRESENT | CATEGORY_SWAPPED,
			.return_mask = CATEGORY_FILE | CATEGORY_PRESENT | CATEGORY_SWAPPED | CATEGORY_ZERO |
				       CATEGORY_HUGE,
		};
		int n = ioctl(fd, BENCH_PAGEMAP_SCAN, &arg);

		if (n < 0)
			die("PAGEMAP_SCAN is not to be had here");
		for (int i = 0; i < n; i++)
			if ((vec[i].categories & (CATEGORY_PRESENT | CATEGORY_ZERO)) == CATEGORY_PRESENT)
				pages += (vec[i].end - vec[i].start) >> shift;
		start = n < VECTOR ? end : vec[n - 1].end;
	}
	return pages;
}

/* Reads all of smaps, and does nothing with it. */
static void read_smaps(const char *pid)
{
	static char text[1 << 16];
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/smaps", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("smaps cannot be read");
	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

static uint64_t run_reference(int fd, const struct region_list *list, unsigned shift)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->attrs[i].kind != REGION_VSYSCALL)
			pages += scan_bare(fd, list->attrs[i].start, list->attrs[i].end, shift);
	return pages;
}

static uint64_t count_resident(const struct tiles *tiles)
{
	uint64_t pages = 0;

	for (size_t t = 0; t < tiles->count; t++)
		if (page_state_resident(page_state(tiles->run[t].value)))
			pages += tiles->run[t].end - tiles->run[t].first;
	return pages;
}

/* Adds the resident pages up as well where `pages` is not NULL: that is not timed. */
static void run_ours(struct reader *reader, const struct region_list *list, struct tiles *tiles,
		     uint64_t *pages)
{
	unsigned shift = reader_page_shift(reader);
	uint64_t done;

	for (size_t i = 0; i < list->count; i++) {
		const struct region_attr *a = &list->attrs[i];

		tiles->count = 0;
		if (reader_pages(reader, a, a->start >> shift, a->end >> shift, true, 0, tiles, &done, NULL))
			die("reader_pages failed");
		if (pages)
			*pages += count_resident(tiles);
	}
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static double median_us(uint64_t times[RUNS_TIMED])
{
	qsort(times, RUNS_TIMED, sizeof(*times), by_size);
	return (double)times[RUNS_TIMED / 2] / 1000;
}

int main(int argc, char *argv[])
{
	struct reader_options options = { .flags = argc == 3 };
	struct region_list list = { 0 };
	struct tiles tiles = { 0 };
	uint64_t ours[RUNS_TIMED], reference[RUNS_TIMED], smaps[RUNS_TIMED], ours_pages = 0,
									     reference_pages = 0;
	struct reader *reader;
	struct err err;
	char path[64];
	int fd;

	if (argc != 2 && argc != 3)
		die("usage: scan PID [flags]");
	snprintf(path, sizeof(path), "/proc/%s/pagemap", argv[1]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	reader = reader_open(atoi(argv[1]), &options, &err);
	if (fd < 0 || !reader || reader_regions(reader, &list, &err))
		die("the process cannot be read");
	run_ours(reader, &list, &tiles, &ours_pages);
	for (int run = 0; run < RUNS_TIMED; run++) {
		uint64_t begin = clock_thread_cpu_ns(), middle, end;

		reference_pages = run_reference(fd, &list, reader_page_shift(reader));
		middle = clock_thread_cpu_ns();
		run_ours(reader, &list, &tiles, NULL);
		end = clock_thread_cpu_ns();
		ours[run] = end - middle;
		read_smaps(argv[1]);
		smaps[run] = clock_thread_cpu_ns() - end;
		reference[run] = middle - begin;
	}
	printf("%.0f %.0f %" PRIu64 " %" PRIu64 " %.0f\n", median_us(ours), median_us(reference), ours_pages,
	       reference_pages, median_us(smaps));
	tiles_fini(&tiles);
	region_list_fini(&list);
	reader_close(reader);
	close(fd);
	return 0;
}
