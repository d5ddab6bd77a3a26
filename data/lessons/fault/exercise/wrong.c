#include <stddef.h>
#include <sys/mman.h>

#define PAGE 4096

char *area;

static void fill(void)
{
	for (int i = 0; i < 8; i++)
		area[i] = 1;
}

int main(void)
{
	area = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	fill();
	return 0;
}
