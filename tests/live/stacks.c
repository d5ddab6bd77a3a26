/* Touches fresh pages through known functions and writes down who called whom, innermost
 * first:   ADDRESS FUNCTION FUNCTION ...   "*" stands for frames in other files.
 *
 *   stacks EXPECTED LIBRARY    LIBRARY: see stacks_library.c */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define DEPTH 40
#define DEEP 400

typedef volatile char *page;

static FILE *expected;
static char *memory;
static size_t used;
static volatile int sum; /* used after each call, so that none becomes a jump */
static page in_handler, trapped;

static void check(int bad, const char *what)
{
	if (bad) {
		perror(what);
		exit(1);
	}
}

static page fresh(void)
{
	return memory + PAGE * used++ * 2; /* no neighbours */
}

static void expect(page at, const char *functions)
{
	fprintf(expected, "0x%lx %s\n", (unsigned long)(uintptr_t)at, functions);
}

__attribute__((noinline)) static void touch(page at)
{
	*at = 1;
	sum++;
}

__attribute__((noinline)) static void inner(page at)
{
	touch(at);
	sum++;
}

__attribute__((noinline)) static void outer(page at)
{
	volatile char local[200];

	local[sum % 200] = 1;
	inner(at);
	sum += local[0];
}

/* Its frame's size is only known at run time: the frame is found by a register. */
__attribute__((noinline)) static void with_array(page at, size_t size)
{
	volatile char *local = __builtin_alloca(size);

	local[size / 2] = 1;
	inner(at);
	sum += local[size / 2];
}

__attribute__((noinline)) static int deep(page at, int depth)
{
	if (depth == 0)
		inner(at);
	else
		sum += deep(at, depth - 1);
	return sum;
}

/* Faults at its first instruction: the one before belongs to another function. */
void first_instruction(page at);
__asm__(".text\n"
	".type before_it, @function\n"
	"before_it: nop; nop\n"
	".size before_it, . - before_it\n"
	".globl first_instruction\n"
	".type first_instruction, @function\n"
	"first_instruction:\n"
	".cfi_startproc\n"
	"	movb $1, (%rdi)\n"
	"	ret\n"
	".cfi_endproc\n"
	".size first_instruction, . - first_instruction\n");

static void on_signal(int number)
{
	inner(in_handler);
	check(mprotect((char *)(uintptr_t)trapped, PAGE, PROT_READ | PROT_WRITE), "mprotect");
	sum += number;
}

__attribute__((noinline)) static void touch_in_handler(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	in_handler = fresh();
	trapped = fresh();
	sigaction(SIGSEGV, &action, NULL);
	check(mprotect((char *)(uintptr_t)trapped, PAGE, PROT_NONE), "mprotect");
	expect(in_handler, "touch inner on_signal * first_instruction touch_in_handler main");
	first_instruction(trapped);
	sum++;
}

static void on_other_stack(int number)
{
	inner(in_handler);
	sum += number;
}

/* What the signal interrupts is on a stack that is not sampled. */
__attribute__((noinline)) static void touch_on_other_stack(void)
{
	static char other[1 << 16];
	const stack_t stack = { .ss_sp = other, .ss_size = sizeof other };
	struct sigaction action = { .sa_handler = on_other_stack, .sa_flags = SA_ONSTACK };

	in_handler = fresh();
	check(sigaltstack(&stack, NULL), "sigaltstack");
	sigaction(SIGUSR1, &action, NULL);
	expect(in_handler, "touch inner on_other_stack * [switched]");
	raise(SIGUSR1);
	sum++;
}

#ifndef STATIC
__attribute__((noinline)) static void touch_through_library(const char *path)
{
	void *library = dlopen(path, RTLD_NOW);
	void (*through)(void (*)(page), page);
	page at = fresh();

	check(!library, path);
	*(void **)&through = dlsym(library, "through");
	expect(at, "touch inner * touch_through_library main");
	through(inner, at);
	sum++;
}

#endif

static void *run_thread(void *at)
{
	outer(at);
	sum++;
	return NULL;
}

static void touch_in_thread(void)
{
	pthread_t thread;
	page at = fresh();

	expect(at, "touch inner outer run_thread *");
	check(pthread_create(&thread, NULL, run_thread, (void *)(uintptr_t)at), "pthread_create");
	pthread_join(thread, NULL);
}

/* The kernel touches the page, on this thread's behalf. */
__attribute__((noinline)) static void touch_in_kernel(void)
{
	page at = fresh();
	int fd = open("/dev/zero", O_RDONLY);

	expect(at, "[kernel] * touch_in_kernel main");
	check(read(fd, (char *)(uintptr_t)at, 1) != 1, "read");
	close(fd);
}

/* Deeper than is sampled at first, and slowly, so that more gets sampled. */
__attribute__((noinline)) static void touch_deep(void)
{
	struct timespec pause = { 0, 2000000 };
	page at = NULL;

	for (int i = 0; i < DEEP; i++) {
		nanosleep(&pause, NULL);
		at = fresh();
		deep(at, DEPTH);
	}
	fprintf(expected, "0x%lx touch inner", (unsigned long)(uintptr_t)at);
	for (int i = 0; i <= DEPTH; i++)
		fputs(" deep", expected);
	fputs(" touch_deep main\n", expected);
}

int main(int argc, char **argv)
{
	page at;

	check(argc != 3, "usage: stacks EXPECTED LIBRARY");
	expected = fopen(argv[1], "w");
	check(!expected, argv[1]);
	memory = mmap(NULL, PAGE * 2048, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(memory == MAP_FAILED, "mmap");
	madvise(memory, PAGE * 2048, MADV_NOHUGEPAGE);
	at = fresh();
	expect(at, "touch main");
	touch(at);
	at = fresh();
	expect(at, "touch inner outer main");
	outer(at);
	at = fresh();
	expect(at, "touch inner with_array main");
	with_array(at, 16 * (size_t)argc);
	at = fresh(); /* the same way, from another place */
	expect(at, "touch inner with_array main");
	with_array(at, 32 * (size_t)argc);
	touch_in_thread();
	touch_in_kernel();
	touch_in_handler();
	touch_on_other_stack();
#ifndef STATIC
	touch_through_library(argv[2]);
#endif
	touch_deep();
	check(fclose(expected), argv[1]);
	return 0;
}
