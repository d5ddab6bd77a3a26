#include <stdio.h>

static long sum(long n)
{
	return n ? n + sum(n - 1) : 0; /* each call has its place on the stack */
}

int main(void)
{
	printf("%ld\n", sum(100000));
	return 0;
}
