/* Memory of every kind that expectations speak of, for tests/live/lessons.sh. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

char *area, *private, *shared;
volatile char read_here;
int error;
unsigned char small = 200;
struct {
	char bytes[3 * PAGE];
} table;

static void fill(int page)
{
	area[page * PAGE + 20] = 'A';
}

/* How much of this program's text is a copy of its own, by the kernel's own sums. */
static void print_text(void)
{
	char line[256];
	int text = 0, kilobytes;
	FILE *smaps = fopen("/proc/self/smaps", "r");

	while (smaps && fgets(line, sizeof line, smaps)) {
		if (strstr(line, " r-xp ") || strstr(line, " rw-p ") || strstr(line, " r--p "))
			text = strstr(line, " r-xp ") && strstr(line, "/truths");
		if (text && sscanf(line, "Anonymous: %d kB", &kilobytes) == 1)
			printf("text copied: %d kB\n", kilobytes);
	}
	if (smaps)
		fclose(smaps);
}

int main(void)
{
	char name[] = "/var/tmp/pagescape-truths.XXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	if (fd < 0 || ftruncate(fd, 4 * PAGE))
		return 1;
	area = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	private = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, PAGE);
	shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 1);
	error = errno; /* @mapped */
	for (int i = 1; i < 4; i++)
		fill(i);            /* @filling */
	read_here = area[8 * PAGE]; /* @filled */
	private[0] = 'p';
	shared[PAGE] = 's';
	table.bytes[PAGE] = 1;
	puts("said: this");
	fflush(stdout);
	print_text();
	fflush(stdout);
	madvise(area + 8 * PAGE, PAGE, MADV_DONTNEED); /* @forking */
	int child = fork();
	if (child == 0) { /* @forked */
		area[PAGE] = 'c';
		_exit(small); /* @written */
	}
	waitpid(child, NULL, 0);
	mprotect(area, PAGE, PROT_NONE); /* @back */
	return 7;                        /* @done */
}
