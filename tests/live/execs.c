/* No exec is missed in a launched program: ten in a row, each of a program that ends at once, by the
 * first thread or by another, in the program itself or in its grandchild. The target is this program,
 * in a role of its own. */
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/perf/faults.h"
#include "live/family.h"

#include "live/watching.h"

#define SELF "/proc/self/exe"
#define EXECS 10
#define THREADS 300
#define CHILDREN 20
#define OPENINGS 40
#define MANY_EXECS 20000
#define NO_WAIT_NS (60 * CLOCK_SECOND)

static const char *next_role, *next_left;

static void *become_next(void *argument)
{
	execl(SELF, "next", next_role, next_left, NULL);
	_exit(98);
}

static void *idle(void *argument)
{
	for (;;)
		pause();
	return argument;
}

/* The same again with one fewer to go. */
static void go_on(const char *role, int left)
{
	static char text[16];
	pthread_t thread;
	snprintf(text, sizeof text, "%d", left - 1);
	next_role = role;
	next_left = text;
	if (left == 0)
		_exit(7);
	if (strstr(role, "thread")) {
		pthread_create(&thread, NULL, idle, NULL);
		pthread_create(&thread, NULL, become_next, NULL);
		idle(NULL);
	}
	become_next(NULL);
}

static void as_grandchild(const char *role, int left)
{
	int status;
	if (fork() == 0) {
		if (fork() == 0)
			go_on(role, left);
		wait(&status);
		_exit(WEXITSTATUS(status));
	}
	wait(&status);
	_exit(WEXITSTATUS(status));
}

static void *nothing(void *argument)
{
	return argument;
}

static void *fork_some(void *argument)
{
	for (int i = 0; i < CHILDREN; i++) {
		if (fork() == 0)
			_exit(3);
		int status;
		wait(&status);
		if (WEXITSTATUS(status) != 3)
			_exit(97);
	}
	return argument;
}

static void play(char **argv)
{
	int left = argv[2] ? atoi(argv[2]) : EXECS;
	pthread_t thread;
	if (!strcmp(argv[1], "threads")) {
		for (int i = 0; i < THREADS; i++)
			if (pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL))
				_exit(96);
		_exit(7);
	}
	if (!strcmp(argv[1], "forks")) {
		pthread_create(&thread, NULL, fork_some, NULL);
		pthread_join(thread, NULL);
		_exit(7);
	}
	if (!strncmp(argv[1], "grandchild", 10) && left == EXECS)
		as_grandchild(argv[1], left);
	go_on(argv[1], left);
}

/* further apart than the parts of one program, or a stack and where it is moved to */
#define APART (UINT64_C(1) << 28)

static bool is_apart(uint64_t a, uint64_t b)
{
	return a > b + APART || b > a + APART;
}

/* No process that is watched from its first program on ever has the memory of two: two stacks, or a file at two places. */
static void check_one_program(const struct world *world, const struct event *e)
{
	const struct process *p = world_find(world, e->pid);
	const struct region_attr *a = &e->region.attr;
	if (!p || (e->type != EVENT_MAP && e->type != EVENT_CHANGE))
		return;
	for (size_t i = 0; i < p->space->count; i++) {
		const struct region *r = p->space->regions[i];
		bool both = (a->kind == REGION_STACK && r->attr.kind == REGION_STACK) ||
			    (a->inode && !strcmp(a->path, r->attr.path));
		if (both && r->id != e->region.id && is_apart(r->attr.start, a->start))
			fail_msg("%s at %" PRIx64 " and at %" PRIx64, a->path, r->attr.start, a->start);
	}
}

/* The first picture after an exec has all of the program. */
static void check_whole(const struct process *p)
{
	size_t stacks = 0, texts = 0;
	for (size_t i = 0; i < p->space->count; i++) {
		const struct region_attr *a = &p->space->regions[i]->attr;
		stacks += a->kind == REGION_STACK;
		texts += a->perms & REGION_EXEC && !strcmp(a->path, p->identity.exe);
	}
	assert_int_equal(stacks, 1);
	assert_int_equal(texts, 1);
}

#define TOUCHED_MAX 64

struct counting {
	struct sink sink;
	struct world *world;
	int execs, births, left;
	int32_t became;   /* its exec has been seen, and no picture since; 0: none */
	int32_t unrun;    /* the same, and no fault of the program itself since */
	uint64_t exec_ns; /* of that exec */
	/* what the kernel touched since, before the program ran */
	uint64_t touched[TOUCHED_MAX];
	size_t touched_count;
	int faults, early; /* all, and those that the kernel took before a program ran */
};

/* The kernel's own faults at an exec come after it, with the kernel alone as their stack: the registers are still those of
 * the program before. */
static void check_fault(struct counting *c, const struct event *e)
{
	c->faults++;
	if (e->pid != c->unrun)
		return;
	assert_true(e->time_ns + FAULT_TIME_NS >= c->exec_ns);
	if (!(e->fault.ip >> 63)) {
		c->unrun = 0;
		return;
	}
	c->early++;
	assert_int_equal(e->stack.count, 1);
	assert_int_equal(e->stack.ips[0], e->fault.ip);
	if (c->became && c->touched_count < TOUCHED_MAX)
		c->touched[c->touched_count++] = e->fault.address;
}

/* What the kernel touched has its story in the new program's first picture. */
static void check_stories(struct counting *c, const struct process *p)
{
	for (size_t i = 0; i < c->touched_count; i++)
		assert_non_null(stories_find(&p->faults.stories, space_page(p->space, c->touched[i])));
	c->touched_count = 0;
}

static void count(struct sink *sink, const struct event *e)
{
	struct counting *c = (struct counting *)sink;
	check_one_program(c->world, e);
	if (e->type == EVENT_TICK && c->became && e->pid == c->became) {
		check_whole(world_find(c->world, e->pid));
		check_stories(c, world_find(c->world, e->pid));
		c->became = 0;
	}
	if (e->type == EVENT_PROCESS && e->process.exec) {
		c->execs++;
		c->became = c->unrun = e->pid;
		c->exec_ns = e->time_ns;
		c->touched_count = 0;
		/* complete: with its own arguments and no others */
		assert_non_null(e->process.argv[0]);
		assert_non_null(e->process.argv[1]);
		assert_int_equal(atoi(e->process.argv[2]), EXECS - c->execs);
	} else if (e->type == EVENT_PROCESS && e->process.parent) {
		c->births++;
	}
	if (e->type == EVENT_UNMAP && c->became)
		assert_int_not_equal(e->pid, c->became);
	if (e->type == EVENT_FAULT)
		check_fault(c, e);
	sink_before(&c->world->sink, e);
}

static void pass_on(struct sink *sink, const struct event *e)
{
	sink_take(&((struct counting *)sink)->world->sink, e);
}

static struct counting run_with(const char *role, bool faults)
{
	struct err err = { 0 };
	struct live_options o;
	struct watching w = { .world = world_create() };
	struct counting c = { .sink = { .before = count, .take = pass_on }, .world = w.world };
	const char *const argv[] = { SELF, role, NULL };
	live_options_init(&o);
	o.faults = o.stacks = faults;
	w.source = family_launch((char *const *)(uintptr_t)argv, 24, 80, &o, w.world, &w.pid, &err);
	if (!w.source || w.source->ops->sweep(w.source, &c.sink, &err) != 0)
		fail_msg("%s", err.text);
	w.process = world_find(w.world, w.pid);
	uint64_t until = clock_now_ns() + DEADLINE_NS;
	while (process_alive(w.process) && clock_now_ns() < until)
		watch_step_to(&w, &c.sink);
	assert_int_equal(w.process->status, PROCESS_EXITED);
	assert_int_equal(w.process->status_code, 7);
	watch_end(&w);
	return c;
}

static struct counting run(const char *role)
{
	return run_with(role, false);
}

static void test_first_thread(void **state)
{
	assert_int_equal(run("main").execs, EXECS);
}

static void test_other_thread(void **state)
{
	assert_int_equal(run("thread").execs, EXECS);
}

static void test_grandchild(void **state)
{
	assert_int_equal(run("grandchild-main").execs, EXECS);
	assert_int_equal(run("grandchild-thread").execs, EXECS);
}

/* The kernel writes to the new program's memory before the tracer is stopped at the exec: its faults are in that program,
 * not in the one before. */
static void test_faults_of_an_exec(void **state)
{
	static const char *const roles[] = { "main", "thread", "main", "thread", "grandchild-main" };
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		struct counting c = run_with(roles[i], true);
		assert_int_equal(c.execs, EXECS);
		/* an ordinary user has none of the kernel's */
		assert_true(c.early >= EXECS || !c.faults || geteuid() != 0);
	}
}

/* Each thread is traced for that, without harm to any. */
static void test_threads(void **state)
{
	assert_int_equal(run("threads").execs, 0);
}

static void test_forks_of_a_thread(void **state)
{
	assert_int_equal(run("forks").births, CHILDREN);
}

/* Tracing needs wait4: where a filter of system calls forbids it, launching fails at once and says so,
 * and the program has not run. */
static bool refuse_wait(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_wait4, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof code / sizeof *code, code };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int launch_without_wait(void)
{
	struct err err = { 0 };
	struct live_options o;
	int32_t pid;
	struct world *world = world_create();
	const char *const argv[] = { SELF, "main", "0", NULL };
	if (!refuse_wait())
		return 77;
	live_options_init(&o);
	if (live_launch((char *const *)(uintptr_t)argv, 24, 80, &o, world, &pid, &err))
		return 1;
	world_destroy(world);
	return err.code == ERR_DENIED && strstr(err.text, "wait") ? 0 : 2;
}

/* A running process is not left stopped by a pause that cannot be completed. */
static int pause_without_wait(int32_t pid)
{
	struct err err = { 0 };
	struct watching w = watch_attach(pid);
	if (!refuse_wait())
		return 77;
	if (w.source->ops->control(w.source, pid, CONTROL_PAUSE, NULL, &err) == 0 || err.code != ERR_DENIED)
		return 1;
	watch_end(&w);
	return 0;
}

/* Returns the child's exit status; -1: it had to be killed. */
static int in_child(int (*work)(int32_t), int32_t pid, int (*alone)(void))
{
	int status;
	uint64_t until = clock_now_ns() + NO_WAIT_NS;
	pid_t child = fork(), ended;
	if (child == 0)
		_exit(work ? work(pid) : alone());
	while ((ended = waitpid(child, &status, WNOHANG)) == 0 && clock_now_ns() < until)
		usleep(1000);
	if (!ended)
		kill(child, SIGKILL);
	if (!ended)
		waitpid(child, &status, 0);
	return ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One that no tracer holds: what the kernel reports of its faults reports its execs as well, each though
 * it is over before anybody can look. */
static void count_names(struct sink *sink, const struct event *e)
{
	struct counting *c = (struct counting *)sink;
	check_one_program(c->world, e);
	if (e->type == EVENT_PROCESS && e->process.exec)
		c->execs++;
	sink_before(&c->world->sink, e);
}

/* `late`: no look is taken before it has ended. */
static int execs_of_attached(const char *role, bool late)
{
	struct live_options o;
	int pipes[2];
	char left[16];
	snprintf(left, sizeof left, "%d", EXECS);
	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	if (child == 0) {
		close(pipes[1]);
		if (read(pipes[0], left, 1) != 0)
			_exit(95);
		go_on(role, EXECS);
	}
	close(pipes[0]);
	live_options_init(&o);
	o.faults = true;
	struct watching w = watch_begin(&o, NULL, child);
	struct counting c = { .sink = { .before = count_names, .take = pass_on }, .world = w.world };
	bool able = w.process->sources[SOURCE_FAULTS].ok;
	close(pipes[1]);
	siginfo_t info;
	if (late)
		assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	uint64_t until = clock_now_ns() + DEADLINE_NS;
	int status = 0;
	while (process_alive(w.process) && clock_now_ns() < until)
		watch_step_to(&w, &c.sink);
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 7);
	watch_end(&w);
	return able ? c.execs : -1;
}

struct naming {
	struct sink sink;
	struct world *world;
	int execs, ends;
};

/* For descendants that are not held: each exec is reported between birth and end, whether or not they are
 * found. */
static void count_theirs(struct sink *sink, const struct event *e)
{
	struct naming *n = (struct naming *)sink;
	const struct process *p = world_find(n->world, e->pid);
	if (e->type == EVENT_PROCESS && e->process.exec && e->process.parent) {
		assert_non_null(p);
		n->execs++;
	} else if (e->type == EVENT_STATUS && e->status.status >= PROCESS_EXITED && p && p->parent &&
		   p->course.execs) {
		n->ends++;
	}
	sink_before(&n->world->sink, e);
}

static void take_event(struct sink *sink, const struct event *e)
{
	sink_take(&((struct naming *)sink)->world->sink, e);
}

static struct naming execs_of_descendants(const char *role, bool late, bool *able)
{
	struct live_options o;
	int pipes[2], status = 0;
	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	if (child == 0) {
		char word;
		close(pipes[1]);
		if (read(pipes[0], &word, 1) != 0)
			_exit(95);
		as_grandchild(role, EXECS);
	}
	close(pipes[0]);
	live_options_init(&o);
	o.faults = true;
	struct err err = { 0 };
	int32_t pid = child;
	struct naming n = { .sink = { .before = count_theirs, .take = take_event }, .world = world_create() };
	struct watching w = { .world = n.world, .pid = child };
	w.source = family_attach(&pid, &o, n.world, &err);
	if (!w.source || w.source->ops->sweep(w.source, &n.sink, &err) != 0)
		fail_msg("%s", err.text);
	w.process = world_find(n.world, child);
	*able = w.process->sources[SOURCE_FAULTS].ok;
	close(pipes[1]);
	siginfo_t info;
	if (late)
		assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	uint64_t until = clock_now_ns() + DEADLINE_NS;
	while ((process_alive(w.process) || (*able && !n.ends)) && clock_now_ns() < until)
		watch_step_to(&w, &n.sink);
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 7);
	watch_end(&w);
	return n;
}

/* Attached: a grandchild becomes ten programs in a row, each over at once. */
static void test_descendants_of_attached(void **state)
{
	bool able = true;
	for (int i = 0; able && i < 6; i++) {
		struct naming n = execs_of_descendants(i % 3 ? "main" : "thread", i % 2, &able);
		if (!able)
			continue;
		assert_int_equal(n.execs, EXECS);
		assert_int_equal(n.ends, 1);
	}
	if (!able)
		skip();
}

static void test_attached(void **state)
{
	int execs = execs_of_attached("main", false);
	if (execs < 0)
		skip();
	assert_int_equal(execs, EXECS);
	for (int i = 0; i < 5; i++)
		assert_int_equal(execs_of_attached("thread", i % 2), EXECS);
	assert_int_equal(execs_of_attached("main", true), EXECS);
}

/* Takes what the rings have until they report two execs. What is wrong, or NULL. */
static const char *see_two_execs(struct faults *rings)
{
	struct fault_batch batch = { 0 };
	uint64_t until = clock_now_ns() + DEADLINE_NS, last = 0;
	const char *wrong = NULL;
	size_t execs = 0;
	while (execs < 2 && !wrong && clock_now_ns() < until) {
		struct pollfd fd = { .fd = faults_fd(rings), .events = POLLIN };
		poll(&fd, 1, 100);
		faults_drain(rings, &batch, UINT64_MAX);
		for (size_t i = 0; i < batch.task_count; i++) {
			if (batch.tasks[i].kind != FAULT_TASK_EXEC)
				continue;
			if (batch.tasks[i].time_ns - last < CLOCK_MS)
				wrong = "an exec was reported twice";
			last = batch.tasks[i].time_ns;
			execs++;
		}
		fault_batch_clear(&batch);
	}
	fault_batch_fini(&batch);
	return wrong || execs >= 2 ? wrong : "no exec was reported any more";
}

/* A thread that calls exec takes the place of the first one, which the rings may have been opened for just before. The
 * target ends before anything is asserted, and by itself in any case. */
static void test_rings_opened_at_an_exec(void **state)
{
	const struct faults_options options = { .codes = true };
	const char *wrong = NULL;
	struct err err = { 0 };
	int opened = 0;
	pid_t child = fork();
	if (child == 0)
		go_on("thread", MANY_EXECS);
	while (opened < OPENINGS && !wrong) {
		struct faults *rings = faults_open(child, &options, &err);
		if (!rings)
			break;
		wrong = see_two_execs(rings);
		faults_close(rings);
		opened++;
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (!opened && err.code == ERR_DENIED)
		skip();
	if (wrong || opened < OPENINGS)
		fail_msg("%s", wrong ? wrong : err.text);
}

static void test_launch_without_wait(void **state)
{
	int status = in_child(NULL, 0, launch_without_wait);
	if (status == 77)
		skip();
	assert_int_equal(status, 0);
}

static char state_of(int32_t pid)
{
	char path[64], state = '?';
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *file = fopen(path, "re");
	if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (file)
		fclose(file);
	return state;
}

static void test_pause_without_wait(void **state)
{
	pid_t other = fork();
	if (other == 0)
		idle(NULL);
	int status = in_child(pause_without_wait, other, NULL);
	uint64_t until = clock_now_ns() + NO_WAIT_NS;
	while (state_of(other) != 'S' && clock_now_ns() < until)
		usleep(1000);
	char state_now = state_of(other);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	if (status == 77)
		skip();
	assert_int_equal(status, 0);
	assert_int_equal(state_now, 'S');
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_thread),
		cmocka_unit_test(test_other_thread),
		cmocka_unit_test(test_grandchild),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_forks_of_a_thread),
		cmocka_unit_test(test_launch_without_wait),
		cmocka_unit_test(test_pause_without_wait),
		cmocka_unit_test(test_descendants_of_attached),
		cmocka_unit_test(test_attached),
		cmocka_unit_test(test_faults_of_an_exec),
		cmocka_unit_test(test_rings_opened_at_an_exec),
	};
	if (argc > 1)
		play(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
