/* demo: a program whose memory is worth watching.
 *
 * It plays the acts of virtual memory one after the other, a step at a time, and
 * prints what it does: memory is promised and then touched page by page, read before
 * it is written, backed by a file, shared with a thread, protected, given back.
 * Watch it with pagescape: each line that it prints happens in the picture.
 *
 * What an act has mapped stays until the round is over, so that the picture grows;
 * then everything is given back and the next round begins, until a line with a q is
 * typed or a signal ends it.
 *
 * It is plain C without code of pagescape, and its lines are not translated: only the
 * acts should touch memory. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RESERVED_PAGES 2048 /* 8 MiB on most machines */
#define HUGE_BYTES (2u << 20)
#define BLOCK_PAGES 16 /* of one malloc: small enough to come from the heap */
#define MAX_PAGES 1024
#ifndef MADV_GUARD_INSTALL /* Linux 6.13 */
#define MADV_GUARD_INSTALL 102
#endif

static size_t page_size;
static size_t pages = 64; /* that an act touches */
static int delay_ms = 60; /* of a step */
static bool fast;
static int input = STDIN_FILENO; /* -1 once it has ended */
static volatile sig_atomic_t ended;

/* What is mapped, and what came from malloc, until the end of the round. */
static struct {
	char *start;
	size_t length;
} kept[16];
static size_t kept_count;
static char *blocks[MAX_PAGES / BLOCK_PAGES + 1];
static size_t block_count;

static char file_path[] = "/var/tmp/pagescape-demo-XXXXXX";
static int file = -1;

static void die(const char *what)
{
	fprintf(stderr, "demo: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Lets time pass; typing a q ends the demo. */
static void wait_ms(int ms)
{
	struct pollfd in = { .fd = input, .events = POLLIN };
	char line[64];
	ssize_t got;

	if (ended || poll(&in, 1, ms) <= 0)
		return;
	got = read(input, line, sizeof(line));
	if (got > 0 && memchr(line, 'q', (size_t)got))
		ended = 1;
	else if (got <= 0)
		input = -1;
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	wait_ms(delay_ms);
}

static void rest(void)
{
	wait_ms(12 * delay_ms);
}

static char *map(size_t length, int flags, int fd)
{
	char *start = mmap(NULL, length, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (start == MAP_FAILED)
		die("mmap");
	/* one touch should bring one page; a kernel without huge pages refuses, which is just as good */
	if (fd < 0)
		madvise(start, length, MADV_NOHUGEPAGE);
	kept[kept_count].start = start;
	kept[kept_count++].length = length;
	return start;
}

static char *map_anonymous(size_t length)
{
	return map(length, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void write_page(char *start, size_t page)
{
	*(volatile char *)(start + page * page_size) = 'x';
}

static char read_page(const char *start, size_t page)
{
	return *(const volatile char *)(start + page * page_size);
}

static void act_touch(void)
{
	size_t stride = RESERVED_PAGES / pages;
	char *start = map_anonymous(RESERVED_PAGES * page_size);

	say("reserved %zu MiB: %d pages promised, none is there yet", RESERVED_PAGES * page_size >> 20,
	    RESERVED_PAGES);
	rest();
	for (size_t i = 0; i < pages && !ended; i++) {
		write_page(start, i);
		say("touching page %zu of %zu", i + 1, pages);
	}
	for (size_t i = 1; i < pages && !ended; i++) {
		write_page(start, i * stride);
		say("touching one page in %zu: page %zu", stride, i * stride);
	}
}

static void act_read_first(void)
{
	char *start = map_anonymous(pages * page_size);

	for (size_t i = 0; i < pages && !ended; i++) {
		read_page(start, i);
		say("reading page %zu, never written: the one page of zeroes", i);
	}
	for (size_t i = 0; i < pages && !ended; i += 2) {
		write_page(start, i);
		say("writing page %zu: now it gets a page of its own", i);
	}
}

static void open_file(void)
{
	char *zeros = calloc(pages, page_size);

	file = mkstemp(file_path);
	if (file < 0)
		die(file_path);
	if (!zeros || write(file, zeros, pages * page_size) != (ssize_t)(pages * page_size))
		die(file_path);
	free(zeros);
}

static void act_file(void)
{
	char *private = map(pages * page_size, MAP_PRIVATE, file);
	char *shared = map(pages * page_size, MAP_SHARED, file);

	say("mapped a file of %zu pages twice: private and shared", pages);
	rest();
	for (size_t i = 0; i < pages && !ended; i += 16) {
		read_page(private, i);
		say("reading page %zu of the file: its neighbours come with it", i);
	}
	for (size_t i = 0; i < pages && !ended; i += 4) {
		write_page(private, i);
		say("writing page %zu of the private mapping: a copy is made", i);
	}
	for (size_t i = 0; i < pages && !ended; i += 8) {
		write_page(shared, i);
		say("writing page %zu of the shared mapping: the file's own page", i);
	}
}

static void act_heap(void)
{
	for (size_t i = 0; i < pages && !ended; i++) {
		if (i % BLOCK_PAGES == 0) {
			blocks[block_count] = malloc(BLOCK_PAGES * page_size);
			if (!blocks[block_count++])
				die("malloc");
			say("malloc of %d pages: the heap grows, nothing is touched", BLOCK_PAGES);
		}
		write_page(blocks[block_count - 1], i % BLOCK_PAGES);
		say("heap: touching page %zu of %zu", i + 1, pages);
	}
}

/* The frame of each call takes another page of the stack. */
static __attribute__((noinline)) void descend(size_t depth)
{
	volatile char frame[4096];

	frame[0] = 'x';
	say("stack: %zu calls deep", depth);
	if (depth < pages && !ended)
		descend(depth + 1);
	frame[1] = frame[0]; /* the frame is needed to the end: this is not a tail call */
}

static void act_stack(void)
{
	descend(1);
}

static void *touch_from_end(void *region)
{
	for (size_t i = pages - 1; i >= pages / 2 && !ended; i--) {
		write_page(region, i);
		say("thread: touching page %zu from the end", i);
	}
	return NULL;
}

static void act_thread(void)
{
	char *start = map_anonymous(pages * page_size);
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	errno = pthread_attr_setstacksize(&attr, 256 << 10); /* a small region, for the picture */
	if (!errno)
		errno = pthread_create(&thread, &attr, touch_from_end, start);
	if (errno)
		die("thread");
	for (size_t i = 0; i < pages / 2 && !ended; i++) {
		write_page(start, i);
		say("main: touching page %zu from the start", i);
	}
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
}

static void act_protect(void)
{
	size_t quarter = pages / 4 * page_size;
	char *start = map_anonymous(4 * quarter);

	for (size_t i = 0; i < 4 * quarter / page_size && !ended; i++) {
		write_page(start, i);
		if (i % 4 == 3)
			say("filling a region: page %zu", i);
	}
	if (mprotect(start, quarter, PROT_READ))
		die("mprotect");
	say("the first quarter is read-only from now on: its pages stay");
	rest();
	if (madvise(start + quarter, quarter, MADV_DONTNEED))
		die("madvise");
	say("the second quarter's pages are given back, the promise stays");
	rest();
	if (madvise(start + 2 * quarter, page_size, MADV_GUARD_INSTALL))
		say("no guard page: this kernel has none");
	else
		say("a guard page before the third quarter: a touch would kill");
	rest();
	if (munmap(start + 3 * quarter, quarter))
		die("munmap");
	say("the last quarter is unmapped: pages and promise are gone");
}

static void act_huge(void)
{
	char *start = map_anonymous(2 * HUGE_BYTES);
	char *aligned = (char *)(((uintptr_t)start + HUGE_BYTES - 1) & ~(uintptr_t)(HUGE_BYTES - 1));

	if (madvise(aligned, HUGE_BYTES, MADV_HUGEPAGE)) {
		say("no huge page: this kernel has none");
		return;
	}
	say("asking for huge pages");
	rest();
	write_page(aligned, 0);
	say("one touch, and %zu pages are there, if a huge page was free", HUGE_BYTES / page_size);
}

static void give_all_back(void)
{
	while (block_count > 0)
		free(blocks[--block_count]);
	say("freed what malloc gave: the heap shrinks");
	while (kept_count > 0) {
		kept_count--;
		if (munmap(kept[kept_count].start, kept[kept_count].length))
			die("munmap");
		say("unmapped %zu KiB", kept[kept_count].length / 1024);
		wait_ms(4 * delay_ms);
	}
}

static void play_round(void)
{
	static void (*const acts[])(void) = {
		act_touch, act_read_first, act_file, act_heap, act_stack, act_thread, act_protect, act_huge,
	};

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]) && !ended; i++) {
		acts[i]();
		rest();
	}
}

static void on_signal(int signal)
{
	(void)signal;
	ended = 1;
}

static void read_options(int argc, char *argv[])
{
	static const char usage[] =
	    "Usage: demo [--fast] [PAGES [MILLISECONDS]]\n"
	    "Touches PAGES pages an act (16 to 1024, default 64), a step each MILLISECONDS\n"
	    "(default 60), round after round, until you type q and Enter.\n"
	    "  --fast   one round without waiting, then hold until the end of input or a q\n";
	static const struct option options[] = { { "fast", no_argument, NULL, 'f' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'f') {
			fputs(usage, option == 'h' ? stdout : stderr);
			exit(option == 'h' ? 0 : 2);
		}
		fast = true;
		delay_ms = 0;
	}
	if (optind < argc)
		pages = strtoul(argv[optind++], NULL, 10);
	if (optind < argc)
		delay_ms = atoi(argv[optind++]);
	if (optind < argc || pages < 16 || pages > MAX_PAGES || delay_ms < 0) {
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_signal };

	read_options(argc, argv);
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	open_file();
	if (fast) {
		play_round();
		say("holding the picture");
		while (!ended && input >= 0)
			wait_ms(-1);
	}
	while (!fast && !ended) {
		play_round();
		rest();
		give_all_back();
		rest();
	}
	unlink(file_path);
	return 0;
}
