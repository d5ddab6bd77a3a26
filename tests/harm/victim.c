/* victim: a process that knows whether it was harmed, for check-harm.
 *
 *   victim pages N    waits for a line, touches N fresh pages, prints what that took:
 *                     "us=N cpu_us=N minor=N major=N switches=N"
 *   victim maps N     the same with N mappings made, touched and unmapped
 *   victim work N     the same with N rounds of arithmetic, and no fault
 *   victim walk FILE  for ever: touches pages, gives them up, and counts rounds in FILE; a wrong
 *                     byte, a signal or a failed call ends it with status 9
 *
 * It uses no code of pagescape's. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define WALK_PAGES 64

static size_t page;

static char *map(size_t pages)
{
	char *at = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		exit(9);
	madvise(at, pages * page, MADV_NOHUGEPAGE);
	return at;
}

static void touch_pages(size_t n)
{
	char *at = map(n);

	for (size_t i = 0; i < n; i++)
		at[i * page] = 1;
}

static void make_maps(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *at = map(4);

		at[page] = 1;
		munmap(at, 4 * page);
	}
}

static void work(size_t rounds)
{
	volatile uint64_t x = 1;

	for (size_t i = 0; i < rounds; i++)
		x = x * UINT64_C(6364136223846793005) + 1;
}

static double microseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static int measure(void (*what)(size_t), size_t n)
{
	struct rusage before, after;
	struct timespec begin, end;
	char line[16];

	what(1); /* what is bound or mapped on first use is not measured */
	getrusage(RUSAGE_SELF, &after);
	clock_gettime(CLOCK_MONOTONIC, &end);
	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		return 9;
	getrusage(RUSAGE_SELF, &before);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	what(n);
	clock_gettime(CLOCK_MONOTONIC, &end);
	getrusage(RUSAGE_SELF, &after);
	printf("us=%.0f cpu_us=%.0f minor=%ld major=%ld switches=%ld\n",
	       (double)(end.tv_sec - begin.tv_sec) * 1e6 + (double)(end.tv_nsec - begin.tv_nsec) / 1e3,
	       microseconds(after.ru_utime) + microseconds(after.ru_stime) - microseconds(before.ru_utime) -
		   microseconds(before.ru_stime),
	       after.ru_minflt - before.ru_minflt, after.ru_majflt - before.ru_majflt,
	       after.ru_nvcsw - before.ru_nvcsw);
	return 0;
}

static void harmed(int sig)
{
	(void)sig;
	_exit(9);
}

static int walk(const char *file)
{
	static const int signals[] = { SIGTRAP, SIGIO, SIGALRM, SIGUSR1, SIGUSR2, SIGCHLD, SIGSYS };
	char *at = map(WALK_PAGES), count[32];
	struct timespec moment = { 0, 300000 };
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], harmed);
	for (uint64_t n = 1; fd >= 0; n++) {
		int len = snprintf(count, sizeof count, "%012llu\n", (unsigned long long)n);

		for (size_t i = 0; i < WALK_PAGES; i++)
			at[i * page] = (char)n;
		for (size_t i = 0; i < WALK_PAGES; i++)
			if (at[i * page] != (char)n)
				return 9;
		if (madvise(at, WALK_PAGES * page, MADV_DONTNEED) < 0 ||
		    pwrite(fd, count, (size_t)len, 0) != len)
			return 9;
		nanosleep(&moment, NULL);
	}
	return 9;
}

int main(int argc, char **argv)
{
	size_t n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	page = (size_t)sysconf(_SC_PAGESIZE);
	if (argc == 3 && strcmp(argv[1], "pages") == 0)
		return measure(touch_pages, n);
	if (argc == 3 && strcmp(argv[1], "maps") == 0)
		return measure(make_maps, n);
	if (argc == 3 && strcmp(argv[1], "work") == 0)
		return measure(work, n);
	if (argc == 3 && strcmp(argv[1], "walk") == 0)
		return walk(argv[2]);
	fprintf(stderr, "usage: victim pages|maps|work N | walk FILE\n");
	return 2;
}
