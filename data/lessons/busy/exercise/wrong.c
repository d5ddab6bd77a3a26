#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

char name[] = "/var/tmp/exercise-XXXXXX";
long new_inode;

static int copy(const char *from, int out)
{
	int in = open(from, O_RDONLY);

	if (in < 0 || out < 0 || fchmod(out, 0755) < 0)
		return -1;
	while (sendfile(out, in, NULL, 1 << 20) > 0)
		;
	return close(in) | close(out);
}

/* The new version, under the name of the old one. */
static int replace(void)
{
	return copy("/bin/cat", open(name, O_WRONLY | O_TRUNC)); /* ETXTBSY */
}

static pid_t start(void)
{
	int runs[2]; /* its end is closed by exec */
	char none;

	if (pipe2(runs, O_CLOEXEC) < 0)
		return -1;
	pid_t child = fork();
	if (child == 0) {
		execl(name, "sleep", "1000", NULL);
		_exit(1);
	}
	close(runs[1]);
	return read(runs[0], &none, 1) == 0 ? child : -1;
}

int main(void)
{
	struct stat now;

	if (copy("/bin/sleep", mkstemp(name)) < 0)
		return 1;
	pid_t child = start();
	if (child < 0)
		return 2;
	if (replace() < 0)
		perror(name);
	if (stat(name, &now) == 0)
		new_inode = (long)now.st_ino;

	kill(child, SIGKILL); /* @replaced */
	waitpid(child, NULL, 0);
	return unlink(name);
}
