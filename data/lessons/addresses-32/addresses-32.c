/* An address of 32 bits, taken apart: 10 + 10 + 12. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 2048

char *area, *far;
unsigned directory, table, within, next_directory;

int main(void)
{
	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	madvise(area, PAGES * PAGE, MADV_NOHUGEPAGE);

	uintptr_t address = (uintptr_t)&area[5 * PAGE + 123]; /* @mapped */
	directory = address >> 22;
	table = address >> 12 & 1023;
	within = address & 4095;
	area[5 * PAGE + 123] = 'x';

	next_directory = (uintptr_t)&area[1029 * PAGE] >> 22; /* @apart */
	far = &area[1029 * PAGE];
	*far = 'y';
	return 0; /* @far */
}
