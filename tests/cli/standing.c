/* A target that does the same each time, and then waits:
 *
 *   standing PAGES
 *
 * touches so many pages of 256 and reads two of them, writes a byte, and waits to be killed. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES 256
#define FIRST 16

static char variables[8 * 4096] = { 1 };
static char zeroes[16 * 4096];

int main(int argc, char **argv)
{
	size_t n = (size_t)(argc > 1 ? argv[1][0] - '0' : 0), size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *memory =
	    mmap(NULL, PAGES * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *small = malloc(1000);
	volatile char sum;

	if (memory == MAP_FAILED || !small || n > 9)
		return 1;
	madvise((void *)(size_t)memory, PAGES * size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < n; i++)
		memory[(FIRST + 2 * i) * size] = 1;
	sum = memory[200 * size] + memory[201 * size];
	small[0] = sum;
	((volatile char *)variables)[5 * size] = 1;
	((volatile char *)zeroes)[9 * size] = 1;
	if (write(1, "r", 1) != 1)
		return 1;
	for (;;)
		pause();
}
