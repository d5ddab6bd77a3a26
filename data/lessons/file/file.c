/* A text file of 20 bytes, mapped. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define TEXT "twenty bytes of text"

char *content;
int length = sizeof TEXT - 1, refused;

static int make_file(void)
{
	char path[] = "/var/tmp/lesson-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) < 0 ||
	    write(fd, TEXT, length) != length || fsync(fd) < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

int main(void)
{
	int fd = make_file();

	char *odd = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 100);
	if (odd == MAP_FAILED)
		refused = errno;

	content = mmap(NULL, PAGE + 1, PROT_READ, MAP_SHARED, fd, 0); /* @refused */
	if (content == MAP_FAILED)
		return 1;
	close(fd);            /* @mapped */
	putchar(content[19]); /* @closed */
	putchar('\n');
	fflush(stdout);         /* @read */
	putchar(content[PAGE]); /* @beyond */
	return 0;
}
