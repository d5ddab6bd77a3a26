/* Each role says by its output and its exit status what it did: pages touched, children forked, their exit statuses. */
#include "live/family_roles.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/family.h"

static char *map_pages(void)
{
	char *memory = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("memory %p\n", (void *)memory);
	fflush(stdout);
	return memory;
}

static void touch(char *memory, int pages)
{
	for (int i = 0; i < pages; i++)
		memory[i * 4096] = 1;
}

/* Three children one after the other: 3, 5 and 7 pages, exit statuses 3, 5 and 7. */
static void play_children(void)
{
	char *memory = map_pages();
	for (int n = 3; n <= 7; n += 2) {
		if (fork() == 0) {
			touch(memory, n);
			_exit(n);
		}
		wait(NULL);
	}
	_exit(0);
}

static void play_vfork(void)
{
	for (volatile int i = 0; i < 3; i++) {
		pid_t child = vfork();
		if (child == 0) {
			execl(SELF, "vforked", "exit", NULL);
			_exit(98);
		}
		int status;
		waitpid(child, &status, 0);
		if (WEXITSTATUS(status) != 12)
			_exit(97);
	}
	_exit(0);
}

static void play_bomb(void)
{
	int sum = 0, status;
	for (int i = 0; i < BOMB; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(i % 7);
		waitpid(child, &status, 0);
		sum += WEXITSTATUS(status) == i % 7;
	}
	_exit(sum == BOMB ? 0 : 95);
}

/* More at once than can be watched at a time: all of them must end. */
static void play_crowd(void)
{
	int status, ended = 0;
	for (int i = 0; i < MEMBERS_MAX + 20; i++)
		if (fork() == 0) {
			usleep(300 * 1000);
			_exit(0);
		}
	while (wait(&status) > 0)
		ended += status == 0;
	_exit(ended == MEMBERS_MAX + 20 ? 0 : 94);
}

/* The launched one ends first; what its child then prints is still read. */
static void play_orphan(void)
{
	signal(SIGHUP, SIG_IGN);
	if (fork() == 0) {
		while (getppid() != 1 && kill(getppid(), 0) == 0)
			usleep(1000);
		printf("still here\n");
		fflush(stdout);
		_exit(9);
	}
	_exit(8);
}

static void *work(void *argument)
{
	char *memory = argument, line[64];
	pthread_setname_np(pthread_self(), "worker");
	touch(memory, PAGES);
	printf("tid %d\n", (int)syscall(SYS_gettid));
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		_exit(93);
	return NULL;
}

/* One thread after the other: 16 faults each on memory of its own, gone at the next line. */
static void play_threads(void)
{
	for (int i = 0; i < 3; i++) {
		pthread_t thread;
		pthread_create(&thread, NULL, work, map_pages());
		pthread_join(thread, NULL);
	}
	_exit(0);
}

/* After the fork the child writes one page at each line, from the first to the last. */
static void play_cow(void)
{
	char line[64];
	char *memory = mmap((void *)PLACE, PAGES * 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	touch(memory, PAGES);
	if (fork() == 0) {
		printf("ready\n");
		fflush(stdout);
		for (int i = 0; i < PAGES && fgets(line, sizeof line, stdin); i++) {
			memory[i * 4096] = 2;
			printf("wrote %d.\n", i);
			fflush(stdout);
		}
		if (!fgets(line, sizeof line, stdin))
			_exit(92);
		_exit(0);
	}
	wait(NULL);
	_exit(0);
}

/* For an attached one: forks at each line, the child ends at the next. */
static void play_on_lines(void)
{
	char byte;
	char *memory = mmap((void *)PLACE, PAGES * 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	while (read(0, &byte, 1) == 1) {
		if (fork() == 0) {
			touch(memory, PAGES);
			if (read(0, &byte, 1) == 1)
				_exit(3);
			_exit(4);
		}
		wait(NULL);
	}
	_exit(0);
}

static volatile sig_atomic_t ends_seen;

static void count_end(int sig)
{
	ends_seen += sig == SIGCHLD;
}

/* Forks again and again, between faults and signals of its own: 16 pages each, status 3. */
static void play_forks(void)
{
	signal(SIGCHLD, count_end);
	char *memory = map_pages();
	for (int i = 0; i < FORKS; i++) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			touch(memory, PAGES);
			_exit(3);
		}
		touch(memory, PAGES);
		while (waitpid(child, &status, 0) < 0)
			;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 3)
			_exit(91);
		madvise(memory, PAGES * 4096, MADV_DONTNEED);
	}
	_exit(ends_seen == FORKS ? 0 : 90);
}

/* Parent and child fault for ever and count in shared memory. */
static void play_two(void)
{
	volatile uint64_t *rounds = mmap((void *)PLACE, 4096, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	char *memory = map_pages();
	int child = fork() == 0;
	for (;;) {
		touch(memory, PAGES);
		rounds[child]++;
		madvise(memory, PAGES * 4096, MADV_DONTNEED);
	}
}

void family_play(const char *role)
{
	if (!strcmp(role, "forks"))
		play_forks();
	if (!strcmp(role, "two"))
		play_two();
	if (!strcmp(role, "children"))
		play_children();
	if (!strcmp(role, "vfork"))
		play_vfork();
	if (!strcmp(role, "bomb"))
		play_bomb();
	if (!strcmp(role, "crowd"))
		play_crowd();
	if (!strcmp(role, "orphan"))
		play_orphan();
	if (!strcmp(role, "cow"))
		play_cow();
	if (!strcmp(role, "threads"))
		play_threads();
	if (!strcmp(role, "lines"))
		play_on_lines();
	_exit(12);
}
