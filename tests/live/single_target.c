/* For single_steps.sh: signals, a child and a thread on the way to a mark, and how often the kernel had it
 * wait: a thread that makes single steps waits behind each instruction. */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

volatile int handled, by_thread, child_said = -1;
long switches;

static void handle(int sig)
{
	(void)sig;
	handled++;
}

static void *run(void *unused)
{
	by_thread = 1;
	return unused;
}

int main(void)
{
	struct rusage usage;
	pthread_t thread;
	int how;

	signal(SIGUSR1, handle);
	for (int i = 0; i < 3; i++)
		raise(SIGUSR1);
	pid_t child = fork();
	if (child == 0)
		_exit(7);
	if (child > 0 && waitpid(child, &how, 0) == child && WIFEXITED(how))
		child_said = WEXITSTATUS(how);
	if (pthread_create(&thread, NULL, run, NULL) != 0 || pthread_join(thread, NULL) != 0)
		return 1;
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		switches = usage.ru_nvcsw;
	handled += 10; /* @counted */
	return 0;
}
