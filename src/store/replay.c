/* Events wait until their time has come. The first whole picture is sent at once, and its
 * time is the beginning. The playhead decides what comes next, the pace when. */
#include "store/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "model/marks.h"
#include "store/notes.h"
#include "store/overview.h"
#include "store/pace.h"
#include "store/playhead.h"
#include "store/track.h"

#define GROWTH_INTERVAL (100 * CLOCK_MS) /* between looks at whether a file has grown */
#define OVERVIEW_BUDGET (4 * CLOCK_MS)
#define SWEEP_INTERVAL_MS 20

struct replay {
	struct source source; /* first */
	struct session *session;
	struct world *world;
	const char *path;    /* or NULL */
	struct spool *spool; /* or NULL */
	struct track track;
	struct playhead head;
	struct gaps gaps;
	struct pace pace;
	uint64_t begin_ns; /* time of the first whole picture */
	bool started;
	bool at_edge;       /* what comes is shown at once, because it is being recorded now */
	uint64_t looked_ns; /* CLOCK_MONOTONIC: when the file was last checked for growth */
	struct marks marks; /* of the whole recording */
	size_t notes_read;  /* how many of the track's notes were read */
	struct err end;     /* where the file breaks off, once determined */
	struct overview *overview;
};

static bool grows(const struct replay *r)
{
	return r->spool ? spool_fd(r->spool) >= 0 && track_end(&r->track) != TRACK_CLOSED
			: track_grows(&r->track);
}

static uint64_t position(const struct replay *r)
{
	return pace_position(&r->pace, clock_now_ns());
}

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
	uint64_t now = clock_now_ns(), due = UINT64_MAX, shown = pace_position(&r->pace, now);
	const struct event *next = pace_is_playing(&r->pace) ? playhead_peek(&r->head) : NULL;

	if (r->overview && !overview_done(r->overview))
		return now;
	if (grows(r) && (!r->spool || spool_fd(r->spool) < 0))
		due = r->looked_ns + GROWTH_INTERVAL;
	if (next) {
		uint64_t left = next->time_ns > shown && !r->at_edge ? next->time_ns - shown : 0;
		uint64_t at = later(now, pace_duration(&r->pace, left));

		due = min(at, due);
	} else if (pace_is_playing(&r->pace) && !grows(r)) {
		due = now; /* it has ended just now */
	}
	return due;
}

/* What came since the last look. */
static int refresh(struct replay *r, struct err *err)
{
	const uint64_t *offsets;

	r->looked_ns = clock_now_ns();
	if (r->spool && spool_step(r->spool, err) < 0)
		return -1;
	if (r->overview)
		overview_refresh(r->overview);
	track_refresh(&r->track);
	if (r->notes_read < track_notes(&r->track, &offsets))
		r->notes_read = notes_read(playhead_lend(&r->head), &r->track, r->notes_read, &r->marks);
	return 0;
}

/* Nothing is left to play: a recording that goes on is followed, any other stays here. */
static void reach_end(struct replay *r)
{
	playhead_reach_end(&r->head);
	r->at_edge = grows(r);
	pace_play(&r->pace, r->at_edge, max(track_end_ns(&r->track), pace_last(&r->pace)));
}

static int play(struct replay *r, struct sink *sink, uint64_t budget_ns)
{
	uint64_t began = clock_now_ns(), shown = pace_position(&r->pace, began);
	const struct event *next;
	int changed = 0;

	while ((next = playhead_peek(&r->head))) {
		if (next->time_ns > shown && !r->at_edge) {
			pace_note(&r->pace, shown);
			return changed;
		}
		playhead_send(&r->head, sink);
		changed = 1;
		if (clock_now_ns() - began > budget_ns) { /* time waits if we cannot keep up */
			pace_go_on(&r->pace, r->world->now_ns);
			return changed;
		}
	}
	reach_end(r);
	return changed;
}

/* Between these numbers of events, in either direction. */
static bool meet_gap(struct replay *r, uint64_t from, uint64_t to)
{
	struct gap gap;
	bool any = gaps_between(&r->gaps, min(from, to), max(from, to), &gap);

	if (any)
		gaps_meet(&r->gaps, &gap);
	return any;
}

static int step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	struct replay *r = (struct replay *)source;
	uint64_t number = playhead_number(&r->head);
	int changed;

	if (refresh(r, err) < 0)
		return -1;
	changed = pace_is_playing(&r->pace) ? play(r, sink, budget_ns) : 0;
	if (changed)
		meet_gap(r, number, playhead_number(&r->head));
	if (r->overview && !overview_done(r->overview)) {
		overview_step(r->overview, min(budget_ns, OVERVIEW_BUDGET));
		world_use_later_names(r->world, overview_names(r->overview));
		changed |= overview_done(r->overview);
	}
	return changed;
}

/* Waits until a whole picture is there, or it is clear that none will come. */
static int wait_for_picture(struct replay *r, struct sink *sink, struct err *err)
{
	const struct event *next;

	for (bool whole = false; !whole;) {
		struct pollfd fd;
		size_t n = poll_fds(&r->source, &fd, 1);

		if (refresh(r, err) < 0)
			return -1;
		while (!whole && (next = playhead_peek(&r->head))) {
			whole = next->type == EVENT_TICK;
			playhead_send(&r->head, sink);
		}
		if (whole || (!grows(r) && !track_refresh(&r->track)))
			break;
		if (poll(&fd, n, SWEEP_INTERVAL_MS) < 0 && errno != EINTR)
			return err_system(err, errno, _("cannot wait for the session"));
	}
	return 0;
}

static int nothing_here(const struct replay *r, struct err *err)
{
	const struct err *broken = playhead_broken(&r->head);

	if (broken->code)
		return err_set(err, broken->code, "%s", broken->text);
	return err_set(err, ERR_INPUT, _("nothing was recorded"));
}

/* Goes to the first whole picture, or, in a recording that ends before it, to the end. */
static int sweep(struct source *source, struct sink *sink, struct err *err)
{
	struct replay *r = (struct replay *)source;

	if (r->started)
		return 0;
	if (wait_for_picture(r, sink, err) < 0)
		return -1;
	if (!r->world->count)
		return nothing_here(r, err);
	r->started = true;
	playhead_begin_here(&r->head);
	r->begin_ns = r->world->now_ns;
	pace_play(&r->pace, true, r->begin_ns);
	if (grows(r)) {
		playhead_go(&r->head, sink, track_events(&r->track));
		reach_end(r);
	}
	pace_go_on(&r->pace, pace_last(&r->pace)); /* getting here took a while */
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

/* Answers from the picture; the rest was not recorded. */
static int inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
		   struct page_detail *detail, struct err *err)
{
	struct replay *r = (struct replay *)source;
	const struct process *p = world_find(r->world, pid);

	if (!p || page >= RUNS_END)
		return err_set(err, ERR_GONE, _("not in the recording"));
	page_detail_refuse(detail, page, runs_at(p->space->pages, page).value, _("not in the recording"));
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

	world_use_later_names(r->world, NULL);
	overview_destroy(r->overview);
	gaps_fini(&r->gaps);
	track_fini(&r->track);
	marks_fini(&r->marks);
	free(r);
}

/* Moving in time */

static bool has_more(const struct replay *r)
{
	return playhead_number(&r->head) < track_events(&r->track);
}

/* Moves to this time, and plays from there if `playing` and there is more to come. */
static void stand(struct replay *r, uint64_t now_ns, bool playing)
{
	r->at_edge = grows(r) && (!has_more(r) || !playhead_peek(&r->head));
	pace_play(&r->pace, playing && (r->at_edge || has_more(r)), now_ns);
}

/* A time that cannot be shown, with the picture before. */
static bool in_gap(const struct replay *r, uint64_t time_ns, struct gap *gap)
{
	return gaps_at(&r->gaps, playhead_number(&r->head), gap) && time_ns > gap->begin_ns &&
	       time_ns < gap->end_ns;
}

static int seek(struct source *source, struct sink *sink, uint64_t time_ns, struct err *err)
{
	struct replay *r = (struct replay *)source;
	uint64_t at = clamp(time_ns, r->begin_ns, track_end_ns(&r->track));
	uint64_t number = playhead_number(&r->head);
	struct gap gap;

	playhead_go_time(&r->head, sink, at);
	if (!meet_gap(r, number, playhead_number(&r->head)) && in_gap(r, at, &gap))
		gaps_meet(&r->gaps, &gap);
	stand(r, at, pace_is_playing(&r->pace));
	return r->world->count ? 0 : nothing_here(r, err);
}

static int move(struct source *source, struct sink *sink, const struct time_move *m, struct err *err)
{
	struct replay *r = (struct replay *)source;
	uint64_t now_ns = position(r), number = playhead_number(&r->head);
	bool moved = playhead_move(&r->head, sink, m);

	meet_gap(r, number, moved ? playhead_number(&r->head) : m->step > 0 ? UINT64_MAX : 0);
	stand(r, moved ? clamp(r->world->now_ns, r->begin_ns, UINT64_MAX) : now_ns, false);
	return moved;
}

static void set_playing(struct source *source, bool on)
{
	struct replay *r = (struct replay *)source;

	stand(r, position(r), on);
}

static bool faster(struct source *source, int by)
{
	return pace_faster(&((struct replay *)source)->pace, by);
}

/* Status */

static bool all_ended(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return false;
	return world->count > 0;
}

static enum time_end end_of(const struct replay *r)
{
	if (track_end(&r->track) != TRACK_CLOSED)
		return TIME_END_BROKEN;
	return all_ended(r->world) ? TIME_END_ENDED : TIME_END_CLOSED;
}

static const char *end_text(struct replay *r, enum time_end end)
{
	const struct err *broken = playhead_broken(&r->head);
	enum track_end track = track_end(&r->track);

	if (end != TIME_END_BROKEN)
		return end == TIME_END_CLOSED ? _("the recording ends here") : "";
	if (broken->code)
		return broken->text;
	if (!r->end.code)
		err_set(&r->end, ERR_INPUT,
			track == TRACK_TOO_MUCH ? _("%s claims more before byte %llu than a file of its size "
						    "can hold: the rest is not read")
			: track == TRACK_DAMAGED
			    ? _("%s is damaged or truncated at byte %llu: what comes before is intact")
			    : _("%s breaks off at byte %llu: it was not closed"),
			session_shown(r->session), (unsigned long long)track_end_offset(&r->track));
	return r->end.text;
}

static void status(struct source *source, struct time_status *s)
{
	struct replay *r = (struct replay *)source;
	struct gap gap, shown;

	*s = (struct time_status){
		.begin_ns = r->begin_ns,
		.end_ns = max(track_end_ns(&r->track), r->begin_ns),
		.events = track_events(&r->track),
		.at_event = playhead_number(&r->head),
		.playing = pace_is_playing(&r->pace),
		.at_end = !has_more(r) && !pace_is_playing(&r->pace),
		.grows = grows(r),
		.end_text = "",
	};
	pace_speed(&r->pace, &s->speed, &s->speed_of);
	s->now_ns = clamp(r->at_edge ? pace_last(&r->pace) : position(r), s->begin_ns, s->end_ns);
	s->gaps_met = gaps_met(&r->gaps, &gap);
	s->in_gap = in_gap(r, s->now_ns, &shown);
	if (s->in_gap)
		gap = shown;
	s->gap = (struct time_gap){ gap.begin_ns, gap.end_ns };
	if (s->at_end && !s->grows) {
		s->end = end_of(r);
		s->end_text = end_text(r, s->end);
	}
}

static const struct marks *marks(struct source *source)
{
	return &((struct replay *)source)->marks;
}

static int note(struct source *source, int32_t pid, const char *text, struct err *err)
{
	struct replay *r = (struct replay *)source;
	struct event e = { .type = EVENT_MARK, .pid = pid };
	const uint64_t *offsets;
	int result;

	if (!r->path)
		return err_set(err, ERR_UNSUPPORTED,
			       _("a session from a pipe cannot keep notes: record it to a file"));
	e.time_ns = clamp(position(r), r->begin_ns, UINT64_MAX);
	e.mark.text = text;
	result = notes_keep(r->path, r->session, &r->track, &e, err);
	if (result < 0)
		return -1;
	marks_add(&r->marks, e.time_ns, pid, text);
	if (result == 0 && track_refresh(&r->track))
		r->notes_read = track_notes(&r->track, &offsets);
	return 0;
}

static size_t course(struct source *source, int32_t pid, const struct time_point **points)
{
	return overview_points(((struct replay *)source)->overview, pid, points);
}

static const struct time_ops time_ops = {
	.status = status,
	.seek = seek,
	.move = move,
	.play = set_playing,
	.faster = faster,
	.marks = marks,
	.note = note,
	.course = course,
};

static const struct source_ops ops = {
	.poll_fds = poll_fds,
	.due_ns = due_ns,
	.step = step,
	.sweep = sweep,
	.focus = focus,
	.inspect = inspect,
	.locate = locate,
	.control = control,
	.time = &time_ops,
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
	pace_init(&r->pace);
	track_init(&r->track, session);
	playhead_init(&r->head, session, &r->track, world, &r->gaps);
	r->notes_read = notes_read(playhead_lend(&r->head), &r->track, 0, &r->marks);
	if (path)
		notes_read_beside(path, session, &r->marks);
	r->overview = overview_create(session, &r->marks, &r->gaps);
	return &r->source;
}
