/* A process whose memory has the shapes that ordinary programs lack: for check-truth. It prints
 * "ready" and waits; what this machine cannot give is named on standard error. Usage: shapes NAME... */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)
#define IO_URING_SETUP 425  /* Linux 5.1 */
#define IO_URING_PARAMS 120 /* bytes of struct io_uring_params */
#define RING_SQES UINT64_C(0x10000000)
#define GUARD_INSTALL 102 /* madvise, Linux 6.13 */
#define PAGEOUT 21
#define FREE 8

static size_t page;

static char *map(size_t size, int prot, int flags, int fd)
{
	char *at = mmap(NULL, size, prot, flags, fd, 0);

	if (at == MAP_FAILED) {
		fprintf(stderr, "shapes: %zu bytes: %s\n", size, strerror(errno));
		exit(1);
	}
	return at;
}

static char *anonymous(size_t size)
{
	return map(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

static void missing(const char *what)
{
	fprintf(stderr, "shapes: no %s here: %s\n", what, strerror(errno));
}

static void touch(char *at, size_t size, size_t every)
{
	for (size_t i = 0; i < size; i += every)
		at[i] = 1;
}

static void hugetlb(void)
{
	char *at = mmap(NULL, 8 * MIB, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		missing("hugetlb");
	else
		touch(at, 4 * MIB, page);
}

static void huge(void)
{
	char *at = anonymous(64 * MIB);

	madvise(at, 64 * MIB, MADV_HUGEPAGE);
	touch(at, 40 * MIB, 4096);
	munmap(at + 5 * MIB, 3 * page);
	madvise(at + 9 * MIB + page, 7 * page, MADV_DONTNEED);
	mprotect(at + 20 * MIB + 5 * page, page, PROT_READ);
	for (size_t i = 44 * MIB; i < 50 * MIB; i += 2 * MIB)
		*(volatile char *)(at + i);
}

static void merged(void)
{
	char *at = anonymous(16 * MIB);

	memset(at, 'm', 16 * MIB);
	if (madvise(at, 16 * MIB, MADV_MERGEABLE) < 0)
		missing("ksm");
}

static void memfd(void)
{
	int fd = memfd_create("shapes", MFD_CLOEXEC);
	char *at, *own;

	if (fd < 0 || ftruncate(fd, 32 * (off_t)MIB) < 0)
		return missing("memfd");
	at = map(32 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	own = map(32 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
	touch(at, 20 * MIB, 3 * page);
	touch(own, 10 * MIB, 5 * page);
}

static void sysv(void)
{
	int id = shmget(IPC_PRIVATE, 16 * MIB, IPC_CREAT | 0600);
	char *at = id < 0 ? (char *)-1 : shmat(id, NULL, 0);

	if (at == (char *)-1)
		return missing("System V shared memory");
	shmctl(id, IPC_RMID, NULL);
	touch(at, 16 * MIB, 2 * page);
}

static void ring(void)
{
	unsigned char params[IO_URING_PARAMS] = { 0 };
	int fd = (int)syscall(IO_URING_SETUP, 64, params);

	if (fd < 0 ||
	    mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0) == MAP_FAILED ||
	    mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, RING_SQES) == MAP_FAILED)
		missing("io_uring");
}

static void perf_ring(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.size = sizeof attr,
					.config = PERF_COUNT_SW_DUMMY };
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	char *at = fd < 0 ? MAP_FAILED : mmap(NULL, 9 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		return missing("perf ring");
	for (size_t i = 0; i < 9 * page; i += page)
		*(volatile char *)(at + i);
}

static void device(void)
{
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC), zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
	char *at = fd < 0 ? MAP_FAILED : mmap(NULL, 16 * page, PROT_READ, MAP_SHARED, fd, 0xf0000);

	if (at == MAP_FAILED)
		missing("/dev/mem");
	if (zero < 0)
		return missing("/dev/zero");
	touch(map(4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero), 2 * MIB, 2 * page);
	touch(map(4 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED, zero), 2 * MIB, 2 * page);
}

static void userfault(void)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | 1);
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP };
	char *at = anonymous(4 * MIB);
	struct uffdio_register r = { .range = { (uintptr_t)at, 4 * MIB }, .mode = UFFDIO_REGISTER_MODE_WP };
	struct uffdio_writeprotect w = { .range = { (uintptr_t)at, MIB },
					 .mode = UFFDIO_WRITEPROTECT_MODE_WP };

	touch(at, 2 * MIB, 2 * page);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) < 0 || ioctl(fd, UFFDIO_REGISTER, &r) < 0 ||
	    ioctl(fd, UFFDIO_WRITEPROTECT, &w) < 0)
		missing("userfaultfd");
}

static void locked(void)
{
	char *at = anonymous(4 * MIB);

	if (mlock(at, 2 * MIB) < 0)
		missing("mlock");
	touch(at, 4 * MIB, 3 * page);
}

static void rights(void)
{
	char *at = map(256 * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1),
	     *mid = at + 8 * MIB;

	mprotect(mid, MIB, PROT_READ | PROT_WRITE);
	touch(mid, MIB, 2 * page);
	mprotect(mid, MIB / 2, PROT_NONE);
	mprotect(at, MIB, PROT_READ);
	for (size_t i = 0; i < MIB; i += 3 * page)
		*(volatile char *)(at + i);
	madvise(mid + MIB / 2, 16 * page, GUARD_INSTALL);
}

static void stack(void)
{
	volatile char large[3 * MIB];

	for (size_t i = 0; i < sizeof large; i += 2 * page)
		large[i] = 1;
}

static void leaving(void)
{
	char *at = anonymous(32 * MIB);

	madvise(at, 32 * MIB, MADV_NOHUGEPAGE);
	touch(at, 32 * MIB, page);
	madvise(at, 8 * MIB, FREE);
	madvise(at + 8 * MIB, 8 * MIB, PAGEOUT);
}

static void *sleeper(void *unused)
{
	volatile char some[64 << 10];

	(void)unused;
	for (size_t i = 0; i < sizeof some; i += page)
		some[i] = 1;
	while (pause())
		;
	return NULL;
}

static void threads(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, MIB);
	for (int i = 0; i < 1000; i++)
		if (pthread_create(&thread, &attr, sleeper, NULL) != 0)
			return missing("1,000 threads");
}

static void regions(void)
{
	char *at = map(120000 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);

	for (size_t i = 0; i < 30000; i++) {
		if (mprotect(at + 4 * i * page, page, PROT_READ | PROT_WRITE) < 0)
			return missing("60,000 regions");
		at[4 * i * page] = 1;
	}
}

/* Much of it, so that the figure of compared pages is one. */
static void large(void)
{
	char *at = anonymous((size_t)4 << 30);

	madvise(at, (size_t)4 << 30, MADV_NOHUGEPAGE);
	touch(at, (size_t)768 << 20, page);
	for (size_t i = (size_t)1 << 30; i < (size_t)3 << 30; i += 16 * page)
		*(volatile char *)(at + i);
	touch(at + ((size_t)3 << 30), MIB << 9, 7 * page);
}

static const struct {
	const char *name;
	void (*make)(void);
} shapes[] = {
	{ "hugetlb", hugetlb }, { "huge", huge },     { "merged", merged },       { "memfd", memfd },
	{ "sysv", sysv },       { "ring", ring },     { "perf-ring", perf_ring }, { "device", device },
	{ "locked", locked },   { "rights", rights }, { "userfault", userfault }, { "stack", stack },
	{ "leaving", leaving }, { "large", large },   { "regions", regions },     { "threads", threads },
};

int main(int argc, char **argv)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
	for (int i = 1; i < argc; i++) {
		size_t s = 0;

		while (s < sizeof shapes / sizeof *shapes && strcmp(argv[i], shapes[s].name) != 0)
			s++;
		if (s == sizeof shapes / sizeof *shapes) {
			fprintf(stderr, "usage: shapes NAME...\n");
			return 2;
		}
		shapes[s].make();
	}
	puts("ready");
	fflush(stdout);
	return getchar() == EOF ? 0 : 1;
}
