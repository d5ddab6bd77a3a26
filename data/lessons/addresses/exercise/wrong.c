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
	first = address >> 12 & 1023; /* ten bits: a 32-bit processor's tables */
	second = address >> 22 & 1023;
	third = address >> 32 & 1023;
	fourth = address >> 42;

	wanted = (char *)(fourth << 42 | third << 32 | second << 22 | first << 12 | within);
	*wanted = 'X';
	return 0;
}
