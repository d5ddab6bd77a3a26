/* One page fault, as slowly as it can be shown. */
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

char *area;
char seen;

static void touch(char *at)
{
	*at = 'x'; /* @about */
}

int main(void)
{
	area = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, /* @main */
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	touch(area + 3 * PAGE);
	seen = area[3 * PAGE];  /* @done */
	touch(area + 3 * PAGE); /* @read */
	puts("nobody noticed"); /* @wrote */
	return 0;
}
