#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

char *shared, *private;
char in_file;

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
	int fd = make_file("text", 4);

	shared = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (shared == MAP_FAILED || private == MAP_FAILED)
		return 1;
	shared[0] = 'S';
	private[0] = 'P';
	return pread(fd, &in_file, 1, 0) != 1;
}
