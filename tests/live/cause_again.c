/* Memory that was given up, moved or made ready without a fault, and is touched again. */
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/cause_target.h"

#define PAGES ((size_t)12)
#define POPULATE_READ 22 /* MADV_POPULATE_READ and _WRITE, Linux 5.14 */
#define POPULATE_WRITE 23

static void advise(volatile char *at, size_t pages, int advice)
{
	must(madvise((void *)(uintptr_t)at, pages * PAGE, advice) == 0, "madvise");
}

#define AROUND ((size_t)16) /* pages that come along with one that is read, aligned by address */

static volatile char *map_file(int fd, int flags)
{
	char *place = mmap(NULL, (FILE_PAGES + AROUND) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *start = place + (AROUND * PAGE - (uintptr_t)place % (AROUND * PAGE)) % (AROUND * PAGE);

	must(place != MAP_FAILED &&
		 mmap(start, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) == start,
	     "mmap");
	return start;
}

static void touch_discarded(void)
{
	volatile char *memory = map_memory(PAGES * PAGE);

	touch_writing(memory, PAGES, "zero-fill", "- - 0");
	for (int round = 0; round < 2; round++) {
		if (round)
			until(memory, "anon");
		advise(memory, PAGES, MADV_DONTNEED);
		touch_writing(memory, 4, "zero-fill", "- - 0");
		touch_reading(memory + 4 * PAGE, 4, "zero-page", "- - 0");
		touch_writing(memory + 4 * PAGE, 4, "zero-replaced", "- - 0");
		for (size_t i = 8; i < PAGES; i++) { /* each twice, one after the other */
			touch_reading(memory + i * PAGE, 1, "zero-page", "- - 0");
			touch_writing(memory + i * PAGE, 1, "zero-replaced", "- - 0");
			advise(memory + i * PAGE, 1, MADV_DONTNEED);
			touch_writing(memory + i * PAGE, 1, "zero-fill", "- - 0");
		}
	}
	unmap(memory, PAGES * PAGE);
}

static void touch_discarded_file(void)
{
	volatile char *memory = map_file(cached_file(1), MAP_PRIVATE);

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < FILE_PAGES; i += AROUND)
			touch_writing(memory + i * PAGE, 1, "cow-file", "- - 0");
		if (round)
			until(memory, "copy");
		advise(memory, FILE_PAGES, MADV_DONTNEED);
		touch_writing(memory, 1, "cow-file", "- - 0");
		touch_reading(memory + AROUND * PAGE, 1, "file-cached", "- - 0");
		touch_writing(memory + AROUND * PAGE, 1, "cow-file", "- - 0");
		advise(memory, FILE_PAGES, MADV_DONTNEED);
	}
	unmap(memory, FILE_PAGES * PAGE);
}

static int *turn;

static void wait_turn(int number)
{
	while (__atomic_load_n(turn, __ATOMIC_SEQ_CST) != number)
		sched_yield();
}

/* Only the parent writes down what must be reported, so the child's faults are not among it. */
static void begin_turns(void)
{
	turn = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	must(turn != MAP_FAILED, "mmap");
}

/* The child gives up half of what both have, and fills it again: by then the parent has it alone. */
static void touch_discarded_by_child(void)
{
	volatile char *memory = map_memory(PAGES * PAGE);

	touch_writing(memory, PAGES, "zero-fill", "- - 0");
	until(memory + (PAGES - 1) * PAGE, "anon");
	begin_turns();
	pid_t child = fork();
	if (child == 0) {
		advise(memory, PAGES / 2, MADV_DONTNEED);
		for (size_t i = 0; i < PAGES / 4; i++)
			memory[i * PAGE] = 2;
		*turn = 1;
		wait_turn(2);
		_exit(0);
	}
	wait_turn(1);
	touch_writing(memory, PAGES / 2, "reuse", "- - 0");
	touch_writing(memory + PAGES / 2 * PAGE, PAGES / 2, "cow-fork", "- - 0");
	*turn = 2;
	must(waitpid(child, NULL, 0) == child, "waitpid");
}

/* Four pages written, four read, four not touched. */
static volatile char *prepare(void)
{
	volatile char *memory = map_memory(PAGES * PAGE);

	touch_writing(memory, 4, "zero-fill", "- - 0");
	touch_reading(memory + 4 * PAGE, 4, "zero-page", "- - 0");
	return memory;
}

static void touch_all(volatile char *memory)
{
	for (size_t i = 0; i < 4; i++)
		memory[i * PAGE + 8] = 2;
	touch_writing(memory + 4 * PAGE, 4, "zero-replaced", "- - 0");
	touch_writing(memory + 8 * PAGE, 2, "zero-fill", "- - 0");
	touch_reading(memory + 10 * PAGE, 2, "zero-page", "- - 0");
	touch_writing(memory + 10 * PAGE, 2, "zero-replaced", "- - 0");
}

static volatile char *move_to(volatile char *memory, volatile char *place)
{
	char *at = mremap((void *)(uintptr_t)memory, PAGES * PAGE, PAGES * PAGE,
			  MREMAP_MAYMOVE | MREMAP_FIXED, (void *)(uintptr_t)place);

	must(at == place, "mremap");
	return at;
}

/* To where other memory was in use. */
static void touch_moved_over(void)
{
	for (int round = 0; round < 2; round++) {
		volatile char *memory = prepare(), *place = map_memory(PAGES * PAGE);

		touch_writing(place, PAGES, "zero-fill", "- - 0");
		if (round)
			until(place, "anon");
		memory = move_to(memory, place);
		if (round)
			until(memory + 8 * PAGE, "reserved");
		touch_all(memory);
		unmap(memory, PAGES * PAGE);
	}
}

static void touch_moved_back(void)
{
	volatile char *memory = prepare(), *place = map_memory(PAGES * PAGE), *first = memory;

	memory = move_to(memory, place);
	memory = move_to(memory, first);
	touch_all(memory);
	unmap(memory, PAGES * PAGE);
}

/* Where it was stays mapped, and is empty. */
static void touch_moved_leaving(void)
{
	for (int round = 0; round < 2; round++) {
		volatile char *memory = prepare();
		volatile char *at = mremap((void *)(uintptr_t)memory, PAGES * PAGE, PAGES * PAGE,
					   MREMAP_MAYMOVE | 4 /* MREMAP_DONTUNMAP, Linux 5.7 */, NULL);

		if (at == MAP_FAILED)
			return;
		if (round)
			until(memory, "reserved");
		touch_all(at);
		touch_writing(memory, 6, "zero-fill", "- - 0");
		touch_reading(memory + 6 * PAGE, 2, "zero-page", "- - 0");
		touch_writing(memory + 6 * PAGE, 2, "zero-replaced", "- - 0");
		unmap(at, PAGES * PAGE);
		unmap(memory, PAGES * PAGE);
	}
}

/* What is shared since a fork, at another place: the place was used before, too, and was reported then. */
static void touch_moved_forked(void)
{
	volatile char *place = map_memory(PAGES * PAGE), *memory = map_memory(PAGES * PAGE);

	touch_writing(memory, PAGES, "zero-fill", "- - 0");
	begin_turns();
	pid_t child = fork();
	if (child == 0) {
		wait_turn(1);
		_exit(0);
	}
	unmap(place, PAGES * PAGE);
	must(mmap((void *)(uintptr_t)place, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		  -1, 0) == place,
	     "mmap");
	memory = move_to(memory, place);
	touch_writing(memory, PAGES / 2, "cow-fork", "- - 0");
	*turn = 1;
	must(waitpid(child, NULL, 0) == child, "waitpid");
	touch_writing(memory + PAGES / 2 * PAGE, PAGES / 2, "reuse", "- - 0");
}

static void touch_truncated(void)
{
	int fd = cached_file(1);
	volatile char *memory = map_file(fd, MAP_PRIVATE);

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < FILE_PAGES; i += AROUND)
			touch_writing(memory + i * PAGE, 1, "cow-file", "- - 0");
		if (round)
			until(memory, "copy");
		must(ftruncate(fd, 0) == 0 && ftruncate(fd, FILE_PAGES * PAGE) == 0, "ftruncate");
	}
	unmap(memory, FILE_PAGES * PAGE);
}

/* Pages that came without a fault. */
static void touch_populated(void)
{
	int fd = cached_file(1);
	volatile char *memory = map_memory(PAGES * PAGE);

	if (madvise((void *)(uintptr_t)memory, 4 * PAGE, POPULATE_READ) != 0)
		return;
	advise(memory + 4 * PAGE, 4, POPULATE_WRITE);
	touch_writing(memory, 4, "zero-replaced", "- - 0");
	for (size_t i = 4; i < 8; i++)
		memory[i * PAGE] = 1;
	touch_writing(memory + 8 * PAGE, 4, "zero-fill", "- - 0");
	unmap(memory, PAGES * PAGE);
	for (int round = 0; round < 2; round++) {
		memory = map_file(fd, MAP_SHARED);
		advise(memory, FILE_PAGES, POPULATE_READ);
		if (round)
			until(memory, "file");
		touch_writing(memory, 16, "write-enable", "- - 0");
		unmap(memory, FILE_PAGES * PAGE);
		memory = map_file(fd, MAP_PRIVATE);
		advise(memory, FILE_PAGES, POPULATE_READ);
		if (round)
			until(memory, "file");
		touch_writing(memory, 16, "cow-file", "- - 0");
		unmap(memory, FILE_PAGES * PAGE);
		must(fsync(fd) == 0, "fsync");
	}
}

static void touch_synced(void)
{
	int fd = cached_file(1);
	volatile char *memory = map_file(fd, MAP_SHARED);

	must(fsync(fd) == 0, "fsync");
	for (size_t i = 0; i < FILE_PAGES; i += AROUND)
		touch_reading(memory + i * PAGE, 1, "file-cached", "- - 0");
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < FILE_PAGES; i += 4)
			touch_writing(memory + i * PAGE, 1, "write-enable", "- - 0");
		must(msync((void *)(uintptr_t)memory, FILE_PAGES * PAGE, MS_SYNC) == 0, "msync");
	}
	unmap(memory, FILE_PAGES * PAGE);
}

/* What came along with a page that was read is only made writable. */
static void touch_around(void)
{
	int fd = cached_file(1);

	must(fsync(fd) == 0, "fsync");
	for (int round = 0; round < 2; round++) {
		volatile char *memory = map_file(fd, MAP_SHARED);

		for (size_t i = 0; i < FILE_PAGES; i += AROUND) {
			touch_reading(memory + i * PAGE, 1, "file-cached", "- - 0");
			if (round)
				until(memory + i * PAGE, "file");
			touch_writing(memory + i * PAGE, 4, "write-enable", "- - 0");
		}
		unmap(memory, FILE_PAGES * PAGE);
		must(fsync(fd) == 0, "fsync");
	}
}

const struct cause_case again_cases[] = {
	{ "discarded", touch_discarded },
	{ "discarded_file", touch_discarded_file },
	{ "discarded_by_child", touch_discarded_by_child },
	{ "moved_over", touch_moved_over },
	{ "moved_back", touch_moved_back },
	{ "moved_leaving", touch_moved_leaving },
	{ "moved_forked", touch_moved_forked },
	{ "truncated", touch_truncated },
	{ "populated", touch_populated },
	{ "synced", touch_synced },
	{ "around", touch_around },
	{ NULL, NULL },
};
