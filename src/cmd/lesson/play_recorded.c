/* A recorded lecture on the screen, of one lesson or of several, where nothing is run. The texts of all are read
 * first; then, lesson by lesson, a recording is read on to the next step's facts, and the slide is taken from
 * them as it was from the program. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/lesson/forms.h"
#include "cmd/lesson/given_lecture.h"
#include "lesson/record.h"
#include "store/session.h"

/* A recording, read up to some moment. */
struct opened_recording {
	struct session *session; /* NULL: none is open */
	struct world *world;
};

struct recorded_play {
	struct given_lecture lecture;    /* the first: see given_lecture.h */
	struct opened_recording reading; /* of the lesson that has begun */
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

	*err = p->lecture.plan.lost;
	return given_lecture_next(&p->lecture);
}

/* The lesson of the next step has its recording open. */
static int open_next(struct recorded_play *p, struct err *err)
{
	if (given_lecture_is_within(&p->lecture))
		return 0;
	reading_end(&p->reading);
	given_lecture_end(&p->lecture);
	if (reading_begin(&p->reading, given_lecture_next_lesson(&p->lecture)->name, err) < 0)
		return -1;
	given_lecture_begin(&p->lecture);
	return 0;
}

static void ask(void *context, struct slide_question *question)
{
	struct recorded_play *p = context;
	const struct planned_step *next = given_lecture_next(&p->lecture);
	struct recorded_facts facts;
	bool same = given_lecture_is_within(&p->lecture) && next->step;

	if (same)
		recorded_facts_init(&facts, p->reading.world,
				    given_lecture_next_lesson(&p->lecture)->folder->lesson, next->step - 1);
	given_lecture_ask(&p->lecture, same ? &facts.facts : NULL, question);
	if (same)
		recorded_facts_fini(&facts);
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
	size_t number = p->lecture.plan.steps[p->lecture.plan.next].step;
	char *path = lesson_recorded_path(number);
	struct err failure = { 0 };
	int result = open_next(p, &failure);

	if (result == 0)
		result = read_until(&p->reading, path, &failure);
	free(path);
	if (result < 0)
		return lecture_plan_lose(&p->lecture.plan, &failure, err);
	recorded_facts_init(&facts, p->reading.world, given_lecture_next_lesson(&p->lecture)->folder->lesson,
			    number);
	*slide = given_lecture_take(&p->lecture, &facts.facts);
	recorded_facts_fini(&facts);
	return 1;
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
		lecture_plan_add(&p->lecture.plan, f, paths[i], i);
	}
	return 0;
}

int lesson_play_recorded(char *const *paths, const struct lecture_position *left,
			 const struct options *options, int *ended_by, struct err *err)
{
	struct recorded_play p = { 0 };
	struct lecture_driver driver = {
		.go = go, .ask = ask, .poll_fds = poll_fds, .due_ns = due_ns, .step = step, .recorded = true
	};
	int result = plan_all(&p, paths, options, err);

	if (result == 0)
		result = given_lecture_run(&p.lecture, &driver, left, options, ended_by, err);
	reading_end(&p.reading);
	given_lecture_fini(&p.lecture);
	return result;
}
