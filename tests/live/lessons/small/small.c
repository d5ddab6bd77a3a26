#include <stdio.h>
#include <stdlib.h>
char *block;
unsigned address;
int main(void)
{
	block = malloc(100000);
	address = (unsigned)block;
	block[50000] = 1; /* @got */
	puts("done");     /* @touched */
	return 0;
}
