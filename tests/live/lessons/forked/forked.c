#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

char data[4 * 4096] __attribute__((aligned(4096)));
int status;

int main(void)
{
	memset(data, 'a', sizeof data);
	pid_t child = fork(); /* @before */
	if (child < 0)
		return 1;
	if (child == 0) {
		data[0] = 'b'; /* @born */
		_exit(7);      /* @copied */
	}
	waitpid(child, &status, 0); /* @parent */
	return 0;                   /* @after */
}
