/* Forks while it is watched, and knows who copies which page. With each fork, of pages that both have in common:
 *
 *     AT_ONCE    the parent writes at once, while the child has them      the parent copies, the child then keeps its own
 *     CHILD      the child writes first, then the parent                  the child copies, the parent keeps its own
 *     GIVEN_UP   the child discards them, then the parent writes          the parent keeps its own
 *     LATER      the parent writes when the child has done all that       the parent copies
 *     ENDED      the parent writes once the child has ended               the parent keeps its own
 *
 * It prints "PID ADDRESS CAUSE" for each write. Before that, for each byte on its standard input it touches a page, so
 * that one can see whether it is watched; a "g" lets it go. Children stay for as many milliseconds as the argument says;
 * between two the parent pauses, so that one can look at it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 60 /* of each group */
#define ROUNDS 3
#define PAUSE_US 200000

enum group { AT_ONCE, CHILD, GIVEN_UP, LATER, ENDED, GROUPS };

#define FRESH (1000 * PAGE)

static char *memory, *fresh;

static char *group_of(enum group g)
{
	return memory + (size_t)g * PAGES * PAGE;
}

static void write_all(enum group g)
{
	volatile char *at = group_of(g);

	for (int i = 0; i < PAGES; i++)
		at[i * PAGE]++;
}

static void print_all(pid_t pid, enum group g, const char *cause)
{
	for (int i = 0; i < PAGES; i++)
		printf("%d 0x%lx %s\n", (int)pid, (unsigned long)(uintptr_t)(group_of(g) + i * PAGE), cause);
}

static char await(int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		_exit(1);
	return byte;
}

static void be_child(int ready, int go, useconds_t stays)
{
	write_all(CHILD);
	madvise(group_of(GIVEN_UP), PAGES * PAGE, MADV_DONTNEED);
	if (write(ready, "", 1) != 1)
		_exit(1);
	await(go); /* the parent has written what it writes at once */
	write_all(AT_ONCE);
	usleep(stays);
	if (write(ready, "", 1) != 1)
		_exit(1);
	await(go);
	_exit(0);
}

static void fork_once(useconds_t stays)
{
	int up[2], down[2];

	if (pipe(up) != 0 || pipe(down) != 0)
		abort();
	pid_t child = fork();
	if (child < 0)
		abort();
	if (child == 0)
		be_child(up[1], down[0], stays);
	write_all(AT_ONCE);
	await(up[0]);
	write_all(CHILD);
	write_all(GIVEN_UP);
	if (write(down[1], "", 1) != 1)
		abort();
	await(up[0]);
	write_all(LATER);
	if (write(down[1], "", 1) != 1 || waitpid(child, NULL, 0) != child)
		abort();
	write_all(ENDED);
	print_all(getpid(), AT_ONCE, "cow-fork");
	print_all(child, AT_ONCE, "reuse");
	print_all(child, CHILD, "cow-fork");
	print_all(getpid(), CHILD, "reuse");
	print_all(getpid(), GIVEN_UP, "reuse");
	print_all(getpid(), LATER, "cow-fork");
	print_all(getpid(), ENDED, "reuse");
	close(up[0]);
	close(up[1]);
	close(down[0]);
	close(down[1]);
	usleep(PAUSE_US);
}

int main(int argc, char **argv)
{
	size_t size = (size_t)GROUPS * PAGES * PAGE;
	useconds_t stays = argc > 1 ? (useconds_t)atoi(argv[1]) * 1000 : 0;

	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fresh = mmap(NULL, FRESH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED || fresh == MAP_FAILED || madvise(fresh, FRESH, MADV_NOHUGEPAGE) != 0 ||
	    madvise(memory, size, MADV_NOHUGEPAGE) != 0)
		abort();
	for (int g = 0; g < GROUPS; g++)
		write_all((enum group)g);
	puts("ready");
	fflush(stdout);
	for (size_t at = 0; at < FRESH && await(0) != 'g'; at += PAGE)
		fresh[at] = 1;
	for (int i = 0; i < ROUNDS; i++)
		fork_once(stays);
	return 0;
}
