/* What processes do to memory that they have, or had, in common. */
#include "live/cause_target.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void touch_after_fork(void)
{
	volatile char *memory = map_memory(8 * PAGE);

	for (size_t i = 0; i < 8; i++)
		memory[i * PAGE] = 1;
	until(memory + 7 * PAGE, "anon");
	struct sharer child = sharer_begin();
	touch_writing(memory + 8, 4, "cow-fork", "0 0 0");
	sharer_end(&child);
	touch_writing(memory + 4 * PAGE + 8, 4, "reuse", "0 0 0");
}

/* Writes after forks, by any member of the family, as the frames show them: a copy has another
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
	return entry_of(at) & ((UINT64_C(1) << 55) - 1);
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

/* Two children: the last one to write has the frame alone. */
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

/* A child that does something with the pages, after which its parent writes. */
static void write_after(void (*in_child)(void))
{
	pid_t child = fork();

	if (child == 0) {
		in_child();
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

static void discard_and_unmap(void)
{
	must(madvise((void *)(uintptr_t)common, 4 * PAGE, MADV_DONTNEED) == 0, "madvise");
	unmap(common + 4 * PAGE, 4 * PAGE);
}

/* To where other pages in common were. */
static void move_over_others(void)
{
	must(mremap((void *)(uintptr_t)(common + 8 * PAGE), 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		    (void *)(uintptr_t)common) == common,
	     "mremap");
}

/* The kernel makes the copies: there is no fault. */
static void copy_silently(void)
{
	int memory = open("/proc/self/mem", O_RDWR);

	for (size_t i = 0; i < 8; i++)
		must(pwrite(memory, "x", 1, (off_t)(uintptr_t)(common + i * PAGE)) == 1, "pwrite");
}

static void touch_family(void)
{
	static const struct {
		void (*round)(void); /* or none, but */
		void (*in_child)(void);
		bool hidden;
	} rounds[] = {
		{ .round = write_by_turns },
		{ .round = write_after_exec },
		{ .round = write_beside_grandchild },
		{ .in_child = discard_and_unmap },
		{ .round = write_among_three },
		{ .in_child = move_over_others, .hidden = true },
		{ .in_child = copy_silently, .hidden = true },
	};

	stay_on_processor();
	family = mmap(NULL, sizeof *family, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (size_t r = 0; r < sizeof rounds / sizeof rounds[0]; r++) {
		common = map_memory(16 * PAGE);
		for (size_t i = 0; i < 16; i++)
			common[i * PAGE] = 1;
		until(common + 15 * PAGE, "anon");
		family->turn = 0;
		family->hidden = rounds[r].hidden;
		if (rounds[r].round)
			rounds[r].round();
		else
			write_after(rounds[r].in_child);
	}
	for (int i = 0; i < family->count; i++)
		expect_of(family->writes[i].tid, family->writes[i].at,
			  family->writes[i].copied ? "cow-fork" : "reuse", "write", "- - 0",
			  family->writes[i].hidden);
}

/* A child in the same memory: what it has read its parent writes, and the other way round. */
static int touch_as_guest(void *memory)
{
	volatile char *pages = memory;

	touch_reading(pages, 8, "zero-page", "- - 0");
	touch_writing(pages + 8 * PAGE, 8, "zero-replaced", "- - 0");
	return 0;
}

static void touch_one_memory(void)
{
	for (int round = 0; round < 2; round++) {
		volatile char *pages = map_memory(16 * PAGE), *stack = map_memory(16 * PAGE);

		for (size_t i = 0; i < 16; i++)
			stack[i * PAGE] = 1;
		touch_reading(pages + 8 * PAGE, 8, "zero-page", "- - 0");
		pid_t child = clone(touch_as_guest, (void *)(uintptr_t)(stack + 16 * PAGE),
				    CLONE_VM | (round ? CLONE_VFORK : 0) | SIGCHLD, (void *)(uintptr_t)pages);
		must(child > 0 && waitpid(child, NULL, 0) == child, "clone");
		touch_writing(pages, 8, "zero-replaced", "- - 0");
	}
}

/* A child maps new memory over what it has in common. */
static void touch_mapped_over(void)
{
	volatile char *pages = map_memory(16 * PAGE);

	touch_writing(pages, 16, "zero-fill", "- - 0");
	expect_flush();
	pid_t child = fork();
	if (child == 0) {
		must(mmap((void *)(uintptr_t)pages, 16 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == pages,
		     "mmap");
		touch_writing(pages, 16, "zero-fill", "- - 0");
		target_end();
		_exit(0);
	}
	must(waitpid(child, NULL, 0) == child, "waitpid");
}

const struct cause_case fork_cases[] = {
	{ "fork", touch_after_fork },
	{ "family", touch_family },
	{ "one_memory", touch_one_memory },
	{ "mapped_over", touch_mapped_over },
	{ NULL, NULL },
};
