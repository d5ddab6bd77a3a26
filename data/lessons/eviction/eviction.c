/* What can be forgotten: code, a file, and what cannot. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGEOUT 21 /* madvise, Linux 5.4 */
#define ALIGNED __attribute__((noinline, aligned(PAGE)))

char *page_of_file, *own;
int calls;
void *page_of_code;

ALIGNED static void work(void)
{
	calls++;
}

ALIGNED static int make_file(void)
{
	char path[] = "/var/tmp/lesson-XXXXXX";
	char bytes[PAGE] = "from the disk";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) < 0 ||
	    write(fd, bytes, PAGE) != PAGE || fsync(fd) < 0)
		exit(1);
	return fd;
}

int main(void)
{
	page_of_code = (void *)work;
	page_of_file = mmap(NULL, PAGE, PROT_READ, MAP_SHARED,
	                    make_file(), 0);
	own = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
	           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page_of_file == MAP_FAILED || own == MAP_FAILED)
		return 1;
	putchar(page_of_file[0]);
	own[0] = 'o';
	work();

	madvise(page_of_code, PAGE, MADV_DONTNEED); /* @all */

	work(); /* @forgotten */

	madvise(page_of_file, PAGE, PAGEOUT); /* @back */

	putchar(page_of_file[0]); /* @evicted */

	madvise(own, PAGE, MADV_DONTNEED); /* @disk */
	putchar(own[0] ? own[0] : '0');
	return 0; /* @lost */
}
