/* Its memory comes by ways that are known: 2,000 blocks by cache_insert through the allocator, and
 * as many pages as the first argument says by memset, of memory that load has mapped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BLOCKS 2000
#define BLOCK 2000 /* bytes: two of them on a page */

static void *kept[BLOCKS];

__attribute__((noinline)) static void cache_insert(int i)
{
	kept[i] = malloc(BLOCK);
	if (!kept[i])
		abort();
	memset(kept[i], 1, BLOCK);
}

__attribute__((noinline)) static void load(size_t pages)
{
	char *at = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || madvise(at, pages * 4096, MADV_NOHUGEPAGE) != 0)
		abort();
	memset(at, 1, pages * 4096);
	__asm__ volatile("" : : "r"(at) : "memory");
}

int main(int argc, char **argv)
{
	for (int i = 0; i < BLOCKS; i++)
		cache_insert(i);
	load(argc > 1 ? strtoul(argv[1], NULL, 10) : 100);
	return 0;
}
