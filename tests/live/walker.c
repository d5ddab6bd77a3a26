/* walker FILE: touches 64 pages, gives them up, and counts in FILE how often, for ever: the
 * count shows that it runs. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGES 64

int main(int argc, char **argv)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct timespec moment = { 0, 500000 };
	char count[32];
	int fd = argc > 1 ? open(argv[1], O_WRONLY | O_CREAT, 0644) : -1;

	if (fd < 0 || memory == MAP_FAILED)
		return 99;
	for (uint64_t n = 0;; n++) {
		size_t len = 0;

		for (size_t i = 0; i < PAGES; i++)
			memory[i * page] = 1;
		madvise(memory, PAGES * page, MADV_DONTNEED);
		for (uint64_t rest = n + 1000000000; rest; rest /= 10)
			count[sizeof count - ++len] = (char)('0' + rest % 10);
		if (pwrite(fd, count + sizeof count - len, len, 0) != (ssize_t)len)
			return 98;
		nanosleep(&moment, NULL);
	}
}
