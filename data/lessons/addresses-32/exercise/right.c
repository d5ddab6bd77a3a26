#define _DEFAULT_SOURCE
#include <stddef.h>
#include <sys/mman.h>

#define PAGE 4096

char *area, *near, *far;

int main(void)
{
	area = mmap(NULL, 4096 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	madvise(area, 4096 * PAGE, MADV_NOHUGEPAGE);
	near = area;
	far = near + 1024 * PAGE; /* one entry of the directory on */
	*near = *far = 1;
	return 0;
}
