/* Events wait until their time has come. The first whole picture is given at once, and its
 * time is the beginning. Moving in time is in replay_time.c. */
#include "store/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "store/notes.h"
#include "store/replay_state.h"

#define GROWTH_INTERVAL (100 * CLOCK_MS) /* between looks at whether a file has grown */
#define OVERVIEW_BUDGET (4 * CLOCK_MS)
#define SWEEP_INTERVAL_MS 20

static size_t poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	struct replay *r = (struct replay *)source;

	if (!r->spool || spool_fd(r->spool) < 0 || !cap)
		return 0;
	fds[0] = (struct pollfd){ .fd = spool_fd(r->spool), .events = POLLIN };
	return 1;
}

static uint64_t later(uint64_t now, uint64_t wait)
{
	return wait > UINT64_MAX - now ? UINT64_MAX : now + wait;
}

static uint64_t due_ns(struct source *source)
{
	struct replay *r = (struct replay *)source;
	uint64_t now = clock_now_ns(), due = UINT64_MAX, position = replay_position(r, now);

	if (r->overview && !overview_done(r->overview))
		return now;
	if (replay_grows(r) && (!r->spool || spool_fd(r->spool) < 0))
		due = r->looked_ns + GROWTH_INTERVAL;
	if (r->playing && replay_peek(r)) {
		uint64_t left = r->next.time_ns > position && !r->at_edge ? r->next.time_ns - position : 0;
		uint64_t at = later(now, replay_duration(r, left));

		due = at < due ? at : due;
	} else if (r->playing && !replay_grows(r)) {
		due = now; /* it has ended just now */
	}
	return due;
}

int replay_peek(struct replay *r)
{
	if (!r->has_next)
		r->has_next = track_iter_next(&r->iter, &r->next, &r->next_number, &r->broken) > 0;
	return r->has_next;
}

void replay_send(struct replay *r, struct sink *sink)
{
	r->has_next = false;
	r->number = r->next_number + 1;
	if (r->next.type == EVENT_PROCESS)
		r->next.process.launched = false;
	sink->take(sink, &r->next);
}

bool replay_grows(const struct replay *r)
{
	return r->spool ? spool_fd(r->spool) >= 0 && !r->track.closed : track_grows(&r->track);
}

/* What came since the last look. */
static int refresh(struct replay *r, struct err *err)
{
	r->looked_ns = clock_now_ns();
	if (r->spool && spool_step(r->spool, err) < 0)
		return -1;
	if (!track_refresh(&r->track) || r->notes_read == r->track.note_count)
		return 0;
	if (r->has_next) { /* the iterator is needed elsewhere: it comes back */
		r->has_next = false;
		r->iter.number = r->number;
	}
	notes_read(&r->iter, r->notes_read, &r->marks);
	r->notes_read = r->track.note_count;
	return 0;
}

/* Nothing is left to be played: a recording that goes on is followed, another stays here. */
static void reach_end(struct replay *r)
{
	r->number = r->track.events;
	r->now_ns = r->track.end_ns > r->now_ns ? r->track.end_ns : r->now_ns;
	r->at_edge = replay_grows(r);
	r->playing = r->at_edge;
	replay_rebase(r);
}

static int play(struct replay *r, struct sink *sink, uint64_t budget_ns)
{
	uint64_t began = clock_now_ns(), position = replay_position(r, began);
	int changed = 0;

	while (replay_peek(r)) {
		if (r->next.time_ns > position && !r->at_edge) {
			r->now_ns = position;
			return changed;
		}
		replay_send(r, sink);
		changed = 1;
		if (clock_now_ns() - began > budget_ns) { /* time waits for what it cannot keep up with */
			r->now_ns = r->world->now_ns;
			replay_rebase(r);
			return changed;
		}
	}
	reach_end(r);
	return changed;
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct replay *r = (struct replay *)source;
	int changed;

	if (refresh(r, err) < 0)
		return -1;
	changed = r->playing ? play(r, sink, budget_ns) : 0;
	if (r->overview && !overview_done(r->overview)) {
		overview_step(r->overview, budget_ns < OVERVIEW_BUDGET ? budget_ns : OVERVIEW_BUDGET);
		changed |= overview_done(r->overview);
	}
	return changed;
}

/* Until a whole picture is there, or it is clear that none will come. */
static int wait_for_picture(struct replay *r, struct sink *sink, struct err *err)
{
	for (bool whole = false; !whole;) {
		struct pollfd fd;
		size_t n = poll_fds(&r->source, &fd, 1);

		if (refresh(r, err) < 0)
			return -1;
		while (!whole && replay_peek(r)) {
			whole = r->next.type == EVENT_TICK;
			replay_send(r, sink);
		}
		if (whole || (!replay_grows(r) && !track_refresh(&r->track)))
			break;
		if (poll(&fd, n, SWEEP_INTERVAL_MS) < 0 && errno != EINTR)
			return err_system(err, errno, _("cannot wait for the session"));
	}
	return 0;
}

/* The first whole picture. A recording that was cut before has what it has. */
static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct replay *r = (struct replay *)source;

	if (r->started)
		return 0;
	if (wait_for_picture(r, sink, err) < 0)
		return -1;
	if (!r->world->count)
		return r->broken.code ? err_set(err, r->broken.code, "%s", r->broken.text)
				      : err_set(err, ERR_INPUT, _("nothing was recorded"));
	r->started = true;
	r->first = r->number;
	r->begin_ns = r->now_ns = r->world->now_ns;
	r->playing = true;
	if (replay_grows(r)) {
		replay_go(r, sink, r->track.events);
		reach_end(r);
	}
	replay_rebase(r);
	return 0;
}

static void focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
}

static void locate(struct source *source, int32_t pid, uint64_t address, struct location *location)
{
	*location =
	    (struct location){ .file = "", .section = "", .symbol = "", .why = _("not in the recording") };
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
	struct replay *r = (struct replay *)source;

	overview_destroy(r->overview);
	track_fini(&r->track);
	marks_fini(&r->marks);
	free(r);
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
	.time = &replay_time_ops,
	.destroy = destroy,
};

struct source *replay_create(struct session *session, struct world *world, const char *path,
			     struct spool *spool)
{
	struct replay *r = mem_zalloc(sizeof *r);

	r->source.ops = &ops;
	r->session = session;
	r->world = world;
	r->path = path;
	r->spool = spool;
	r->speed = REPLAY_SPEED_ONE;
	track_init(&r->track, session);
	r->iter = (struct track_iter){ .session = session, .track = &r->track };
	notes_read(&r->iter, 0, &r->marks);
	r->notes_read = r->track.note_count;
	if (path)
		notes_read_beside(path, session, &r->marks);
	r->overview = overview_create(session, &r->track, &r->marks);
	return &r->source;
}
