#include <stdlib.h>

char *block;

int main(void)
{
	block = calloc(1, 1 << 20);
	return !block;
}
