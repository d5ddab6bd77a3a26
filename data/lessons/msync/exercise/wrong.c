#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

char *mapped;

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
	mapped = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, make_file("text", 4), 0);
	if (mapped == MAP_FAILED)
		return 1;
	mapped[0] = '1';
	mapped[0] = '2'; /* @synced */
	return 0;
}
