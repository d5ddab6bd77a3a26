/* All that a program forks: seen from birth to end if it was launched, found if it was
 * attached to. The targets are this program itself, in a role of its own (family_roles.h). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/family.h"
#include "live/family_roles.h"
#include "live/watching.h"

#define FILES_MAX 1200 /* open at once, however many children come */

static struct watching begin(const char *role, int32_t pid)
{
	struct live_options o;
	struct err err = { 0 };
	struct watching w = { .world = world_create(), .pid = pid };
	live_options_init(&o);
	o.interval_ns = 5 * CLOCK_MS;
	o.faults = true;
	const char *const argv[] = { SELF, role, NULL };
	w.source = role ? family_launch((char *const *)(uintptr_t)argv, 24, 80, &o, w.world, &w.pid, &err)
			: family_attach(&w.pid, &o, w.world, &err);
	if (!w.source || w.source->ops->sweep(w.source, &w.world->sink, &err) != 0)
		fail_msg("%s", err.text);
	w.process = world_find(w.world, w.pid);
	return w;
}

static bool all_ended(const struct watching *w)
{
	for (size_t i = 0; i < w->world->count; i++)
		if (process_alive(w->world->processes[i]))
			return false;
	return true;
}

static uint64_t said_page(const struct watching *w)
{
	void *memory = NULL;
	const char *line;
	for (size_t i = 0; (line = output_line(&w->process->output, i)); i++)
		if (sscanf(line, "memory %p", &memory) == 1)
			break;
	assert_non_null(memory);
	return (uintptr_t)memory / 4096;
}

static int touched(const struct process *p, uint64_t first)
{
	int n = 0;
	for (uint64_t i = 0; i < PAGES; i++)
		n += page_state(runs_at(p->space->pages, first + i).value) == PAGE_ANON;
	return n;
}

static void test_children(void **state)
{
	struct watching w = begin("children", 0);
	WATCH_UNTIL(&w, all_ended(&w));
	assert_int_equal(w.world->count, 4);
	for (size_t i = 1; i < 4; i++) {
		const struct process *child = w.world->processes[i];
		int n = 1 + 2 * (int)i;
		assert_int_equal(child->parent, w.pid);
		assert_int_equal(child->status, PROCESS_EXITED);
		assert_int_equal(child->status_code, n);
		assert_int_equal(touched(child, said_page(&w)), n);
		assert_false(child->identity.launched);
		/* each of its faults on these pages, reported as its own */
		for (uint64_t page = 0; child->sources[SOURCE_FAULTS].ok && page < (uint64_t)n; page++)
			assert_non_null(stories_find(&child->faults.stories, said_page(&w) + page));
	}
	assert_int_equal(touched(w.process, said_page(&w)), 0);
	assert_int_equal(w.process->status_code, 0);
	watch_end(&w);
}

static void test_vfork(void **state)
{
	struct watching w = begin("vfork", 0);
	WATCH_UNTIL(&w, all_ended(&w));
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 0);
	assert_int_equal(w.world->count, 4);
	for (size_t i = 1; i < 4; i++) {
		assert_int_equal(w.world->processes[i]->course.execs, 1);
		assert_int_equal(w.world->processes[i]->status_code, 12);
		assert_string_equal(w.world->processes[i]->identity.argv[0], "vforked");
	}
	watch_end(&w);
}

static size_t open_files(void)
{
	size_t n = 0;
	DIR *dir = opendir("/proc/self/fd");
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void test_bomb(void **state)
{
	size_t before = open_files(), most = 0;
	struct watching w = begin("bomb", 0);
	WATCH_UNTIL(&w, (most = open_files() > most ? open_files() : most, all_ended(&w)));
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 0);
	assert_int_equal(w.world->count + w.world->dropped, 1 + BOMB);
	assert_true(w.world->count <= 1 + WORLD_ENDED_MAX + MEMBERS_MAX);
	assert_ptr_equal(w.world->processes[0], w.process);
	assert_in_range(most - before, 1, FILES_MAX);
	watch_end(&w);
	assert_int_equal(open_files(), before);
}

/* Before the world's: counts the processes that were not watched. */
struct left_aside {
	struct sink sink;
	struct world *world;
	uint64_t processes;
};

static void count_unwatched(struct sink *sink, const struct event *e)
{
	struct left_aside *u = (struct left_aside *)sink;
	if (e->type == EVENT_LOST && e->lost.what == LOST_PROCESSES)
		u->processes += e->lost.count;
	sink_send(&u->world->sink, e);
}

static void test_crowd(void **state)
{
	struct watching w = begin("crowd", 0);
	struct left_aside u = { { .take = count_unwatched }, w.world, 0 };
	uint64_t deadline = clock_now_ns() + DEADLINE_NS;
	while (!all_ended(&w) && clock_now_ns() < deadline)
		watch_step_to(&w, &u.sink);
	assert_true(all_ended(&w));
	assert_int_equal(w.process->status_code, 0);
	assert_in_range(w.world->count, MEMBERS_MAX, MEMBERS_MAX + 21);
	if (w.world->count < MEMBERS_MAX + 21)
		assert_int_not_equal(u.processes, 0);
	watch_end(&w);
}

static void test_orphan(void **state)
{
	struct watching w = begin("orphan", 0);
	WATCH_UNTIL(&w, all_ended(&w));
	assert_int_equal(w.world->count, 2);
	assert_int_equal(w.process->status_code, 8);
	assert_int_equal(w.world->processes[1]->status_code, 9);
	assert_true(watch_output_has(&w, "still here"));
	watch_end(&w);
}

/* The last "tid" that the program printed; 0: none yet. */
static int32_t said_tid(const struct watching *w)
{
	const char *line;
	int tid;
	for (size_t i = 0; (line = output_line(&w->process->output, i)); i++)
		if (sscanf(line, "tid %d", &tid) == 1)
			return tid;
	return 0;
}

static bool thread_is(const struct watching *w, int32_t tid, bool ended)
{
	const struct thread *thread = threads_find(&w->process->threads, tid);
	return thread && !strcmp(thread->name, "worker") && thread->ended == ended;
}

static void test_threads(void **state)
{
	struct watching w = begin("threads", 0);
	for (int i = 0, tid = 0; i < 3; i++) {
		int32_t before = tid;
		WATCH_UNTIL(&w, (tid = said_tid(&w)) != before);
		WATCH_UNTIL(&w, thread_is(&w, tid, false));
		if (w.process->sources[SOURCE_FAULTS].ok)
			WATCH_UNTIL(&w, threads_find(&w.process->threads, tid)->minor >= PAGES);
		struct control_arg line = { .bytes = "\n", .len = 1 };
		assert_int_equal(w.source->ops->control(w.source, w.pid, CONTROL_SEND, &line, NULL), 0);
		WATCH_UNTIL(&w, thread_is(&w, tid, true));
		assert_true(process_alive(w.process) || i == 2);
	}
	WATCH_UNTIL(&w, all_ended(&w));
	assert_int_equal(w.process->status_code, 0);
	for (size_t i = 0; i < w.process->threads.count; i++)
		assert_true(w.process->threads.list[i].ended);
	watch_end(&w);
}

/* The first n pages were written since the fork: two frames. The others are one frame, which
 * an ordinary user sees only that it is shared. */
static void check_common(const struct watching *w, int n)
{
	uint8_t common[PAGES];
	struct err err = { 0 };
	bool frames = w->process->sources[SOURCE_FRAMES].ok;
	if (w->source->ops->compare(w->source, w->pid, w->world->processes[1]->pid, PLACE / 4096, PAGES,
				    common, &err) != 0)
		fail_msg("%s", err.text);
	for (int i = 0; i < PAGES; i++)
		assert_int_equal(common[i], i < n    ? PAGE_COMMON_OWN
					    : frames ? PAGE_COMMON_SAME
						     : PAGE_COMMON_MAYBE);
}

static void test_copy_on_write(void **state)
{
	struct watching w = begin("cow", 0);
	struct control_arg line = { .bytes = "\n", .len = 1 };
	char text[32];
	WATCH_UNTIL(&w, watch_output_has(&w, "ready"));
	assert_int_equal(w.world->count, 2);
	check_common(&w, 0);
	for (int i = 0; i < PAGES; i++) {
		assert_int_equal(w.source->ops->control(w.source, w.pid, CONTROL_SEND, &line, NULL), 0);
		snprintf(text, sizeof text, "wrote %d.", i);
		WATCH_UNTIL(&w, watch_output_has(&w, text));
		check_common(&w, i + 1);
	}
	w.source->ops->control(w.source, w.pid, CONTROL_SEND, &line, NULL);
	WATCH_UNTIL(&w, all_ended(&w));
	uint8_t common;
	assert_int_equal(
	    w.source->ops->compare(w.source, w.pid, w.world->processes[1]->pid, 0, 1, &common, NULL), -1);
	watch_end(&w);
}

static bool child_is_there(const struct watching *w, size_t i)
{
	return w->world->count > i && touched(w->world->processes[i], PLACE / 4096) == PAGES;
}

/* Until the child has become that program. */
static void await_exec(pid_t pid, const char *name)
{
	char path[64], line[64] = "";
	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	for (uint64_t until = clock_now_ns() + DEADLINE_NS; strcmp(line, name) != 0;) {
		FILE *file = fopen(path, "re");
		assert_non_null(file);
		line[fread(line, 1, sizeof line - 1, file)] = '\0';
		fclose(file);
		assert_true(clock_now_ns() < until);
	}
}

static void test_attached(void **state)
{
	int line[2];
	assert_int_equal(pipe(line), 0);
	pid_t target = fork();
	if (target == 0) {
		dup2(line[0], 0);
		close(line[0]);
		close(line[1]);
		execl(SELF, "target", "lines", NULL);
		_exit(99);
	}
	close(line[0]);
	await_exec(target, "target");
	struct watching w = begin(NULL, target);
	for (size_t i = 1; i <= 2; i++) {
		assert_int_equal(write(line[1], "\n", 1), 1);
		WATCH_UNTIL(&w, child_is_there(&w, i));
		assert_int_equal(w.world->processes[i]->parent, target);
		assert_int_equal(write(line[1], "\n", 1), 1);
		WATCH_UNTIL(&w, !process_alive(w.world->processes[i]));
	}
	close(line[1]);
	WATCH_UNTIL(&w, all_ended(&w));
	int status;
	assert_int_equal(waitpid(target, &status, 0), target);
	assert_int_equal(status, 0);
	watch_end(&w);
}

static int step_one(struct watching *w, int32_t pid, unsigned per_second)
{
	struct control_arg arg = { .step = { .kind = STEP_FAULT, .count = 1, .per_second = per_second } };
	return w->source->ops->control(w->source, pid, CONTROL_STEP, &arg, NULL);
}

/* A step of one of them, to its stop or its end. */
static bool step(struct watching *w, const struct process *p)
{
	unsigned stops = p->stop.count;
	assert_int_equal(step_one(w, p->pid, 0), 0);
	WATCH_UNTIL(w, p->stop.count != stops || !process_alive(p));
	if (p->stop.count == stops)
		return false;
	assert_int_equal(p->stop.why, STOP_FAULT);
	assert_int_equal(p->stop.tid, p->pid);
	assert_int_equal(p->status, PROCESS_PAUSED);
	return true;
}

static bool can_step(const struct watching *w)
{
	return w->process->sources[SOURCE_FAULTS].known && w->process->sources[SOURCE_FAULTS].ok;
}

/* Stepped through all its forks: its children run on, to their ends. */
static void test_step_through_forks(void **state)
{
	struct watching w = begin("forks", 0);
	int steps = 0;
	if (!can_step(&w))
		skip();
	while (step(&w, w.process))
		steps++;
	WATCH_UNTIL(&w, all_ended(&w));
	assert_true(steps > FORKS * PAGES);
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 0);
	assert_int_equal(w.world->count, 1 + FORKS);
	for (size_t i = 1; i < w.world->count; i++) {
		assert_int_equal(w.world->processes[i]->status, PROCESS_EXITED);
		assert_int_equal(w.world->processes[i]->status_code, 3);
	}
	watch_end(&w);
}

static uint64_t rounds(const struct watching *w, int who)
{
	char path[64];
	uint64_t n = 0;
	snprintf(path, sizeof path, "/proc/%d/mem", (int)w->pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = pread(fd, &n, sizeof n, (off_t)(PLACE + 8 * (uint64_t)who));
	close(fd);
	return got == (ssize_t)sizeof n ? n : 0;
}

/* One runs on, the other stands where it is. */
static void check_moves(struct watching *w, int runs, int stands)
{
	uint64_t run = rounds(w, runs), stand = rounds(w, stands);
	WATCH_UNTIL(w, rounds(w, runs) > run + 20);
	assert_int_equal(rounds(w, stands), stand);
}

/* Each is controlled by itself: a command to one does not affect the other. */
static void test_step_one_of_two(void **state)
{
	struct watching w = begin("two", 0);
	if (!can_step(&w))
		skip();
	WATCH_UNTIL(&w, w.world->count == 2 && rounds(&w, 0) && rounds(&w, 1));
	const struct process *child = w.world->processes[1];
	for (int i = 0; i < 40; i++)
		assert_true(step(&w, child));
	check_moves(&w, 0, 1);
	for (int i = 0; i < 40; i++)
		assert_true(step(&w, w.process));
	uint64_t parent_at = rounds(&w, 0), child_at = rounds(&w, 1);
	for (int i = 0; i < 3 * PAGES; i++)
		assert_true(step(&w, i % 3 ? w.process : child));
	assert_in_range(rounds(&w, 0) - parent_at, 1, 3);
	assert_in_range(rounds(&w, 1) - child_at, 1, 2);
	/* one slowly by itself, the other by hand */
	unsigned stops = child->stop.count;
	assert_int_equal(step_one(&w, child->pid, 200), 0);
	for (int i = 0; i < 3 || child->stop.count < stops + 5; i++)
		assert_true(step(&w, w.process));
	w.source->ops->control(w.source, w.pid, CONTROL_RESUME, &(struct control_arg){ 0 }, NULL);
	w.source->ops->control(w.source, child->pid, CONTROL_PAUSE, &(struct control_arg){ 0 }, NULL);
	WATCH_UNTIL(&w, child->status == PROCESS_PAUSED);
	check_moves(&w, 0, 1);
	w.source->ops->control(w.source, child->pid, CONTROL_RESUME, &(struct control_arg){ 0 }, NULL);
	child_at = rounds(&w, 1);
	WATCH_UNTIL(&w, rounds(&w, 1) > child_at + 20);
	watch_end(&w);
	int status;
	assert_int_equal(waitpid(w.pid, &status, __WALL), w.pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
}

/* Closed while children run: those of a launched program get its hangup, and are not left stopped. */
static void test_closed_early(void **state)
{
	for (int i = 0; i < 10; i++) {
		struct watching w = begin("bomb", 0);
		WATCH_UNTIL(&w, w.world->count > 5 + (size_t)i);
		watch_end(&w);
		int status;
		assert_int_equal(waitpid(w.pid, &status, __WALL), w.pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
	}
}

static void test_no_child_is_left(void **state)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_children),
		cmocka_unit_test(test_vfork),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_crowd),
		cmocka_unit_test(test_orphan),
		cmocka_unit_test(test_copy_on_write),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_attached),
		cmocka_unit_test(test_step_through_forks),
		cmocka_unit_test(test_step_one_of_two),
		cmocka_unit_test(test_closed_early),
		cmocka_unit_test(test_no_child_is_left),
	};
	if (argc > 1)
		family_play(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
