/* A target with threads that does the same each time, and then waits:
 *
 *   arenas FIRST
 *
 * Each thread in turn fills a little of its own malloc arena, and each a different amount. The arenas lie in the
 * order in which the threads first ask for memory, which in a real program is chance: here the one numbered
 * FIRST begins. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS 5
#define STACK_SIZE (256 * 1024)

static pthread_barrier_t all_done;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static long turn, first;

static void *run(void *argument)
{
	long n = (long)argument;

	pthread_mutex_lock(&lock);
	while ((turn + first) % THREADS != n)
		pthread_cond_wait(&turned, &lock);
	for (int i = 0; i < 100; i++) {
		char *memory = malloc(500 + 1500 * (size_t)n);

		if (!memory)
			exit(1);
		memset(memory, 1, 500);
	}
	turn++;
	pthread_cond_broadcast(&turned);
	pthread_mutex_unlock(&lock);
	pthread_barrier_wait(&all_done);
	for (;;)
		pause();
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_attr_t small;
	pthread_t thread;

	first = argc > 1 ? argv[1][0] - '0' : 0;
	pthread_barrier_init(&all_done, NULL, THREADS + 1);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK_SIZE);
	for (long i = 0; i < THREADS; i++)
		if (pthread_create(&thread, &small, run, (void *)i) != 0)
			return 1;
	pthread_barrier_wait(&all_done);
	if (write(1, "r", 1) != 1)
		return 1;
	for (;;)
		pause();
}
