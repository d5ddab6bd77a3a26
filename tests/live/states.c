/* Makes pages of every state, prints what must be seen of each, and stops.
 *
 *   pages SCENE ADDRESS COUNT WORD[,FLAG...]
 *   skip SCENE why this machine cannot
 *
 * WORD and FLAG as in snapshots; unknown has its reason behind a colon. It uses
 * no code of pagescape: what it prints follows from what it did. Usage: states DIRECTORY,
 * for its files; if swap is on, pages are swapped out too. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GUARD_INSTALL 102 /* madvise, Linux 6.13 */
#define POPULATE_READ 22  /* madvise, Linux 5.14 */
#define TMPFS_MAGIC 0x01021994
#define HUGE_SIZE ((size_t)2 << 20)
#define WINDOW 16 /* pages that one read fault maps of a file, at most */

static size_t page;
static const char *directory;

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "states: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void skip(const char *scene, const char *why)
{
	printf("skip %s %s\n", scene, why);
}

static void expect(const char *scene, const void *at, size_t count, const char *word)
{
	printf("pages %s %" PRIxPTR " %zu %s\n", scene, (uintptr_t)at, count, word);
}

static char *map(size_t pages, int flags, int fd)
{
	char *at = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, flags, fd, 0);

	must(at != MAP_FAILED, "mmap");
	return at;
}

/* Memory with huge pages kept away, at a multiple of `align`. */
static char *map_aligned(size_t size, size_t align, int flags, int fd)
{
	char *room = mmap(NULL, size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	must(room != MAP_FAILED, "mmap");
	room = (char *)(((uintptr_t)room + align - 1) / align * align);
	room = mmap(room, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);
	must(room != MAP_FAILED, "mmap");
	return room;
}

static void read_page(const char *at)
{
	(void)*(volatile const char *)at;
}

static int make_file(const char *name, size_t pages)
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

static void make_anonymous(void)
{
	char *at = map(8, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	madvise(at, 8 * page, MADV_NOHUGEPAGE);
	at[0] = at[2 * page] = 1;
	read_page(at + 4 * page);
	read_page(at + 5 * page);
	at[5 * page] = 1; /* the zero page, replaced */
	expect("anon", at, 1, "anon,exclusive");
	expect("reserved", at + page, 1, "reserved");
	expect("anon", at + 2 * page, 1, "anon,exclusive");
	expect("reserved", at + 3 * page, 1, "reserved");
	expect("zero", at + 4 * page, 1, "zero");
	expect("anon", at + 5 * page, 1, "anon,exclusive");
	expect("reserved", at + 6 * page, 2, "reserved");
}

/* No right to touch it: what is there stays, what is not there kills who touches it. */
static void make_closed(void)
{
	char *at = map(4, MAP_PRIVATE | MAP_ANONYMOUS, -1),
	     *file = map(2, MAP_PRIVATE, open("/proc/self/exe", O_RDONLY));

	madvise(at, 4 * page, MADV_NOHUGEPAGE);
	at[page] = 1;
	mprotect(at, 4 * page, PROT_NONE);
	mprotect(file, 2 * page, PROT_NONE);
	expect("closed", at, 1, "guard");
	expect("closed", at + page, 1, "anon,exclusive");
	expect("closed", at + 2 * page, 1, "guard");
	expect("closed-file", file, 2, "guard");
	mprotect(at + 3 * page, page, PROT_READ | PROT_WRITE); /* opened again */
	expect("reopened", at + 3 * page, 1, "reserved");
}

static void make_device_zero(void)
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
	char *at;

	if (fd < 0) {
		skip("dev-zero", "/dev/zero cannot be opened");
		return;
	}
	at = map(2, MAP_PRIVATE, fd);
	at[0] = 1;
	expect("dev-zero", at, 1, "anon,exclusive");
	expect("dev-zero", at + page, 1, "reserved");
}

static void make_locked(void)
{
	char *at = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (mlock(at, page) < 0)
		skip("locked", "mlock is refused");
	else
		expect("locked", at, 1, "anon,exclusive,locked");
}

static void make_heap(void)
{
	char *at = sbrk((intptr_t)(4 * page));

	must(at != (void *)-1, "sbrk");
	at = (char *)(((uintptr_t)at + page - 1) / page * page);
	at[page] = 1;
	expect("heap", at + page, 1, "anon,exclusive");
}

/* A child that holds on to the page, so that two processes map it. */
static void make_shared_by_fork(void)
{
	char *at = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	pid_t child;

	at[0] = 1;
	child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	expect("shared-by-fork", at, 1, "anon,shared");
}

static void make_private_file(void)
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

/* Somebody else's file: we may not know what the page cache holds of it. */
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

static bool swap_is_on(void)
{
	FILE *f = fopen("/proc/swaps", "r");
	char line[512];
	int lines = 0;

	while (f && fgets(line, sizeof line, f))
		lines++;
	if (f)
		fclose(f);
	return lines > 1;
}

/* How much of what is mapped at `at` the kernel has in swap, in KiB. */
static long swapped_kib(const char *at)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512];
	bool here = false;
	long kib = 0;

	while (f && fgets(line, sizeof line, f)) {
		uintptr_t start, end;

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2)
			here = start <= (uintptr_t)at && (uintptr_t)at < end;
		else if (here && sscanf(line, "Swap: %ld kB", &kib) == 1)
			break;
	}
	if (f)
		fclose(f);
	return kib;
}

/* Writeback takes a moment. */
static bool page_out(char *at, size_t pages)
{
	struct timespec nap = { .tv_nsec = 10000000 };

	for (int i = 0; i < 300; i++) {
		madvise(at, pages * page, MADV_PAGEOUT);
		if (swapped_kib(at) == (long)(pages * page / 1024))
			return true;
		nanosleep(&nap, NULL);
	}
	return false;
}

static void make_swapped(void)
{
	char *at = map(8, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	madvise(at, 8 * page, MADV_NOHUGEPAGE);
	memset(at, 'x', 8 * page);
	if (!page_out(at, 4)) {
		skip("swap", "the kernel does not page out when asked to");
		return;
	}
	expect("swap", at, 4, "swap");
	expect("swap", at + 4 * page, 4, "anon,exclusive");
}

static void make_swapped_memfd(void)
{
	int fd = memfd_create("swapped", MFD_CLOEXEC);
	char *at;

	must(fd >= 0 && ftruncate(fd, (off_t)(8 * page)) == 0, "memfd");
	at = map(8, MAP_SHARED, fd);
	memset(at, 'x', 4 * page);
	if (!page_out(at, 4)) {
		skip("swap-shm", "the kernel does not page out when asked to");
		return;
	}
	expect("swap-shm", at, 4, "swap");
	expect("swap-shm", at + 4 * page, 4, "reserved");
}

static void make_guard(void)
{
	char *at = map(3, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	madvise(at, 3 * page, MADV_NOHUGEPAGE);
	at[0] = 1;
	if (madvise(at + page, page, GUARD_INSTALL) < 0) {
		skip("guard", "this kernel has no guard pages (Linux 6.13 and later)");
		return;
	}
	expect("guard", at, 1, "anon,exclusive");
	expect("guard", at + page, 1, "guard");
	expect("guard", at + 2 * page, 1, "reserved");
}

/* Not in older headers. */
struct poison {
	struct uffdio_range range;
	uint64_t mode;
	int64_t updated;
};
#define POISON _IOWR(UFFDIO, 0x08, struct poison) /* Linux 6.6 */
#define FEATURE_POISON (1u << 14)
#define FEATURE_WRITE_UNPOPULATED (1u << 13) /* Linux 6.4 */
#define FEATURE_WRITE_SHMEM (1u << 12)       /* Linux 5.19 */
#define USER_MODE_ONLY 1

static bool register_range(int fd, char *at, size_t pages)
{
	struct uffdio_register r = { .range = { (uintptr_t)at, pages * page },
				     .mode = UFFDIO_REGISTER_MODE_WP };

	return ioctl(fd, UFFDIO_REGISTER, &r) == 0;
}

static bool protect(int fd, char *at, size_t pages)
{
	struct uffdio_writeprotect w = { .range = { (uintptr_t)at, pages * page },
					 .mode = UFFDIO_WRITEPROTECT_MODE_WP };

	return ioctl(fd, UFFDIO_WRITEPROTECT, &w) == 0;
}

/* Marks in page tables without a page: neither memory nor swap. */
static void make_userfault_marks(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY);
	struct uffdio_api api = { .api = UFFD_API,
				  .features =
				      FEATURE_POISON | FEATURE_WRITE_UNPOPULATED | FEATURE_WRITE_SHMEM };
	char *at = map(8, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *shared = map(8, MAP_SHARED | MAP_ANONYMOUS, -1);

	madvise(at, 8 * page, MADV_NOHUGEPAGE);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) < 0 || !register_range(fd, at, 8) ||
	    !register_range(fd, shared, 8)) {
		skip("userfault", "no userfaultfd with marks (Linux 6.6 and later)");
		return;
	}
	at[0] = 1;

	struct poison p = { .range = { (uintptr_t)at + 2 * page, 2 * page } };

	must(ioctl(fd, POISON, &p) == 0, "UFFDIO_POISON");
	must(protect(fd, at + 5 * page, 2), "UFFDIO_WRITEPROTECT");
	must(protect(fd, shared + page, 2), "UFFDIO_WRITEPROTECT, shared");
	expect("userfault", at, 1, "anon,exclusive");
	expect("userfault", at + page, 1, "reserved");
	expect("userfault-poison", at + 2 * page, 2, "guard,poison");
	expect("userfault", at + 4 * page, 1, "reserved");
	expect("userfault-write", at + 5 * page, 2, "reserved");
	expect("userfault-write-shm", shared + page, 2,
	       geteuid() == 0 ? "reserved" : "reserved,cache-unknown");
}

static bool huge_pages_are_on(const char *name)
{
	char path[128], text[64] = "";
	FILE *f;

	snprintf(path, sizeof path, "/sys/kernel/mm/transparent_hugepage/%s", name);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (!fgets(text, sizeof text, f))
		text[0] = '\0';
	fclose(f);
	return !strstr(text, "[never]") && text[0] != '0';
}

static void make_huge(void)
{
	char *at = map_aligned(3 * HUGE_SIZE, HUGE_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	size_t pages = HUGE_SIZE / page;

	if (!huge_pages_are_on("enabled") || madvise(at, 3 * HUGE_SIZE, MADV_HUGEPAGE) < 0) {
		skip("huge", "transparent huge pages are switched off");
		return;
	}
	at[0] = 1;
	expect("huge", at, pages, "anon,huge");
	if (huge_pages_are_on("use_zero_page")) {
		read_page(at + HUGE_SIZE);
		expect("huge-zero", at + HUGE_SIZE, pages, "zero,huge");
	}
	expect("huge-reserved", at + 2 * HUGE_SIZE, pages, "reserved");
}

static void make_hugetlb(void)
{
	size_t pages = HUGE_SIZE / page;
	int flags = MAP_HUGETLB | 21 << 26, fd = memfd_create("pool", MFD_CLOEXEC | MFD_HUGETLB | 21u << 26);
	char *at = mmap(NULL, 2 * HUGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
	char *shared = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, (off_t)HUGE_SIZE) == 0)
		shared = mmap(NULL, HUGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED || shared == MAP_FAILED) {
		skip("hugetlb", "the pool of huge pages is empty");
		return;
	}
	shared[0] = 1;
	expect("hugetlb-shared", shared, pages, "shm,huge,hugetlb");

	char *own = mmap(NULL, HUGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (own == MAP_FAILED) {
		skip("hugetlb", "the pool of huge pages is too small");
		return;
	}
	own[0] = 1;
	expect("hugetlb", own, pages, "anon,huge,hugetlb");
	expect("hugetlb-reserved", at, 2 * pages, "reserved");
}

static void find_special(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[4096 + 128];

	while (f && fgets(line, sizeof line, f)) {
		uintptr_t start, end;

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) != 2)
			continue;
		if (strstr(line, "[vvar"))
			expect("vvar", (void *)start, (end - start) / page, "unknown:special");
		if (strstr(line, "[vsyscall]"))
			expect("vsyscall", (void *)start, (end - start) / page, "unknown:outside");
	}
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
	directory = argc > 1 ? argv[1] : ".";
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	make_shared_by_fork(); /* first: what comes after is the target's alone */
	make_anonymous();
	make_closed();
	make_device_zero();
	make_locked();
	make_heap();
	make_shared_deleted_file();
	make_foreign_file();
	make_shared_anonymous();
	make_memfd();
	make_private_memfd();
	make_tmpfs();
	make_guard();
	make_userfault_marks();
	make_huge();
	make_hugetlb();
	if (swap_is_on()) {
		make_swapped();
		make_swapped_memfd();
	} else {
		skip("swap", "no swap is on");
		skip("swap-shm", "no swap is on");
	}
	find_special();
	make_private_file(); /* last: a page that the cache dropped meanwhile would be expected wrongly */
	puts("ready");
	fflush(stdout);
	raise(SIGSTOP);
	return 0;
}
