#define _DEFAULT_SOURCE
#include <string.h>
#include <sys/mman.h>

char *area;

int main(void)
{
	area =
	    mmap(NULL, 1L << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	for (long i = 0; i < 16; i++) {
		memset(area + (i << 36), 0, 1 << 20); /* to be on the safe side */
		area[i << 36] = (char)i;
	}
	return 0;
}
