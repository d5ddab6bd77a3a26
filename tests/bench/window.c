/* window: runs a terminal program in a pseudo-terminal of its own and measures it.
 *
 *   window [-s ROWSxCOLUMNS] [-a SETTLE_MS] [-t MEASURE_MS] [-u TEXT] COMMAND [ARG...]
 *   window -k KEY COMMAND [ARG...]    presses it 50 times, after SETTLE_MS
 *   window -n COMMAND [ARG...]    without a window: runs it to its end, discards what it prints
 *
 * Prints one line of what it saw:
 *   wall_ms     with -n: from the start to the end
 *   first_ms    from the start until TEXT had been written to the terminal (-1: never),
 *               or without TEXT, until the first byte
 *   bytes       written to the terminal while it was measured, after SETTLE_MS
 *   cpu_ms      processor time used while it was measured, of all its threads; with -n: in all
 *   share       the same, in per cent of one core
 *   peak_kib    the most memory it ever had resident
 *   key_ms      with -k: from a key until the last byte of the picture that it made, which
 *               is when nothing more came for QUIET_MS; the median, and nothing else
 * The program is ended with SIGTERM. Exit 1 if it ended by itself before that. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

struct watch {
	const char *text; /* that makes the first picture; NULL: any */
	char tail[4096];  /* the last bytes before it came */
	size_t tail_len;
	uint64_t start_ns, first_ns;
	uint64_t bytes;
};

static void die(const char *what)
{
	fprintf(stderr, "window: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* The text may come in two reads: the end of one is kept for the next. */
static void look_for_text(struct watch *w, const char *bytes, size_t len)
{
	size_t keep = strlen(w->text);

	if (w->tail_len + len > sizeof(w->tail)) {
		size_t drop = w->tail_len > keep ? w->tail_len - keep : 0;

		memmove(w->tail, w->tail + drop, w->tail_len - drop);
		w->tail_len -= drop;
	}
	memcpy(w->tail + w->tail_len, bytes, len);
	w->tail_len += len;
	if (memmem(w->tail, w->tail_len, w->text, keep))
		w->first_ns = clock_now_ns();
}

/* Reads what the program writes until `until_ns`; false when it has ended. */
static int watch_until(struct watch *w, int fd, uint64_t until_ns)
{
	char bytes[2048];
	uint64_t now;

	while ((now = clock_now_ns()) < until_ns) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t got;

		if (poll(&p, 1, (int)((until_ns - now) / CLOCK_MS + 1)) == 0)
			continue;
		got = read(fd, bytes, sizeof(bytes));
		if (got <= 0)
			return 0;
		w->bytes += (uint64_t)got;
		if (!w->first_ns && w->text)
			look_for_text(w, bytes, (size_t)got);
		else if (!w->first_ns)
			w->first_ns = clock_now_ns();
	}
	return 1;
}

#define KEYS 50
#define QUIET_MS 15

/* How long the program writes after a key: to the last byte before it is quiet. */
static double press(int fd, char key)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t start = clock_now_ns(), last = 0;
	char bytes[65536];

	if (write(fd, &key, 1) != 1)
		die("the key");
	while (poll(&p, 1, last ? QUIET_MS : 1000) > 0 && read(fd, bytes, sizeof(bytes)) > 0)
		last = clock_now_ns();
	return last ? (double)(last - start) / CLOCK_MS : -1.0;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void press_keys(int fd, char key)
{
	double ms[KEYS];

	for (size_t i = 0; i < KEYS; i++)
		ms[i] = press(fd, key);
	qsort(ms, KEYS, sizeof(*ms), by_value);
	printf("key_ms=%.2f longest_ms=%.2f\n", ms[KEYS / 2], ms[KEYS - 1]);
}

static uint64_t cpu_ns(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		die("the program's clock");
	return (uint64_t)t.tv_sec * CLOCK_SECOND + (uint64_t)t.tv_nsec;
}

static void run_command(char *argv[])
{
	execvp(argv[0], argv);
	_exit(127);
}

static double timeval_ms(struct timeval t)
{
	return (double)t.tv_sec * 1000 + (double)t.tv_usec / 1000;
}

static int run_without_window(char *argv[])
{
	uint64_t start = clock_now_ns();
	struct rusage usage;
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		run_command(argv);
	}
	if (wait4(pid, &status, 0, &usage) != pid)
		die("wait4");
	printf("wall_ms=%.1f cpu_ms=%.1f peak_kib=%ld\n", (double)(clock_now_ns() - start) / CLOCK_MS,
	       timeval_ms(usage.ru_utime) + timeval_ms(usage.ru_stime), usage.ru_maxrss);
	return status != 0;
}

struct bench_options {
	struct winsize size;
	uint64_t settle_ms, measure_ms;
	const char *text;
	int key;
	int bare;
};

static void read_options(int argc, char *argv[], struct bench_options *o)
{
	int option;

	while ((option = getopt(argc, argv, "+s:a:t:u:k:n")) != -1) {
		switch (option) {
		case 's':
			if (sscanf(optarg, "%hux%hu", &o->size.ws_row, &o->size.ws_col) != 2)
				exit(2);
			break;
		case 'a':
			o->settle_ms = strtoull(optarg, NULL, 10);
			break;
		case 't':
			o->measure_ms = strtoull(optarg, NULL, 10);
			break;
		case 'u':
			o->text = optarg;
			break;
		case 'k':
			o->key = *optarg;
			break;
		case 'n':
			o->bare = 1;
			break;
		default:
			exit(2);
		}
	}
	if (optind == argc)
		exit(2);
}

int main(int argc, char *argv[])
{
	struct bench_options o = { .size = { .ws_row = 50, .ws_col = 200 },
				   .settle_ms = 1000,
				   .measure_ms = 10000 };
	uint64_t cpu;
	struct watch w = { 0 };
	struct rusage usage;
	int fd, status, alive;
	pid_t pid;

	read_options(argc, argv, &o);
	w.text = o.text;
	if (o.bare)
		return run_without_window(argv + optind);
	w.start_ns = clock_now_ns();
	pid = forkpty(&fd, NULL, NULL, &o.size);
	if (pid < 0)
		die("forkpty");
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		run_command(argv + optind);
	}
	alive = watch_until(&w, fd, w.start_ns + o.settle_ms * CLOCK_MS);
	if (alive && o.key) {
		press_keys(fd, (char)o.key);
		kill(pid, SIGTERM);
		return waitpid(pid, &status, 0) != pid;
	}
	cpu = alive ? cpu_ns(pid) : 0;
	w.bytes = 0;
	alive = alive && watch_until(&w, fd, clock_now_ns() + o.measure_ms * CLOCK_MS);
	cpu = alive ? cpu_ns(pid) - cpu : 0;
	kill(pid, SIGTERM);
	printf("first_ms=%.1f bytes=%llu cpu_ms=%.1f share=%.2f",
	       w.first_ns ? (double)(w.first_ns - w.start_ns) / CLOCK_MS : -1.0, (unsigned long long)w.bytes,
	       (double)cpu / CLOCK_MS, 100.0 * (double)cpu / CLOCK_MS / (double)o.measure_ms);
	watch_until(&w, fd, clock_now_ns() + 2 * CLOCK_SECOND);
	kill(pid, SIGKILL);
	if (wait4(pid, &status, 0, &usage) != pid)
		die("wait4");
	printf(" peak_kib=%ld\n", usage.ru_maxrss);
	return alive ? 0 : 1;
}
