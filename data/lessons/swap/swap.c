/* A page leaves for swap, and comes back. Takes root. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 16
#define FILE_SIZE (16 << 20)
#define PAGEOUT 21 /* madvise, Linux 5.4 */

char *area;
char name[] = "/var/tmp/lesson-XXXXXX";

static void clean(int sig)
{
	swapoff(name);
	unlink(name);
	_exit(sig);
}

static int make_swap(void)
{
	char command[200];
	int fd = mkstemp(name);

	signal(SIGHUP, clean);
	signal(SIGTERM, clean);
	signal(SIGTRAP, clean); /* who stopped us has died */
	snprintf(command, sizeof command,
	         "dd if=/dev/zero of=%s bs=1M count=16 status=none "
	         "&& mkswap -q %s",
	         name, name);
	return fd < 0 || system(command) != 0 ||
	       swapon(name, SWAP_FLAG_PREFER | 100) < 0;
}

int main(void)
{
	struct timespec moment = { .tv_nsec = 10000000 };
	unsigned char there[PAGES] = { 1 };

	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED || make_swap())
		clean(1);
	for (int i = 0; i < PAGES; i++)
		area[i * PAGE] = 'a' + i;

	for (int i = 0; i < 300 && there[0] & 1; i++) { /* @resident */
		madvise(area, PAGES * PAGE, PAGEOUT);
		nanosleep(&moment, NULL); /* writing takes a moment */
		mincore(area, PAGES * PAGE, there);
	}

	area[3 * PAGE] = 'e'; /* @out */

	clean(0); /* @back */
}
