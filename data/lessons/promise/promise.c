/* Asks for 64 pages, and touches four of them. */
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 64

char *area;

int main(void)
{
	printf("asking for %d pages\n", PAGES);
	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, /* @asking */
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED) { /* @promised */
		perror("mmap");
		return 1;
	}

	area[0] = 'a';
	area[1] = 'b'; /* @touched */

	area[40 * PAGE] = 'c'; /* @again */
	area[7 * PAGE] = 'd';
	area[63 * PAGE] = 'e';

	munmap(area, PAGES * PAGE); /* @more */
	return 0;                   /* @returned */
}
