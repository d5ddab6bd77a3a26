#define _DEFAULT_SOURCE
#include <stddef.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 16

char *area;
int seventh;

int main(void)
{
	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	for (int i = 0; i < PAGES; i++)
		area[i * PAGE] = (char)('A' + i);
	madvise(area, PAGES * PAGE, MADV_DONTNEED); /* not "out" but "away" */
	seventh = area[6 * PAGE];
	return 0;
}
