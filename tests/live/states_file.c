/* Pages of files, and of what the kernel keeps as files: shared memory, memfd, tmpfs. */
#include "live/states_target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define TMPFS_MAGIC 0x01021994
#define POPULATE_READ 22 /* madvise, Linux 5.14 */
#define WINDOW 16        /* pages that one read fault maps of a file, at most */

/* Whether any, or every, page of a mapping is in the page cache. True answers for our own files. */
static bool in_core(char *at, size_t pages, bool all)
{
	unsigned char there[4096];
	size_t n = 0;

	must(mincore(at, pages * page, there) == 0, "mincore");
	for (size_t i = 0; i < pages; i++)
		n += there[i] & 1;
	return all ? n == pages : n > 0;
}

/* Drops a file from the page cache, then brings the pages from `first` on back. */
static bool place_in_cache(int fd, char *at, size_t pages, size_t first)
{
	static char bytes[1 << 20];

	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM); /* no reading ahead */
	for (size_t i = first; i < pages; i++)
		must(pread(fd, bytes, page, (off_t)(i * page)) == (ssize_t)page, "read");
	return (first == 0 || !in_core(at, first, false)) && in_core(at + first * page, pages - first, true);
}

void make_private_file(void)
{
	size_t pages = 4 * WINDOW;
	int fd = make_file("private", pages);
	char *at = map_aligned(pages * page, WINDOW * page, MAP_PRIVATE, fd);

	if (!place_in_cache(fd, at, pages, WINDOW)) {
		skip("file-private", "the file system does not let go of cached pages");
		return;
	}
	must(madvise(at + 2 * WINDOW * page, WINDOW * page, POPULATE_READ) == 0, "MADV_POPULATE_READ");
	at[3 * WINDOW * page] = 1;
	expect("file-not-cached", at, WINDOW, "reserved");
	expect("file-cached", at + WINDOW * page, WINDOW, "cached");
	expect("file-private", at + 2 * WINDOW * page, WINDOW, "file,exclusive");
	expect("copy", at + 3 * WINDOW * page, 1, "copy,exclusive");
	expect("file-cached", at + (3 * WINDOW + 1) * page, WINDOW - 1, "cached");
}

/* Deleted: only map_files, or its open descriptor, leads to it. */
static void make_shared_deleted_file(void)
{
	char path[4096];
	int fd = make_file("deleted", WINDOW);
	char *at = map(WINDOW, MAP_SHARED, fd);

	snprintf(path, sizeof path, "%s/deleted", directory);
	unlink(path);
	at[0] = 1;
	if (!in_core(at, WINDOW, true)) {
		skip("file-shared", "what was just written is not in the page cache");
		return;
	}
	expect("file-shared", at, 1, "file");
	expect("file-deleted", at + page, WINDOW - 1, "cached");
}

/* Another user's file: we may not know what the page cache holds of it. */
static void make_foreign_file(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	void *at;

	if (geteuid() == 0 || fd < 0 || access("/etc/passwd", W_OK) == 0) {
		skip("file-foreign", geteuid() == 0 ? "root owns every file" : "/etc/passwd is ours");
		return;
	}
	at = mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 0);
	must(at != MAP_FAILED, "mmap");
	expect("file-foreign", at, 1, "reserved,cache-unknown");
}

/* Shared anonymous memory has no file that we could open, but root can. */
static void make_shared_anonymous(void)
{
	char *at = map(3, MAP_SHARED | MAP_ANONYMOUS, -1);
	bool root = geteuid() == 0;
	pid_t child = fork();

	must(child >= 0, "fork");
	if (child == 0) {
		at[2 * page] = 1;
		_exit(0);
	}
	waitpid(child, NULL, 0);
	at[0] = 1;
	expect("shm", at, 1, "shm");
	expect("shm-reserved", at + page, 1, root ? "reserved" : "reserved,cache-unknown");
	expect("shm-cached", at + 2 * page, 1, root ? "cached" : "reserved,cache-unknown");
}

static void make_memfd(void)
{
	int fd = memfd_create("states", MFD_CLOEXEC);
	char *at;

	must(fd >= 0 && ftruncate(fd, (off_t)(3 * page)) == 0, "memfd");
	at = map(3, MAP_SHARED, fd);
	at[0] = 1;
	must(pwrite(fd, "x", 1, (off_t)page) == 1, "write");
	expect("memfd", at, 1, "shm");
	expect("memfd-cached", at + page, 1, "cached");
	expect("memfd-reserved", at + 2 * page, 1, "reserved");
}

static void make_private_memfd(void)
{
	int fd = memfd_create("private", MFD_CLOEXEC);
	char *at;

	must(fd >= 0 && ftruncate(fd, (off_t)(4 * page)) == 0, "memfd");
	at = map(4, MAP_PRIVATE, fd);
	must(pwrite(fd, "x", 1, 0) == 1 && pwrite(fd, "x", 1, (off_t)page) == 1, "write");
	must(madvise(at, 2 * page, POPULATE_READ) == 0, "MADV_POPULATE_READ");
	at[3 * page] = 1;
	expect("memfd-private", at, 2, "shm");
	expect("memfd-private", at + 2 * page, 1, "reserved");
	expect("memfd-copy", at + 3 * page, 1, "copy,exclusive");
}

static void make_tmpfs(void)
{
	char path[64];
	struct statfs fs;
	struct stat dev, shm;
	int fd;
	char *at;

	/* one with /dev: a part of devtmpfs, which says that it is tmpfs too */
	if (stat("/dev", &dev) < 0 || stat("/dev/shm", &shm) < 0 || dev.st_dev == shm.st_dev) {
		skip("tmpfs", "/dev/shm is not mounted");
		return;
	}
	snprintf(path, sizeof path, "/dev/shm/pagescape-%d", (int)getpid());
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || fstatfs(fd, &fs) < 0 || fs.f_type != TMPFS_MAGIC) {
		skip("tmpfs", "/dev/shm is no tmpfs");
		return;
	}
	unlink(path);
	must(ftruncate(fd, (off_t)(2 * page)) == 0, "ftruncate");
	at = map(2, MAP_SHARED, fd);
	at[0] = 1;
	expect("tmpfs", at, 1, "shm");
	expect("tmpfs", at + page, 1, "reserved");
}

void make_shared_files(void)
{
	make_shared_deleted_file();
	make_foreign_file();
	make_shared_anonymous();
	make_memfd();
	make_private_memfd();
	make_tmpfs();
}
