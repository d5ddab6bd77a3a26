/* Maps one page each of files with hostile names below the directory given: escape sequences,
 * a newline, broken UTF-8, an override of the direction of writing, and a path of almost 4,000
 * characters. Its own name is hostile too. Prints "ready" and waits for its standard input
 * to end. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {
	"esc\033[31m\033]0;title\007",
	"new\nline",
	"broken\xff\xc3(utf8",
	"c1\xc2\x9b"
	"31m",
	"turn\xe2\x80\xae"
	"gpj.exe",
	"quote\"back\\slash",
	" (deleted)",
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void map(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	volatile char *page;

	if (fd < 0 || ftruncate(fd, 4096) < 0)
		fail("file");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		fail("mmap");
	page[0] = 1;
	close(fd);
}

/* A path of about 3,900 characters, made step by step: no call takes it whole. */
static void map_deep(int directory)
{
	char step[201];

	memset(step, 'd', sizeof step - 1);
	step[sizeof step - 1] = '\0';
	for (int i = 0; i < 19; i++) {
		if (mkdirat(directory, step, 0700) < 0)
			fail("mkdirat");
		directory = openat(directory, step, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (directory < 0)
			fail("openat");
	}
	map(directory, "deep");
}

int main(int argc, char **argv)
{
	int directory;

	if (argc < 2)
		return 2;
	directory = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		fail(argv[1]);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		map(directory, names[i]);
	map_deep(directory);
	prctl(PR_SET_NAME, "h\033[31m\n)");
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
