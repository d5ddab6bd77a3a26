/* A fault is written down right before it is made, by the thread that makes it. */
#include "live/cause_target.h"

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *expected;
static bool no_zero_page; /* this kernel gives a page of its own where new memory is read */
static char data_path[4096];

void target_begin(const char *path)
{
	static char buffer[1 << 16]; /* so that writing makes no faults in between */

	expected = fopen(path, "w");
	must(expected != NULL, path);
	setvbuf(expected, buffer, _IOFBF, sizeof buffer);
	memset(buffer, 0, sizeof buffer);
	snprintf(data_path, sizeof data_path, "%s.data", path);
	volatile char *page = map_memory(PAGE); /* it stays, so that nothing else comes there */
	(void)*page;
	no_zero_page = entry_of(page) >> 56 & 1; /* nobody else has it */
}

void target_end(void)
{
	must(fclose(expected) == 0, "fclose");
}

void must(int good, const char *what)
{
	if (!good) {
		perror(what);
		_exit(1);
	}
}

void expect_of(int tid, volatile char *at, const char *cause, const char *access, const char *rest,
	       bool hidden)
{
	if (no_zero_page && !strcmp(cause, "zero-replaced"))
		return; /* no fault */
	if (no_zero_page && !strcmp(cause, "zero-page"))
		cause = "zero-fill";
	flockfile(expected);
	fprintf(expected, "%d 0x%lx %s%s %s %s\n", tid, (unsigned long)(uintptr_t)at, cause,
		hidden ? "~" : "", access, rest);
	funlockfile(expected);
}

void expect(volatile char *at, const char *cause, const char *access, const char *rest)
{
	expect_of((int)syscall(SYS_gettid), at, cause, access, rest, false);
}

void expect_flush(void)
{
	must(fflush(expected) == 0, "fflush");
}

void touch_writing(volatile char *at, size_t pages, const char *cause, const char *rest)
{
	for (size_t i = 0; i < pages; i++) {
		expect(at + i * PAGE, cause, "write", rest);
		at[i * PAGE] = 2;
	}
}

void touch_reading(volatile char *at, size_t pages, const char *cause, const char *rest)
{
	for (size_t i = 0; i < pages; i++) {
		expect(at + i * PAGE, cause, "read", rest);
		(void)at[i * PAGE];
	}
}

bool until(volatile char *at, const char *state)
{
	char line[16];

	printf("until 0x%lx %s\n", (unsigned long)(uintptr_t)at, state);
	fflush(stdout);
	must(fgets(line, sizeof line, stdin) != NULL, "stdin");
	return !strchr(line, 'n');
}

volatile char *map_memory(size_t bytes)
{
	char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(map != MAP_FAILED, "mmap");
	madvise(map, bytes, MADV_NOHUGEPAGE);
	return map;
}

void unmap(volatile char *at, size_t bytes)
{
	must(munmap((void *)(uintptr_t)at, bytes) == 0, "munmap");
}

uint64_t entry_of(volatile char *at)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	must(fd >= 0 && pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)at / PAGE * sizeof entry)) ==
			    sizeof entry,
	     "pagemap");
	close(fd);
	return entry;
}

int cached_file(int byte)
{
	char page[PAGE];
	int fd = open(data_path, O_RDWR | O_CREAT | O_TRUNC, 0700);

	must(fd >= 0, data_path);
	memset(page, byte, sizeof page);
	for (int i = 0; i < FILE_PAGES; i++)
		must(write(fd, page, PAGE) == (ssize_t)PAGE, "write");
	return fd;
}

void stay_on_processor(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET((size_t)sched_getcpu(), &here);
	must(sched_setaffinity(0, sizeof here, &here) == 0, "sched_setaffinity");
}

struct sharer sharer_begin(void)
{
	int pipes[2];
	char byte;

	must(pipe(pipes) == 0, "pipe");
	struct sharer s = { fork(), pipes[1] };
	if (s.pid == 0) {
		close(pipes[1]);
		must(read(pipes[0], &byte, 1) == 0, "read");
		_exit(0);
	}
	close(pipes[0]);
	return s;
}

void sharer_end(const struct sharer *s)
{
	close(s->pipe);
	must(waitpid(s->pid, NULL, 0) == s->pid, "waitpid");
}
