/* The picture may be frozen while the process runs on: then a copy of the process is drawn. */
#include "ui/shown.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/minmax.h"

#define FRAMES_PAGES (UINT64_C(4) << 20) /* whose frames are read while the screen waits */
#define SHARING_REST 50                  /* the pause before it is done again, as a multiple of its cost */
#define COUNT_READS (UINT64_C(1) << 15)  /* ... and of how many runs it is read how often they are mapped */

void shown_init(struct shown *s, struct world *world, struct source *source, int32_t pid)
{
	*s = (struct shown){
		.world = world,
		.source = source,
		.process = world_find(world, pid),
		.now_ns = world->now_ns,
		.has_time = source->ops->time != NULL,
	};
}

void shown_fini(struct shown *s)
{
	sharing_fini(&s->sharing.of);
	process_order_fini(&s->order);
	shown_hold(s, false);
	pair_fini(&s->pair);
}

void shown_update_time(struct shown *s)
{
	if (!s->has_time)
		return;
	s->source->ops->time->status(s->source, &s->time);
	s->now_ns = s->time.now_ns;
}

void shown_hold(struct shown *s, bool hold)
{
	if (hold == !!s->still)
		return;
	if (hold) {
		s->still = process_copy(s->process);
		s->still_ns = s->now_ns;
	} else {
		process_destroy(s->still);
		s->still = NULL;
	}
}

const struct process *shown_process(struct shown *s)
{
	if (!s->still)
		return s->process;
	/* everything is frozen except the status: the user must see that the process was paused, or has
	 * ended */
	s->still->status = s->process->status;
	s->still->status_code = s->process->status_code;
	return s->still;
}

struct space *shown_space(const struct shown *s)
{
	return s->still ? s->still->space : s->process->space;
}

uint64_t shown_picture_ns(const struct shown *s)
{
	return s->still ? s->still_ns : s->now_ns;
}

const struct process *shown_launched(const struct shown *s)
{
	for (size_t i = 0; i < s->world->count; i++)
		if (s->world->processes[i]->identity.launched)
			return s->world->processes[i];
	return NULL;
}

bool shown_any_alive(const struct shown *s)
{
	for (size_t i = 0; i < s->world->count; i++)
		if (process_alive(s->world->processes[i]))
			return true;
	return false;
}

struct sink *shown_sink(struct shown *s)
{
	return s->sink ? s->sink : &s->world->sink;
}

const struct marks *shown_marks(const struct shown *s)
{
	return s->has_time ? s->source->ops->time->marks(s->source) : &s->world->marks;
}

int shown_mark(struct shown *s, const char *text, struct err *err)
{
	struct event e = { .type = EVENT_MARK, .pid = s->process->pid, .time_ns = s->world->now_ns };

	if (s->has_time)
		return s->source->ops->time->note(s->source, s->process->pid, text, err);
	e.mark.text = text;
	sink_send(shown_sink(s), &e);
	return 0;
}

/* Is it a request to the program that we started, whichever process is shown? */
static bool is_for_launched(enum control what)
{
	return what == CONTROL_SEND || what == CONTROL_END || what == CONTROL_RELEASE;
}

/* A recording says itself that nothing can be done to it. The program may have ended, but not what
 * it forked: that can still be sent to, and let go. */
static bool can_ask(const struct shown *s, const struct process *process, enum control what)
{
	return process &&
	       (s->has_time || process_alive(process) || (is_for_launched(what) && shown_any_alive(s)));
}

int shown_control(struct shown *s, enum control what, const struct control_arg *arg, struct err *err)
{
	const struct process *process =
	    is_for_launched(what) && !s->has_time ? shown_launched(s) : s->process;

	if (!can_ask(s, process, what))
		return err_set(err, ERR_GONE, _("the program has ended"));
	return s->source->ops->control(s->source, process->pid, what, arg, err);
}

static size_t count_alive(const struct world *world)
{
	size_t alive = 0;

	for (size_t i = 0; i < world->count; i++)
		alive += process_alive(world->processes[i]);
	return alive;
}

void shown_take_sharing(struct shown *s)
{
	uint64_t begun = clock_now_ns(), end;

	sharing_fini(&s->sharing.of);
	s->sharing.err = (struct err){ 0 };
	sharing_take(&s->sharing.of, s->world, s->source, FRAMES_PAGES, &s->sharing.err);
	s->sharing.taken_ns = s->now_ns;
	s->sharing.alive = count_alive(s->world);
	s->sharing.known = true;
	end = clock_now_ns();
	s->sharing.due_ns = end + max(CLOCK_SECOND, (end - begun) * SHARING_REST);
}

void shown_update_sharing(struct shown *s)
{
	bool moved = s->has_time && !s->time.playing;

	if (s->still || s->now_ns == s->sharing.taken_ns)
		return;
	if (moved || count_alive(s->world) != s->sharing.alive || clock_now_ns() >= s->sharing.due_ns)
		shown_take_sharing(s);
}

void shown_take_frames(struct shown *s, uint64_t page)
{
	const struct physical_budget budget = { .pages = FRAMES_PAGES, .reads = COUNT_READS };

	physical_take(&s->frames.of, s->process, s->source, page, budget);
	s->frames.taken_ns = s->now_ns;
	s->frames.known = true;
}
