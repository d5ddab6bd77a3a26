/* Giving back: a hole, and a touch where nothing is. */
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 48

char *area;

int main(void)
{
	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	for (int i = 0; i < PAGES; i++)
		area[i * PAGE] = 'x';

	if (munmap(area + 16 * PAGE, 16 * PAGE) < 0) /* @whole */
		return 2;

	area[15 * PAGE] = 'y'; /* @hole */
	area[32 * PAGE] = 'y';

	puts("now page 20");   /* @sides */
	area[20 * PAGE] = 'z'; /* @touching */
	puts("this line is never reached");
	return 0;
}
