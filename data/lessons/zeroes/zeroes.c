/* Fresh memory is zero: read, written, returned, taken again. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 16

char *area, *again;
int sum;

static char *map(void)
{
	return mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	area = map();
	if (area == MAP_FAILED) /* @fresh */
		return 1;

	for (int i = 0; i < 8 * PAGE; i++)
		sum += area[i];

	area[2 * PAGE] = 'x'; /* @read */

	strcpy(area + 5 * PAGE, "the password"); /* @written */
	puts(area + 5 * PAGE);

	munmap(area, PAGES * PAGE); /* @secret */
	again = map();
	if (again == MAP_FAILED)
		return 1;
	sum += again[5 * PAGE];
	return 0; /* @again */
}
