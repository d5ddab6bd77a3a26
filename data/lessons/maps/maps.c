/* One thing of every kind that a program has. */
#include <stdio.h>
#include <stdlib.h>

const char constant[] = "written by the compiler, never by us";
int initialised = 42;
char zeroed[3 * 4096] __attribute__((aligned(4096)));

void *code, *block, *local;

int main(void)
{
	char here[64] = "on the stack";

	code = (void *)main;
	block = malloc(100);
	local = here;
	if (!block)
		return 1;
	puts(here);
	initialised++; /* @looked */
	zeroed[4096] = 1;
	return 0; /* @written */
}
