/* One file, mapped twice: shared, and private. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 4

char *shared, *private;
char in_file; /* the first byte, as read() sees it */

static int make_file(void)
{
	char path[] = "/var/tmp/lesson-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) < 0 ||
	    ftruncate(fd, PAGES * PAGE) < 0 ||
	    pwrite(fd, "a", 1, 0) != 1) {
		perror(path);
		exit(1);
	}
	return fd;
}

int main(void)
{
	int fd = make_file(), sum = 0;

	shared = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	              MAP_SHARED, fd, 0);
	private = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE, fd, 0);
	if (shared == MAP_FAILED || private == MAP_FAILED)
		return 1;
	for (int i = 0; i < PAGES; i++)
		sum += shared[i * PAGE] + private[i * PAGE];

	shared[0] = 'b'; /* @both */
	if (pread(fd, &in_file, 1, 0) != 1)
		return 2;

	private[0] = 'c'; /* @shared */
	if (pread(fd, &in_file, 1, 0) != 1)
		return 2;

	shared[0] = 'd'; /* @private */
	if (pread(fd, &in_file, 1, 0) != 1)
		return 2;
	return sum == 0; /* @parted */
}
