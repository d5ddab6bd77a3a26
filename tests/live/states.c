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
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live/states_target.h"

#define GUARD_INSTALL 102 /* madvise, Linux 6.13 */

/* Has it a frame of its own? Some kernels have no page of zeroes for all that is read. */
static bool is_own(const void *at)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool read =
	    pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)at / page * sizeof entry)) == sizeof entry;

	close(fd);
	return read && entry >> 56 & 1;
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
	expect("zero", at + 4 * page, 1, is_own(at + 4 * page) ? "anon,exclusive" : "zero");
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
		expect("huge-zero", at + HUGE_SIZE, pages,
		       is_own(at + HUGE_SIZE) ? "anon,huge" : "zero,huge");
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
	make_shared_files();
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
