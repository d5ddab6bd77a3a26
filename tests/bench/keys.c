/* keys: presses a key in a terminal program again and again, and measures how long the picture
 * takes that answers it.
 *
 *   keys [-u TEXT] [-n COUNT] KEY COMMAND [ARG...]
 *
 * Waits until TEXT has been written, then until nothing is written any more; presses KEY;
 * takes the time until the last byte of what is written next, of which each pause is shorter
 * than QUIET_US. Prints median_us, worst_us of all but the slowest tenth, and max_us. The
 * program is ended by SIGTERM. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define COUNT 60
#define QUIET_US 1000
#define STILL_MS 120 /* between keys: the freshness of what was touched is painted meanwhile */

static char seen[1 << 20];
static size_t seen_len;

/* Takes what comes within `us`; returns false when nothing does. */
static bool take(int terminal, long us)
{
	struct pollfd fd = {.fd = terminal, .events = POLLIN};
	struct timespec patience = {us / 1000000, us % 1000000 * 1000};
	if (ppoll(&fd, 1, &patience, NULL) <= 0)
		return false;
	if (seen_len > sizeof seen / 2)
		seen_len = 0;
	ssize_t n = read(terminal, seen + seen_len, sizeof seen - 1 - seen_len);
	if (n <= 0) {
		fprintf(stderr, "keys: the program has ended\n");
		exit(1);
	}
	seen_len += (size_t)n;
	seen[seen_len] = '\0';
	return true;
}

static uint64_t press(int terminal, const char *key)
{
	while (take(terminal, STILL_MS * 1000L))
		;
	uint64_t begin = clock_now_ns(), last;
	if (write(terminal, key, 1) != 1 || !take(terminal, 2000000)) {
		fprintf(stderr, "keys: no answer\n");
		exit(1);
	}
	do
		last = clock_now_ns();
	while (take(terminal, QUIET_US));
	return (last - begin) / 1000;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const char *text = NULL;
	int count = COUNT, option, terminal;
	struct winsize size = {.ws_row = 40, .ws_col = 140};
	while ((option = getopt(argc, argv, "+u:n:")) != -1) {
		text = option == 'u' ? optarg : text;
		count = option == 'n' ? atoi(optarg) : count;
	}
	if (argc - optind < 2 || count < 1)
		return 2;
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[optind + 1], argv + optind + 1);
		_exit(127);
	}
	for (uint64_t until = clock_now_ns() + 10 * CLOCK_SECOND; text && !strstr(seen, text);) {
		take(terminal, 100000);
		if (clock_now_ns() > until)
			return 1;
	}
	uint64_t *took = calloc((size_t)count, sizeof *took);
	for (int i = 0; took && i < count; i++)
		took[i] = press(terminal, argv[optind]);
	qsort(took, (size_t)count, sizeof *took, compare);
	printf("median_us=%d worst_us=%d max_us=%d\n", (int)took[count / 2], (int)took[count * 9 / 10],
	       (int)took[count - 1]);
	kill(pid, SIGTERM);
	free(took);
	return 0;
}
