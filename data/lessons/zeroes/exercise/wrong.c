#include <stddef.h>
#include <sys/mman.h>

#define PAGE 4096

char *area;
int sum;

int main(void)
{
	area = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	for (int i = 0; i < 16; i++)
		area[i * PAGE] = 0; /* a zero written is a page used */
	area[3 * PAGE] = 1;
	return 0;
}
