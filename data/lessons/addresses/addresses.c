/* Segments, pages, and one address taken apart. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 16

__thread int own; /* every thread has one of these */
char *mine, *theirs, *base, *their_base;

char *area;
long distance;
int fourth, third, second, first, within;

static void *look(void *unused)
{
	theirs = (char *)&own;
	their_base = __builtin_thread_pointer();
	return unused;
}

int main(void)
{
	static const int order[PAGES] = { 9, 2, 14, 0, 7, 12, 5, 15,
		                          3, 10, 1, 8, 13, 6, 11, 4 };
	pthread_t thread;

	if (pthread_create(&thread, NULL, look, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	mine = (char *)&own;
	base = __builtin_thread_pointer();
	distance = base - mine;

	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, /* @segments */
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return 1;
	for (int i = 0; i < PAGES / 2; i++)
		area[order[i] * PAGE] = 'x';

	uintptr_t address = (uintptr_t)&area[3 * PAGE + 123]; /* @half */
	within = address & 4095;
	first = address >> 12 & 511;
	second = address >> 21 & 511;
	third = address >> 30 & 511;
	fourth = address >> 39 & 511;

	for (int i = PAGES / 2; i < PAGES; i++) /* @apart */
		area[order[i] * PAGE] = 'y';
	return 0; /* @all */
}
