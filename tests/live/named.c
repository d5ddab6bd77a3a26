/* Touches pages from functions and lines that it writes down:  ADDRESS LINE FUNCTION [CALLER]
 *
 *   named EXPECTED [FIFO]   FIFO: waits for a line from it first */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define TOUCHES_MAX 64

static struct touched {
	volatile char *at;
	int line;
	const char *function, *caller;
} touched[TOUCHES_MAX] = { { NULL, 1, "",
			     "" } }; /* in the program's data: resident once the first is written */
static int count;

/* One line, so that both are of it; the page is new, so that it is a fault. */
#define TOUCH(at, caller) *(at) = 1, note(at, __LINE__, __func__, caller)

static void note(volatile char *at, int line, const char *function, const char *caller)
{
	touched[count++] = (struct touched){ at, line, function, caller };
}

__attribute__((noinline)) static void touch_one(volatile char *at)
{
	TOUCH(at, "");
}

__attribute__((noinline)) static void touch_two(volatile char *at)
{
	TOUCH(at, "");

	TOUCH(at + PAGE, "");
}

static inline __attribute__((always_inline)) void touch_inlined(volatile char *at, const char *caller)
{
	TOUCH(at, caller);
}

__attribute__((noinline)) static void calls_inlined(volatile char *at)
{
	touch_inlined(at, "calls_inlined");
}

__attribute__((noinline)) static void touch_in_loop(volatile char *at)
{
	for (size_t i = 0; i < 4; i++) {
		TOUCH(at + i * PAGE, "");
	}
}

#ifdef __x86_64__
/* Code made at run time, and a line of the perf map that names it: before it runs, or after. */
static void touch_by_made_code(volatile char *at, volatile char *late)
{
	static const unsigned char code[] = { 0xc6, 0x07, 0x01, 0xc3 }; /* movb $1,(%rdi); ret */
	char *made = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char path[64];

	if (made == MAP_FAILED)
		return;
	memcpy(made, code, sizeof code);
	memcpy(made + 64, code, sizeof code);
	snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)getpid());
	FILE *map = fopen(path, "w");
	if (!map)
		return;
	fprintf(map, "%lx 20 made_before\n", (unsigned long)(uintptr_t)made);
	fflush(map);
	((void (*)(volatile char *))(uintptr_t)made)(at);
	note(at, 0, "made_before", "");
	((void (*)(volatile char *))(uintptr_t)(made + 64))(late);
	fprintf(map, "%lx 20 made_after\n", (unsigned long)(uintptr_t)(made + 64));
	fclose(map);
	note(late, 0, "made_after", "");
}
#else
static void touch_by_made_code(volatile char *at, volatile char *late)
{
	(void)at;
	(void)late;
}
#endif

int main(int argc, char **argv)
{
	struct timespec now;
	char line[2] = "";

	if (argc < 2)
		return 2;
	note(NULL, 0, "", "");
	count = 0;
	FILE *expected = fopen(argv[1], "w");
	int fifo = argc > 2 ? open(argv[2], O_RDONLY) : -1;
	if (!expected || (argc > 2 && (fifo < 0 || read(fifo, line, 1) != 1)))
		return 2;
	volatile char *memory =
	    mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise((void *)(uintptr_t)memory, 32 * PAGE, MADV_NOHUGEPAGE);
	clock_gettime(CLOCK_MONOTONIC, &now);
	touch_one(memory);
	touch_two(memory + PAGE);
	calls_inlined(memory + 3 * PAGE);
	touch_in_loop(memory + 4 * PAGE);
	if (argc <= 3)
		touch_by_made_code(memory + 8 * PAGE, memory + 9 * PAGE);
	for (int i = 0; i < count; i++)
		fprintf(expected, "%lx %d %s %s\n", (unsigned long)(uintptr_t)touched[i].at, touched[i].line,
			touched[i].function, *touched[i].caller ? touched[i].caller : "-");
	fclose(expected);
	if (fifo >= 0 && read(fifo, line, 1) < 0) /* until it is closed */
		return 2;
	return 0;
}
