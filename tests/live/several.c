/* Processes that did not fork each other, watched as one family: named one by one, by their cgroup, by their
 * name. The targets are this program itself: each touches as many pages as requested, reports that, and
 * touches one more at each line. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/family.h"

#include "live/watching.h"

#define PLACE UINT64_C(0x200000000000)
#define PAGES 64
#define NAME "psc-several"

struct target {
	pid_t pid;
	int lines; /* written to: a byte is one more page, a q its end */
};

static void play(int pages, int lines, int said)
{
	char byte, *memory = mmap((void *)PLACE, PAGES * 4096, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	do {
		for (int i = 0; i < pages; i++)
			((volatile char *)memory)[i * 4096] = 1;
		pages++;
		if (write(said, "x", 1) != 1)
			_exit(99);
	} while (read(lines, &byte, 1) == 1 && byte != 'q');
	_exit(7);
}

static void hear(int said)
{
	char byte;

	if (read(said, &byte, 1) != 1)
		fail_msg("the target says nothing");
}

static struct target start(int pages, const char *name, int *said)
{
	struct target t;
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
		fail_msg("pipe");
	t.pid = fork();
	if (t.pid == 0) {
		close(to[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		play(pages, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	t.lines = to[1];
	*said = from[0];
	hear(from[0]);
	return t;
}

static void end(struct target *t)
{
	int status;

	if (write(t->lines, "q", 1) != 1)
		fail_msg("a target has gone");
	close(t->lines);
	if (waitpid(t->pid, &status, 0) != t->pid || !WIFEXITED(status) || WEXITSTATUS(status) != 7)
		fail_msg("a target was harmed: %x", status);
}

/* What was left out. */
struct left_out {
	size_t processes;
	char rest[512];
};

static void note_left_out(void *context, int32_t pid, const struct err *why)
{
	struct left_out *left = context;

	left->processes += pid != 0;
	if (!pid)
		snprintf(left->rest, sizeof left->rest, "%s", why->text);
}

static bool watch(struct watching *w, struct family_choice *choice, struct err *err)
{
	struct live_options o;

	*w = (struct watching){ .world = world_create() };
	live_options_init(&o);
	o.interval_ns = 5 * CLOCK_MS;
	o.faults = true;
	w->source = family_attach_all(choice, &w->pid, &o, w->world, err);
	if (!w->source) {
		world_destroy(w->world);
		return false;
	}
	if (w->source->ops->sweep(w->source, &w->world->sink, err) != 0)
		fail_msg("%s", err->text);
	w->process = world_find(w->world, w->pid);
	return true;
}

static int touched(const struct watching *w, pid_t pid)
{
	const struct process *p = world_find(w->world, pid);
	int n = 0;

	for (uint64_t i = 0; p && i < PAGES; i++)
		n += page_state(runs_at(p->space->pages, PLACE / 4096 + i).value) == PAGE_ANON;
	return n;
}

static bool has_ended(const struct watching *w, pid_t pid)
{
	const struct process *p = world_find(w->world, pid);

	return p && !process_alive(p);
}

static size_t alive(const struct watching *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->world->count; i++)
		n += process_alive(w->world->processes[i]);
	return n;
}

/* Each has its own pages; the first one's end is not the end of the others. */
static void test_named_one_by_one(void **state)
{
	int said[2];
	struct target a = start(3, NAME, &said[0]), b = start(5, NAME, &said[1]);
	int32_t pids[] = { a.pid, b.pid, a.pid };
	struct watching w;
	struct err err = { 0 };

	assert_true(watch(&w, &(struct family_choice){ .pids = pids, .count = 3 }, &err));
	assert_int_equal(w.world->count, 2);
	assert_int_equal(w.pid, a.pid);
	assert_int_equal(w.world->processes[1]->parent, 0);
	assert_int_equal(touched(&w, a.pid), 3);
	assert_int_equal(touched(&w, b.pid), 5);
	/* one time for all: what was there at the first look has been so since time 0 */
	assert_int_equal(w.world->processes[1]->course.born_ns, 0);
	end(&a);
	WATCH_UNTIL(&w, has_ended(&w, a.pid));
	assert_int_equal(write(b.lines, "x", 1), 1);
	hear(said[1]);
	WATCH_UNTIL(&w, touched(&w, b.pid) == 6);
	assert_true(process_alive(world_find(w.world, b.pid)));
	/* a request to one that has ended is answered, without a crash */
	struct page_detail *detail = calloc(1, sizeof *detail);
	assert_int_equal(w.source->ops->inspect(w.source, a.pid, PLACE / 4096, INSPECT_PAGE, detail, &err),
			 0);
	free(detail);
	uint8_t common;
	assert_int_equal(w.source->ops->compare(w.source, a.pid, b.pid, PLACE / 4096, 1, &common, &err), -1);
	assert_int_equal(err.code, ERR_GONE);
	end(&b);
	WATCH_UNTIL(&w, has_ended(&w, b.pid));
	watch_end(&w);
}

/* A child that is named behind its parent is its child. */
static void test_parent_and_child(void **state)
{
	int said[2];
	int32_t pids[2] = { getpid(), 0 };
	struct target a = start(3, NAME, &said[0]);
	struct watching w;
	struct err err = { 0 };

	pids[1] = a.pid;
	assert_true(watch(&w, &(struct family_choice){ .pids = pids, .count = 2 }, &err));
	assert_int_equal(world_find(w.world, a.pid)->parent, getpid());
	assert_int_equal(world_find(w.world, a.pid)->course.lost, 0);
	end(&a);
	WATCH_UNTIL(&w, has_ended(&w, a.pid));
	watch_end(&w);
}

static void test_one_that_is_not_there(void **state)
{
	int said;
	struct target a = start(1, NAME, &said);
	pid_t gone = fork();
	struct watching w;
	struct err err = { 0 };

	if (gone == 0)
		_exit(0);
	waitpid(gone, NULL, 0);
	int32_t pids[] = { a.pid, gone };
	assert_false(watch(&w, &(struct family_choice){ .pids = pids, .count = 2 }, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	end(&a);
}

static struct roster *roster_named(const char *regex)
{
	struct err err = { 0 };
	struct roster *r = roster_create(&(struct roster_options){ .name = regex }, &err);

	if (!r)
		fail_msg("%s", err.text);
	return r;
}

/* Those that are there, and those that come; a name that matches nothing has its own error. */
static void test_by_name(void **state)
{
	int said[3];
	struct target a = start(3, NAME "1", &said[0]), other = start(4, "psc-other", &said[1]);
	struct family_choice choice = { .roster = roster_named("^" NAME "[0-9]$") };
	struct watching w;
	struct err err = { 0 };

	assert_true(watch(&w, &choice, &err));
	assert_int_equal(w.world->count, 1);
	assert_int_equal(w.pid, a.pid);
	struct target late = start(5, NAME "2", &said[2]);
	WATCH_UNTIL(&w, touched(&w, late.pid) == 5);
	assert_null(world_find(w.world, other.pid));
	/* it came after the watch had begun: it had faults that were not seen */
	assert_true(world_find(w.world, late.pid)->course.born_ns > 0);
	assert_true(world_find(w.world, late.pid)->course.lost > 0);
	end(&a);
	end(&late);
	WATCH_UNTIL(&w, has_ended(&w, a.pid) && has_ended(&w, late.pid));
	watch_end(&w);
	end(&other);
	choice.roster = roster_named("^" NAME "[0-9]$");
	assert_false(watch(&w, &choice, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* More than can be watched: as many as possible are, and the number of the others is reported. */
static void test_more_than_fit(void **state)
{
	static struct target crowd[MEMBERS_MAX + 9];
	struct left_out left = { 0 };
	struct family_choice choice = { .report = { note_left_out, &left } };
	struct watching w;
	struct err err = { 0 };

	for (size_t i = 0; i < MEMBERS_MAX + 9; i++) {
		int said;
		crowd[i] = start(1, NAME "-crowd", &said);
		close(said);
	}
	choice.roster = roster_named("^" NAME "-cro");
	assert_true(watch(&w, &choice, &err));
	assert_int_equal(alive(&w), MEMBERS_MAX);
	assert_int_equal(left.processes, 0);
	assert_true(!strncmp(left.rest, "9 more ", 7));
	/* when one has gone there is room for another; only the first keeps its place */
	for (size_t i = 1; i < 10; i++)
		end(&crowd[i]);
	WATCH_UNTIL(&w, w.world->count == MEMBERS_MAX + 9 && alive(&w) == MEMBERS_MAX);
	watch_end(&w);
	end(&crowd[0]);
	for (size_t i = 10; i < MEMBERS_MAX + 9; i++)
		end(&crowd[i]);
}

/* Other users' processes are left out, with a reason; if all are, that is the error. */
static void test_not_ours(void **state)
{
	struct left_out left = { 0 };
	struct family_choice choice = { .report = { note_left_out, &left } };
	struct watching w;
	struct err err = { 0 };

	if (geteuid() == 0)
		return; /* all are ours: this is for several_nobody.sh */
	int said;
	choice.roster = roster_named(".");
	struct target a = start(2, NAME, &said);
	assert_true(watch(&w, &choice, &err));
	assert_int_equal(touched(&w, a.pid), 2);
	assert_true(left.processes > 0);
	end(&a);
	watch_end(&w);
	choice.roster = roster_named("^(init|systemd|process_api)$");
	if (!watch(&w, &choice, &err))
		assert_true(err.code == ERR_DENIED || err.code == ERR_NOT_FOUND);
	else
		watch_end(&w);
}

/* A group of our own, of version 2; false where none can be made. */
static bool make_cgroup(char path[static 256], char below[static 300])
{
	FILE *mounts = fopen("/proc/self/mounts", "re");
	char line[512], directory[200] = "", type[32];

	while (mounts && fgets(line, sizeof line, mounts))
		if (sscanf(line, "%*s %199s %31s", directory, type) == 2 && !strcmp(type, "cgroup2"))
			break;
		else
			*directory = '\0';
	if (mounts)
		fclose(mounts);
	snprintf(path, 256, "%s/" NAME ".%d", directory, (int)getpid());
	snprintf(below, 300, "%s/below", path);
	return *directory && mkdir(path, 0755) == 0 && mkdir(below, 0755) == 0;
}

static void move(const char *group, pid_t pid)
{
	char path[400];
	int fd;

	snprintf(path, sizeof path, "%s/cgroup.procs", group);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || dprintf(fd, "%d\n", (int)pid) < 0)
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

/* Its processes and those of the groups below it, also those that come. */
static void test_by_cgroup(void **state)
{
	char path[256], below[300];
	int said[3];
	struct watching w;
	struct err err = { 0 };
	struct roster_options options = { 0 };

	if (!make_cgroup(path, below)) {
		print_message("skipped: no cgroup can be made here (%s)\n", strerror(errno));
		return;
	}
	struct target a = start(3, NAME, &said[0]), b = start(4, NAME, &said[1]);
	options.cgroup = strrchr(path, '/');
	struct family_choice choice = { .roster = roster_create(&options, &err) };
	assert_non_null(choice.roster);
	assert_false(watch(&w, &choice, &err)); /* the cgroup is empty */
	assert_int_equal(err.code, ERR_NOT_FOUND);
	move(path, a.pid);
	move(below, b.pid);
	options.cgroup = path;
	choice.roster = roster_create(&options, &err);
	assert_true(watch(&w, &choice, &err));
	assert_int_equal(w.world->count, 2);
	assert_int_equal(touched(&w, b.pid), 4);
	struct target late = start(5, NAME, &said[2]);
	move(below, late.pid);
	WATCH_UNTIL(&w, touched(&w, late.pid) == 5);
	end(&a);
	end(&b);
	end(&late);
	assert_int_equal(rmdir(below), 0);
	assert_int_equal(rmdir(path), 0);
	/* that the group is gone does not end the watch before all are */
	WATCH_UNTIL(&w, alive(&w) == 0);
	watch_end(&w);
	assert_null(roster_create(&options, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void test_bad_expression(void **state)
{
	struct err err = { 0 };

	assert_null(roster_create(&(struct roster_options){ .name = "a[" }, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_true(strlen(err.text) > strlen("not a regular expression: a[: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named_one_by_one),
		cmocka_unit_test(test_parent_and_child),
		cmocka_unit_test(test_one_that_is_not_there),
		cmocka_unit_test(test_by_name),
		cmocka_unit_test(test_more_than_fit),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_by_cgroup),
		cmocka_unit_test(test_bad_expression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
