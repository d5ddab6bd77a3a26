#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define PAGE 4096

char *area, *wanted;
unsigned long fourth, third, second, first, within;

int main(void)
{
	area = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;

	uintptr_t address = (uintptr_t)area + 3 * PAGE + 123;
	within = address & 4095;
	first = address >> 12 & 511;
	second = address >> 21 & 511;
	third = address >> 30 & 511;
	fourth = address >> 39 & 511;

	wanted = (char *)(fourth << 39 | third << 30 | second << 21 | first << 12 | within);
	*wanted = 'X';
	return 0;
}
