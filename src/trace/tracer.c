/* One thread that waits in waitpid.
 *
 * To request something, a caller stores the request under the lock and then sends the thread a signal whose
 * handler does nothing, which ends waitpid with EINTR. A signal that arrives just before waitpid has no
 * effect; so it is sent again until the request has been taken. The signal goes only to that thread.
 *
 * If children are traced too, the kernel makes each child of a traced thread a tracee of the same thread. Two
 * stops report it, in either order: the parent's in fork, which names it, and its own before its first
 * instruction. At the first of these it gets a struct tracer of its own, with its own tracees and news;
 * thread, lock and fd are those of its root, the one that was launched.
 *
 * __WNOTHREAD keeps its waitpid to its own children and tracees: children that other threads of the program
 * fork are theirs to wait for. */
#include "trace/tracer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/i18n.h"
#include "base/mem.h"

#define WAKE_SIGNAL SIGRTMAX
#define PAUSE_PATIENCE_NS (500 * CLOCK_MS)

enum request_kind {
	REQUEST_NONE,
	REQUEST_GO,
	REQUEST_PAUSE,
	REQUEST_RESUME,
	REQUEST_STEP,
	REQUEST_SIGNAL,
	REQUEST_STACK,
	REQUEST_LEAVE,
	REQUEST_QUIT,
};

/* A request to the thread, one at a time. */
struct request {
	enum request_kind kind; /* REQUEST_NONE once it is done */
	struct tracer *asked;   /* the tracer whose tracees it is about */
	int argument;
	struct control_step step;
	struct stopped_stack *stack; /* where to put the stack: the caller's */
};

struct tracer {
	struct tracer *root; /* itself, unless it is a child; it has the fields up to `tracees` */
	pthread_t thread;
	int news_fd;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	bool started; /* the launch has worked or failed */
	bool over;    /* the thread could not wait, has ended, and detached all; err says why */
	struct request request;
	int result; /* of the launch, or of the last request */
	struct err err;
	/* used only by the tracing thread */
	struct launch *launch; /* until the launch has worked or failed */
	/* of each one */
	struct tracees tracees;
	struct trace_news news;    /* under the lock, like the rest */
	struct step_calls calls;   /* not taken yet */
	struct fatal_faults fatal; /* the same */
	bool taken;                /* a child: tracer_born has returned it */
	bool left;                 /* a child: it is no longer wanted */
	struct tracer *next;       /* the list of the root's children */
};

static void wake(int sig)
{
	(void)sig;
}

static bool same_news(const struct trace_news *a, const struct trace_news *b)
{
	return a->hold == b->hold && a->execs == b->execs && a->paused == b->paused && a->ended == b->ended &&
	       a->stopped == b->stopped && a->stops == b->stops && a->stepping == b->stepping;
}

static void free_parts(struct tracer *tracer)
{
	tracees_fini(&tracer->tracees);
	step_calls_fini(&tracer->calls);
	fatal_faults_fini(&tracer->fatal);
}

/* Frees the children that have ended, or were detached, and are no longer wanted. */
static void bury_left(struct tracer *root)
{
	for (struct tracer **at = &root->next; *at;) {
		struct tracer *child = *at;
		if (!child->left || tracees_expected(&child->tracees)) {
			at = &child->next;
			continue;
		}
		*at = child->next;
		free_parts(child);
		free(child);
	}
}

static void publish(struct tracer *root)
{
	bool any = false;
	bury_left(root);
	for (struct tracer *tracer = root; tracer; tracer = tracer->next) {
		tracees_take_calls(&tracer->tracees, &tracer->calls);
		tracees_take_fatal(&tracer->tracees, &tracer->fatal);
		struct trace_news news = tracees_news(&tracer->tracees);
		any |= !same_news(&news, &tracer->news);
		tracer->news = news;
	}
	uint64_t one = 1;
	/* fails only if nothing has read it for 2^64 news */
	if (!any || write(root->news_fd, &one, sizeof one) < 0)
		return;
	pthread_cond_broadcast(&root->changed);
}

/* Serves the request; false at the end. Under the lock. */
static bool serve(struct tracer *tracer)
{
	struct tracees *t = &(tracer->request.asked ? tracer->request.asked : tracer)->tracees;
	tracer->result = 0;
	switch (tracer->request.kind) {
	case REQUEST_NONE:
		return true;
	case REQUEST_GO:
		tracees_go(t);
		break;
	case REQUEST_PAUSE:
		tracer->result = tracees_pause(t, &tracer->err);
		break;
	case REQUEST_RESUME:
		tracees_resume(t);
		break;
	case REQUEST_STEP:
		tracer->result = tracees_step(t, &tracer->request.step, &tracer->err);
		break;
	case REQUEST_SIGNAL:
		tracees_signal(t, tracer->request.argument);
		break;
	case REQUEST_STACK:
		tracees_stack(t, tracer->request.argument, tracer->request.stack);
		break;
	case REQUEST_LEAVE:
		tracees_leave(t);
		tracer->request.asked->left = true;
		break;
	case REQUEST_QUIT:
		tracees_quit(t);
		break;
	}
	bool quit = tracer->request.kind == REQUEST_QUIT;
	tracer->request.kind = REQUEST_NONE;
	tracer->request.asked = NULL; /* it may be gone before the next */
	publish(tracer);
	pthread_cond_broadcast(&tracer->changed);
	return !quit;
}

static struct tracer *bear(struct tracer *root, pid_t pid)
{
	struct tracer *child = mem_zalloc(sizeof *child), **at = &root->next;
	child->root = root;
	tracees_bear(&child->tracees, pid);
	while (*at)
		at = &(*at)->next;
	*at = child;
	return child;
}

static struct tracer *tracer_of(struct tracer *root, pid_t tid)
{
	struct tracer *tracer = root;
	while (tracer && !tracees_have(&tracer->tracees, tid))
		tracer = tracer->next;
	/* rare: a thread that its creator has not reported yet */
	for (struct tracer *at = root; !tracer && at; at = at->next)
		if (tracees_own(&at->tracees, tid))
			tracer = at;
	return tracer;
}

/* An unknown thread that stops as only a newborn process does is a child. */
static void take(struct tracer *root, pid_t tid, int status)
{
	bool newborn =
	    tracees_follow(&root->tracees) && WIFSTOPPED(status) && status >> 16 == PTRACE_EVENT_STOP;
	struct tracer *tracer = tracer_of(root, tid);
	if (!tracer)
		tracer = newborn ? bear(root, tid) : root;
	pid_t forked = tracees_take(&tracer->tracees, tid, status);
	if (forked && !tracer_of(root, forked))
		bear(root, forked);
}

static bool expected(const struct tracer *root)
{
	for (const struct tracer *tracer = root; tracer; tracer = tracer->next)
		if (tracees_expected(&tracer->tracees))
			return true;
	return false;
}

/* The lock is the caller's, and is not held while waiting. */
static void wait_and_take(struct tracer *root)
{
	int status;
	pthread_mutex_unlock(&root->lock);
	pid_t tid = waitpid(-1, &status, __WALL | __WNOTHREAD);
	int errnum = errno;
	pthread_mutex_lock(&root->lock);
	if (tid > 0) {
		take(root, tid, status);
	} else if (errnum == ECHILD) { /* no tracees are left, whatever we assumed */
		for (struct tracer *tracer = root; tracer; tracer = tracer->next)
			tracees_lose(&tracer->tracees);
	} else if (errnum != EINTR) {
		root->over = true;
		err_set(&root->err, ERR_DENIED, "%s",
			_("tracing is not possible here: a filter of system calls (seccomp) forbids wait4"));
	}
	for (struct tracer *tracer = root; tracer; tracer = tracer->next)
		tracees_check_late(&tracer->tracees);
}

static void trace_all(struct tracer *tracer)
{
	pthread_mutex_lock(&tracer->lock);
	while (!tracer->over && serve(tracer)) {
		if (!expected(tracer)) {
			pthread_cond_wait(&tracer->changed, &tracer->lock);
			continue;
		}
		wait_and_take(tracer);
		publish(tracer);
	}
	pthread_cond_broadcast(&tracer->changed);
	pthread_mutex_unlock(&tracer->lock);
}

/* From fork to the stop at exec, or to the child's end. */
static int start(struct tracer *tracer, struct err *err)
{
	struct tracees *t = &tracer->tracees;
	pid_t pid = launch_fork(tracer->launch, err);
	if (pid < 0)
		return -1;
	if (tracees_adopt(t, pid, err) != 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
		return -1;
	}
	launch_go(tracer->launch);
	pthread_mutex_lock(&tracer->lock);
	while (!tracees_news(t).execs && tracees_expected(t) && !tracer->over) {
		wait_and_take(tracer);
		if (tracees_news(t).hold == TRACEE_AT_EXIT)
			tracees_go(t);
	}
	pthread_mutex_unlock(&tracer->lock);
	if (tracer->over) { /* it is stopped at its exec, and has not run */
		kill(pid, SIGKILL);
		if (err)
			*err = tracer->err;
		return -1;
	}
	return tracees_news(t).execs ? 0 : launch_failure(tracer->launch, err);
}

static void *trace(void *argument)
{
	struct tracer *tracer = argument;
	sigset_t waking;
	sigemptyset(&waking);
	sigaddset(&waking, WAKE_SIGNAL);
	sigaddset(&waking, SIGURG); /* for late threads: see trace/step.h */
	pthread_sigmask(SIG_UNBLOCK, &waking, NULL);
	if (tracer->launch) {
		struct err err = { 0 };
		int result = start(tracer, &err);
		pthread_mutex_lock(&tracer->lock);
		tracer->launch = NULL;
		tracer->result = result;
		tracer->err = err;
		tracer->started = true;
		publish(tracer);
		pthread_cond_broadcast(&tracer->changed);
		pthread_mutex_unlock(&tracer->lock);
		if (result != 0)
			return NULL;
	}
	trace_all(tracer);
	return NULL;
}

static void dismantle(struct tracer *tracer)
{
	while (tracer->next) {
		struct tracer *child = tracer->next;
		tracer->next = child->next;
		free_parts(child);
		free(child);
	}
	pthread_cond_destroy(&tracer->changed);
	pthread_mutex_destroy(&tracer->lock);
	close(tracer->news_fd);
	free_parts(tracer);
	free(tracer);
}

/* Creates the thread. It inherits a mask that blocks all other signals. */
static struct tracer *create(pid_t pid, struct launch *launch, bool forks, struct err *err)
{
	struct tracer *tracer = mem_zalloc(sizeof *tracer);
	tracer->root = tracer;
	tracees_init(&tracer->tracees, pid, forks);
	tracer->launch = launch;
	tracer->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (tracer->news_fd < 0) {
		err_system(err, errno, "%s", _("cannot trace the process"));
		free(tracer);
		return NULL;
	}
	pthread_mutex_init(&tracer->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&tracer->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);

	struct sigaction action = { .sa_handler = wake };
	sigaction(WAKE_SIGNAL, &action, NULL);
	sigaction(SIGURG, &action, NULL);
	/* the tracing thread waits for stops; no other thread should be woken by them, a hundred thousand
	 * times in single steps */
	sigaction(SIGCHLD, &(struct sigaction){ .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP }, NULL);
	sigset_t all, before;
	crash_fill_others(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&tracer->thread, NULL, trace, tracer);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!failed)
		return tracer;
	err_system(err, failed, "%s", _("cannot trace the process"));
	dismantle(tracer);
	return NULL;
}

static void discard(struct tracer *tracer)
{
	pthread_join(tracer->thread, NULL);
	dismantle(tracer);
}

struct tracer *tracer_launch(char *const argv[], struct pty *pty, bool forks, pid_t *pid, struct err *err)
{
	struct launch launch;
	if (launch_init(&launch, argv, pty, err) != 0)
		return NULL;
	struct tracer *tracer = create(0, &launch, forks, err);
	if (!tracer) {
		launch_fini(&launch);
		return NULL;
	}
	pthread_mutex_lock(&tracer->lock);
	while (!tracer->started)
		pthread_cond_wait(&tracer->changed, &tracer->lock);
	*pid = tracees_pid(&tracer->tracees);
	int result = tracer->result;
	if (result != 0 && err)
		*err = tracer->err;
	pthread_mutex_unlock(&tracer->lock);
	launch_fini(&launch);
	pty_close_slave(pty);
	if (result == 0)
		return tracer;
	discard(tracer);
	return NULL;
}

struct tracer *tracer_attach(pid_t pid, struct err *err)
{
	return create(pid, NULL, false, err);
}

struct tracer *tracer_born(struct tracer *launched, pid_t *pid)
{
	pthread_mutex_lock(&launched->lock);
	struct tracer *child = launched->next;
	while (child && child->taken)
		child = child->next;
	if (child) {
		child->taken = true;
		*pid = tracees_pid(&child->tracees);
	}
	pthread_mutex_unlock(&launched->lock);
	return child;
}

static struct timespec deadline(uint64_t ns)
{
	uint64_t at = clock_now_ns() + ns;
	return (struct timespec){ (time_t)(at / CLOCK_SECOND), (long)(at % CLOCK_SECOND) };
}

/* Makes a request, under the root's lock. Returns when it is done, or, with -1, when it can no longer be. */
static int ask(struct tracer *asked, enum request_kind kind, int argument)
{
	struct tracer *tracer = asked->root;
	tracer->request.kind = kind;
	tracer->request.asked = asked;
	tracer->request.argument = argument;
	pthread_cond_broadcast(&tracer->changed);
	while (tracer->request.kind != REQUEST_NONE && !tracer->over) {
		struct timespec again = deadline(2 * CLOCK_MS);
		pthread_kill(tracer->thread, WAKE_SIGNAL);
		pthread_cond_timedwait(&tracer->changed, &tracer->lock, &again);
	}
	return tracer->over ? -1 : tracer->result;
}

static void ask_alone(struct tracer *tracer, enum request_kind kind, int argument)
{
	struct tracer *root = tracer->root; /* a child that leaves may be gone then */
	pthread_mutex_lock(&root->lock);
	ask(tracer, kind, argument);
	pthread_mutex_unlock(&root->lock);
}

void tracer_destroy(struct tracer *tracer)
{
	if (!tracer)
		return;
	if (tracer->root != tracer) {
		ask_alone(tracer, REQUEST_LEAVE, 0);
		return;
	}
	ask_alone(tracer, REQUEST_QUIT, 0);
	discard(tracer);
}

int tracer_fd(const struct tracer *tracer)
{
	return tracer->root->news_fd;
}

struct trace_news tracer_news(struct tracer *tracer)
{
	uint64_t count;
	if (read(tracer->root->news_fd, &count, sizeof count) < 0 && errno != EAGAIN)
		return (struct trace_news){ 0 };
	pthread_mutex_lock(&tracer->root->lock);
	struct trace_news news = tracer->news;
	pthread_mutex_unlock(&tracer->root->lock);
	return news;
}

void tracer_go(struct tracer *tracer)
{
	ask_alone(tracer, REQUEST_GO, 0);
}

int tracer_pause(struct tracer *tracer, struct err *err)
{
	struct timespec patience = deadline(PAUSE_PATIENCE_NS);
	struct tracer *root = tracer->root;
	pthread_mutex_lock(&root->lock);
	int result = ask(tracer, REQUEST_PAUSE, 0);
	while (result == 0 && !tracer->news.paused && !tracer->news.ended && !root->over &&
	       pthread_cond_timedwait(&root->changed, &root->lock, &patience) == 0)
		;
	result = root->over ? -1 : result;
	if (result != 0 && err)
		*err = root->err;
	pthread_mutex_unlock(&root->lock);
	return result;
}

void tracer_resume(struct tracer *tracer)
{
	ask_alone(tracer, REQUEST_RESUME, 0);
}

/* Is a step over, or unable to go on by itself? */
static bool settled(const struct trace_news *news)
{
	return news->ended || news->hold != TRACEE_FREE || (news->paused && !news->stepping);
}

int tracer_step(struct tracer *tracer, const struct control_step *step, uint64_t wait_ns, struct err *err)
{
	struct timespec patience = deadline(wait_ns);
	struct tracer *root = tracer->root;
	pthread_mutex_lock(&root->lock);
	root->request.step = *step;
	int result = ask(tracer, REQUEST_STEP, 0);
	if (result != 0 && err)
		*err = root->err;
	while (result == 0 && !settled(&tracer->news) &&
	       pthread_cond_timedwait(&root->changed, &root->lock, &patience) == 0)
		;
	pthread_mutex_unlock(&root->lock);
	return result;
}

struct step_calls tracer_calls(struct tracer *tracer)
{
	pthread_mutex_lock(&tracer->root->lock);
	struct step_calls calls = tracer->calls;
	tracer->calls = (struct step_calls){ 0 };
	pthread_mutex_unlock(&tracer->root->lock);
	return calls;
}

void tracer_fatal_faults(struct tracer *tracer, struct fatal_faults *list)
{
	pthread_mutex_lock(&tracer->root->lock);
	fatal_faults_move(list, &tracer->fatal);
	pthread_mutex_unlock(&tracer->root->lock);
}

void tracer_stack(struct tracer *tracer, pid_t tid, struct stopped_stack *stack)
{
	struct tracer *root = tracer->root;
	pthread_mutex_lock(&root->lock);
	root->request.stack = stack;
	ask(tracer, REQUEST_STACK, tid);
	pthread_mutex_unlock(&root->lock);
}

void tracer_signal(struct tracer *tracer, int sig)
{
	ask_alone(tracer, REQUEST_SIGNAL, sig);
}
