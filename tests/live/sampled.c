/* sampled FILE PAGES: two threads touch so many fresh pages each, one fault a page, from a few calls deep.
 * Writes "FIRST END" into the file, in hexadecimal: where these pages are. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct part {
	volatile char *start;
	size_t pages, page_size;
};

__attribute__((noinline)) static int touch(const struct part *p, int depth)
{
	if (depth)
		return touch(p, depth - 1) + 1; /* used after the call, so that it stays a call */
	for (size_t i = 0; i < p->pages; i++)
		p->start[i * p->page_size] = 1;
	return 0;
}

static void *run(void *arg)
{
	return touch(arg, 3) == 3 ? arg : NULL;
}

int main(int argc, char *argv[])
{
	size_t pages = argc > 2 ? strtoull(argv[2], NULL, 10) : 0, size = (size_t)sysconf(_SC_PAGESIZE);
	struct part parts[2];
	pthread_t thread;
	FILE *file = argc > 2 ? fopen(argv[1], "w") : NULL;

	if (!file || !pages)
		return 2;
	char *start =
	    mmap(NULL, 2 * pages * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED) {
		fprintf(stderr, "sampled: mmap: %s\n", strerror(errno));
		return 1;
	}
	madvise(start, 2 * pages * size, MADV_NOHUGEPAGE); /* a kernel without huge pages refuses */
	fprintf(file, "%" PRIxPTR " %" PRIxPTR "\n", (uintptr_t)start, (uintptr_t)start + 2 * pages * size);
	fclose(file);
	for (size_t i = 0; i < 2; i++)
		parts[i] = (struct part){ start + i * pages * size, pages, size };
	if (pthread_create(&thread, NULL, run, &parts[1]) != 0)
		return 1;
	run(&parts[0]);
	return pthread_join(thread, NULL) != 0;
}
