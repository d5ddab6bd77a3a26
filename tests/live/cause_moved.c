/* Memory that is moved by mremap, as a list that grows moves its own. */
#include "live/cause_target.h"

#include <stdint.h>
#include <sys/mman.h>

#define MOVED_PAGES ((size_t)16)

/* Moves memory to where nothing else is, twice as large. */
static volatile char *move(volatile char *memory, size_t pages)
{
	char *place = mmap(NULL, 2 * pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at = mremap((void *)(uintptr_t)memory, pages * PAGE, 2 * pages * PAGE,
			  MREMAP_MAYMOVE | MREMAP_FIXED, place);

	must(place != MAP_FAILED && at == place, "mremap");
	return at;
}

/* As a list grows: each time it is moved before anybody can look at where it was. */
static void touch_moved(void)
{
	volatile char *memory = map_memory(MOVED_PAGES * PAGE);
	size_t pages = MOVED_PAGES;

	for (size_t i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
	for (int n = 0; n < 5; n++, pages *= 2) {
		memory = move(memory, pages);
		memory[8] = 1; /* it is there, and its own */
		touch_writing(memory + pages * PAGE + 8, pages, "zero-fill", "- - 0");
	}
	unmap(memory, pages * PAGE);
}

/* What was there before it was moved is still there after that. */
static void touch_moved_with_pages(void)
{
	volatile char *memory = map_memory(MOVED_PAGES * PAGE);

	for (size_t i = 0; i < 8; i++)
		(void)memory[i * PAGE];
	for (size_t i = 8; i < 12; i++)
		memory[i * PAGE] = 1;
	memory = move(memory, MOVED_PAGES);
	touch_writing(memory + 8, 4, "zero-replaced", "- - 0");
	touch_writing(memory + 20 * PAGE + 8, 1, "zero-fill", "- - 0");
	memory = move(memory, 2 * MOVED_PAGES);
	touch_writing(memory + 4 * PAGE + 8, 4, "zero-replaced", "- - 0");
	struct sharer child = sharer_begin();
	memory = move(memory, 4 * MOVED_PAGES);
	touch_writing(memory + 8 * PAGE + 8, 4, "cow-fork", "- - 0");
	unmap(memory, 8 * MOVED_PAGES * PAGE);
	sharer_end(&child);
}

/* The memory of a file is moved, too. */
static void touch_moved_file(void)
{
	int fd = cached_file(1);
	volatile char *memory = mmap(NULL, MOVED_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	volatile char *plain = map_memory(MOVED_PAGES * PAGE);

	must(memory != MAP_FAILED, "mmap");
	plain = move(plain, MOVED_PAGES);
	memory = move(memory, MOVED_PAGES);
	for (size_t i = 0; i < MOVED_PAGES; i++) {
		touch_writing(memory + i * PAGE + 8, 1, "cow-file", "- - 0");
		touch_writing(plain + i * PAGE + 8, 1, "zero-fill", "- - 0");
	}
	memory = move(memory, 2 * MOVED_PAGES);
	plain = move(plain, 2 * MOVED_PAGES);
	unmap(memory, 4 * MOVED_PAGES * PAGE);
	unmap(plain, 4 * MOVED_PAGES * PAGE);
}

const struct cause_case moved_cases[] = {
	{ "moved", touch_moved },
	{ "moved_with_pages", touch_moved_with_pages },
	{ "moved_file", touch_moved_file },
	{ NULL, NULL },
};
