#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char *content;

static int make_file(const char *text, size_t length)
{
	char path[] = "/var/tmp/exercise-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) < 0 || write(fd, text, length) != (ssize_t)length || fsync(fd) < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

int main(void)
{
	int fd = make_file("twenty bytes of text", 20);

	content = calloc(1, 4096); /* a copy of the file, in memory of one's own */
	if (!content || pread(fd, content, 20, 0) != 20)
		return 1;
	printf("%c\n", content[19]);
	return 0;
}
