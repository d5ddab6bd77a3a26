/* toucher FILE PAGE...: writes a byte to each of these pages of a private mapping of the file, so that each
 * is a fault of its own: a write brings no neighbour along. Tests give the function that does it
 * another name of the same length. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((noinline)) static void touch_one_page_now(volatile char *at)
{
	*at = 1;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	struct stat st;
	char *at;

	if (fd < 0 || fstat(fd, &st) != 0)
		return 2;
	at = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return 2;
	for (int i = 2; i < argc; i++)
		touch_one_page_now(&at[strtoul(argv[i], NULL, 10) * 4096]);
	return 0;
}
