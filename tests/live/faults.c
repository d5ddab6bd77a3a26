/* Touches known addresses in known order from known functions, and writes down each fault
 * that must be reported:   ADDRESS KIND ACCESS CAUSE TID FUNCTION
 *
 *   faults EXPECTED DATA [FIFO]    DATA: a file to make and map; FIFO: wait for a line first,
 *                                  and for its end before leaving */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define PAGES 64

static FILE *expected;
static volatile char sum;

__attribute__((noinline)) static void touch_read(volatile char *at)
{
	sum = *at;
}

__attribute__((noinline)) static void touch_write(volatile char *at)
{
	*at = 1;
}

static void expect(volatile char *at, const char *kind, const char *access, const char *cause,
		   const char *function)
{
	fprintf(expected, "0x%lx %s %s %s %ld %s\n", (unsigned long)(uintptr_t)at, kind, access, cause,
		syscall(SYS_gettid), function);
}

static void check(int bad, const char *what)
{
	if (bad) {
		perror(what);
		exit(1);
	}
}

static volatile char *map(int protection, int flags, int fd)
{
	char *map = mmap(NULL, PAGES * PAGE, protection, flags, fd, 0);

	check(map == MAP_FAILED, "mmap");
	madvise(map, PAGES * PAGE, MADV_NOHUGEPAGE);
	return map;
}

static void touch_fresh(volatile char *memory)
{
	for (size_t i = 0; i < PAGES;
	     i++) { /* 37 and 64 have no common divisor: every page, back and forth */
		volatile char *at = memory + i * 37 % PAGES * PAGE + 8 * i;

		touch_write(at);
		expect(at, "minor", "write", "zero-fill", "touch_write");
	}
}

/* Has it a frame of its own? Some kernels have no page of zeroes for all that is read. */
static int is_own(volatile char *at)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	check(pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)at / PAGE * sizeof entry)) != sizeof entry,
	      "pagemap");
	close(fd);
	return entry >> 56 & 1;
}

static void touch_zero(volatile char *memory)
{
	for (size_t i = 0; i < PAGES; i += 3) {
		touch_read(memory + i * PAGE);
		if (is_own(memory + i * PAGE)) {
			expect(memory + i * PAGE, "minor", "read", "zero-fill", "touch_read");
			continue;
		}
		expect(memory + i * PAGE, "minor", "read", "zero-page", "touch_read");
		touch_write(memory + i * PAGE + 16);
		expect(memory + i * PAGE + 16, "minor", "write", "zero-replaced", "touch_write");
	}
}

static long major_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_majflt;
}

/* The first page may come from the disk: only the process itself knows. */
static void touch_file(int fd)
{
	volatile char *memory = map(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);

	check(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), "fadvise");
	long before = major_faults();
	touch_read(memory);
	int major = major_faults() > before;
	expect(memory, major ? "major" : "minor", "read", major ? "file-read" : "file-cached", "touch_read");
	touch_write(memory + 100);
	expect(memory + 100, "minor", "write", "cow-file", "touch_write");
}

static void touch_cached_file(int fd)
{
	char byte[PAGE];
	volatile char *memory = map(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);

	for (size_t i = 0; i < PAGES; i++)
		check(pread(fd, byte, PAGE, (off_t)(i * PAGE)) != (ssize_t)PAGE, "pread");
	touch_write(memory + 50 * PAGE);
	expect(memory + 50 * PAGE, "minor", "write", "cow-file", "touch_write");
	touch_read(memory + 20 * PAGE);
	expect(memory + 20 * PAGE, "minor", "read", "file-cached", "touch_read");
}

static void touch_shared(void)
{
	volatile char *memory = map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);

	for (size_t i = 0; i < 4; i++) {
		touch_write(memory + i * PAGE);
		expect(memory + i * PAGE, "minor", "write", "shm", "touch_write");
	}
	touch_read(memory + 20 * PAGE);
	expect(memory + 20 * PAGE, "minor", "read", "shm", "touch_read");
}

static void *run_thread(void *memory)
{
	touch_fresh(memory);
	return NULL;
}

int main(int argc, char **argv)
{
	char block[PAGE] = { 1 }, end;
	pthread_t thread;

	check(argc < 3, "usage: faults EXPECTED DATA [FIFO]");
	expected = fopen(argv[1], "w");
	check(!expected, argv[1]);
	int fd = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600);
	check(fd < 0, argv[2]);
	for (size_t i = 0; i < PAGES; i++)
		check(write(fd, block, PAGE) != (ssize_t)PAGE, "write");
	check(fsync(fd), "fsync");
	int fifo = -1;
	if (argc > 3) {
		fifo = open(argv[3], O_RDONLY);
		check(fifo < 0 || read(fifo, &end, 1) < 0, argv[3]);
	}
	touch_fresh(map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1));
	touch_zero(map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1));
	touch_file(fd);
	touch_cached_file(fd);
	touch_shared();
	void *memory = (void *)(uintptr_t)map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	check(pthread_create(&thread, NULL, run_thread, memory), "pthread_create");
	pthread_join(thread, NULL);
	puts("all touched");
	fclose(expected);
	if (fifo >= 0)
		check(read(fifo, &end, 1) < 0, argv[3]);
	return 0;
}
