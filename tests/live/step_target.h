/* What the stepped program touches, and in which order. */
#ifndef TESTS_STEP_TARGET_H
#define TESTS_STEP_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define PAGE 4096
#define WALK 48 /* pages that are walked */
#define THREADS 3
#define DEEP 60         /* calls below one another, */
#define DEEP_FRAME 1024 /* each with at least so many bytes of stack */
#define CODE_BYTES 400  /* no function whose address is printed is longer */
#define THREAD_PAGES 40
#define GROWN_PAGES 80 /* the least that a stack has after growing: it begins with fewer */

#define MANY 16 /* threads that never end */
#define MANY_PAGES 8

/* What each of them has done so far, for all to read. */
struct many {
	uint64_t rounds[MANY];
	int32_t tids[MANY];
	uint64_t memory[MANY]; /* addresses of its pages */
};

static inline char *fresh(size_t pages)
{
	char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
	return memory;
}

/* Page i of the walk: all of them once, neighbours far apart. */
static inline size_t walk_page(size_t i)
{
	return i * 29 % WALK;
}

static inline void walk(volatile char *memory)
{
	for (size_t i = 0; i < WALK; i++)
		memory[walk_page(i) * PAGE + 8 * i] = 1;
}

#endif
