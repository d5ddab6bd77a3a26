#include <string.h>
#include <sys/mman.h>

#define PAGE 4096

char *area;

int main(void)
{
	area = mmap(NULL, 1 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	strcpy(area, "constant");
	return mprotect(area, PAGE, PROT_READ) != 0;
}
