/* A lecture on the terminal: one lesson, or all of them, one after the other.
 *
 * A lesson's program is started when its first step is due, and ended when the next lesson begins; its folder
 * stays open, for its slides show its source. A lesson that needs what this machine lacks has no steps in the
 * plan. */
#include <stdlib.h>

#include "base/i18n.h"
#include "cmd/lesson/forms.h"
#include "cmd/lesson/given_lecture.h"
#include "cmd/lesson/needs.h"
#include "cmd/lesson/session.h"

struct live_play {
	struct given_lecture lecture; /* the first: see given_lecture.h */
	const struct options *options;
	struct lesson_session session; /* of the lesson that has begun */
	struct err not_begun;          /* why the next lesson has not; ERR_NONE: it has */
	struct err unwritten; /* why a recording could not be written; ERR_NONE: none had to, or it was */
};

static void end_session(struct live_play *p)
{
	struct err err = { 0 };

	if (p->lecture.begun && lesson_end(&p->session, &err) < 0)
		p->unwritten = err;
	given_lecture_end(&p->lecture);
}

/* The lesson of the next step has its program started; else not_begun says why. */
static void begin_next(struct live_play *p)
{
	const struct planned_lesson *next = given_lecture_next_lesson(&p->lecture);

	if (given_lecture_is_within(&p->lecture))
		return;
	end_session(p);
	p->not_begun = (struct err){ 0 };
	if (lesson_begin(&p->session, next->folder, next->number, p->options, &p->not_begun) == 0)
		given_lecture_begin(&p->lecture);
}

static bool go(void *context, struct err *err)
{
	struct live_play *p = context;

	if (!given_lecture_next(&p->lecture)) {
		*err = p->lecture.plan.lost;
		return false;
	}
	begin_next(p);
	if (!p->not_begun.code)
		lesson_run_go(p->session.run);
	return true;
}

static void ask(void *context, struct slide_question *question)
{
	struct live_play *p = context;
	bool within = given_lecture_is_within(&p->lecture);

	given_lecture_ask(&p->lecture, within ? lesson_run_facts(p->session.run) : NULL, question);
}

static size_t poll_fds(void *context, struct pollfd *fds, size_t cap)
{
	struct live_play *p = context;

	return p->lecture.begun ? p->session.source->ops->poll_fds(p->session.source, fds, cap) : 0;
}

static uint64_t due_ns(void *context)
{
	struct live_play *p = context;

	return p->lecture.begun ? p->session.source->ops->due_ns(p->session.source) : 0;
}

static bool all_ended(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return false;
	return true;
}

/* It will not get there: the lesson is over. */
static int lose(struct live_play *p, struct err *err, const struct err *failure)
{
	end_session(p);
	return lecture_plan_lose(&p->lecture.plan, failure, err);
}

static int step(void *context, struct slide **slide, struct err *err)
{
	struct live_play *p = context;
	struct lesson_session *s = &p->session;
	struct err failure = { 0 };

	if (p->not_begun.code)
		return lose(p, err, &p->not_begun);
	enum lesson_run_state state = lesson_tick(s, &failure);
	if (state == LESSON_RUN_ON_ITS_WAY && !all_ended(s->world)) {
		if (s->source->ops->step(s->source, &s->fanout.sink, SOURCE_STEP_NS, &failure) < 0)
			return lose(p, err, &failure);
		state = lesson_tick(s, &failure);
	}
	if (state == LESSON_RUN_ON_ITS_WAY)
		return 0;
	if (state == LESSON_RUN_LOST)
		return lose(p, err, &failure);
	*slide = given_lecture_take(&p->lecture, lesson_run_facts(s->run));
	return 1;
}

static int act(void *context, enum control what, unsigned child, const struct control_pages *pages,
	       struct slide *slide, struct err *err)
{
	struct live_play *p = context;
	struct lesson_session *s = &p->session;
	const struct process *process =
	    p->lecture.begun ? expect_process(lesson_run_facts(s->run), child) : NULL;
	struct control_arg arg = { .pages = *pages };

	if (!process || p->lecture.plan.steps[slide->number].lesson != p->lecture.current)
		return err_set(err, ERR_GONE, "%s", _("the program has ended"));
	if (s->source->ops->control(s->source, process->pid, what, &arg, err) < 0 ||
	    s->source->ops->sweep(s->source, &s->fanout.sink, err) < 0)
		return -1;
	slide_take_pages(slide, s->folder->lesson, lesson_run_facts(s->run));
	return 0;
}

static int plan_all(struct live_play *p, char *const *names, struct err *err)
{
	for (size_t i = 0; names[i]; i++) {
		struct lesson_folder *f = lesson_open(names[i], p->options, err);
		struct err missing = { 0 };

		if (!f)
			return -1;
		if (lesson_check_needs(f->lesson->needs.text, &missing) == 0) {
			lecture_plan_add(&p->lecture.plan, f, names[i], i);
			continue;
		}
		lesson_folder_close(f);
		if (!names[1])
			return err_set(err, ERR_UNSUPPORTED, "%s: %s", names[i], missing.text);
	}
	return p->lecture.plan.count
		   ? 0
		   : err_set(err, ERR_NOT_FOUND, _("there are no lessons that can be given here"));
}

int lesson_play(char *const *names, const struct lecture_position *left, const struct options *options,
		int *ended_by, struct err *err)
{
	struct live_play p = { .options = options };
	struct lecture_driver driver = {
		.go = go, .ask = ask, .poll_fds = poll_fds, .due_ns = due_ns, .step = step, .act = act
	};
	int result = plan_all(&p, names, err);

	if (result == 0)
		result = given_lecture_run(&p.lecture, &driver, left, options, ended_by, err);
	end_session(&p);
	given_lecture_fini(&p.lecture);
	if (result >= 0 && p.unwritten.code) {
		*err = p.unwritten;
		return -1;
	}
	return result;
}
