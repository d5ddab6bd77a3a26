/* Holds memory of each sort, and prints how much: a line "PATH OPERATOR VALUE" for what `why --json` must say of it
 * (tests/live/check_why.c), then "ready". Ends with its standard input.
 *
 *   why_target hold DIR     DIR: where a file can be made, on a disk
 *   why_target leak         touches memory in leak_here alone, as much as in no other place
 *   why_target fork         forks a child that writes half of what both have
 *   why_target grow         leaks in cache_insert, beside threads, mapped blocks and blocks that it frees
 *   why_target arenas       threads fill arenas of their own, one of them several heaps
 *   why_target frees        leaks in cache_insert, and frees all that before it ends */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIB 1024ul
#define MIB (1024 * KIB)
#define HUGE (2 * MIB)
#define THREADS 4

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static char *map(size_t size, int flags)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	return at;
}

static void hold_locked(void)
{
	char *at = map(32 * KIB, MAP_PRIVATE);

	if (mlock(at, 32 * KIB) != 0)
		die("mlock");
	printf("locked == %lu\n", 32 * KIB);
}

static void hold_freed(void)
{
	char *at = map(3 * MIB, MAP_PRIVATE);

	madvise(at, 3 * MIB, MADV_NOHUGEPAGE);
	memset(at, 1, 3 * MIB);
	if (madvise(at, 3 * MIB, MADV_FREE) != 0)
		die("MADV_FREE");
	/* the kernel marks them in batches, the last of which may wait */
	printf("parts.lazily_free >= %lu\n", 3 * MIB - 512 * KIB);
}

static void hold_dirty(const char *dir)
{
	char path[4096], *at;
	int fd;

	snprintf(path, sizeof path, "%s/dirty.XXXXXX", dir);
	fd = mkstemp(path);
	if (fd < 0 || ftruncate(fd, 256 * KIB) != 0)
		die(path);
	unlink(path);
	at = mmap(NULL, 256 * KIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		die("mmap of a file");
	memset(at, 1, 256 * KIB);
	printf("parts.file_dirty >= %lu\n", 256 * KIB);
}

static void hold_shared(void)
{
	memset(map(384 * KIB, MAP_SHARED), 1, 384 * KIB);
	printf("parts.shared_memory == %lu\n", 384 * KIB);
	printf("owners[shared-memory].resident == %lu\n", 384 * KIB);
}

/* Two huge pages, of each a half written: the rest is zeroes. Where there are none this says nothing. */
static void hold_huge(void)
{
	char *at = map(3 * HUGE, MAP_PRIVATE);
	char *huge = (char *)(((unsigned long)at + HUGE - 1) & ~(HUGE - 1));
	FILE *smaps = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	unsigned long kib = 0;

	madvise(at, 3 * HUGE, MADV_HUGEPAGE);
	memset(huge, 1, HUGE / 2);
	memset(huge + HUGE, 1, HUGE / 2);
	while (smaps && fgets(line, sizeof line, smaps))
		sscanf(line, "AnonHugePages: %lu", &kib);
	if (smaps)
		fclose(smaps);
	if (kib * KIB != 2 * HUGE)
		return;
	printf("huge == %lu\nfigures.huge_read == %lu\nfigures.huge_zero == %lu\n", 2 * HUGE, 2 * HUGE, HUGE);
}

static pthread_barrier_t barrier;

static void *work(void *unused)
{
	for (int i = 0; i < 512; i++)
		memset(malloc(KIB), 1, KIB);
	pthread_barrier_wait(&barrier);
	pause();
	return unused;
}

static void hold_threads(void)
{
	pthread_t thread;

	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, work, NULL) != 0)
			die("pthread_create");
	pthread_barrier_wait(&barrier);
	printf("owners[thread-stacks].with_rights == %d\n", THREADS);
	printf("owners[glibc-arenas].with_rights == %d\n", THREADS);
	printf("owners[glibc-arenas].resident >= %lu\n", THREADS * 512 * KIB);
}

/* A gap of some 2 MiB between blocks that are in use. By then nothing else is to be allocated. */
static void hold_free(void)
{
	static char *blocks[6000];
	struct mallinfo2 info;

	for (int i = 0; i < 6000; i++) {
		blocks[i] = malloc(1000);
		memset(blocks[i], 1, 1000);
	}
	for (int i = 1000; i < 3200; i++)
		free(blocks[i]);
	info = mallinfo2();
	printf("figures.malloc_free+figures.malloc_top == %zu\n", info.fordblks - info.fsmblks);
	printf("figures.malloc_free >= %lu\n", 2 * MIB);
	printf("figures.malloc_trimmable >= %lu\n", 2 * MIB);
	printf("figures.malloc_used >= %lu\n", 3800 * 1000ul + THREADS * 512 * KIB);
}

static void wait_for_end(void)
{
	printf("ready\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
}

/* The one place that the line is of. */
__attribute__((noinline)) static void leak_here(volatile char *at, size_t size)
{
	for (size_t i = 0; i < size; i += 4 * KIB)
		at[i] = 1;
}
enum { LEAK_LINE = __LINE__ - 2 };

static void copy_half(void)
{
	char *at = map(8 * MIB, MAP_PRIVATE);
	pid_t child;

	madvise(at, 8 * MIB, MADV_NOHUGEPAGE);
	memset(at, 1, 8 * MIB);
	child = fork();
	if (child == 0) {
		memset(at, 2, 4 * MIB);
		_exit(0);
	}
	if (child < 0 || waitpid(child, NULL, 0) != child)
		die("fork");
	for (int i = 0; i < 2; i++)
		printf("processes[%d].rss >= %lu\n", i, 8 * MIB);
	printf("processes[1].own_since_fork or %lu\n", 4 * MIB); /* not known where faults were lost */
	printf("processes[1].parent == %d\n", (int)getpid());
}

struct entry {
	struct entry *next;
	char data[1000];
};
static struct entry *cache;

__attribute__((noinline)) static void cache_insert(int i)
{
	struct entry *entry = malloc(sizeof *entry);

	if (!entry)
		die("malloc");
	memset(entry->data, i, sizeof entry->data);
	entry->next = cache;
	cache = entry;
}

__attribute__((noinline)) static void handle_request(int i)
{
	char *text = malloc(3000);

	memset(text, i, 3000);
	cache_insert(i);
	free(text);
}

static void *stand(void *unused)
{
	char block[40 * KIB];

	memset(block, 1, sizeof block);
	pthread_barrier_wait(&barrier);
	pause();
	return block[3] ? unused : NULL;
}

static void start(size_t count, void *(*run)(void *))
{
	pthread_t thread;

	pthread_barrier_init(&barrier, NULL, (unsigned)count + 1);
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&thread, NULL, run, (void *)i) != 0)
			die("pthread_create");
	pthread_barrier_wait(&barrier);
}

static void grow(void)
{
	start(10, stand);
	for (int i = 0; i < 6; i++)
		memset(malloc(MIB), 1, 300 * KIB);
	memset(map(8 * MIB, MAP_PRIVATE), 2, 2 * MIB);
	for (int i = 0; i < 30000; i++)
		handle_request(i);
}

/* The first thread needs more than one heap. */
static void *fill(void *number)
{
	size_t blocks = number ? 2000 : 150000;
	char **all = malloc(blocks * sizeof *all);

	for (size_t i = 0; i < blocks; i++)
		memset(all[i] = malloc(800), 1, 800);
	for (size_t i = 0; i < blocks / 4; i++)
		free(all[blocks / 2 + i]);
	pthread_barrier_wait(&barrier);
	pause();
	return all;
}

/* How often the process that launched this has read from files, in the thread that takes the looks: another reads programs, for
 * names. */
static long watchers_reads(void)
{
	char path[64], line[128];
	long reads = -1;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/task/%d/io", (int)getppid(), (int)getppid());
	file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		sscanf(line, "syscr: %ld", &reads);
	if (!file || reads < 0)
		die(path);
	fclose(file);
	return reads;
}

#define READS_OF_LOOKS 100 /* a look reads some eight files */

/* Until several looks have been taken at what is there now; the pages that are touched meanwhile are a reason to look. */
static void wait_for_looks(void)
{
	long begun = watchers_reads();

	for (size_t at = 0; watchers_reads() < begun + READS_OF_LOOKS; at++) {
		cache_insert((int)at);
		usleep(1000);
	}
}

/* Stays as large as it gets for as long as a look takes to come round. */
static void grow_and_free(void)
{
	for (int i = 0; i < 15000; i++) {
		cache_insert(i);
		if (i % 5000 == 0)
			wait_for_looks();
	}
	wait_for_looks();
	for (struct entry *next; cache; cache = next) {
		next = cache->next;
		free(cache);
	}
	malloc_trim(0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "grow")) {
		grow();
		wait_for_end();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "arenas")) {
		start(24, fill);
		wait_for_end();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "frees")) {
		grow_and_free();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "leak")) {
		leak_here(map(5 * MIB, MAP_PRIVATE), 5 * MIB);
		printf("growth.functions[leak_here].source is why_target.c:%d\n", LEAK_LINE);
		/* on a busy machine faults may be lost: then they are nobody's */
		printf("growth.functions[leak_here].bytes >= %lu\n", MIB);
		printf("growth.functions[leak_here].bytes+growth.unseen >= %lu\n", 5 * MIB);
		printf("growth.functions[0].name is leak_here\n");
		printf("sentences[0].about is growth\n");
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "fork")) {
		copy_half();
		return 0;
	}
	if (argc != 3 || strcmp(argv[1], "hold") != 0)
		return 2;
	setvbuf(stdin, NULL, _IONBF, 0);
	mallopt(M_ARENA_MAX, 2 * THREADS);
	hold_locked();
	hold_freed();
	hold_dirty(argv[2]);
	hold_shared();
	hold_huge();
	hold_threads();
	hold_free();
	wait_for_end();
	return 0;
}
