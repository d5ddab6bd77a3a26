#include <stddef.h>
#include <sys/mman.h>

char *large;

int main(void)
{
	large = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (large == MAP_FAILED)
		return 1;
	large[0] = 1;
	return 0;
}
