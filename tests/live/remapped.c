/* Faults in regions that come and go between two looks. The target is this program itself, run as
 * remapped touch FOLDER; it maps one file after the other at one address and touches a page of each.
 * And programs that exec at once, as wrappers do: all that they touched lies in a known region. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "live/watching.h"

#define PAGE 4096
#define FILES 40
#define FILE_PAGES 8

static char program[4096], folder[4096];

/* ---- the target ---- */

static void name_file(char *path, size_t size, const char *where, int i)
{
	snprintf(path, size, "%s/file%02d", where, i);
}

static int touch(const char *where)
{
	char *at = mmap(NULL, FILE_PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char path[5000];
	printf("at %p\n", (void *)at);
	for (int i = 0; i < FILES; i++) {
		name_file(path, sizeof path, where, i);
		int fd = open(path, O_RDONLY);
		volatile char *memory =
		    mmap(at, FILE_PAGES * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
		if (fd < 0 || (char *)(uintptr_t)memory != at || memory[(size_t)i % FILE_PAGES * PAGE] != i)
			return 1;
		close(fd);
	}
	fflush(stdout);
	return 0;
}

/* ---- the test ---- */

struct witness {
	struct sink sink;
	struct watching w;
	int next; /* the file whose fault comes next */
	uint64_t placed, lost_places;
};

static struct region *region_of(const struct witness *t, uint64_t address)
{
	return space_find(t->w.process->space, address);
}

static void take(struct sink *sink, const struct event *e)
{
	struct witness *t = (struct witness *)sink;
	if (e->type == EVENT_FAULT) {
		const struct region *r = region_of(t, e->fault.address);
		const char *name = r ? strstr(r->attr.path, "/file") : NULL;
		t->placed += r != NULL;
		t->lost_places += r == NULL && !fault_is_fatal(e->fault.cause);
		if (name) {
			assert_int_equal(atoi(name + 5), t->next);
			assert_int_equal(e->fault.address,
					 r->attr.start + (uint64_t)t->next % FILE_PAGES * PAGE);
			assert_int_equal(r->attr.kind, REGION_FILE);
			/* if it was replaced after maps and before the page was read, the cause is unknown */
			if (e->fault.cause != FAULT_FILE_CACHED && e->fault.cause != FAULT_FILE_READ &&
			    e->fault.cause != FAULT_CAUSE_UNKNOWN)
				fail_msg("file %d: %s %s -> %s", t->next, fault_cause_name(e->fault.cause),
					 page_state_name(page_state(e->fault.was)),
					 page_state_name(page_state(e->fault.now)));
			t->next++;
		}
	}
	sink_send(&t->w.world->sink, e);
}

static struct witness watch(const char *const argv[])
{
	struct witness t = { .sink = { .take = take } };
	struct live_options options;
	live_options_init(&options);
	options.faults = true;
	t.w = watch_begin(&options, argv, 0);
	if (!t.w.process->sources[SOURCE_FAULTS].ok) {
		printf("# SKIP %s\n", t.w.process->sources[SOURCE_FAULTS].why);
		watch_control(&t.w, CONTROL_END);
		watch_end(&t.w);
		exit(77);
	}
	for (uint64_t until = clock_now_ns() + DEADLINE_NS; process_alive(t.w.process);) {
		assert_true(clock_now_ns() < until);
		watch_step_to(&t.w, &t.sink);
	}
	return t;
}

static void test_files(void **state)
{
	char path[5000], page[PAGE];
	for (int i = 0; i < FILES; i++) {
		name_file(path, sizeof path, folder, i);
		int fd = open(path, O_WRONLY | O_CREAT, 0600);
		memset(page, i, sizeof page);
		for (int k = 0; k < FILE_PAGES; k++)
			assert_int_equal(write(fd, page, sizeof page), sizeof page);
		close(fd);
	}
	struct witness t = watch((const char *const[]){ program, "touch", folder, NULL });
	assert_int_equal(t.w.process->status, PROCESS_EXITED);
	assert_int_equal(t.w.process->status_code, 0);
	assert_int_equal(t.next, FILES);
	assert_int_equal(t.lost_places, 0);
	watch_end(&t.w);
}

/* Each image is gone a moment after it started. */
static void test_execs(void **state)
{
	struct witness t = watch((const char *const[]){
	    "/bin/sh", "-c", "exec /bin/sh -c 'exec /bin/sh -c \"exec /bin/true\"'", NULL });
	assert_int_equal(t.w.process->course.execs, 3);
	assert_true(t.placed > 200);
	assert_int_equal(t.lost_places, 0);
	watch_end(&t.w);
}

static int clean(void **state)
{
	char path[5000];
	for (int i = 0; i < FILES; i++) {
		name_file(path, sizeof path, folder, i);
		unlink(path);
	}
	return rmdir(folder);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "touch"))
		_exit(touch(argv[2]));
	if (!watch_place(argv[0], program, folder))
		return 99;
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_files), cmocka_unit_test(test_execs) };
	return cmocka_run_group_tests(tests, NULL, clean);
}
