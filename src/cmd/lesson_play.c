/* A lecture on the terminal: one lesson, or all of them, one after the other.
 *
 * The plan is all steps of all its lessons. A lesson's program is started when its first step is due, and
 * ended when the next lesson begins; its folder stays open, for its slides show its source. A lesson that
 * needs what this machine lacks has no steps in the plan. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/lecture_keeper.h"
#include "cmd/lesson.h"
#include "lecture/slide.h"
#include "ui/lecture/lecture_run.h"

#define STEP_BUDGET_NS (25 * CLOCK_MS)

/* A step of the plan. */
struct planned {
	size_t lesson, step;
};

struct play {
	const struct options *options;
	struct lesson_folder **folders;
	char **names; /* as given; of the lessons that are played. Not owned */
	size_t folder_count;
	struct planned *plan;
	struct lecture_entry *entries;
	size_t count, cap, entry_cap;
	size_t next; /* step of the plan that is next, or under way */
	struct lesson_session session;
	bool begun;     /* a session is open */
	size_t current; /* whose */
	struct slide_before before;
	struct err failure;   /* of beginning a lesson */
	struct err lost;      /* why the last lesson did not come to its end; ERR_NONE: it did */
	struct err unwritten; /* of its recording; ERR_NONE: there was none */
	bool failed;
	struct lecture_keeper keeper;
};

static void end_session(struct play *p)
{
	struct err err = { 0 };

	if (p->begun && lesson_end(&p->session, &err) < 0)
		p->unwritten = err;
	p->begun = false;
}

static bool begin_lesson(struct play *p, size_t lesson)
{
	end_session(p);
	p->before = (struct slide_before){ 0 };
	p->lost = (struct err){ 0 };
	p->current = lesson;
	p->begun = lesson_begin(&p->session, p->folders[lesson], p->options, &p->failure) == 0;
	return p->begun;
}

/* What is left of a lesson is left out. */
static void skip_lesson(struct play *p, size_t lesson)
{
	while (p->next < p->count && p->plan[p->next].lesson == lesson)
		p->next++;
}

static bool go(void *context, struct err *why)
{
	struct play *p = context;

	if (p->next >= p->count) {
		*why = p->lost;
		return false;
	}
	size_t lesson = p->plan[p->next].lesson;
	p->failed = (!p->begun || p->current != lesson) && !begin_lesson(p, lesson);
	if (!p->failed)
		lesson_run_go(p->session.run);
	return true;
}

/* "": there is none */
static const char *title_after(const struct play *p, size_t number)
{
	return number + 1 < p->count ? p->entries[number + 1].title : "";
}

static void ask(void *context, struct slide_question *question)
{
	struct play *p = context;

	*question = (struct slide_question){ 0 };
	if (p->next >= p->count)
		return;
	const struct planned *next = &p->plan[p->next];
	const struct lesson_step *step = &p->folders[next->lesson]->lesson->steps[next->step];
	static const struct world nothing;
	struct expect_facts none = { .world = &nothing };
	bool same = p->begun && p->current == next->lesson;

	slide_question_take(question, step, same ? lesson_run_facts(p->session.run) : &none);
	if (question->kind)
		lecture_keeper_ask(&p->keeper, p->folders[next->lesson]->lesson, next->step,
				   title_after(p, p->next));
}

static size_t poll_fds(void *context, struct pollfd *fds, size_t cap)
{
	struct play *p = context;

	return p->begun ? p->session.source->ops->poll_fds(p->session.source, fds, cap) : 0;
}

static uint64_t due_ns(void *context)
{
	struct play *p = context;

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
static int lose(struct play *p, struct err *err, const struct err *why)
{
	size_t lesson = p->plan[p->next].lesson;

	skip_lesson(p, lesson);
	end_session(p);
	err_set(err, why->code, "%s: %s", p->folders[lesson]->name, why->text);
	p->lost = *err;
	return -1;
}

static int step(void *context, struct slide **slide, struct err *err)
{
	struct play *p = context;
	struct lesson_session *s = &p->session;
	struct err why = { 0 };

	if (p->failed)
		return lose(p, err, &p->failure);
	enum lesson_run_state state = lesson_run_tick(s->run, &s->fanout.sink, &why);
	if (state == LESSON_RUN_ON_ITS_WAY && !all_ended(s->world)) {
		if (s->source->ops->step(s->source, &s->fanout.sink, STEP_BUDGET_NS, &why) < 0)
			return lose(p, err, &why);
		state = lesson_run_tick(s->run, &s->fanout.sink, &why);
	}
	if (state == LESSON_RUN_ON_ITS_WAY)
		return 0;
	if (state == LESSON_RUN_LOST)
		return lose(p, err, &why);
	*slide = slide_take(s->folder->lesson, &s->folder->marks, lesson_run_step(s->run),
			    lesson_run_facts(s->run), &p->before);
	(*slide)->number = p->next++;
	return 1;
}

static size_t contents(void *context, const struct lecture_entry **entries)
{
	struct play *p = context;

	*entries = p->entries;
	return p->count;
}

static void around(void *context, size_t number, const char **title, struct lecture_source *source)
{
	struct play *p = context;
	const struct lesson_folder *f = p->folders[p->plan[number < p->count ? number : 0].lesson];

	*title = f->lesson->title.text;
	*source = (struct lecture_source){ f->source_name, f->source };
}

static void shown(void *context, const struct slide *slide, unsigned right, unsigned asked)
{
	struct play *p = context;

	lecture_keeper_show(&p->keeper, p->folders[p->plan[slide->number].lesson]->lesson->title.text, slide,
			    title_after(p, slide->number), right, asked);
}

static int act(void *context, enum control what, unsigned child, const struct control_pages *pages,
	       struct slide *slide, struct err *err)
{
	struct play *p = context;
	struct lesson_session *s = &p->session;
	const struct process *process = p->begun ? expect_process(lesson_run_facts(s->run), child) : NULL;
	struct control_arg arg = { .pages = *pages };

	if (!process || p->plan[slide->number].lesson != p->current)
		return err_set(err, ERR_GONE, "%s", _("the program has ended"));
	if (s->source->ops->control(s->source, process->pid, what, &arg, err) < 0 ||
	    s->source->ops->sweep(s->source, &s->fanout.sink, err) < 0)
		return -1;
	slide_take_pages(slide, s->folder->lesson, lesson_run_facts(s->run));
	return 0;
}

/* Adds the steps of a lesson. */
static void plan_lesson(struct play *p, struct lesson_folder *f, const char *name)
{
	size_t lesson = p->folder_count++;

	p->folders[lesson] = f;
	p->names[lesson] = (char *)name;
	for (size_t i = 0; i < f->lesson->step_count; i++) {
		mem_grow(p->plan, p->cap, p->count + 1);
		mem_grow(p->entries, p->entry_cap, p->count + 1);
		p->plan[p->count] = (struct planned){ lesson, i };
		p->entries[p->count++] =
		    (struct lecture_entry){ f->name, f->lesson->steps[i].title.text, i == 0 };
	}
}

static int plan_all(struct play *p, char *const *names, struct err *err)
{
	size_t count = 0;

	while (names[count])
		count++;
	p->folders = mem_zalloc((count + 1) * sizeof *p->folders);
	p->names = mem_zalloc((count + 1) * sizeof *p->names);
	for (size_t i = 0; i < count; i++) {
		struct lesson_folder *f = lesson_open(names[i], p->options, err);
		const char *missing = f ? lesson_missing(f->lesson->needs.text) : NULL;

		if (!f)
			return -1;
		if (missing && count == 1) {
			lesson_folder_close(f);
			return err_set(err, ERR_UNSUPPORTED, "%s: %s", names[i], missing);
		}
		if (missing)
			lesson_folder_close(f);
		else
			plan_lesson(p, f, names[i]);
	}
	return p->count ? 0 : err_set(err, ERR_NOT_FOUND, _("there are no lessons that can be given here"));
}

static void play_fini(struct play *p)
{
	end_session(p);
	for (size_t i = 0; i < p->folder_count; i++)
		lesson_folder_close(p->folders[i]);
	free(p->folders);
	free(p->names);
	free(p->plan);
	free(p->entries);
}

int lesson_play(char *const *names, size_t begin, const struct options *options, int *ended_by,
		struct err *err)
{
	struct play p = { .options = options };
	struct lecture_options lecture = { .terminal = options->screen.terminal,
					   .asking = !options->lesson.no_questions,
					   .begin = begin };
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

	if (result == 0) {
		lecture_keeper_init(&p.keeper, p.names, options->language);
		result = lecture_run(&driver, &lecture, err);
		*ended_by = result > 0 ? result : 0;
		lecture_keeper_end(&p.keeper);
	}
	play_fini(&p);
	if (result >= 0 && p.unwritten.code) {
		*err = p.unwritten;
		return -1;
	}
	return result < 0 ? -1 : 0;
}
