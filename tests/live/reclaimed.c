/* Pages that are evicted, dropped and written back on request, and how they come back. The target is
 * this program itself, run as reclaimed target FOLDER: it writes pages of its own and of a file, and
 * touches one of each again at each line that it reads. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kern/reclaim.h"
#include "live/watching.h"

#define PAGES 16

static char program[4096], folder[4096];

/* ---- the target ---- */

static char *map_file(const char *where, size_t size)
{
	char path[5000];
	snprintf(path, sizeof path, "%s/file", where);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0)
		return MAP_FAILED;
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	madvise(at, size, MADV_RANDOM); /* a fault brings one page, not those around it */
	close(fd);
	return at;
}

static int be_target(const char *where)
{
	size_t size = PAGES * (size_t)sysconf(_SC_PAGESIZE);
	volatile char *own = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *file = map_file(where, size);
	char line[64];
	if (own == MAP_FAILED || file == MAP_FAILED)
		return 1;
	madvise((void *)(uintptr_t)own, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < size; i++)
		own[i] = file[i] = 'x';
	printf("at %p %p.\n", (void *)(uintptr_t)own, (void *)(uintptr_t)file);
	for (int n = 0; fflush(stdout) == 0 && fgets(line, sizeof line, stdin); n++)
		printf("%d: %c %c.\n", n, own[0], file[0]);
	return 0;
}

/* ---- the test ---- */

struct places {
	struct watching w;
	uint64_t own, file; /* their first pages */
};

static struct places begin(void)
{
	struct live_options o;
	struct places p;
	uint64_t own = 0, file = 0;
	const char *line;
	live_options_init(&o);
	o.interval_ns = 5 * CLOCK_MS;
	o.faults = true;
	p.w = watch_begin(&o, (const char *[]){ program, "target", folder, NULL }, 0);
	WATCH_UNTIL(&p.w, watch_output_has(&p.w, "."));
	for (size_t i = 0; !file && (line = output_line(&p.w.process->output, i)); i++)
		sscanf(line, "at 0x%" SCNx64 " 0x%" SCNx64, &own, &file);
	assert_true(own && file);
	p.own = space_page(p.w.process->space, own);
	p.file = space_page(p.w.process->space, file);
	return p;
}

static int ask(struct places *p, enum control what, uint64_t first, struct control_done *done,
	       struct err *err)
{
	struct control_arg arg = { .pages = { first, first + PAGES, done } };
	return p->w.source->ops->control(p->w.source, p->w.pid, what, &arg, err);
}

static struct control_done must(struct places *p, enum control what, uint64_t first)
{
	struct control_done done;
	struct err err = { 0 };
	if (ask(p, what, first, &done, &err) != 0)
		fail_msg("%s", err.text);
	return done;
}

/* The target touches both again: what it reads is what it wrote. */
static void touch(struct places *p, int n)
{
	struct control_arg line = { .bytes = "\n", .len = 1 };
	char text[32];
	assert_int_equal(p->w.source->ops->control(p->w.source, p->w.pid, CONTROL_SEND, &line, NULL), 0);
	snprintf(text, sizeof text, "%d: x x.", n);
	WATCH_UNTIL(&p->w, watch_output_has(&p->w, text));
}

static const struct event_fault *last_fault(const struct places *p, uint64_t page)
{
	const struct fault_log *log = &p->w.process->faults.log;
	for (uint64_t n = log->end; n-- > log->begin;)
		if (space_page(p->w.process->space, fault_log_at(log, n)->fault.address) == page)
			return &fault_log_at(log, n)->fault;
	return NULL;
}

static void check_fault(struct places *p, uint64_t page, enum fault_cause cause)
{
	if (!p->w.process->sources[SOURCE_FAULTS].ok) {
		print_message("# faults are not seen: %s\n", p->w.process->sources[SOURCE_FAULTS].why);
		return;
	}
	WATCH_UNTIL(&p->w, last_fault(p, page) && last_fault(p, page)->cause == cause);
}

static uint64_t resident(const struct control_census *c)
{
	return page_resident(c->states);
}

/* Pages that the kernel has only just handed out are not on its lists yet: it is asked again. */
static struct control_done evict_all(struct places *p, uint64_t first)
{
	struct control_done done = must(p, CONTROL_EVICT, first);
	uint64_t deadline = clock_now_ns() + DEADLINE_NS;
	assert_int_equal(resident(&done.before), PAGES);
	while (resident(&done.after) && clock_now_ns() < deadline)
		done = must(p, CONTROL_EVICT, first);
	return done;
}

static void test_sync(void **unused)
{
	struct places p = begin();
	struct control_done done = must(&p, CONTROL_SYNC, p.file);
	struct err err = { 0 };
	assert_true(done.before.has_dirty && done.after.has_dirty);
	assert_int_equal(done.before.dirty, PAGES);
	assert_int_equal(done.after.dirty, 0);
	assert_int_equal(resident(&done.after), PAGES);
	assert_int_equal(ask(&p, CONTROL_SYNC, p.own, &done, &err), -1);
	assert_non_null(strstr(err.text, "no file is behind it"));
	touch(&p, 0);
	watch_end(&p.w);
}

/* What is mapped cannot be dropped; once evicted it can, and the next touch reads the disk. */
static void test_file(void **unused)
{
	struct places p = begin();
	must(&p, CONTROL_SYNC, p.file);
	struct control_done done = must(&p, CONTROL_DROP, p.file);
	assert_int_equal(resident(&done.after), PAGES);
	if (geteuid() != 0) {
		watch_end(&p.w);
		return;
	}
	done = evict_all(&p, p.file);
	assert_int_equal(resident(&done.after), 0);
	assert_int_equal(done.after.states[PAGE_CACHED] + done.after.states[PAGE_RESERVED], PAGES);
	done = must(&p, CONTROL_DROP, p.file);
	assert_int_equal(done.after.states[PAGE_RESERVED], PAGES);
	WATCH_UNTIL(&p.w, page_state(runs_at(p.w.process->space->pages, p.file).value) == PAGE_RESERVED);
	touch(&p, 0);
	check_fault(&p, p.file, FAULT_FILE_READ);
	watch_end(&p.w);
}

/* Writes to all pages of the file by its name: they are dirty in the page cache. To be closed after that: ext4 begins to
 * write a file that was truncated when it is closed. */
static int write_to_file(void)
{
	static char bytes[4096];
	char path[5000];

	snprintf(path, sizeof path, "%s/file", folder);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	memset(bytes, 'y', sizeof bytes);
	for (int i = 0; i < PAGES; i++)
		assert_int_equal(pwrite(fd, bytes, sizeof bytes, i * (off_t)sizeof bytes), sizeof bytes);
	return fd;
}

/* A drop begins to write what is dirty; how much that was is known where the kernel shows it. */
static void test_drop_of_dirty_pages(void **unused)
{
	struct places p = begin();
	if (geteuid() != 0)
		skip();
	evict_all(&p, p.file);
	int fd = write_to_file();
	struct control_done done = must(&p, CONTROL_DROP, p.file);
	if (done.before.has_dirty) {
		assert_in_range(done.before.dirty, 1, PAGES);
		assert_int_equal(done.after.dirty, 0);
	} else {
		print_message("# this kernel does not show a file's dirty pages\n");
	}
	close(fd);
	watch_end(&p.w);
}

static bool swap_is_on(void)
{
	FILE *f = fopen("/proc/swaps", "r");
	char line[512];
	int lines = 0;
	while (f && fgets(line, sizeof line, f))
		lines++;
	if (f)
		fclose(f);
	return lines > 1;
}

static void test_own(void **unused)
{
	if (geteuid() != 0)
		skip();
	struct places p = begin();
	if (swap_is_on()) {
		struct control_done done = evict_all(&p, p.own);
		assert_int_equal(done.after.states[PAGE_SWAP], PAGES);
		WATCH_UNTIL(&p.w, page_state(runs_at(p.w.process->space->pages, p.own).value) == PAGE_SWAP);
		touch(&p, 0);
		check_fault(&p, p.own, FAULT_SWAP_IN);
	} else {
		struct control_done done = must(&p, CONTROL_EVICT, p.own);
		print_message("# no swap is on: private memory has nowhere to go\n");
		assert_int_equal(resident(&done.after), PAGES);
		touch(&p, 0);
	}
	watch_end(&p.w);
}

static void test_refused(void **unused)
{
	struct places p = begin();
	struct control_done done;
	struct err err = { 0 };
	if (geteuid() != 0) {
		assert_int_equal(ask(&p, CONTROL_EVICT, p.own, &done, &err), -1);
		assert_int_equal(err.code, ERR_DENIED);
		assert_int_equal(err.errnum, EPERM);
		assert_string_equal(err.text, "evicting needs CAP_SYS_NICE (sudo): Operation not permitted");
	}
	assert_int_equal(ask(&p, CONTROL_EVICT, 1, &done, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	touch(&p, 0);
	watch_end(&p.w);
	err = (struct err){ 0 };
	assert_int_equal(reclaim_evict(-1, 0, 4096, &err), -1);
	assert_int_equal(err.errnum, EBADF);
	assert_int_equal(reclaim_drop(-1, 0, 4096, &err), -1);
	assert_int_equal(err.errnum, EBADF);
	assert_int_equal(reclaim_sync(-1, &err), -1);
	assert_int_equal(err.errnum, EBADF);
}

static int clean(void **unused)
{
	char path[5000];
	snprintf(path, sizeof path, "%s/file", folder);
	unlink(path);
	return rmdir(folder);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "target"))
		_exit(be_target(argv[2]));
	if (!watch_place(argv[0], program, folder))
		return 99;
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sync), cmocka_unit_test(test_file),
					    cmocka_unit_test(test_drop_of_dirty_pages),
					    cmocka_unit_test(test_own), cmocka_unit_test(test_refused) };
	return cmocka_run_group_tests(tests, NULL, clean);
}
