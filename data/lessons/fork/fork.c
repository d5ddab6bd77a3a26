/* Parent and child: all is shared, until somebody writes. */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 32

char *area;
int go[2], done[2];

static void say(int fd)
{
	if (write(fd, "x", 1) != 1)
		_exit(1);
}

static void hear(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		_exit(1);
}

static void be_child(void)
{
	hear(go[0]);
	area[5 * PAGE] = 'c';
	say(done[1]);
	hear(go[0]);
	_exit(0);
}

int main(void)
{
	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED || pipe(go) < 0 || pipe(done) < 0)
		return 1;
	for (int i = 0; i < PAGES; i++)
		area[i * PAGE] = 'p';

	pid_t child = fork(); /* @alone */
	if (child == 0)
		be_child();

	say(go[1]); /* @forked */
	hear(done[0]);

	area[9 * PAGE] = 'P'; /* @child-wrote */

	say(go[1]); /* @parent-wrote */
	waitpid(child, NULL, 0);

	area[20 * PAGE] = 'P'; /* @ended */
	return 0;              /* @reused */
}
