#include <stdlib.h>
#include <string.h>

char *block;

int main(void)
{
	block = malloc(1 << 20);
	if (!block)
		return 1;
	memset(block, 0, 1 << 20); /* the kernel had done that, for the pages that are used */
	return 0;
}
