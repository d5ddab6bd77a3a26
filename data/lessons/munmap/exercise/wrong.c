#include <string.h>
#include <sys/mman.h>

#define PAGE 4096

char *area;

int main(void)
{
	area = mmap(NULL, 48 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	memset(area, 1, 48 * PAGE);
	return madvise(area + 16 * PAGE, 16 * PAGE, MADV_DONTNEED) != 0; /* the promise stays */
}
