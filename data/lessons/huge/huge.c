/* One fault, 512 pages: a transparent huge page. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define HUGE (2 << 20)

char *area, *small;

int main(void)
{
	char *at = mmap(NULL, 4 * HUGE, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return 1;
	area = (char *)(((uintptr_t)at + HUGE - 1) / HUGE * HUGE);
	small = area + HUGE;
	if (madvise(area, HUGE, MADV_HUGEPAGE) < 0 ||
	    madvise(small, HUGE, MADV_NOHUGEPAGE) < 0)
		return 2;

	small[0] = 'x'; /* @advised */

	area[0] = 'x'; /* @small */

	munmap(area + 100 * PAGE, PAGE); /* @huge */

	return 0; /* @split */
}
