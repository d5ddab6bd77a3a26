#include <stddef.h>
#include <sys/mman.h>

#define PAGE 4096

char *area;

int main(void)
{
	area = mmap(NULL, 1000 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	area[0] = area[10 * PAGE] = area[999 * PAGE] = 1;
	return 0;
}
