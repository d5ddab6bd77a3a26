/* The end is reported in several ways. The tracer of a launched program reaps it and knows how it ended. For
 * a process that was attached to there is the pidfd, which is readable once the last thread has ended; then
 * stat says Z until its parent has waited for it, and after that there is no stat. A first thread that ended
 * before the others is also Z in stat: that alone is not the end.
 *
 * The arguments of a program that has just been executed appear a little later than its memory: they are read
 * again until they are there. */
#include "live/live_status.h"

#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME_TRIES 20

void live_status_init(struct live_status *s, int32_t pid, bool in_files)
{
	*s = (struct live_status){ .pidfd = in_files ? -1 : (int)syscall(SYS_pidfd_open, pid, 0) };
}

void live_status_fini(struct live_status *s)
{
	if (s->pidfd >= 0)
		close(s->pidfd);
	s->pidfd = -1;
}

int live_status_pidfd(const struct live_status *s)
{
	return s->pidfd;
}

bool live_status_is_dead(const struct live_status *s)
{
	return s->dead;
}

bool live_status_is_ended(const struct live_status *s)
{
	return s->ended;
}

bool live_status_is_nameless(const struct live_status *s)
{
	return s->nameless;
}

static bool pidfd_says_dead(const struct live_status *s)
{
	struct pollfd fd = { .fd = s->pidfd, .events = POLLIN };
	return s->pidfd >= 0 && poll(&fd, 1, 0) == 1;
}

static bool stat_says_dead(const struct live_status *s, const struct counters *c)
{
	const struct event_counters *last = counters_last(c);
	return s->pidfd < 0 && last && strchr("ZX", last->state) && last->threads <= 1;
}

static enum process_status status_of_dead(const struct status_voices *v, int *code)
{
	struct process_stat stat;
	if (v->news->ended) {
		int status = v->news->wait_status;
		*code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
		return WIFSIGNALED(status) ? PROCESS_KILLED : PROCESS_EXITED;
	}
	return reader_stat(v->reader, &stat, NULL) == 0 ? PROCESS_ZOMBIE : PROCESS_GONE;
}

static enum process_status status_of_living(const struct status_voices *v)
{
	if (v->news->paused || (v->news->hold == TRACEE_AT_EXEC && !v->imaged))
		return PROCESS_PAUSED;
	/* while we trace it, stat also says t at each stop that we handle */
	if (v->traced)
		return v->news->stopped ? PROCESS_STOPPED : PROCESS_RUNNING;
	const struct event_counters *last = counters_last(v->counters);
	return last && strchr("Tt", last->state) ? PROCESS_STOPPED : PROCESS_RUNNING;
}

void live_status_check(struct live_status *s, const struct status_voices *v)
{
	/* what we trace is not dead until its tracer has reaped it and knows how it ended */
	if (v->traced)
		s->dead = v->news->ended;
	else
		s->dead = s->dead || pidfd_says_dead(s) || stat_says_dead(s, v->counters);
}

void live_status_send(struct live_status *s, const struct status_voices *v, struct watch *watch,
		      struct sink *sink)
{
	int code = 0;
	enum process_status status = s->dead ? status_of_dead(v, &code) : status_of_living(v);
	s->ended = s->dead && status != PROCESS_ZOMBIE;
	if (s->sent && status == s->status && code == s->code)
		return;
	s->sent = true;
	s->status = status;
	s->code = code;
	struct event e = { .type = EVENT_STATUS, .status = { status, code } };
	watch_send(watch, sink, &e);
}

/* An exec is noticed some time after it has happened. */
static void send_process(const struct status_origin *origin, struct event *e, struct watch *watch,
			 struct sink *sink)
{
	if (!origin->exec_ns) {
		watch_send(watch, sink, e);
		return;
	}
	watch->changed = true;
	e->time_ns = watch_time(watch, origin->exec_ns);
	e->pid = watch->pid;
	sink_send(sink, e);
}

int live_status_send_identity(struct live_status *s, const struct status_origin *origin,
			      struct reader *reader, struct watch *watch, struct sink *sink, struct err *err)
{
	struct event e = { .type = EVENT_PROCESS };
	if (reader_identity(reader, &e.process, err) != 0)
		return -1;
	if (origin->exec)
		s->nameless = NAME_TRIES;
	s->nameless = e.process.argv[0] || !s->nameless ? 0 : s->nameless - 1;
	e.process.launched = origin->launched;
	e.process.parent = origin->parent;
	e.process.exec = origin->exec;
	e.process.forked_ns = origin->birth.forked_ns;
	e.process.unrun = origin->birth.unrun;
	e.process.vfork = origin->birth.vfork;
	send_process(origin, &e, watch, sink);
	return 0;
}

void live_status_send_name(const struct status_origin *origin, const char *name, struct watch *watch,
			   struct sink *sink)
{
	static const char *const none[] = { NULL };
	const struct process *before = watch_process(watch);
	struct event e = { .type = EVENT_PROCESS };
	if (!before)
		return;
	e.process = (struct event_process){
		.argv = none,
		.comm = name,
		.exe = "",
		.page_shift = before->space->page_shift,
		.address_bits = before->identity.address_bits,
		.uid = before->identity.uid,
		.launched = origin->launched,
		.exec = origin->exec,
		.parent = origin->parent,
	};
	send_process(origin, &e, watch, sink);
}
