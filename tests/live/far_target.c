/* Comes to marks in ways in which no fault signal stops it on the way: the signals are blocked, or a handler runs. Ends
 * with 0 if it was sent no signal but its own.
 *
 *   far_target blocked|handler|jump */
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

/* far from main: no fault of main's brings its page along */
#define FAR __attribute__((section(".far_text"), aligned(0x400000), noinline))

volatile int count;
static sigjmp_buf back;

FAR static void go(int signal)
{
	count++; /* @far */
}

static void jump_back(int signal)
{
	count++; /* @handler */
	siglongjmp(back, 1);
}

static bool comes_blocked(void)
{
	const struct timespec at_once = { 0 };
	char *memory = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	memory[0] = 1;
	go(0);
	memory[1 << 15] = 1;
	return sigtimedwait(&all, NULL, &at_once) < 0;
}

static bool comes_in_handler(void)
{
	struct sigaction action = { .sa_handler = go };

	sigfillset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	return true;
}

/* To code that must not be run. */
static bool comes_by_jump(void)
{
	struct sigaction action = { .sa_handler = jump_back };
	void *closed = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void (*code)(void);

	memcpy(&code, &closed, sizeof code);
	sigaction(SIGSEGV, &action, NULL);
	if (!sigsetjmp(back, 1))
		code();
	go(0);
	return true;
}

int main(int argc, char **argv)
{
	bool well = false;

	if (argc == 2 && !strcmp(argv[1], "blocked"))
		well = comes_blocked();
	else if (argc == 2 && !strcmp(argv[1], "handler"))
		well = comes_in_handler();
	else if (argc == 2 && !strcmp(argv[1], "jump"))
		well = comes_by_jump();
	return well && count ? 0 : 1;
}
