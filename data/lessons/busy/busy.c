/* A running program's file is not written, but replaced. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

char name[] = "/var/tmp/lesson-XXXXXX";
char other[] = "/var/tmp/lesson-XXXXXX";
int refused, replaced = -1, again = -1;

static void clean(int sig)
{
	unlink(name);
	unlink(other);
	_exit(sig);
}

/* A copy of a program that everyone has, for us to write to. */
static int copy(const char *from, char *to)
{
	int in = open(from, O_RDONLY), out = mkstemp(to);

	if (in < 0 || out < 0 || fchmod(out, 0755) < 0)
		return -1;
	while (sendfile(out, in, NULL, 1 << 20) > 0)
		;
	return close(in) | close(out);
}

/* It echoes what it is told: when it has, it runs. */
static pid_t run(void)
{
	char echo;
	int to[2], from[2], failed = pipe(to) | pipe(from);
	pid_t child = failed ? -1 : fork();

	if (child == 0) {
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		_exit(execl(name, "cat", NULL));
	}
	if (write(to[1], "x", 1) != 1 || read(from[0], &echo, 1) != 1)
		return -1;
	return child;
}

int main(void)
{
	signal(SIGHUP, clean);
	signal(SIGTERM, clean);
	signal(SIGTRAP, clean); /* who stopped us has died */
	if (copy("/bin/cat", name) < 0 ||
	    copy("/bin/sleep", other) < 0)
		clean(1);
	pid_t child = run();

	if (open(name, O_WRONLY) < 0) /* @running */
		refused = errno;

	replaced = rename(other, name); /* @refused */

	kill(child, SIGKILL); /* @replaced */
	waitpid(child, NULL, 0);
	again = open(name, O_WRONLY);
	clean(again < 0); /* @ended */
}
