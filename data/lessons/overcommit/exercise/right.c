#define _DEFAULT_SOURCE
#include <stddef.h>
#include <sys/mman.h>

char *area;

int main(void)
{
	area =
	    mmap(NULL, 1L << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	for (long i = 0; i < 16; i++)
		area[i << 36] = (char)i; /* the rest is zero already */
	return 0;
}
