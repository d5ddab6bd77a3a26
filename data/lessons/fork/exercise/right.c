#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

char *area;

int main(void)
{
	int tell[2];
	char told;

	area = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED || pipe(tell) < 0)
		return 1;
	memset(area, 1, 32 * PAGE);
	pid_t child = fork();
	if (child < 0)
		return 2;
	if (!child) {
		area[5 * PAGE] = 2;
		if (write(tell[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	if (read(tell[0], &told, 1) != 1)
		return 3;
	kill(child, SIGKILL); /* @written */
	return waitpid(child, NULL, 0) != child;
}
