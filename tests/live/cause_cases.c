/* Each case makes the faults that it is named after. */
#include "live/cause_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define FILE_PAGES 64
#define HUGE ((size_t)2 << 20)
#define THREADS 4
#define NOBODY 65534

static FILE *expected;
static char data_path[4096];

static void must(int good, const char *what)
{
	if (!good) {
		perror(what);
		_exit(1);
	}
}

static void expect(volatile char *at, const char *cause, const char *access, const char *rest)
{
	flockfile(expected);
	fprintf(expected, "%ld 0x%lx %s %s %s\n", syscall(SYS_gettid), (unsigned long)(uintptr_t)at, cause,
		access, rest);
	funlockfile(expected);
}

/* Waits until the page is in that state: the test answers. False where it did not get there. */
static bool until(volatile char *at, const char *state)
{
	char line[16];

	printf("until 0x%lx %s\n", (unsigned long)(uintptr_t)at, state);
	fflush(stdout);
	must(fgets(line, sizeof line, stdin) != NULL, "stdin");
	return !strchr(line, 'n');
}

static volatile char *map_memory(size_t bytes)
{
	char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(map != MAP_FAILED, "mmap");
	madvise(map, bytes, MADV_NOHUGEPAGE);
	return map;
}

/* A file with every page in the page cache. */
static int cached_file(int byte)
{
	char page[PAGE];
	int fd = open(data_path, O_RDWR | O_CREAT | O_TRUNC, 0700);

	must(fd >= 0, data_path);
	memset(page, byte, sizeof page);
	for (int i = 0; i < FILE_PAGES; i++)
		must(write(fd, page, PAGE) == (ssize_t)PAGE, "write");
	return fd;
}

static void touch_after_fork(void)
{
	volatile char *memory = map_memory(8 * PAGE);
	int pipes[2];
	char byte;

	for (size_t i = 0; i < 8; i++)
		memory[i * PAGE] = 1;
	until(memory + 7 * PAGE, "anon");
	must(pipe(pipes) == 0, "pipe");
	pid_t child = fork();
	if (child == 0) {
		close(pipes[1]);
		must(read(pipes[0], &byte, 1) == 0, "read");
		_exit(0);
	}
	close(pipes[0]);
	for (size_t i = 0; i < 4; i++) {
		expect(memory + i * PAGE + 8, "cow-fork", "write", "0 0 0");
		memory[i * PAGE + 8] = 2;
	}
	close(pipes[1]);
	must(waitpid(child, NULL, 0) == child, "waitpid");
	for (size_t i = 4; i < 8; i++) {
		expect(memory + i * PAGE + 8, "reuse", "write", "0 0 0");
		memory[i * PAGE + 8] = 2;
	}
}

/* What the kernel maps around a page that is read: 16 pages, aligned, but not before the mapping begins, nor beyond its end
 * or the page table's, and of these what is not there yet. */
static void touch_neighbours(void)
{
	int fd = cached_file(1);
	volatile char *memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	uintptr_t first = (uintptr_t)memory / PAGE, there = first; /* what is below came before */
	char rest[64];

	must(memory != MAP_FAILED, "mmap");
	const size_t pages[] = { 0, 21, 40, 63 };
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		uintptr_t page = first + pages[i], low = page & ~(uintptr_t)15, table_end = (page | 511) + 1;

		low = low > first ? low : first;
		uintptr_t high = low + 16 < table_end ? low + 16 : table_end;
		high = high < first + FILE_PAGES ? high : first + FILE_PAGES;
		low = low > there ? low : there;
		there = high;
		snprintf(rest, sizeof rest, "%d %d 0", (int)(page - low), (int)(high - 1 - page));
		expect(memory + pages[i] * PAGE, "file-cached", "read", rest);
		must(memory[pages[i] * PAGE] == 1, "content");
	}
}

static void touch_code(void)
{
	int fd = cached_file(0xc3); /* ret */
	char *memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	void (*call)(void);

	must(memory != MAP_FAILED, "mmap");
	*(void **)&call = memory + 20 * PAGE;
	expect(memory + 20 * PAGE, "file-cached", "exec", "- - 0");
	call();
}

static void touch_disk(void)
{
	int fd = cached_file(1);
	volatile char *memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	unsigned char held[FILE_PAGES];

	must(memory != MAP_FAILED && fsync(fd) == 0, "fsync");
	must(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0, "fadvise");
	must(mincore((void *)(uintptr_t)memory, FILE_PAGES * PAGE, held) == 0, "mincore");
	expect(memory + 30 * PAGE, held[30] & 1 ? "file-cached" : "file-read", "read", "- - 0");
	must(memory[30 * PAGE] == 1, "content");
	expect(memory + 30 * PAGE + 8, "cow-file", "write", "0 0 0");
	memory[30 * PAGE + 8] = 1;
}

static void touch_huge(void)
{
	char *memory = mmap(NULL, 3 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *huge = memory + (HUGE - (uintptr_t)memory % HUGE);

	must(memory != MAP_FAILED && madvise((void *)(uintptr_t)huge, HUGE, MADV_HUGEPAGE) == 0, "madvise");
	expect(huge + 100 * PAGE, "zero-fill", "write", "100 411 1");
	huge[100 * PAGE] = 1;
}

__attribute__((noinline)) static void touch_stack(void)
{
	volatile char *here = __builtin_frame_address(0);

	for (size_t i = 1; i <= 3; i++) {
		volatile char *at = here - i * 300 * 1024;

		expect(at, "stack-growth", "write", "0 0 0");
		*at = 1;
	}
	expect(here - 450 * 1024, "zero-fill", "write", "0 0 0"); /* the stack already reaches further down */
	here[-450 * 1024] = 1;
}

/* Memory that grows down as a stack does; right below it, memory that the program maps itself. */
static void touch_growing(void)
{
	volatile char *room = map_memory(600 * PAGE), *top = room + 590 * PAGE;

	must(munmap((void *)(uintptr_t)room, 600 * PAGE) == 0, "munmap");
	must(mmap((void *)(uintptr_t)top, 4 * PAGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0) == top,
	     "mmap");
	expect(top, "zero-fill", "write", "0 0 0");
	*top = 1;
	for (size_t i = 1; i <= 8; i++) {
		volatile char *at = top - i * 2 * PAGE;

		expect(at + 8, "stack-growth", "write", "0 0 0");
		at[8] = 1;
		expect(at + PAGE, "zero-fill", "write", "0 0 0");
		at[PAGE] = 1;
	}
	must(munmap((void *)(uintptr_t)(top - 16 * PAGE), 20 * PAGE) == 0, "munmap");
	for (size_t i = 0; i < 8; i++) {
		volatile char *at = top - i * PAGE;

		must(mmap((void *)(uintptr_t)at, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at,
		     "mmap");
		expect(at + 8, "zero-fill", "write", "- - 0");
		at[8] = 1;
	}
}

static void touch_shared(void)
{
	volatile char *memory =
	    mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must(memory != MAP_FAILED, "mmap");
	expect(memory + PAGE, "shm", "write", "- - 0");
	memory[PAGE] = 1;
	expect(memory + 2 * PAGE, "shm", "read", "- - 0");
	must(memory[2 * PAGE] == 0, "content");
}

static void touch_zero(void)
{
	volatile char *memory = map_memory(64 * PAGE);
	volatile char sum = 0;

	for (size_t i = 0; i < 64; i += 2) {
		expect(memory + i * PAGE, "zero-page", "read", "0 0 0");
		sum += memory[i * PAGE];
		expect(memory + i * PAGE + 8, "zero-replaced", "write", "0 0 0");
		memory[i * PAGE + 8] = sum;
	}
}

/* A fresh page waits in a list of its processor, and MADV_PAGEOUT looks only into the list of the
 * processor that it runs on: so both must be the same. */
static void stay_on_processor(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET((size_t)sched_getcpu(), &here);
	must(sched_setaffinity(0, sizeof here, &here) == 0, "sched_setaffinity");
}

/* The kernel may not manage it at once. */
static void swap_out(volatile char *at)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	must(fd >= 0, "pagemap");
	for (int tries = 0; tries < 1000; tries++) {
		must(madvise((void *)(uintptr_t)at, PAGE, MADV_PAGEOUT) == 0, "madvise");
		must(pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)at / PAGE * sizeof entry)) ==
			 sizeof entry,
		     "pagemap");
		if (!(entry >> 63))
			break;
	}
	close(fd);
}

static void touch_swapped(void)
{
	volatile char *memory = map_memory(4 * PAGE);

	stay_on_processor();
	memory[PAGE] = 1;
	until(memory + PAGE, "anon");
	do /* another test that gives up its swap file may bring it back */
		swap_out(memory + PAGE);
	while (!until(memory + PAGE, "swap"));
	expect(memory + PAGE + 8, "swap-in", "-", "- - 0");
	memory[PAGE + 8] = 2;
}

static void *touch_thread(void *memory)
{
	volatile char *at = memory;

	for (size_t i = 0; i < 200; i++, at += PAGE) {
		expect(at + i, "zero-fill", "write", "0 0 0");
		at[i] = 1;
	}
	return NULL;
}

static void touch_threads(void)
{
	pthread_t threads[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		must(pthread_create(&threads[i], NULL, touch_thread,
				    (void *)(uintptr_t)map_memory(201 * PAGE)) == 0,
		     "pthread_create");
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* Writes after forks, by whomever of the family, as the frames say they were: what is a copy has another
 * frame than before. All share this. */
#define WRITES 256
static struct {
	int turn, count;
	bool hidden; /* the round that runs is one of those */
	struct {
		int tid;
		volatile char *at;
		bool copied;
		bool hidden; /* what others do with their pages is not reported: only frames show it */
	} writes[WRITES];
} * family;
static volatile char *common;

static uint64_t frame_of(volatile char *at)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	must(fd >= 0 && pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)at / PAGE * sizeof entry)) ==
			    sizeof entry,
	     "pagemap");
	close(fd);
	return entry & ((UINT64_C(1) << 55) - 1);
}

static void write_pages(int first, int end)
{
	for (int i = first; i < end; i++) {
		volatile char *at = common + (size_t)i * PAGE + 8;
		uint64_t before = frame_of(at);

		must(before != 0, "frame numbers take root");
		*at = 2;
		family->writes[family->count].tid = (int)syscall(SYS_gettid);
		family->writes[family->count].at = at;
		family->writes[family->count].copied = frame_of(at) != before;
		family->writes[family->count++].hidden = family->hidden;
	}
}

static void wait_turn(int turn)
{
	while (__atomic_load_n(&family->turn, __ATOMIC_ACQUIRE) < turn)
		usleep(200);
}

static void next_turn(void)
{
	__atomic_add_fetch(&family->turn, 1, __ATOMIC_ACQ_REL);
}

/* Both write, one after the other; then the child ends. */
static void write_by_turns(void)
{
	pid_t child = fork();

	if (child == 0) {
		wait_turn(1);
		write_pages(0, 6); /* the first have been copied by the parent */
		next_turn();
		wait_turn(3);
		_exit(0);
	}
	write_pages(0, 3);
	next_turn();
	wait_turn(2);
	write_pages(3, 8); /* the first of these have been copied by the child */
	next_turn();
	must(waitpid(child, NULL, 0) == child, "waitpid");
	write_pages(8, 16);
}

/* The child becomes another program, which goes on. */
static void write_after_exec(void)
{
	int stay[2], gone[2];
	char byte;

	must(pipe(stay) == 0 && pipe2(gone, O_CLOEXEC) == 0, "pipe");
	pid_t child = fork();
	if (child == 0) {
		wait_turn(1);
		dup2(stay[0], 0);
		close(stay[1]);
		execlp("cat", "cat", NULL);
		_exit(1);
	}
	close(gone[1]);
	write_pages(0, 4);
	next_turn();
	must(read(gone[0], &byte, 1) == 0, "read");
	write_pages(4, 12);
	close(stay[1]);
	must(waitpid(child, NULL, 0) == child, "waitpid");
	write_pages(12, 16);
}

/* The child ends, and its child goes on. */
static void write_beside_grandchild(void)
{
	pid_t child = fork();

	if (child == 0) {
		if (fork() == 0) {
			wait_turn(1);
			write_pages(0, 4);
			next_turn();
			wait_turn(3);
			_exit(0);
		}
		_exit(0);
	}
	must(waitpid(child, NULL, 0) == child, "waitpid");
	write_pages(4, 8);
	next_turn();
	wait_turn(2);
	write_pages(8, 16);
	next_turn();
}

/* The child discards some, and unmaps some. */
static void write_after_discard(void)
{
	pid_t child = fork();

	if (child == 0) {
		must(madvise((void *)(uintptr_t)common, 4 * PAGE, MADV_DONTNEED) == 0, "madvise");
		must(munmap((void *)(uintptr_t)(common + 4 * PAGE), 4 * PAGE) == 0, "munmap");
		next_turn();
		wait_turn(2);
		_exit(0);
	}
	wait_turn(1);
	write_pages(0, 12);
	next_turn();
	must(waitpid(child, NULL, 0) == child, "waitpid");
	write_pages(12, 16);
}

/* Two children: who is the last to write has the frame alone. */
static void write_among_three(void)
{
	pid_t children[2];

	for (int i = 0; i < 2; i++)
		if ((children[i] = fork()) == 0) {
			wait_turn(1 + i);
			write_pages(0, 8);
			next_turn();
			wait_turn(4);
			_exit(0);
		}
	next_turn();
	wait_turn(3);
	write_pages(0, 12);
	next_turn();
	for (int i = 0; i < 2; i++)
		must(waitpid(children[i], NULL, 0) == children[i], "waitpid");
	write_pages(12, 16);
}

/* The child moves what it has in common to where other common memory was. */
static void write_after_move(void)
{
	pid_t child = fork();

	if (child == 0) {
		void *at = mremap((void *)(uintptr_t)(common + 8 * PAGE), 4 * PAGE, 4 * PAGE,
				  MREMAP_MAYMOVE | MREMAP_FIXED, (void *)(uintptr_t)common);

		must(at == common, "mremap");
		next_turn();
		wait_turn(2);
		_exit(0);
	}
	wait_turn(1);
	write_pages(0, 4);
	write_pages(8, 12);
	next_turn();
	must(waitpid(child, NULL, 0) == child, "waitpid");
	write_pages(12, 16);
}

/* The child gets copies without a fault: the kernel makes them for it. */
static void write_after_silent_copies(void)
{
	pid_t child = fork();

	if (child == 0) {
		int memory = open("/proc/self/mem", O_RDWR);

		for (size_t i = 0; i < 8; i++)
			must(pwrite(memory, "x", 1, (off_t)(uintptr_t)(common + i * PAGE)) == 1, "pwrite");
		next_turn();
		wait_turn(2);
		_exit(0);
	}
	wait_turn(1);
	write_pages(0, 12);
	next_turn();
	must(waitpid(child, NULL, 0) == child, "waitpid");
	write_pages(12, 16);
}

static void touch_family(void)
{
	static void (*const rounds[])(
	    void) = { write_by_turns,    write_after_exec, write_beside_grandchild,  write_after_discard,
		      write_among_three, write_after_move, write_after_silent_copies };

	stay_on_processor();
	family = mmap(NULL, sizeof *family, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (size_t r = 0; r < sizeof rounds / sizeof rounds[0]; r++) {
		common = map_memory(16 * PAGE);
		for (size_t i = 0; i < 16; i++)
			common[i * PAGE] = 1;
		until(common + 15 * PAGE, "anon");
		family->turn = 0;
		family->hidden = rounds[r] == write_after_silent_copies || rounds[r] == write_after_move;
		rounds[r]();
	}
	for (int i = 0; i < family->count; i++)
		fprintf(expected, "%d 0x%lx %s%s write - - 0\n", family->writes[i].tid,
			(unsigned long)(uintptr_t)family->writes[i].at,
			family->writes[i].copied ? "cow-fork" : "reuse", family->writes[i].hidden ? "~" : "");
}

/* A child in the same memory: what it has read its parent writes, and the other way round. */
static int touch_as_guest(void *memory)
{
	volatile char *pages = memory;

	for (size_t i = 0; i < 8; i++) {
		expect(pages + i * PAGE, "zero-page", "read", "- - 0");
		(void)pages[i * PAGE];
	}
	for (size_t i = 8; i < 16; i++) {
		expect(pages + i * PAGE, "zero-replaced", "write", "- - 0");
		pages[i * PAGE] = 1;
	}
	return 0;
}

static void touch_one_memory(void)
{
	for (int round = 0; round < 2; round++) {
		volatile char *pages = map_memory(16 * PAGE), *stack = map_memory(16 * PAGE);

		for (size_t i = 0; i < 16; i++)
			stack[i * PAGE] = 1;
		for (size_t i = 8; i < 16; i++) {
			expect(pages + i * PAGE, "zero-page", "read", "- - 0");
			(void)pages[i * PAGE];
		}
		pid_t child = clone(touch_as_guest, (void *)(uintptr_t)(stack + 16 * PAGE),
				    CLONE_VM | (round ? CLONE_VFORK : 0) | SIGCHLD, (void *)(uintptr_t)pages);
		must(child > 0 && waitpid(child, NULL, 0) == child, "clone");
		for (size_t i = 0; i < 8; i++) {
			expect(pages + i * PAGE, "zero-replaced", "write", "- - 0");
			pages[i * PAGE] = 1;
		}
	}
}

/* A child maps new memory over what it has in common. */
static void touch_mapped_over(void)
{
	volatile char *pages = map_memory(16 * PAGE);

	for (size_t i = 0; i < 16; i++) {
		expect(pages + i * PAGE, "zero-fill", "write", "- - 0");
		pages[i * PAGE] = 1;
	}
	must(fflush(expected) == 0, "fflush");
	pid_t child = fork();
	if (child == 0) {
		must(mmap((void *)(uintptr_t)pages, 16 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == pages,
		     "mmap");
		for (size_t i = 0; i < 16; i++) {
			expect(pages + i * PAGE, "zero-fill", "write", "- - 0");
			pages[i * PAGE] = 1;
		}
		must(fclose(expected) == 0, "fclose");
		_exit(0);
	}
	must(waitpid(child, NULL, 0) == child, "waitpid");
}

/* Gone before anybody can look. */
static void touch_gone(void)
{
	for (size_t i = 0; i < 16; i++) {
		volatile char *memory = map_memory(2 * PAGE);

		expect(memory + i, "zero-fill", "write", "- - 0");
		memory[i] = 1;
		if (i % 2 == 0)
			must(munmap((void *)(uintptr_t)memory, 2 * PAGE) == 0, "munmap");
		else
			must(madvise((void *)(uintptr_t)memory, 2 * PAGE, MADV_DONTNEED) == 0, "madvise");
	}
}

#define MOVED_PAGES ((size_t)16)

/* Moves memory to where nothing else is, twice as large. */
static volatile char *move(volatile char *memory, size_t pages)
{
	char *place = mmap(NULL, 2 * pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at = mremap((void *)(uintptr_t)memory, pages * PAGE, 2 * pages * PAGE,
			  MREMAP_MAYMOVE | MREMAP_FIXED, place);

	must(place != MAP_FAILED && at == place, "mremap");
	return at;
}

/* As a list grows: each time it is moved before anybody can look at where it was. */
static void touch_moved(void)
{
	volatile char *memory = map_memory(MOVED_PAGES * PAGE);
	size_t pages = MOVED_PAGES;

	for (size_t i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
	for (int n = 0; n < 5; n++, pages *= 2) {
		memory = move(memory, pages);
		memory[8] = 1; /* it is there, and its own */
		for (size_t i = pages; i < 2 * pages; i++) {
			expect(memory + i * PAGE + 8, "zero-fill", "write", "- - 0");
			memory[i * PAGE + 8] = 1;
		}
	}
	munmap((void *)(uintptr_t)memory, pages * PAGE);
}

/* What was there before it was moved is still there after that. */
static void touch_moved_with_pages(void)
{
	volatile char *memory = map_memory(MOVED_PAGES * PAGE);
	volatile char sum = 0;
	int pipes[2];
	char byte;

	for (size_t i = 0; i < 8; i++)
		sum += memory[i * PAGE];
	for (size_t i = 8; i < 12; i++)
		memory[i * PAGE] = 1;
	memory = move(memory, MOVED_PAGES);
	for (size_t i = 0; i < 4; i++) {
		expect(memory + i * PAGE + 8, "zero-replaced", "write", "- - 0");
		memory[i * PAGE + 8] = sum;
	}
	expect(memory + 20 * PAGE + 8, "zero-fill", "write", "- - 0");
	memory[20 * PAGE + 8] = 1;
	memory = move(memory, 2 * MOVED_PAGES);
	for (size_t i = 4; i < 8; i++) {
		expect(memory + i * PAGE + 8, "zero-replaced", "write", "- - 0");
		memory[i * PAGE + 8] = sum;
	}
	must(pipe(pipes) == 0, "pipe");
	pid_t child = fork();
	if (child == 0) {
		close(pipes[1]);
		must(read(pipes[0], &byte, 1) == 0, "read");
		_exit(0);
	}
	close(pipes[0]);
	memory = move(memory, 4 * MOVED_PAGES);
	for (size_t i = 8; i < 12; i++) {
		expect(memory + i * PAGE + 8, "cow-fork", "write", "- - 0");
		memory[i * PAGE + 8] = 2;
	}
	munmap((void *)(uintptr_t)memory, 8 * MOVED_PAGES * PAGE);
	close(pipes[1]);
	must(waitpid(child, NULL, 0) == child, "waitpid");
}

/* The memory of a file is moved, too. */
static void touch_moved_file(void)
{
	int fd = cached_file(1);
	volatile char *memory = mmap(NULL, MOVED_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	volatile char *plain = map_memory(MOVED_PAGES * PAGE);

	must(memory != MAP_FAILED, "mmap");
	plain = move(plain, MOVED_PAGES);
	memory = move(memory, MOVED_PAGES);
	for (size_t i = 0; i < MOVED_PAGES; i++) {
		expect(memory + i * PAGE + 8, "cow-file", "write", "- - 0");
		memory[i * PAGE + 8] = 2;
		expect(plain + i * PAGE + 8, "zero-fill", "write", "- - 0");
		plain[i * PAGE + 8] = 2;
	}
	memory = move(memory, 2 * MOVED_PAGES);
	plain = move(plain, 2 * MOVED_PAGES);
	munmap((void *)(uintptr_t)memory, 4 * MOVED_PAGES * PAGE);
	munmap((void *)(uintptr_t)plain, 4 * MOVED_PAGES * PAGE);
}

#ifdef __x86_64__
/* By code that is made now and gone afterwards, in memory that goes at once. */
static void touch_by_made_code(void)
{
	static const struct {
		const unsigned char bytes[8];
		const char *cause, *access;
	} made[] = {
		{ { 0xc6, 0x07, 0x01, 0xc3 }, "zero-fill", "write" },       /* mov byte [rdi], 1; ret */
		{ { 0x8a, 0x07, 0xc3 }, "zero-page", "read" },              /* mov al, [rdi]; ret */
		{ { 0xc6, 0x04, 0x37, 0x01, 0xc3 }, "zero-fill", "write" }, /* mov byte [rdi + rsi], 1; ret */
		{ { 0x8a, 0x04, 0x77, 0xc3 }, "zero-page", "read" },        /* mov al, [rdi + 2 * rsi]; ret */
	};
	volatile char *memory = map_memory(2 * (32 + 16) * PAGE); /* no page twice */

	for (size_t i = 0; i < 32; i++, memory += 2 * PAGE) {
		size_t which = i % (sizeof made / sizeof made[0]);
		char *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		void (*call)(volatile char *, size_t, size_t);

		must(code != MAP_FAILED, "mmap");
		memcpy(code, made[which].bytes, sizeof made[which].bytes);
		*(void **)&call = code;
		expect(memory + (which < 2    ? 0
				 : which == 2 ? 8
					      : 16),
		       made[which].cause, made[which].access, "- - 0");
		call(memory, 8, 0);
		must(munmap((void *)(uintptr_t)memory, 2 * PAGE) == 0, "munmap");
	}
	static const unsigned char copy[] = {
		0x48, 0x89, 0xd1, 0xf3, 0xa4, 0xc3
	}; /* mov rcx, rdx; rep movsb; ret */
	char *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	void (*call)(volatile char *, volatile char *, size_t);

	must(code != MAP_FAILED, "mmap");
	memcpy(code, copy, sizeof copy);
	*(void **)&call = code;
	for (size_t i = 0; i < 8; i++) {
		volatile char *from = memory + 4 * i * PAGE, *to = from + 2 * PAGE;

		expect(from + 8, "zero-page", "read", "- - 0");
		expect(to + 16, "zero-fill", "write", "- - 0");
		call(to + 16, from + 8, 16);
		must(munmap((void *)(uintptr_t)from, 2 * PAGE) == 0, "munmap");
		must(munmap((void *)(uintptr_t)to, 2 * PAGE) == 0, "munmap");
	}
}
#else
static void touch_by_made_code(void)
{
	volatile char *memory = map_memory(PAGE);

	expect(memory, "zero-fill", "write", "0 0 0");
	*memory = 1;
}
#endif

/* The last thing that the program does. */
__attribute__((noreturn)) static void touch_end(void)
{
	volatile char *memory = map_memory(PAGE);

	expect(memory + 8, "zero-fill", "write", "- - 0");
	must(fclose(expected) == 0, "fclose");
	memory[8] = 1;
	syscall(SYS_exit_group, 0);
	__builtin_unreachable();
}

/* A handler of userfaultfd gives pages of 'x', or lets writes go on. */
static int handler_fd;
static char given[PAGE];

static void *serve(void *unused)
{
	struct uffd_msg m;

	while (read(handler_fd, &m, sizeof m) == sizeof m) {
		uint64_t page = m.arg.pagefault.address & ~(uint64_t)(PAGE - 1);
		struct uffdio_copy copy = { .dst = page, .src = (uintptr_t)given, .len = PAGE };
		struct uffdio_writeprotect go_on = { .range = { page, PAGE } };

		if (m.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP)
			must(ioctl(handler_fd, UFFDIO_WRITEPROTECT, &go_on) == 0, "UFFDIO_WRITEPROTECT");
		else
			must(ioctl(handler_fd, UFFDIO_COPY, &copy) == 0, "UFFDIO_COPY");
	}
	return unused;
}

static void register_pages(volatile char *at, size_t pages, uint64_t mode)
{
	struct uffdio_register r = { .range = { (uintptr_t)at, pages * PAGE }, .mode = mode };

	must(ioctl(handler_fd, UFFDIO_REGISTER, &r) == 0, "UFFDIO_REGISTER");
}

static void touch_userfault(void)
{
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP };
	volatile char *memory = map_memory(8 * PAGE), *plain = map_memory(4 * PAGE),
		      *protected = map_memory(4 * PAGE), *begun = map_memory(PAGE);
	pthread_t thread;

	handler_fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	must(handler_fd >= 0 && ioctl(handler_fd, UFFDIO_API, &api) == 0, "userfaultfd");
	memset(given, 'x', sizeof given);
	protected[PAGE] = 1;
	register_pages(memory, 8, UFFDIO_REGISTER_MODE_MISSING);
	register_pages(protected, 4, UFFDIO_REGISTER_MODE_WP);
	must(pthread_create(&thread, NULL, serve, NULL) == 0, "pthread_create");
	*begun = 1;
	until(begun, "anon"); /* so the regions have been looked at since they are registered */
	expect(memory + 8, "userfault", "read", "0 0 0");
	must(memory[8] == 'x', "content");
	expect(memory + PAGE + 8, "userfault", "write", "0 0 0");
	memory[PAGE + 8] = 1;
	expect(plain + PAGE, "zero-page", "read", "0 0 0");
	must(plain[PAGE] == 0, "content");
	expect(plain + 2 * PAGE, "zero-fill", "write", "0 0 0");
	plain[2 * PAGE] = 1;
	until(memory + PAGE, "anon");
	struct uffdio_writeprotect w = { .range = { (uintptr_t) protected, 2 * PAGE },
					 .mode = UFFDIO_WRITEPROTECT_MODE_WP };
	must(ioctl(handler_fd, UFFDIO_WRITEPROTECT, &w) == 0, "UFFDIO_WRITEPROTECT");
	expect(protected + PAGE + 8, "userfault", "write", "0 0 0");
	protected[PAGE + 8] = 2;
	expect(protected + 3 * PAGE, "zero-fill", "write", "0 0 0"); /* nobody asked about missing pages */
	protected[3 * PAGE] = 1;
}

/* Registered and given up while faults come: nobody looks at each moment. */
static void touch_userfault_changes(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	pthread_t thread;

	handler_fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	must(handler_fd >= 0 && ioctl(handler_fd, UFFDIO_API, &api) == 0, "userfaultfd");
	memset(given, 'x', sizeof given);
	must(pthread_create(&thread, NULL, serve, NULL) == 0, "pthread_create");
	for (size_t round = 0; round < 6; round++) {
		volatile char *memory = map_memory(12 * PAGE);

		for (size_t i = 0; i < 4; i++) {
			expect(memory + i * PAGE + 8, "zero-fill", "write", "- - 0");
			memory[i * PAGE + 8] = 1;
		}
		register_pages(memory, 12, UFFDIO_REGISTER_MODE_MISSING);
		for (size_t i = 4; i < 8; i++) {
			expect(memory + i * PAGE + 8, "userfault", "write", "- - 0");
			memory[i * PAGE + 8] = 1;
		}
		if (round % 2)
			until(memory + 4 * PAGE, "anon");
		struct uffdio_range range = { (uintptr_t)memory, 12 * PAGE };
		must(ioctl(handler_fd, UFFDIO_UNREGISTER, &range) == 0, "UFFDIO_UNREGISTER");
		for (size_t i = 8; i < 12; i++) {
			expect(memory + i * PAGE + 8, "zero-fill", "write", "- - 0");
			memory[i * PAGE + 8] = 1;
		}
		if (round >= 3)
			until(memory + 8 * PAGE, "anon");
	}
}

static const struct {
	const char *name;
	void (*touch)(void);
} cases[] = {
	{ "fork", touch_after_fork },
	{ "neighbours", touch_neighbours },
	{ "code", touch_code },
	{ "disk", touch_disk },
	{ "huge", touch_huge },
	{ "stack", touch_stack },
	{ "growing", touch_growing },
	{ "shared", touch_shared },
	{ "zero", touch_zero },
	{ "swapped", touch_swapped },
	{ "threads", touch_threads },
	{ "family", touch_family },
	{ "one_memory", touch_one_memory },
	{ "mapped_over", touch_mapped_over },
	{ "userfault", touch_userfault },
	{ "userfault_changes", touch_userfault_changes },
	{ "gone", touch_gone },
	{ "end", touch_end },
	{ "moved", touch_moved },
	{ "moved_with_pages", touch_moved_with_pages },
	{ "moved_file", touch_moved_file },
	{ "made_code", touch_by_made_code },
};

void cause_case_run(const char *name, const char *path)
{
	static char buffer[1 << 16]; /* so that writing makes no faults in between */

	expected = fopen(path, "w");
	must(expected != NULL, path);
	setvbuf(expected, buffer, _IOFBF, sizeof buffer);
	memset(buffer, 0, sizeof buffer);
	snprintf(data_path, sizeof data_path, "%s.data", path);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (!strcmp(cases[i].name, name))
			cases[i].touch();
	must(fclose(expected) == 0, path);
	_exit(0);
}
