/* What one process does to its own memory, where it is. */
#include "live/cause_target.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HUGE ((size_t)2 << 20)
#define THREADS 4

/* What the kernel maps around a page that is read: 16 pages, aligned, but not before the mapping begins, nor beyond its end
 * or the page table's, and of these what is not there yet. */
static void touch_neighbours(void)
{
	int fd = cached_file(1);
	volatile char *memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	uintptr_t first = (uintptr_t)memory / PAGE, there = first; /* what is below came before */
	char rest[64];

	must(memory != MAP_FAILED, "mmap");
	const size_t pages[] = { 0, 21, 40, 63 };
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		uintptr_t page = first + pages[i], low = page & ~(uintptr_t)15, table_end = (page | 511) + 1;

		low = low > first ? low : first;
		uintptr_t high = low + 16 < table_end ? low + 16 : table_end;
		high = high < first + FILE_PAGES ? high : first + FILE_PAGES;
		low = low > there ? low : there;
		there = high;
		snprintf(rest, sizeof rest, "%d %d 0", (int)(page - low), (int)(high - 1 - page));
		expect(memory + pages[i] * PAGE, "file-cached", "read", rest);
		must(memory[pages[i] * PAGE] == 1, "content");
	}
}

static void touch_code(void)
{
	int fd = cached_file(0xc3); /* ret */
	char *memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	void (*call)(void);

	must(memory != MAP_FAILED, "mmap");
	*(void **)&call = memory + 20 * PAGE;
	expect(memory + 20 * PAGE, "file-cached", "exec", "- - 0");
	call();
}

static void touch_disk(void)
{
	int fd = cached_file(1);
	volatile char *memory = mmap(NULL, FILE_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	unsigned char held[FILE_PAGES];

	must(memory != MAP_FAILED && fsync(fd) == 0, "fsync");
	must(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0, "fadvise");
	must(mincore((void *)(uintptr_t)memory, FILE_PAGES * PAGE, held) == 0, "mincore");
	expect(memory + 30 * PAGE, held[30] & 1 ? "file-cached" : "file-read", "read", "- - 0");
	must(memory[30 * PAGE] == 1, "content");
	touch_writing(memory + 30 * PAGE + 8, 1, "cow-file", "0 0 0");
}

static void touch_huge(void)
{
	char *memory = mmap(NULL, 3 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *huge = memory + (HUGE - (uintptr_t)memory % HUGE);

	must(memory != MAP_FAILED && madvise((void *)(uintptr_t)huge, HUGE, MADV_HUGEPAGE) == 0, "madvise");
	touch_writing(huge + 100 * PAGE, 1, "zero-fill", "100 411 1");
}

__attribute__((noinline)) static void touch_stack(void)
{
	volatile char *here = __builtin_frame_address(0);

	for (size_t i = 1; i <= 3; i++)
		touch_writing(here - i * 300 * 1024, 1, "stack-growth", "0 0 0");
	touch_writing(here - 450 * 1024, 1, "zero-fill",
		      "0 0 0"); /* the stack already reaches further down */
}

/* Memory that grows down as a stack does; right below it, memory that the program maps itself. */
static void touch_growing(void)
{
	volatile char *room = map_memory(600 * PAGE), *top = room + 590 * PAGE;

	unmap(room, 600 * PAGE);
	must(mmap((void *)(uintptr_t)top, 4 * PAGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0) == top,
	     "mmap");
	touch_writing(top, 1, "zero-fill", "0 0 0");
	for (size_t i = 1; i <= 8; i++) {
		volatile char *at = top - i * 2 * PAGE;

		touch_writing(at + 8, 1, "stack-growth", "0 0 0");
		touch_writing(at + PAGE, 1, "zero-fill", "0 0 0");
	}
	unmap(top - 16 * PAGE, 20 * PAGE);
	for (size_t i = 0; i < 8; i++) {
		volatile char *at = top - i * PAGE;

		must(mmap((void *)(uintptr_t)at, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at,
		     "mmap");
		touch_writing(at + 8, 1, "zero-fill", "- - 0");
	}
}

static void touch_shared(void)
{
	volatile char *memory =
	    mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must(memory != MAP_FAILED, "mmap");
	touch_writing(memory + PAGE, 1, "shm", "- - 0");
	expect(memory + 2 * PAGE, "shm", "read", "- - 0");
	must(memory[2 * PAGE] == 0, "content");
}

static void touch_zero(void)
{
	volatile char *memory = map_memory(64 * PAGE);

	for (size_t i = 0; i < 64; i += 2) {
		touch_reading(memory + i * PAGE, 1, "zero-page", "0 0 0");
		touch_writing(memory + i * PAGE + 8, 1, "zero-replaced", "0 0 0");
	}
}

/* The kernel may need several attempts. */
static void swap_out(volatile char *at)
{
	int tries = 0;

	do
		must(madvise((void *)(uintptr_t)at, PAGE, MADV_PAGEOUT) == 0, "madvise");
	while (entry_of(at) >> 63 && ++tries < 1000);
}

static void touch_swapped(void)
{
	volatile char *memory = map_memory(4 * PAGE);

	stay_on_processor();
	memory[PAGE] = 1;
	until(memory + PAGE, "anon");
	do /* another test that gives up its swap file may bring it back */
		swap_out(memory + PAGE);
	while (!until(memory + PAGE, "swap"));
	expect(memory + PAGE + 8, "swap-in", "-", "- - 0");
	memory[PAGE + 8] = 2;
}

static void *touch_thread(void *memory)
{
	volatile char *at = memory;

	for (size_t i = 0; i < 200; i++, at += PAGE)
		touch_writing(at + i, 1, "zero-fill", "0 0 0");
	return NULL;
}

static void touch_threads(void)
{
	pthread_t threads[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		must(pthread_create(&threads[i], NULL, touch_thread,
				    (void *)(uintptr_t)map_memory(201 * PAGE)) == 0,
		     "pthread_create");
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* Gone before anybody can look. */
static void touch_gone(void)
{
	for (size_t i = 0; i < 16; i++) {
		volatile char *memory = map_memory(2 * PAGE);

		touch_writing(memory + i, 1, "zero-fill", "- - 0");
		if (i % 2 == 0)
			unmap(memory, 2 * PAGE);
		else
			must(madvise((void *)(uintptr_t)memory, 2 * PAGE, MADV_DONTNEED) == 0, "madvise");
	}
}

/* A private mapping of /dev/zero is anonymous memory, whether it stays or goes before anybody can look. */
static void touch_dev_zero(void)
{
	int fd = open("/dev/zero", O_RDWR);

	must(fd >= 0, "/dev/zero");
	for (size_t i = 0; i < 16; i++) {
		volatile char *memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

		must(memory != MAP_FAILED, "mmap");
		touch_reading(memory + i, 1, "zero-page", "- - 0");
		touch_writing(memory + PAGE + i, 1, "zero-fill", "- - 0");
		if (i % 2 == 0)
			unmap(memory, 2 * PAGE);
	}
}

#ifdef __x86_64__
static void *make_code(const void *bytes, size_t count)
{
	char *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	must(code != MAP_FAILED, "mmap");
	memcpy(code, bytes, count);
	return code;
}

/* By code that is made now and gone afterwards, in memory that goes at once. */
static void touch_by_made_code(void)
{
	static const struct {
		const unsigned char bytes[8];
		const char *cause, *access;
	} made[] = {
		{ { 0xc6, 0x07, 0x01, 0xc3 }, "zero-fill", "write" },       /* mov byte [rdi], 1; ret */
		{ { 0x8a, 0x07, 0xc3 }, "zero-page", "read" },              /* mov al, [rdi]; ret */
		{ { 0xc6, 0x04, 0x37, 0x01, 0xc3 }, "zero-fill", "write" }, /* mov byte [rdi + rsi], 1; ret */
		{ { 0x8a, 0x04, 0x77, 0xc3 }, "zero-page", "read" },        /* mov al, [rdi + 2 * rsi]; ret */
	};
	volatile char *memory = map_memory(2 * (32 + 16) * PAGE); /* no page twice */

	for (size_t i = 0; i < 32; i++, memory += 2 * PAGE) {
		size_t which = i % (sizeof made / sizeof made[0]);
		void (*call)(volatile char *, size_t, size_t);

		*(void **)&call = make_code(made[which].bytes, sizeof made[which].bytes);
		expect(memory + (which < 2    ? 0
				 : which == 2 ? 8
					      : 16),
		       made[which].cause, made[which].access, "- - 0");
		call(memory, 8, 0);
		unmap(memory, 2 * PAGE);
	}
	static const unsigned char copy[] = {
		0x48, 0x89, 0xd1, 0xf3, 0xa4, 0xc3
	}; /* mov rcx, rdx; rep movsb; ret */
	void (*call)(volatile char *, volatile char *, size_t);

	*(void **)&call = make_code(copy, sizeof copy);
	for (size_t i = 0; i < 8; i++) {
		volatile char *from = memory + 4 * i * PAGE, *to = from + 2 * PAGE;

		expect(from + 8, "zero-page", "read", "- - 0");
		expect(to + 16, "zero-fill", "write", "- - 0");
		call(to + 16, from + 8, 16);
		unmap(from, 2 * PAGE);
		unmap(to, 2 * PAGE);
	}
}
#else
static void touch_by_made_code(void)
{
	volatile char *memory = map_memory(PAGE);

	touch_writing(memory, 1, "zero-fill", "0 0 0");
}
#endif

/* Pages of the kernel's own, those that nothing has touched yet. */
/* A page of the kernel's variables shows in no pagemap, and what instruments the program reads the clock, and with it that
 * page, when it likes. */
#ifdef __SANITIZE_ADDRESS__
#define VARIABLES "-"
#else
#define VARIABLES "[vvar]"
#endif

static void touch_special(void)
{
	char line[256], name[32];
	unsigned long start, end;
	size_t touched = 0;
	FILE *maps = fopen("/proc/self/maps", "r");

	must(maps != NULL, "maps");
	while (fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx %*s %*s %*s %*s %31s", &start, &end, name) != 3 ||
		    (strcmp(name, VARIABLES) != 0 && strcmp(name, "[vdso]") != 0))
			continue;
		/* of the variables only the first page is there on each machine */
		for (unsigned long at = start; at < (name[2] == 'v' ? start + PAGE : end); at += PAGE) {
			volatile char *page = (volatile char *)at;

			if (entry_of(page) >> 63)
				continue;
			touch_reading(page + 8, 1, "special", "0 0 0");
			touched++;
		}
	}
	fclose(maps);
	must(touched > 0, "untouched pages of [vvar] or [vdso]");
}

/* The last thing that the program does. */
__attribute__((noreturn)) static void touch_end(void)
{
	volatile char *memory = map_memory(PAGE);

	expect(memory + 8, "zero-fill", "write", "- - 0");
	target_end();
	memory[8] = 1;
	syscall(SYS_exit_group, 0);
	__builtin_unreachable();
}

const struct cause_case plain_cases[] = {
	{ "neighbours", touch_neighbours },
	{ "code", touch_code },
	{ "disk", touch_disk },
	{ "huge", touch_huge },
	{ "stack", touch_stack },
	{ "growing", touch_growing },
	{ "shared", touch_shared },
	{ "zero", touch_zero },
	{ "swapped", touch_swapped },
	{ "threads", touch_threads },
	{ "gone", touch_gone },
	{ "dev_zero", touch_dev_zero },
	{ "special", touch_special },
	{ "end", touch_end },
	{ "made_code", touch_by_made_code },
	{ NULL, NULL },
};
