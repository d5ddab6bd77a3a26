/* brood CHILDREN PAGES: forks so many children, one after the other, each of which touches so many fresh pages, becomes
 * /bin/true, and is waited for. Prints a line for each page: the child's pid, and the page. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int children = argc > 1 ? atoi(argv[1]) : 10;
	size_t pages = argc > 2 ? (size_t)atoi(argv[2]) : 8;

	for (int i = 0; i < children; i++) {
		/* no huge page: it would be one fault */
		volatile char *fresh =
		    mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		pid_t pid = fresh == MAP_FAILED ? -1 : fork();

		if (pid < 0)
			return 1;
		if (pid == 0) {
			madvise((void *)fresh, pages * 4096, MADV_NOHUGEPAGE);
			for (size_t p = 0; p < pages; p++)
				fresh[p * 4096] = 1;
			execl("/bin/true", "true", (char *)NULL);
			_exit(127);
		}

		int status;

		if (waitpid(pid, &status, 0) != pid || status != 0)
			return 1;
		for (size_t p = 0; p < pages; p++)
			printf("%d %lx\n", (int)pid, ((unsigned long)fresh >> 12) + p);
		munmap((void *)fresh, pages * 4096);
	}
	return 0;
}
