/* A recorded lecture on the screen, of one lesson or of several, where nothing is run. The texts of all are read
 * first; then, lesson by lesson, a recording is read on to the next step's facts, and the slide is taken from
 * them as it was from the program. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/lesson/lecture_keeper.h"
#include "cmd/lesson/lecture_plan.h"
#include "cmd/lesson/forms.h"
#include "cmd/lesson/screen.h"
#include "lesson/record.h"
#include "store/session.h"
#include "ui/lecture/lecture_run.h"

/* A recording, read up to some moment. */
struct opened_recording {
	struct session *session; /* NULL: none is open */
	struct world *world;
};

struct recorded_play {
	struct lecture_plan plan;
	struct opened_recording reading;
	size_t current; /* the lesson whose recording is read */
	struct slide_before before;
	struct lecture_keeper keeper;
};

static int reading_begin(struct opened_recording *r, const char *path, struct err *err)
{
	r->session = session_open(path, err);
	if (!r->session)
		return -1;
	r->world = world_create();
	session_watch_world(r->session, r->world);
	return 0;
}

static void reading_end(struct opened_recording *r)
{
	if (!r->session)
		return;
	world_destroy(r->world);
	session_close(r->session);
	*r = (struct opened_recording){ 0 };
}

/* Reads on until lines of that file have come. 0, or -1 with err: they do not come. */
static int read_until(struct opened_recording *r, const char *path, struct err *err)
{
	struct event e;
	enum session_result got;
	struct err failure = { 0 };

	while ((got = session_next(r->session, &e, &failure)) == SESSION_EVENT) {
		bool there = e.type == EVENT_LINES && !strcmp(e.lines.path, path);
		sink_send(&r->world->sink, &e);
		if (there)
			return 0;
	}
	if (got == SESSION_BROKEN)
		return err_set(err, failure.code, "%s", failure.text);
	return err_set(err, ERR_NOT_FOUND, "%s", _("the recording ends here"));
}

static bool go(void *context, struct err *err)
{
	struct recorded_play *p = context;

	*err = p->plan.lost;
	return p->plan.next < p->plan.count;
}

/* The lesson of the next step has its recording open. */
static int open_next(struct recorded_play *p, struct err *err)
{
	size_t lesson = p->plan.steps[p->plan.next].lesson;

	if (p->reading.session && p->current == lesson)
		return 0;
	reading_end(&p->reading);
	p->before = (struct slide_before){ 0 };
	p->plan.lost = (struct err){ 0 };
	p->current = lesson;
	return reading_begin(&p->reading, p->plan.lessons[lesson].name, err);
}

static void ask(void *context, struct slide_question *question)
{
	struct recorded_play *p = context;
	size_t next = p->plan.next;

	*question = (struct slide_question){ 0 };
	if (next >= p->plan.count)
		return;
	const struct planned_step *planned = &p->plan.steps[next];
	struct lesson *l = p->plan.lessons[planned->lesson].folder->lesson;
	static const struct world nothing;
	struct expect_facts none = { .world = &nothing };
	struct recorded_facts facts;
	bool same = p->reading.session && p->current == planned->lesson && planned->step;

	if (same)
		recorded_facts_init(&facts, p->reading.world, l, planned->step - 1);
	slide_question_take(question, &l->steps[planned->step], same ? &facts.facts : &none);
	if (same)
		recorded_facts_fini(&facts);
	if (question->kind)
		lecture_keeper_ask(&p->keeper, l, planned->step, lecture_plan_title_after(&p->plan, next));
}

static size_t poll_fds(void *context, struct pollfd *fds, size_t cap)
{
	return 0;
}

static uint64_t due_ns(void *context)
{
	return 0;
}

static int step(void *context, struct slide **slide, struct err *err)
{
	struct recorded_play *p = context;
	struct recorded_facts facts;
	const struct planned_step *next = &p->plan.steps[p->plan.next];
	struct lesson_folder *f = p->plan.lessons[next->lesson].folder;
	char *path = lesson_recorded_path(next->step);
	struct err failure = { 0 };
	int result = open_next(p, &failure);

	if (result == 0)
		result = read_until(&p->reading, path, &failure);
	free(path);
	if (result < 0)
		return lecture_plan_lose(&p->plan, &failure, err);
	recorded_facts_init(&facts, p->reading.world, f->lesson, next->step);
	*slide = slide_take(f->lesson, &f->marks, next->step, &facts.facts, &p->before);
	recorded_facts_fini(&facts);
	(*slide)->number = p->plan.next++;
	return 1;
}

static size_t contents(void *context, const struct lecture_entry **entries)
{
	struct recorded_play *p = context;

	*entries = p->plan.entries;
	return p->plan.count;
}

static void around(void *context, size_t number, const char **title, struct lecture_source *source)
{
	struct recorded_play *p = context;

	lecture_plan_around(&p->plan, number, title, source);
}

static void shown(void *context, const struct slide *slide, const char *score)
{
	struct recorded_play *p = context;

	lecture_keeper_show(&p->keeper, lecture_plan_lesson(&p->plan, slide->number)->folder->lesson, slide,
			    lecture_plan_title_after(&p->plan, slide->number), score);
}

/* The texts come first in a recording. */
static struct lesson_folder *read_texts(struct opened_recording *r, const char *path, const char *language,
					struct err *err)
{
	struct err failure = { 0 };

	if (read_until(r, "lesson:index", &failure) == 0)
		return lesson_recorded_folder(r->world, language, err);
	if (failure.code != ERR_NOT_FOUND) /* it is damaged */
		err_set(err, failure.code, "%s", failure.text);
	else
		err_set(err, ERR_NOT_FOUND, _("%s: there is no lesson in the recording"), path);
	return NULL;
}

static int plan_all(struct recorded_play *p, char *const *paths, const struct options *options,
		    struct err *err)
{
	for (size_t i = 0; paths[i]; i++) {
		struct opened_recording r;
		struct lesson_folder *f = NULL;

		if (reading_begin(&r, paths[i], err) == 0)
			f = read_texts(&r, paths[i], options->language, err);
		reading_end(&r);
		if (!f)
			return -1;
		lecture_plan_add(&p->plan, f, paths[i], i);
	}
	return 0;
}

int lesson_play_recorded(char *const *paths, const struct lecture_position *left,
			 const struct options *options, int *ended_by, struct err *err)
{
	struct recorded_play p = { 0 };
	struct lecture_driver driver = { .go = go,
					 .ask = ask,
					 .poll_fds = poll_fds,
					 .due_ns = due_ns,
					 .step = step,
					 .contents = contents,
					 .around = around,
					 .shown = shown,
					 .recorded = true,
					 .context = &p };
	int result = plan_all(&p, paths, options, err);

	if (result == 0)
		result = lesson_on_screen(&driver, &p.plan, &p.keeper, left, options, ended_by, err);
	reading_end(&p.reading);
	lecture_plan_fini(&p.plan);
	return result;
}
