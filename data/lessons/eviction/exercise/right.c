#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define SIZE (256L * PAGE)
#define PART (16L * PAGE)

unsigned char *content;
long sum;

static int make_file(void)
{
	static unsigned char bytes[PAGE];
	char path[] = "/var/tmp/exercise-XXXXXX";
	int fd = mkstemp(path);

	for (int i = 0; i < PAGE; i++)
		bytes[i] = i % 256;
	if (fd < 0 || unlink(path) < 0)
		exit(1);
	for (long at = 0; at < SIZE; at += PAGE)
		if (write(fd, bytes, PAGE) != PAGE)
			exit(1);
	return fd;
}

int main(void)
{
	content = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, make_file(), 0);
	if (content == MAP_FAILED)
		return 1;
	for (long at = 0; at < SIZE; at += PART) {
		for (long i = at; i < at + PART; i++)
			sum += content[i];
		madvise(content + at, PART, MADV_DONTNEED); /* it is in the file */
	}
	return 0;
}
