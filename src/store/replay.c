/* Events wait until their time has come. The first whole picture is given at once, and its
 * time is the beginning. */
#include "store/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

struct replay {
	struct source source; /* first */
	struct session *session;
	const struct world *world;
	struct event next; /* read, and not sent yet */
	bool has_next;
	bool waits; /* for a pipe */
	bool over;
	bool started;
	uint64_t zero_ns; /* time 0 of the session on the monotonic clock; may be before it began */
};

static size_t poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	struct replay *r = (struct replay *)source;

	if (!r->waits || r->over || !cap)
		return 0;
	fds[0] = (struct pollfd){.fd = session_fd(r->session), .events = POLLIN};
	return 1;
}

/* How long after the clock's now the next event is due: 0 when it is. */
static uint64_t time_left(const struct replay *r, uint64_t now)
{
	uint64_t played = now - r->zero_ns;

	return r->next.time_ns > played && r->started ? r->next.time_ns - played : 0;
}

static uint64_t due_ns(struct source *source)
{
	struct replay *r = (struct replay *)source;
	uint64_t now = clock_now_ns(), left;

	if (r->over || r->waits)
		return UINT64_MAX;
	left = r->has_next ? time_left(r, now) : 0;
	return left > UINT64_MAX - now ? UINT64_MAX : now + left;
}

static bool all_ended(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return false;
	return world->count > 0;
}

/* 1: r->next is there; 0: wait, or nothing more will come; -1 with err. */
static int read_next(struct replay *r, struct err *err)
{
	enum session_result result = r->has_next ? SESSION_EVENT : session_next(r->session, &r->next, err);

	r->has_next = result == SESSION_EVENT;
	r->waits = result == SESSION_WAIT;
	if (r->has_next || r->waits)
		return r->has_next;
	r->over = true;
	if (result == SESSION_END && all_ended(r->world))
		return 0;
	return result == SESSION_BROKEN ? -1 : err_set(err, ERR_GONE, _("the recording ends here"));
}

static void send(struct replay *r, struct sink *sink)
{
	r->has_next = false;
	if (r->next.type == EVENT_PROCESS)
		r->next.process.launched = false;
	sink->take(sink, &r->next);
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct replay *r = (struct replay *)source;
	uint64_t began = clock_now_ns(), now = began;
	int changed = 0;

	while (!r->over && now - began <= budget_ns) {
		int result = read_next(r, err);

		if (result <= 0)
			return result < 0 ? -1 : changed;
		if (time_left(r, now))
			return changed;
		send(r, sink);
		changed = 1;
		now = clock_now_ns();
	}
	return changed;
}

static int wait_for_session(struct replay *r, struct err *err)
{
	struct pollfd fd = {.fd = session_fd(r->session), .events = POLLIN};

	if (poll(&fd, 1, -1) < 0)
		return err_system(err, errno, _("cannot wait for the session"));
	return 0;
}

/* The first whole picture. A recording that was cut before has what it has. */
static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct replay *r = (struct replay *)source;
	struct err failure = {0};
	bool whole = r->started;

	while (!whole && !r->over) {
		int result = read_next(r, &failure);

		if (result == 0 && r->waits && wait_for_session(r, err) < 0)
			return -1;
		if (result <= 0)
			continue;
		whole = r->next.type == EVENT_TICK;
		send(r, sink);
	}
	if (!r->started)
		r->zero_ns = clock_now_ns() - r->world->now_ns;
	r->started = true;
	if (r->world->count)
		return 0;
	return failure.code && failure.code != ERR_GONE ? err_set(err, failure.code, "%s", failure.text)
							: err_set(err, ERR_INPUT, _("nothing was recorded"));
}

static void focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
}

static void locate(struct source *source, int32_t pid, uint64_t address, struct location *location)
{
	*location =
	    (struct location){.file = "", .section = "", .symbol = "", .why = _("not in the recording")};
}

/* What the picture says; the rest was not recorded. */
static int inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
		   struct page_detail *detail, struct err *err)
{
	struct replay *r = (struct replay *)source;
	const struct process *p = world_find(r->world, pid);
	const char *why = _("not in the recording");

	if (!p || page >= RUNS_END)
		return err_set(err, ERR_GONE, _("not in the recording"));
	memset(detail, 0, offsetof(struct page_detail, bytes));
	detail->page = page;
	detail->word = runs_at(p->space->pages, page).value;
	detail->entry_why = detail->frame_why = detail->kflags_why = why;
	detail->mapcount_why = detail->cached_why = detail->bytes_why = why;
	locate(source, pid, page << p->space->page_shift, &detail->location);
	return 0;
}

static int control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
		   struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, _("this is a recording: nothing can be done to the process"));
}

static void destroy(struct source *source)
{
	free(source);
}

static const struct source_ops ops = {
    .poll_fds = poll_fds,
    .due_ns = due_ns,
    .step = step,
    .sweep = sweep,
    .focus = focus,
    .inspect = inspect,
    .locate = locate,
    .control = control,
    .destroy = destroy,
};

struct source *replay_create(struct session *session, const struct world *world)
{
	struct replay *r = mem_zalloc(sizeof *r);

	r->source.ops = &ops;
	r->session = session;
	r->world = world;
	return &r->source;
}
