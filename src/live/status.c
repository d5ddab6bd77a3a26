/* How the process is, told when it becomes otherwise.
 *
 * The end has several voices. The tracer of a launched program reaps it and knows
 * how it ended. For a process that was attached to there is the pidfd, which is
 * readable once the last thread has ended; then stat says Z until its parent has
 * asked, and after that there is no stat. A first thread that ended before the others
 * also is Z in stat: that alone is no end. */
#include "live/live_state.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/i18n.h"

#define NAME_TRIES 20
#define SOURCES_NS CLOCK_SECOND

void live_send(struct live *live, struct sink *sink, struct event *e)
{
	e->time_ns = schedule_time(&live->schedule);
	e->pid = live->pid;
	if (e->type != EVENT_TICK)
		live->changed = true;
	if (e->stack.count)
		live_names_want(live, sink, e);
	sink_send(sink, e);
}

static bool pidfd_says_dead(const struct live *live)
{
	struct pollfd fd = { .fd = live->pidfd, .events = POLLIN };
	return live->pidfd >= 0 && poll(&fd, 1, 0) == 1;
}

static enum process_status status_of_dead(struct live *live, int *code)
{
	struct process_stat st;
	if (live->news.ended) {
		int status = live->news.wait_status;
		*code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
		return WIFSIGNALED(status) ? PROCESS_KILLED : PROCESS_EXITED;
	}
	return reader_stat(live->reader, &st, NULL) == 0 ? PROCESS_ZOMBIE : PROCESS_GONE;
}

static enum process_status status_of_living(const struct live *live)
{
	const struct process_stat *st = &live->schedule.stat;
	if (live->news.paused || (live->news.hold == TRACEE_AT_EXEC && !live->execs))
		return PROCESS_PAUSED;
	/* while we trace it, stat says t at each of its stops that we serve */
	if (live_is_traced(live))
		return live->news.stopped ? PROCESS_STOPPED : PROCESS_RUNNING;
	if (live->schedule.have_stat && strchr("Tt", st->counters.state))
		return PROCESS_STOPPED;
	return PROCESS_RUNNING;
}

static bool stat_says_dead(const struct live *live)
{
	const struct process_stat *st = &live->schedule.stat;
	return live->pidfd < 0 && live->schedule.have_stat && strchr("ZX", st->counters.state) &&
	       st->counters.threads <= 1;
}

void live_tell_status(struct live *live, struct sink *sink)
{
	int code = 0;
	/* what we trace is not dead before its tracer has reaped it and knows how it ended */
	if (live_is_traced(live))
		live->dead = live->news.ended;
	else
		live->dead = live->dead || pidfd_says_dead(live) || stat_says_dead(live);
	if (live->dead && live->started && live_names_awaited(live))
		return; /* who records until the end has the names of the last faults, too */
	enum process_status status = live->dead ? status_of_dead(live, &code) : status_of_living(live);
	live->ended = live->dead && status != PROCESS_ZOMBIE;
	if (live->started && status == live->status && code == live->status_code)
		return;
	live->status = status;
	live->status_code = code;
	struct event e = { .type = EVENT_STATUS, .status = { status, code } };
	live_send(live, sink, &e);
}

void live_tell_counters(struct live *live, struct sink *sink)
{
	const struct process *process = world_find(live->world, live->pid);
	const struct event_counters *now = &live->schedule.stat.counters;
	if (!live->schedule.have_stat)
		return;
	if (process && process->has_counters && process->counters.minor == now->minor &&
	    process->counters.major == now->major && process->counters.threads == now->threads &&
	    process->counters.state == now->state)
		return;
	struct event e = { .type = EVENT_COUNTERS, .counters = *now };
	live_send(live, sink, &e);
}

/* Whether faults are told with stacks; asked only where there are faults. */
static bool stacks_now(const struct live *live, const char **why)
{
	*why = live->options.reader.off[SOURCE_STACKS] ? _("switched off")
	       : !live->faults.stacks.unwinder         ? _("stacks of this kind of machine are not unwound")
						       : "";
	return **why == '\0';
}

static bool access_now(const struct live *live, const char **why)
{
	bool ok = faults_can_code(live->faults.capture);

	*why = !ok                      ? faults_code_err(live->faults.capture)->text
	       : live->faults.codes_off ? _("not for the moment: faults come too fast")
					: "";
	return ok;
}

/* Is it one that this watch does not even look for? */
static bool is_unasked(const struct live *live, enum source_kind kind)
{
	if (kind == SOURCE_STACKS)
		return !live->options.stacks || !live->faults.capture;
	return kind == SOURCE_FAULTS ? !live->options.faults : kind == SOURCE_ACCESS && !live->faults.capture;
}

static bool source_now(const struct live *live, enum source_kind kind, const char **why)
{
	if (kind == SOURCE_FAULTS) {
		*why = live->faults.why;
		return live->faults.capture;
	}
	if (kind == SOURCE_STACKS)
		return stacks_now(live, why);
	if (kind == SOURCE_ACCESS)
		return access_now(live, why);
	if (kind == SOURCE_SYMBOLS && !live->options.reader.off[kind])
		*why = "";
	else if (kind == SOURCE_MAPS && *live->maps_why)
		*why = live->maps_why;
	else
		*why = reader_source(live->reader, kind)->text;
	return **why == '\0';
}

void live_tell_sources(struct live *live, struct sink *sink)
{
	uint64_t now = clock_now_ns();
	if (live->started && now - live->sources_ns < SOURCES_NS)
		return;
	live->sources_ns = now;
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		const char *why;
		if (is_unasked(live, (enum source_kind)kind))
			continue;
		bool ok = source_now(live, (enum source_kind)kind, &why);
		if (live->sources[kind].known && live->sources[kind].ok == ok &&
		    live->sources[kind].why == why)
			continue;
		live->sources[kind].known = true;
		live->sources[kind].ok = ok;
		live->sources[kind].why = why;
		struct event e = { .type = EVENT_SOURCE, .source = { (enum source_kind)kind, ok, why } };
		live_send(live, sink, &e);
	}
}

int live_tell_identity(struct live *live, struct sink *sink, bool exec, struct err *err)
{
	struct event e = { .type = EVENT_PROCESS };
	if (reader_identity(live->reader, &e.process, err) != 0)
		return -1;
	if (exec)
		live->nameless = NAME_TRIES;
	live->nameless = e.process.argv[0] || !live->nameless ? 0 : live->nameless - 1;
	e.process.launched = live->launched;
	e.process.parent = live->parent;
	e.process.exec = exec;
	live_send(live, sink, &e);
	return 0;
}
