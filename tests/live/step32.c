/* A 32-bit program to be stepped: waits for a line, makes known calls, touches known
 * pages in known order. Built by the test that runs it, where the compiler can. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 12

int main(void)
{
	char line[64];
	volatile char *memory =
	    mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	printf("memory %p\n", (void *)(unsigned long)memory);
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		return 99;
	for (int i = 0; i < PAGES; i++)
		memory[(i * 5 % PAGES) * PAGE + i] = 1;
	mprotect((void *)(unsigned long)memory, PAGE, PROT_READ);
	munmap((void *)(unsigned long)memory, PAGES * PAGE);
	char *again = mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	_exit(again == MAP_FAILED ? 98 : 6);
}
