/* The program that tests/live/fatal.c watches: it touches what it may not, writes down each such
 * touch, and checks the signal that it gets.
 *
 *     fatal_target all       every kind, handled: "fatal KIND CAUSE ACCESS 0xADDRESS", then ends with 5
 *     fatal_target changing  what is there changes right after it: ends with 5
 *     fatal_target fences N  one fence, N times, handled
 *     fatal_target thread    another thread runs into the end of its stack, handled: ends with 5
 *     fatal_target die       a guard page, not handled
 *     fatal_target sent      the same signals, sent by kill: not touches */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGE 4096
#define GUARD_INSTALL 102 /* MADV_GUARD_INSTALL, Linux 6.13 */
#define STACK_LIMIT (1 << 20)

static __thread sigjmp_buf back;
static volatile sig_atomic_t signals, got;
static volatile uintptr_t got_address;

static void take(int signal, siginfo_t *info, void *context)
{
	(void)context;
	signals++;
	got = signal;
	got_address = (uintptr_t)info->si_addr;
	siglongjmp(back, 1);
}

static void handle(void)
{
	static char stack[65536];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction action = { .sa_sigaction = take, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	sigaltstack(&alternate, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

static char *map(int protection, int flags, int fd)
{
	char *memory = mmap(NULL, 4 * PAGE, protection, flags, fd, 0);
	if (memory == MAP_FAILED)
		_exit(90);
	return memory;
}

__attribute__((noinline)) static void write_to(volatile char *at)
{
	*at = 1;
	__asm__ volatile("");
}

__attribute__((noinline)) static void read_from(volatile char *at)
{
	(void)*at;
	__asm__ volatile("");
}

__attribute__((noinline)) static void jump_to(volatile char *at)
{
	void (*function)(void);
	*(void **)&function = (void *)(uintptr_t)at;
	function();
	__asm__ volatile("");
}

/* A touch that must end in this signal, with the address touched. */
static void try(void (*touch)(volatile char *), volatile char *at, int signal, const char *expected)
{
	printf("fatal %s 0x%lx\n", expected, (unsigned long)(uintptr_t)at);
	fflush(stdout);
	signals = 0;
	if (!sigsetjmp(back, 1)) {
		touch(at);
		_exit(91);
	}
	if (signals != 1 || got != signal || got_address != (uintptr_t)at)
		_exit(92);
}

__attribute__((noinline)) static int descend(int depth)
{
	volatile char frame[PAGE];
	frame[0] = (char)depth;
	return depth < 0 ? 0 : descend(depth + 1) + frame[0]; /* never */
}

static void overflow(void)
{
	struct rlimit limit;
	getrlimit(RLIMIT_STACK, &limit);
	limit.rlim_cur = STACK_LIMIT;
	setrlimit(RLIMIT_STACK, &limit);
	printf("fatal segv stack-end - 0x0\n");
	fflush(stdout);
	signals = 0;
	if (!sigsetjmp(back, 1))
		descend(0);
	if (signals != 1 || got != SIGSEGV)
		_exit(93);
}

static char *guarded(void)
{
	char *memory = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	return madvise(memory + PAGE, PAGE, GUARD_INSTALL) == 0 ? memory + PAGE : NULL;
}

/* Behind the end of a file of one page. */
static char *past_end(void)
{
	FILE *file = tmpfile();
	if (!file || ftruncate(fileno(file), PAGE) != 0)
		_exit(94);
	return map(PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file)) + 2 * PAGE;
}

/* Memory where a file was mapped, and that soon gets other rights and is written. */
static void play_changing(void)
{
	handle();
	FILE *file = fopen("/proc/self/exe", "re");
	char *at = file ? map(PROT_READ, MAP_PRIVATE, fileno(file)) : NULL;
	char *barrier = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	if (!at || mmap(at, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at)
		_exit(95);
	try(write_to, at + 5, SIGSEGV, "segv no-right write");
	mprotect(at, 4 * PAGE, PROT_READ | PROT_WRITE);
	write_to(at + 5);
	try(write_to, barrier + PAGE, SIGSEGV, "segv guard -");
	mprotect(barrier, 4 * PAGE, PROT_READ | PROT_WRITE);
	write_to(barrier + PAGE);
	_exit(5);
}

static void play_all(void)
{
	char *memory = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1), *marked = guarded();
	char *fence = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *constant = map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *gone = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *past = past_end(); /* before the hole, so that it is not mapped there */
	munmap(gone + PAGE, PAGE);
	handle();
	write_to(memory);
	write_to(gone);
	if (marked)
		try(write_to, marked + 3, SIGSEGV, "segv guard -");
	try(read_from, fence, SIGSEGV, "segv guard -");
	try(write_to, fence + 2 * PAGE + 7, SIGSEGV, "segv guard -");
	try(write_to, constant + 100, SIGSEGV, "segv no-right write");
	try(jump_to, memory + 2 * PAGE, SIGSEGV, "segv no-right exec");
	try(read_from, gone + PAGE, SIGSEGV, "segv no-region -");
	try(read_from, (char *)8, SIGSEGV, "segv no-region -");
	try(jump_to, (char *)0x10, SIGSEGV, "segv no-region exec");
	try(read_from, past, SIGBUS, "bus no-page -");
	overflow();
	_exit(5);
}

static void play_fences(int n)
{
	char *fence = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int seen = 0;
	handle();
	for (int i = 0; i < n; i++) {
		signals = 0;
		if (!sigsetjmp(back, 1))
			write_to(fence);
		seen += signals;
	}
	_exit(seen == n ? 5 : 95);
}

static void *run_thread(void *argument)
{
	static char stack[65536];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
	(void)argument;
	sigaltstack(&alternate, NULL);
	signals = 0;
	if (!sigsetjmp(back, 1))
		descend(0);
	return signals == 1 ? argument : NULL;
}

static void play_thread(void)
{
	pthread_t thread;
	void *well = NULL;
	char line[16], any;
	handle();
	printf("ready\n");
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		_exit(96);
	pthread_create(&thread, NULL, run_thread, &any);
	pthread_join(thread, &well);
	_exit(well ? 5 : 97);
}

static void play_die(void)
{
	char *at = guarded();
	if (!at)
		at = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	printf("fatal segv guard - 0x%lx\n", (unsigned long)(uintptr_t)at);
	fflush(stdout);
	write_to(at);
	_exit(98);
}

static void count(int signal)
{
	(void)signal;
	signals++;
}

static void play_sent(void)
{
	signal(SIGSEGV, count);
	signal(SIGBUS, count);
	raise(SIGSEGV);
	kill(getpid(), SIGBUS);
	_exit(signals == 2 ? 5 : 99);
}

int main(int argc, char **argv)
{
	const char *role = argc > 1 ? argv[1] : "";
	if (!strcmp(role, "all"))
		play_all();
	if (!strcmp(role, "changing"))
		play_changing();
	if (!strcmp(role, "fences"))
		play_fences(argc > 2 ? atoi(argv[2]) : 1);
	if (!strcmp(role, "thread"))
		play_thread();
	if (!strcmp(role, "die"))
		play_die();
	if (!strcmp(role, "sent"))
		play_sent();
	return 12;
}
