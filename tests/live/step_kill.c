/* A stepped process survives when its stepper is killed, at any moment.
 *
 * Several targets at a time, each with threads that touch fresh pages, make calls that change
 * memory, take signals of a timer, write what they may not, and check all of it. Each is attached to by a process that
 * steps it as fast as it can, by faults, by calls, by counts, and is killed (SIGKILL) at a
 * random moment; again and again. One of the targets forks in every round, and now and then
 * executes itself again. Afterwards the target must go on, and in the end have done its work
 * correctly, to the last page.
 *
 *     live/step_kill [KILLS [SEED]]      as many as asked for; make check: 200 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/perf/faultstop.h"
#include "live/watching.h"

#define LANES 4
#define THREADS 2
#define PAGES 24
#define PAGE 4096
#define KILLS 200
#define ROUNDS_OF_EXEC 5
#define MOMENTS_US 30000

/* How a target treats the signals that stepping may use. */
enum manner { LEAVES_THEM, CATCHES_THEM, BLOCKS_THEM, FORKS_AND_EXECS, MANNERS };

struct shared {
	_Atomic uint64_t rounds[THREADS];
	_Atomic int stop;
	_Atomic int errors;  /* something had changed */
	_Atomic int signals; /* that nobody sent */
	_Atomic int alarms;
	_Atomic int forks, execs, fatal_faults;
	_Atomic uint64_t stops; /* of the one who steps */
};

static struct shared *shared;
static int shared_fd;

static void count_signal(int sig)
{
	if (sig == SIGALRM)
		shared->alarms++;
	else
		shared->signals++;
}

static void verify(const uint64_t *memory, uint64_t round)
{
	for (size_t i = 0; i < PAGES; i++)
		if (memory[i * PAGE / sizeof *memory] != round * PAGES + i)
			shared->errors++;
}

static __thread uint64_t *read_only; /* what this thread writes and may not */
static __thread volatile int fatal_faults;

/* Allows it after all. */
static void allow(int sig, siginfo_t *info, void *context)
{
	(void)context;
	fatal_faults++;
	if (sig != SIGSEGV || info->si_code != SEGV_ACCERR || info->si_addr != read_only ||
	    mprotect((void *)((uintptr_t)read_only / PAGE * PAGE), PAGE, PROT_READ | PROT_WRITE) != 0)
		shared->errors++;
}

/* Writes a read-only page: the thread gets the signal once, and then the write has worked. */
static void write_read_only(uint64_t *memory, uint64_t round)
{
	int before = fatal_faults;
	read_only = memory + round % PAGES * (PAGE / sizeof *memory) + 5;
	*(volatile uint64_t *)read_only = round;
	if (fatal_faults != before + 1 || *read_only != round)
		shared->errors++;
	shared->fatal_faults++;
}

/* Maps memory, checks it, and unmaps it. With `forks`, a child checks it, too, and exits
 * well, or becomes another program. */
static void do_round(uint64_t round, bool forks)
{
	uint64_t *memory =
	    mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		shared->errors++;
		return;
	}
	for (size_t i = 0; i < PAGES; i++)
		memory[i * PAGE / sizeof *memory] = round * PAGES + i;
	if (mprotect(memory, PAGES * PAGE, PROT_READ) != 0)
		shared->errors++;
	pid_t child = !forks ? 0 : round % 2 ? vfork() : fork();
	if (forks && child == 0) {
		if (round % 2)
			execl("/bin/sh", "sh", "-c", "exit 6", NULL);
		mprotect(memory, PAGES * PAGE, PROT_READ | PROT_WRITE);
		verify(memory, round);
		memory[0] = 1;
		_exit(6);
	}
	verify(memory, round);
	int status = 0;
	while (forks && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (forks && (!WIFEXITED(status) || WEXITSTATUS(status) != 6))
		shared->errors++;
	shared->forks += forks;
	write_read_only(memory, round);
	if (madvise(memory, PAGES * PAGE, MADV_DONTNEED) != 0 || memory[0] != 0)
		shared->errors++;
	if (munmap(memory, PAGES * PAGE) != 0)
		shared->errors++;
}

static void *work(void *argument)
{
	size_t who = (size_t)(uintptr_t)argument;
	for (uint64_t round = 1; !shared->stop; round++) {
		do_round(round, false);
		shared->rounds[who] = round;
	}
	return NULL;
}

/* Exec removes the handler, but not the timer. */
static void mask_alarm(int how)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(how, &set, NULL);
}

static void fork_and_exec(void)
{
	char fd[16];
	while (!shared->stop) {
		uint64_t round = shared->rounds[0] + 1;
		do_round(round, true);
		for (size_t i = 0; i < THREADS; i++)
			shared->rounds[i] = round;
		if (round % ROUNDS_OF_EXEC)
			continue;
		snprintf(fd, sizeof fd, "%d", shared_fd);
		shared->execs++;
		mask_alarm(SIG_BLOCK);
		execl("/proc/self/exe", "target", fd, NULL);
		_exit(43);
	}
	_exit(42);
}

static void live(enum manner manner)
{
	static const int taken[] = { SIGURG, SIGWINCH, SIGCHLD };
	struct itimerval often = { { 0, 3000 }, { 0, 3000 } };
	struct sigaction writable = { .sa_sigaction = allow, .sa_flags = SA_SIGINFO };
	pthread_t threads[THREADS];
	sigset_t set;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, count_signal);
	signal(SIGTRAP, count_signal);
	sigaction(SIGSEGV, &writable, NULL);
	sigemptyset(&set);
	for (size_t i = 0; i < 3; i++) {
		sigaddset(&set, taken[i]);
		if (manner == CATCHES_THEM)
			signal(taken[i], count_signal);
	}
	if (manner == BLOCKS_THEM)
		sigprocmask(SIG_BLOCK, &set, NULL);
	mask_alarm(SIG_UNBLOCK);
	setitimer(ITIMER_REAL, &often, NULL);
	if (manner == FORKS_AND_EXECS)
		fork_and_exec();
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)i);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(42);
}

static void step_forever(pid_t pid, uint64_t seed)
{
	static const struct control_step steps[] = {
		{ .kind = STEP_FAULT },
		{ .kind = STEP_CALL },
		{ .kind = STEP_FAULT, .count = 7 },
		{ .kind = STEP_FAULT, .first = 1, .end = RUNS_END },
		{ .kind = STEP_FAULT, .count = 1000000 },
	};
	struct live_options o;
	live_options_init(&o);
	o.faults = true;
	struct watching w = watch_begin(&o, NULL, pid);
	struct control_arg arg = { .step = steps[check_random(&seed) % 5] };
	watch_control(&w, CONTROL_PAUSE);
	for (;;) {
		/* fails while one is under way */
		if (w.source->ops->control(w.source, pid, CONTROL_STEP, &arg, NULL) == 0)
			shared->stops++;
		watch_step(&w);
		if (check_random(&seed) % 64 == 0)
			watch_control(&w, CONTROL_RESUME), watch_control(&w, CONTROL_PAUSE);
		if (check_random(&seed) % 16 == 0)
			arg.step = steps[check_random(&seed) % 5];
	}
}

#define UNTIL(condition, what)                                                                               \
	for (uint64_t until_ = clock_now_ns() + DEADLINE_NS; !(condition); poll(NULL, 0, 1))                 \
		if (clock_now_ns() > until_)                                                                 \
	return what

/* NULL: it goes on. */
static const char *look_at_target(pid_t pid)
{
	int status;
	if (waitpid(pid, &status, WNOHANG) != 0)
		return "the target was killed";
	for (size_t i = 0; i < THREADS; i++) {
		uint64_t before = shared->rounds[i];
		UNTIL(shared->rounds[i] != before, "the target stands still");
	}
	return shared->errors ? "the target's memory is wrong" : NULL;
}

static const char *kill_one(pid_t pid, uint64_t *seed)
{
	shared->stops = 0;
	pid_t stepper = fork();
	if (stepper == 0) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		step_forever(pid, *seed);
	}
	UNTIL(shared->stops > 2 || waitpid(stepper, NULL, WNOHANG) == stepper, "it is not stepped");
	if (shared->stops <= 2)
		return "it cannot be stepped";
	usleep(check_random(seed) % MOMENTS_US); /* the moment is random; nothing is waited for */
	kill(stepper, SIGKILL);
	waitpid(stepper, NULL, 0);
	return look_at_target(pid);
}

/* One target, and those who step it. NULL: all went well. */
static const char *run_lane(enum manner manner, int kills, uint64_t seed)
{
	int status;
	uint64_t stops = 0;
	const char *wrong = NULL;
	pid_t pid = fork();
	if (pid == 0)
		live(manner);
	UNTIL(shared->rounds[0] && shared->rounds[THREADS - 1], "the target does not begin");
	for (int i = 0; i < kills && !wrong; i++, stops += shared->stops)
		wrong = kill_one(pid, &seed);
	if (wrong)
		return wrong;
	shared->stop = 1;
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 42)
		return "the target did not end well";
	if (shared->errors)
		return "the target's memory was wrong";
	if (shared->signals)
		return "signals came that nobody sent";
	if (!shared->alarms)
		return "its own signals did not come";
	printf("# manner %d: %d kills, %d steps, %d rounds, %d fatal faults, %d forks, %d execs\n",
	       (int)manner, kills, (int)stops, (int)shared->rounds[0], (int)shared->fatal_faults,
	       (int)shared->forks, (int)shared->execs);
	return NULL;
}

static bool can_be_stepped(void)
{
	struct err err = { 0 };
	struct faultstop *f = faultstop_open(getpid(), &err);
	if (!f)
		printf("skipped: %s\n", err.text);
	faultstop_close(f);
	return f;
}

/* It outlives exec. */
static void share(int fd)
{
	shared_fd = fd;
	if (ftruncate(fd, sizeof *shared) != 0)
		_exit(1);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

int main(int argc, char **argv)
{
	if (!strcmp(argv[0], "target") && argc == 2) {
		share(atoi(argv[1]));
		live(FORKS_AND_EXECS);
	}
	int kills = argc > 1 ? atoi(argv[1]) : KILLS, failed = 0, status;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : clock_now_ns();
	if (!can_be_stepped())
		return 77;
	printf("# seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	for (int lane = 0; lane < LANES; lane++) {
		if (fork() != 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		share(memfd_create("shared", 0));
		const char *wrong =
		    run_lane((enum manner)(lane % MANNERS), kills / LANES, seed + (uint64_t)lane);
		if (wrong)
			printf("# lane %d: %s\n", lane, wrong);
		fflush(stdout);
		_exit(wrong != NULL);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	printf("%s - stepped targets outlive %d kills\n", failed ? "not ok" : "ok", kills / LANES * LANES);
	return failed != 0;
}
