/* toucher: touches fresh pages as fast as it can, and prints how long that took.
 *
 *   toucher PAGES [DEPTH [RATE]]   DEPTH calls below main, for stacks to be followed; default 0;
 *                                  not as fast as possible, but so many a second
 *
 * Prints "touched_us=N cpu_ms=N": the wall-clock time of the touching alone, and its whole
 * processor time. Small pages only, so that each is a fault. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static uint64_t rate; /* pages a second; 0: as many as possible */

/* Sleeps until it is time for the next page, but at most a hundred times a second. */
static void keep_pace(size_t touched)
{
	size_t step = rate < 100 ? 1 : rate / 100;
	struct timespec pause = { 0 };

	if (!rate || touched % step)
		return;
	pause.tv_sec = (time_t)(step / rate);
	pause.tv_nsec = (long)(step * 1000000000 / rate % 1000000000);
	nanosleep(&pause, NULL);
}

__attribute__((noinline)) static void touch(volatile char *start, size_t pages, size_t page_size)
{
	for (size_t i = 0; i < pages; i++) {
		start[i * page_size] = 1;
		keep_pace(i + 1);
	}
}

__attribute__((noinline)) static int call(int depth, char *start, size_t pages, size_t page_size)
{
	if (depth == 0)
		touch(start, pages, page_size);
	else
		depth += call(depth - 1, start, pages, page_size);
	return depth; /* used after the call, so that it stays a call */
}

static double milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int main(int argc, char *argv[])
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE), pages = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	int depth = argc > 2 ? atoi(argv[2]) : 0;
	rate = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	struct rusage usage;
	double began;
	char *start;

	if (!pages)
		return 2;
	start = mmap(NULL, pages * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED) {
		fprintf(stderr, "toucher: mmap: %s\n", strerror(errno));
		return 1;
	}
	madvise(start, pages * page_size, MADV_NOHUGEPAGE); /* a kernel without huge pages refuses */
	began = now_us();
	call(depth, start, pages, page_size);
	began = now_us() - began;
	getrusage(RUSAGE_SELF, &usage);
	printf("touched_us=%.0f cpu_ms=%.1f\n", began,
	       milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime));
	return 0;
}
