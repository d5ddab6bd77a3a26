/* Asks for a terabyte, and uses one page of it. */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#define TIB (1ULL << 40)

char *area, *middle;
int error;

int main(void)
{
	area = mmap(NULL, TIB, PROT_READ | PROT_WRITE, /* @asking */
	            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
	            -1, 0);
	if (area == MAP_FAILED) { /* @got */
		error = errno;
		perror("a terabyte");
		return 1;
	}

	middle = area + TIB / 2;
	*middle = 'x';

	for (int i = 0; i < 10; i++) /* @one */
		area[i * (TIB / 10)] = 'y';
	return 0; /* @eleven */
}
