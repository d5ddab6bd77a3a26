/* When does a write reach the disk? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 4

char *mapped;
char in_file; /* the first byte, as read() sees it */
int refused;

static int make_file(void)
{
	char path[] = "/var/tmp/lesson-XXXXXX";
	char zeroes[PAGE] = "";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) < 0) {
		perror(path);
		exit(1);
	}
	for (int i = 0; i < PAGES; i++)
		if (write(fd, zeroes, PAGE) != PAGE)
			exit(1);
	return fsync(fd) < 0 ? -1 : fd;
}

int main(void)
{
	int fd = make_file();

	mapped = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	              MAP_SHARED, fd, 0);
	if (mapped == MAP_FAILED)
		return 1;
	for (int i = 0; i < PAGES; i++)
		if (mapped[i * PAGE] != 0)
			return 1;

	strcpy(mapped, "first"); /* @clean */
	strcpy(mapped + 2 * PAGE, "second");
	if (pread(fd, &in_file, 1, 0) != 1)
		return 2;

	refused = msync(mapped, PAGES * PAGE, MS_SYNC); /* @dirty */
	if (refused)
		return 3;

	strcpy(mapped, "again"); /* @synced */
	return 0;                /* @again */
}
