#define _DEFAULT_SOURCE
#include <unistd.h>

char *large;

int main(void)
{
	large = sbrk(8 << 20); /* that is the heap */
	if (large == (char *)-1)
		return 1;
	large[0] = 1;
	return 0;
}
