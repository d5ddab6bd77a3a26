/* The stack grows as it is touched, up to a limit. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define LIMIT (256 << 10)

char *deepest; /* the lowest address that was used on purpose */
int depth;

static void call(int levels)
{
	char block[4096];

	memset(block, levels, sizeof block);
	deepest = block;
	depth++;
	if (levels > 1)
		call(levels - 1);
	block[0]++; /* so that the call is not the last thing */
}

int main(void)
{
	struct rlimit limit = { LIMIT, LIMIT };

	if (setrlimit(RLIMIT_STACK, &limit) < 0)
		return 1;
	puts("ready");

	call(8); /* @shallow */

	call(40); /* @eight */

	call(1); /* @forty */

	call(1000); /* @returned */
	puts("this line is never reached");
	return 0;
}
