/* The program that the tests of stepping step, in a role: it touches known pages in a known order,
 * makes known calls, and checks its signals. Built without sanitizers, which cause faults of
 * their own. */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/step_target.h"

#define SELF "/proc/self/exe"
#define RAISED 20

static void await_line(void)
{
	char line[64];
	if (!fgets(line, sizeof line, stdin))
		_exit(99);
}

static void play_walk(void)
{
	char *a = fresh(WALK), *b = fresh(WALK);
	printf("a %p\nb %p\n", (void *)a, (void *)b);
	fflush(stdout);
	await_line();
	walk(a);
	walk(b);
	_exit(7);
}

static void play_calls(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, 0600);
	printf("id %d\n", id);
	fflush(stdout);
	await_line();
	printf("break %p\n", sbrk(0)); /* stdio has allocated all that it needs by now */
	fflush(stdout);
	await_line();
	char *m =
	    mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	getpid();
	mprotect(m, PAGE, PROT_READ);
	mlock(m + PAGE, PAGE);
	munlock(m + PAGE, PAGE);
	madvise(m, 2 * PAGE, MADV_DONTNEED);
	msync(m, PAGE, MS_SYNC | MS_INVALIDATE);
	mprotect(m, PAGE, PROT_READ | PROT_WRITE); /* one region again */
	char *n = mremap(m, 8 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
	munmap(n, 64 * PAGE);
	syscall(SYS_brk, (char *)sbrk(0) + PAGE);
	munmap((void *)1, PAGE);
	void *shm = shmat(id, NULL, SHM_RDONLY);
	shmdt(shm);
	shmctl(id, IPC_RMID, NULL);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	munlockall();
	_exit(0);
}

static void play_gone(void)
{
	char *m = fresh(8), *moving = fresh(8), *place = fresh(8);
	memset(m, 'x', 8 * PAGE);
	memset(moving, 'x', 8 * PAGE);
	printf("moving %p\nplace %p\nmemory %p\n", (void *)moving, (void *)place, (void *)m);
	fflush(stdout);
	await_line();
	madvise(m, 2 * PAGE, MADV_DONTNEED);
	madvise(m + 2 * PAGE, 2 * PAGE, MADV_FREE);
	munmap(m + 6 * PAGE, 2 * PAGE);
	mremap(moving, 8 * PAGE, 6 * PAGE, 0);
	mremap(moving, 6 * PAGE, 6 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	_exit(0);
}

/* Who calls whom is known: each does something after the call, so that it does not become a jump. */
static volatile int behind;

__attribute__((noinline)) static void call_inner(void)
{
	mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	behind++;
}

__attribute__((noinline)) static void call_middle(void)
{
	call_inner();
	behind++;
}

__attribute__((noinline)) static void call_outer(void)
{
	call_middle();
	behind++;
}

__attribute__((noinline)) static void descend(volatile char *memory, int depth)
{
	volatile char frame[DEEP_FRAME];
	frame[0] = frame[DEEP_FRAME - 1] = (char)depth;
	if (depth)
		descend(memory, depth - 1);
	else
		*memory = 1;
	behind += frame[0];
}

/* Its stack has been used before: the fault waited for is the first one. Far enough from the function
 * before it, which is short without optimization. */
__attribute__((noinline, aligned(512))) static void play_deep(void)
{
	volatile char *memory = fresh(2);
	descend(memory, DEEP);
	printf("inner %p\nmiddle %p\nouter %p\ndescend %p\n", (void *)call_inner, (void *)call_middle,
	       (void *)call_outer, (void *)descend);
	printf("memory %p\n", (void *)(uintptr_t)(memory + PAGE));
	fflush(stdout);
	await_line();
	descend(memory + PAGE, DEEP);
	call_outer();
	_exit(0);
}

/* Further down than where the kernel lets a stack begin. */
static void play_grow(void)
{
	printf("ready\n");
	fflush(stdout);
	await_line();
	descend(fresh(1), GROWN_PAGES * PAGE / DEEP_FRAME);
	_exit(8);
}

static char *thread_memory[THREADS];
static pthread_barrier_t together;

static void *touch_own(void *argument)
{
	volatile char *memory = argument;
	pthread_barrier_wait(&together);
	for (size_t i = 0; i < THREAD_PAGES; i++)
		memory[i * PAGE] = 1;
	return NULL;
}

/* Threads that begin while it is stepped, too. */
static void play_threads(void)
{
	pthread_t threads[THREADS];
	pthread_barrier_init(&together, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++) {
		thread_memory[i] = fresh(THREAD_PAGES);
		printf("thread%zu %p\n", i, (void *)thread_memory[i]);
	}
	fflush(stdout);
	await_line();
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, touch_own, thread_memory[i]);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(9);
}

static struct many *many;

static void *fault_forever(void *argument)
{
	size_t i = (size_t)(uintptr_t)argument;
	volatile char *memory = fresh(MANY_PAGES);
	many->memory[i] = (uintptr_t)memory;
	many->tids[i] = (int32_t)syscall(SYS_gettid);
	for (;;) {
		for (size_t page = 0; page < MANY_PAGES; page++) {
			memory[page * PAGE] = 1;
			__atomic_fetch_add(&many->rounds[i], 1, __ATOMIC_SEQ_CST);
		}
		madvise((void *)(uintptr_t)memory, MANY_PAGES * PAGE, MADV_DONTNEED);
	}
	return NULL;
}

static void play_many(void)
{
	pthread_t thread;
	many = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(many, 0, sizeof *many);
	printf("many %p\n", (void *)many);
	fflush(stdout);
	await_line();
	for (size_t i = 0; i < MANY; i++)
		pthread_create(&thread, NULL, fault_forever, (void *)(uintptr_t)i);
	for (;;)
		pause();
}

static volatile sig_atomic_t caught[NSIG];

static void count_signal(int sig)
{
	caught[sig]++;
}

static const int raised[] = { SIGTRAP, SIGUSR1, SIGIO, SIGURG, SIGWINCH, SIGCHLD };
#define KINDS (sizeof raised / sizeof *raised)

/* Signals to itself, with faults in between. "some": leaves stepping two of the signals that it
 * might use; "every": leaves none; "blocked": all are also blocked for a while. Exits with 5
 * when each has come exactly as often as it should. */
static void play_signals(const char *mode)
{
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	bool blocked = !strcmp(mode, "blocked");
	size_t kinds = strcmp(mode, "some") ? KINDS : KINDS - 2;
	sigset_t all, before, pending;
	volatile char *memory = fresh(KINDS * 2 * RAISED), *next = memory;
	for (size_t k = 0; k < kinds; k++)
		signal(raised[k], count_signal);
	signal(SIGALRM, count_signal);
	sigfillset(&all);
	printf("ready\n");
	fflush(stdout);
	await_line();
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < RAISED; i++) {
		if (blocked)
			sigprocmask(SIG_BLOCK, &all, &before);
		for (size_t k = 0; k < kinds; k++, next += PAGE) {
			*next = 1;
			raise(raised[k]);
		}
		if (!blocked)
			continue;
		*next = 1;
		sigpending(&pending);
		for (size_t k = 0; k < kinds; k++)
			if (!sigismember(&pending, raised[k]) || caught[raised[k]] != i)
				_exit(60);
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	while (caught[SIGALRM] < 5)
		pause();
	setitimer(ITIMER_REAL, &never, NULL);
	for (size_t k = 0; k < kinds; k++)
		if (caught[raised[k]] != RAISED)
			_exit(61 + (int)k);
	_exit(5);
}

static void play_fork(void)
{
	volatile char *memory = fresh(WALK);
	int status;
	pid_t child = fork();
	if (child == 0) {
		walk(memory);
		_exit(3);
	}
	waitpid(child, &status, 0);
	walk(memory);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 3)
		_exit(1);
	execl(SELF, "again", "end", NULL);
	_exit(2);
}

static void play_sleep(void)
{
	printf("ready\n");
	fflush(stdout);
	await_line();
	_exit(4);
}

static void play_forever(void)
{
	volatile char *memory = fresh(WALK);
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		walk(memory);
		madvise((void *)(uintptr_t)memory, WALK * PAGE, MADV_DONTNEED);
	}
}

static void play(const char *role, const char *mode)
{
	if (!strcmp(role, "walk"))
		play_walk();
	if (!strcmp(role, "calls"))
		play_calls();
	if (!strcmp(role, "gone"))
		play_gone();
	if (!strcmp(role, "deep"))
		play_deep();
	if (!strcmp(role, "grow"))
		play_grow();
	if (!strcmp(role, "threads"))
		play_threads();
	if (!strcmp(role, "signals"))
		play_signals(mode);
	if (!strcmp(role, "fork"))
		play_fork();
	if (!strcmp(role, "many"))
		play_many();
	if (!strcmp(role, "forever"))
		play_forever();
	if (!strcmp(role, "sleep"))
		play_sleep();
	_exit(12);
}

int main(int argc, char **argv)
{
	play(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "");
	return 0;
}
