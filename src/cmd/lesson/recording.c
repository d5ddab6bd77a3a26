/* A lesson from a recording. Each step is given when its facts come, by the picture of that moment. */
#include "cmd/lesson/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "lesson/record.h"
#include "store/session.h"

#define STEP_PATH "lesson:step/"

struct lesson_recording {
	const char *language;
	struct world *world;
	struct lesson_folder *folder; /* NULL: its texts have not come yet */
	lesson_step_visitor *visit;
	void *context;
};

/* The number of the step whose facts have come; SIZE_MAX: it is something else. */
static size_t step_of(const struct event *e)
{
	size_t length = strlen(STEP_PATH);
	unsigned long number;
	char *end;

	if (e->type != EVENT_LINES || strncmp(e->lines.path, STEP_PATH, length))
		return SIZE_MAX;
	number = strtoul(e->lines.path + length, &end, 10);
	return *end || !number ? SIZE_MAX : number - 1;
}

static int take_step(struct lesson_recording *r, size_t step, struct err *err)
{
	struct recorded_facts facts;

	if (!r->folder)
		r->folder = lesson_recorded_folder(r->world, r->language, err);
	if (!r->folder)
		return -1;
	if (step >= r->folder->lesson->step_count)
		return 0;
	recorded_facts_init(&facts, r->world, r->folder->lesson, step);
	r->visit(r->context, r->folder, step, &facts.facts);
	recorded_facts_fini(&facts);
	return 0;
}

static int take_all(struct lesson_recording *r, struct session *session, struct err *err)
{
	enum session_result got;
	struct err failure = { 0 };
	struct event e;

	while ((got = session_next(session, &e, &failure)) == SESSION_EVENT) {
		size_t step = step_of(&e);
		sink_send(&r->world->sink, &e);
		if (step != SIZE_MAX && take_step(r, step, err) < 0)
			return -1;
	}
	if (got == SESSION_BROKEN)
		return err_set(err, failure.code, "%s", failure.text);
	if (!r->folder)
		return err_set(err, ERR_NOT_FOUND, "%s", _("there is no lesson in the recording"));
	return 0;
}

struct lesson_folder *lesson_visit_recording(const char *path, const char *language,
					     lesson_step_visitor *visit, void *context, struct err *err)
{
	struct lesson_recording r = { .language = language, .visit = visit, .context = context };
	struct session *session = session_open(path, err);
	int result;

	if (!session)
		return NULL;
	r.world = world_create();
	session_watch_world(session, r.world);
	result = take_all(&r, session, err);
	world_destroy(r.world);
	session_close(session);
	if (result == 0)
		return r.folder;
	lesson_folder_close(r.folder);
	return NULL;
}
