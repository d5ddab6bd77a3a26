#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
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
	content = mmap(NULL, 20, PROT_READ, MAP_SHARED, make_file("twenty bytes of text", 20), 0);
	if (content == MAP_FAILED)
		return 1;
	printf("%c\n", content[19]);
	return 0;
}
