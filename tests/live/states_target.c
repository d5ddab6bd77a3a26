/* Prints what must be seen, and makes the memory to be seen. */
#include "live/states_target.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

size_t page;
const char *directory;

void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "states: %s: %s\n", what, strerror(errno));
	exit(1);
}

void skip(const char *scene, const char *why)
{
	printf("skip %s %s\n", scene, why);
}

void expect(const char *scene, const void *at, size_t count, const char *word)
{
	printf("pages %s %" PRIxPTR " %zu %s\n", scene, (uintptr_t)at, count, word);
}

char *map(size_t pages, int flags, int fd)
{
	char *at = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, flags, fd, 0);

	must(at != MAP_FAILED, "mmap");
	return at;
}

/* Memory with huge pages kept away, at a multiple of `align`. */
char *map_aligned(size_t size, size_t align, int flags, int fd)
{
	char *room = mmap(NULL, size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	must(room != MAP_FAILED, "mmap");
	room = (char *)(((uintptr_t)room + align - 1) / align * align);
	room = mmap(room, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);
	must(room != MAP_FAILED, "mmap");
	return room;
}

void read_page(const char *at)
{
	(void)*(volatile const char *)at;
}

int make_file(const char *name, size_t pages)
{
	char path[4096], bytes[1 << 16];
	int fd;

	memset(bytes, 'x', sizeof bytes);
	snprintf(path, sizeof path, "%s/%s", directory, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0, path);
	for (size_t i = 0; i < pages; i++)
		must(pwrite(fd, bytes, page, (off_t)(i * page)) == (ssize_t)page, "write");
	return fd;
}
