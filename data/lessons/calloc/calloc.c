/* malloc and calloc: fresh memory, and used memory. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE (16 * 4096)

char *first, *wall, *second, *recycled, *cleared;
char *middle; /* of the block that is used twice */

int main(void)
{
	mallopt(M_MMAP_THRESHOLD, 64 << 20); /* all from the heap */
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_TOP_PAD, 0); /* and no more than is asked for */

	first = malloc(SIZE);
	wall = malloc(16);
	if (!first || !wall) /* @malloc */
		return 1;

	second = calloc(1, SIZE);
	if (!second) /* @calloc */
		return 1;

	middle = first + SIZE / 2;
	memset(first, 'A', SIZE);
	free(first); /* @filled */

	recycled = malloc(SIZE);
	if (recycled != first) /* @recycled */
		return 2;
	free(recycled);

	cleared = calloc(1, SIZE);
	if (cleared != first) /* @cleared */
		return 3;
	return 0;
}
