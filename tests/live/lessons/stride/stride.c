#include <stdlib.h>
#include <stdio.h>
#include <sys/mman.h>

char *table;
int sum;

int main(void)
{
	table = mmap(NULL, 32 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (table == MAP_FAILED)
		return 1;
	for (int i = 0; i < 32; i += 4) /* @empty */
		table[i * 4096] = 'x';
	for (int i = 0; i < 32; i++) // @written
		sum += table[i * 4096];
	printf("sum %d\n", sum); /* @summed */
	munmap(table, 16 * 4096);
	table += 16 * 4096; /* @half */
	return 0;
}
