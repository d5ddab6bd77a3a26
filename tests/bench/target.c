/* target: makes the shapes of memory that are measured, then sleeps until it is killed.
 *
 *   target SHAPE...     each adds one of these:
 *     dense:4G          resident, every page written
 *     every2:4G         every second page written: the most runs there can be
 *     reserved:1T:10000 promised, 10000 pages spread over it written
 *     regions:2000      2000 regions of 16 pages, 4 of them written
 *     empty:2000        2000 regions of one page, none touched
 *     threads:1000      1000 threads more, which sleep
 *     huge:4G           resident, in huge pages as far as the kernel gives them
 *     shared:4G         shared memory that no other process maps, every page written
 *     file:4G           a file of that size in the working folder, mapped and read; it has no name
 *     swap:1G           every page written, then paged out as far as there is swap
 *     merged:1G         pages with the same content, for the kernel to merge (KSM)
 *
 * Prints "ready" when all is there. Small pages only, but for `huge`, so that each counts. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21 /* Linux 5.4 */
#endif

static size_t page_size;

static void die(const char *what)
{
	fprintf(stderr, "target: %s: %s\n", what, strerror(errno));
	exit(1);
}

static char *reserve(uint64_t length)
{
	char *start =
	    mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (start == MAP_FAILED)
		die("mmap");
	madvise(start, length, MADV_NOHUGEPAGE); /* a kernel without huge pages refuses */
	return start;
}

/* Writes `count` pages of a fresh region, as far apart as they go. */
static void spread(uint64_t length, uint64_t count)
{
	uint64_t stride = length / page_size / count;
	char *start = reserve(length);

	for (uint64_t i = 0; i < count; i++)
		start[i * stride * page_size] = 1;
}

/* Adjacent regions with equal rights would be merged: every second one is read-only. */
static void many_regions(uint64_t count, size_t pages, size_t written)
{
	size_t length = pages * page_size;
	char *start = reserve(count * length);

	for (uint64_t i = 0; i < count; i++) {
		for (size_t page = 0; page < written; page++)
			start[i * length + page * page_size] = 1;
		if (i % 2 && mprotect(start + i * length, length, PROT_READ))
			die("mprotect");
	}
}

static void *sleep_on(void *none)
{
	for (;;)
		pause();
	return none;
}

static void many_threads(uint64_t count)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (uint64_t i = 0; i < count; i++)
		if ((errno = pthread_create(&thread, &attr, sleep_on, NULL)))
			die("pthread_create");
}

static void touch_all(char *start, uint64_t length)
{
	for (uint64_t at = 0; at < length; at += page_size)
		start[at] = 1;
}

static void huge(uint64_t length)
{
	char *start = reserve(length);

	if (madvise(start, length, MADV_HUGEPAGE))
		die("MADV_HUGEPAGE");
	touch_all(start, length);
}

static void shared(uint64_t length)
{
	char *start = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED)
		die("mmap");
	touch_all(start, length);
}

/* Written, so that its pages are in the page cache; then read through a mapping. */
static void file(uint64_t length)
{
	static char block[1 << 20];
	int fd = open(".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	for (uint64_t done = 0; fd >= 0 && done < length; done += sizeof block)
		if (write(fd, block, sizeof block) != (ssize_t)sizeof block)
			die("write");
	char *start = fd < 0 ? MAP_FAILED : mmap(NULL, length, PROT_READ, MAP_SHARED, fd, 0);
	if (start == MAP_FAILED)
		die("a file without a name");
	for (uint64_t at = 0; at < length; at += page_size)
		*(volatile char *)(start + at);
}

static void swapped(uint64_t length)
{
	char *start = reserve(length);

	for (uint64_t at = 0; at < length; at += page_size)
		*(uint64_t *)(start + at) = at; /* a swap of its own may leave out what is all zero */
	if (madvise(start, length, MADV_PAGEOUT))
		die("MADV_PAGEOUT");
}

static void merged(uint64_t length)
{
	char *start = reserve(length);

	memset(start, 'm', length);
	if (madvise(start, length, MADV_MERGEABLE))
		die("MADV_MERGEABLE");
}

static uint64_t read_number(const char *text, char **end)
{
	uint64_t number = strtoull(text, end, 10);
	const char *unit = **end ? strchr("KMGT", **end) : NULL;

	if (!unit)
		return number;
	++*end;
	return number << (10 * (unit - "KMGT" + 1));
}

static void make_shape(const char *shape)
{
	const char *colon = strchr(shape, ':');
	char *end = NULL;
	uint64_t size, count;

	if (!colon || !(size = read_number(colon + 1, &end))) {
		fprintf(stderr, "target: no such shape: %s\n", shape);
		exit(2);
	}
	count = *end == ':' ? read_number(end + 1, &end) : 0;
	if (!strncmp(shape, "dense:", 6))
		spread(size, size / page_size);
	else if (!strncmp(shape, "every2:", 7))
		spread(size, size / page_size / 2);
	else if (!strncmp(shape, "reserved:", 9) && count)
		spread(size, count);
	else if (!strncmp(shape, "regions:", 8))
		many_regions(size, 16, 4);
	else if (!strncmp(shape, "empty:", 6))
		many_regions(size, 1, 0);
	else if (!strncmp(shape, "threads:", 8))
		many_threads(size);
	else if (!strncmp(shape, "huge:", 5))
		huge(size);
	else if (!strncmp(shape, "shared:", 7))
		shared(size);
	else if (!strncmp(shape, "file:", 5))
		file(size);
	else if (!strncmp(shape, "swap:", 5))
		swapped(size);
	else if (!strncmp(shape, "merged:", 7))
		merged(size);
	else {
		fprintf(stderr, "target: no such shape: %s\n", shape);
		exit(2);
	}
}

int main(int argc, char *argv[])
{
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* the gigabytes must not outlive the benchmark */
	for (int i = 1; i < argc; i++)
		make_shape(argv[i]);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
