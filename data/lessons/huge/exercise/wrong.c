#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE 4096
#define HUGE (2 << 20)

char *area;

int main(void)
{
	area = malloc(HUGE); /* 16 bytes behind the beginning of a page */
	if (!area)
		return 1;
	madvise(area, HUGE, MADV_HUGEPAGE);
	for (long at = 0; at < HUGE; at += PAGE)
		area[at] = 1;
	return 0;
}
