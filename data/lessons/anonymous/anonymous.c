/* Memory without a file: from mmap, and from malloc. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE 4096

char *area, *small, *large;

int main(void)
{
	area = mmap(NULL,                        /* where you like */
	            8 * PAGE,                    /* how much */
	            PROT_READ | PROT_WRITE,      /* what I may do */
	            MAP_PRIVATE | MAP_ANONYMOUS, /* mine, no file */
	            -1,                          /* so no fd */
	            0);                          /* and no offset */
	if (area == MAP_FAILED)
		return 1;

	small = malloc(100); /* @mapped */
	large = malloc(1 << 20);
	if (!small || !large) /* @mallocs */
		return 2;

	large[0] = 'x';
	free(large); /* @touched */
	free(small); /* @freed */
	return 0;
}
