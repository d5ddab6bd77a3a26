#define _DEFAULT_SOURCE
#include <sys/mman.h>
#include <time.h>

#define PAGE 4096
#define PAGES 16
#define PAGEOUT 21 /* madvise, Linux 5.4 */

char *area;
int seventh;

static int any(const unsigned char *there)
{
	int count = 0;

	for (int i = 0; i < PAGES; i++)
		count += there[i] & 1;
	return count > 0;
}

int main(void)
{
	struct timespec moment = { .tv_nsec = 10000000 };
	unsigned char there[PAGES] = { 1 };

	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	for (int i = 0; i < PAGES; i++)
		area[i * PAGE] = (char)('A' + i);
	for (int i = 0; i < 300 && any(there); i++) {
		madvise(area, PAGES * PAGE, PAGEOUT);
		nanosleep(&moment, NULL); /* writing takes a moment */
		mincore(area, PAGES * PAGE, there);
	}
	seventh = area[6 * PAGE];
	return 0;
}
