/* A lecture on the terminal: one lesson, or all of them, one after the other.
 *
 * A lesson's program is started when its first step is due, and ended when the next lesson begins; its folder
 * stays open, for its slides show its source. A lesson that needs what this machine lacks has no steps in the
 * plan. */
#include <stdlib.h>

#include "base/i18n.h"
#include "cmd/lesson/lecture_keeper.h"
#include "cmd/lesson/lecture_plan.h"
#include "cmd/lesson/forms.h"
#include "cmd/lesson/needs.h"
#include "cmd/lesson/screen.h"
#include "cmd/lesson/session.h"
#include "lecture/slide.h"
#include "ui/lecture/lecture_run.h"

struct live_play {
	const struct options *options;
	struct lecture_plan plan;
	struct lesson_session session;
	bool begun;     /* a session is open */
	size_t current; /* whose */
	struct slide_before before;
	struct err failure;   /* of beginning a lesson */
	struct err unwritten; /* of its recording; ERR_NONE: there was none */
	bool failed;
	struct lecture_keeper keeper;
};

static void end_session(struct live_play *p)
{
	struct err err = { 0 };

	if (p->begun && lesson_end(&p->session, &err) < 0)
		p->unwritten = err;
	p->begun = false;
}

static bool begin_lesson(struct live_play *p, size_t lesson)
{
	const struct planned_lesson *planned = &p->plan.lessons[lesson];

	end_session(p);
	p->before = (struct slide_before){ 0 };
	p->plan.lost = (struct err){ 0 };
	p->current = lesson;
	p->begun = lesson_begin(&p->session, planned->folder, planned->number, p->options, &p->failure) == 0;
	return p->begun;
}

static bool go(void *context, struct err *err)
{
	struct live_play *p = context;

	if (p->plan.next >= p->plan.count) {
		*err = p->plan.lost;
		return false;
	}
	size_t lesson = p->plan.steps[p->plan.next].lesson;
	p->failed = (!p->begun || p->current != lesson) && !begin_lesson(p, lesson);
	if (!p->failed)
		lesson_run_go(p->session.run);
	return true;
}

static void ask(void *context, struct slide_question *question)
{
	struct live_play *p = context;

	*question = (struct slide_question){ 0 };
	if (p->plan.next >= p->plan.count)
		return;
	const struct planned_step *next = &p->plan.steps[p->plan.next];
	const struct lesson *lesson = p->plan.lessons[next->lesson].folder->lesson;
	static const struct world nothing;
	struct expect_facts none = { .world = &nothing };
	bool same = p->begun && p->current == next->lesson;

	slide_question_take(question, &lesson->steps[next->step],
			    same ? lesson_run_facts(p->session.run) : &none);
	if (question->kind)
		lecture_keeper_ask(&p->keeper, lesson, next->step,
				   lecture_plan_title_after(&p->plan, p->plan.next));
}

static size_t poll_fds(void *context, struct pollfd *fds, size_t cap)
{
	struct live_play *p = context;

	return p->begun ? p->session.source->ops->poll_fds(p->session.source, fds, cap) : 0;
}

static uint64_t due_ns(void *context)
{
	struct live_play *p = context;

	return p->begun ? p->session.source->ops->due_ns(p->session.source) : 0;
}

static bool all_ended(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return false;
	return true;
}

/* It will not come there: the lesson is over. */
static int lose(struct live_play *p, struct err *err, const struct err *failure)
{
	end_session(p);
	return lecture_plan_lose(&p->plan, failure, err);
}

static int step(void *context, struct slide **slide, struct err *err)
{
	struct live_play *p = context;
	struct lesson_session *s = &p->session;
	struct err failure = { 0 };

	if (p->failed)
		return lose(p, err, &p->failure);
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
	*slide = slide_take(s->folder->lesson, &s->folder->marks, lesson_run_step(s->run),
			    lesson_run_facts(s->run), &p->before);
	(*slide)->number = p->plan.next++;
	return 1;
}

static size_t contents(void *context, const struct lecture_entry **entries)
{
	struct live_play *p = context;

	*entries = p->plan.entries;
	return p->plan.count;
}

static void around(void *context, size_t number, const char **title, struct lecture_source *source)
{
	struct live_play *p = context;

	lecture_plan_around(&p->plan, number, title, source);
}

static void shown(void *context, const struct slide *slide, const char *score)
{
	struct live_play *p = context;

	lecture_keeper_show(&p->keeper, lecture_plan_lesson(&p->plan, slide->number)->folder->lesson, slide,
			    lecture_plan_title_after(&p->plan, slide->number), score);
}

static int act(void *context, enum control what, unsigned child, const struct control_pages *pages,
	       struct slide *slide, struct err *err)
{
	struct live_play *p = context;
	struct lesson_session *s = &p->session;
	const struct process *process = p->begun ? expect_process(lesson_run_facts(s->run), child) : NULL;
	struct control_arg arg = { .pages = *pages };

	if (!process || p->plan.steps[slide->number].lesson != p->current)
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
			lecture_plan_add(&p->plan, f, names[i], i);
			continue;
		}
		lesson_folder_close(f);
		if (!names[1])
			return err_set(err, ERR_UNSUPPORTED, "%s: %s", names[i], missing.text);
	}
	return p->plan.count ? 0
			     : err_set(err, ERR_NOT_FOUND, _("there are no lessons that can be given here"));
}

int lesson_play(char *const *names, const struct lecture_position *left, const struct options *options,
		int *ended_by, struct err *err)
{
	struct live_play p = { .options = options };
	struct lecture_driver driver = { .go = go,
					 .ask = ask,
					 .poll_fds = poll_fds,
					 .due_ns = due_ns,
					 .step = step,
					 .contents = contents,
					 .around = around,
					 .shown = shown,
					 .act = act,
					 .context = &p };
	int result = plan_all(&p, names, err);

	if (result == 0)
		result = lesson_on_screen(&driver, &p.plan, &p.keeper, left, options, ended_by, err);
	end_session(&p);
	lecture_plan_fini(&p.plan);
	if (result >= 0 && p.unwritten.code) {
		*err = p.unwritten;
		return -1;
	}
	return result;
}
