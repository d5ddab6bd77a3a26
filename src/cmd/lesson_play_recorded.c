/* A recorded lesson on the screen: a lecture where nothing is run. The recording is read on to the next
 * step's facts, and the slide is taken from them as it was from the program. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/lecture_keeper.h"
#include "cmd/lesson.h"
#include "lesson/record.h"
#include "store/session.h"
#include "ui/lecture/lecture_run.h"

struct play {
	struct session *session;
	struct world *world;
	struct lesson_folder *folder;
	struct lecture_entry *entries;
	size_t next;       /* step that comes next */
	struct err broken; /* why it ends before its last step; ERR_NONE: it does not */
	struct slide_before before;
	struct lecture_keeper keeper;
};

/* Reads on until lines of that file have come. 0, or -1 with err: they do not come. */
static int read_until(struct play *p, const char *path, struct err *err)
{
	struct event e;
	enum session_result got;
	struct err failure = { 0 };

	while ((got = session_next(p->session, &e, &failure)) == SESSION_EVENT) {
		bool there = e.type == EVENT_LINES && !strcmp(e.lines.path, path);
		sink_send(&p->world->sink, &e);
		if (there)
			return 0;
	}
	if (got == SESSION_BROKEN)
		return err_set(err, failure.code, "%s", failure.text);
	return err_set(err, ERR_NOT_FOUND, "%s", _("the recording ends here"));
}

static bool go(void *context, struct err *why)
{
	struct play *p = context;

	*why = p->broken;
	return p->next < p->folder->lesson->step_count;
}

/* "": there is none */
static const char *title_after(const struct lesson *l, size_t step)
{
	return step + 1 < l->step_count ? l->steps[step + 1].title.text : "";
}

static void ask(void *context, struct slide_question *question)
{
	struct play *p = context;
	struct lesson *l = p->folder->lesson;
	struct recorded_facts facts;

	*question = (struct slide_question){ 0 };
	if (p->next >= l->step_count)
		return;
	recorded_facts_init(&facts, p->world, l, p->next ? p->next - 1 : 0);
	slide_question_take(question, &l->steps[p->next], &facts.facts);
	recorded_facts_fini(&facts);
	if (question->kind)
		lecture_keeper_ask(&p->keeper, l, p->next, title_after(l, p->next));
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
	struct play *p = context;
	struct recorded_facts facts;
	char *path = lesson_recorded_path(p->next);
	int result = read_until(p, path, err);

	free(path);
	if (result < 0) {
		p->next = p->folder->lesson->step_count;
		p->broken = *err;
		return -1;
	}
	recorded_facts_init(&facts, p->world, p->folder->lesson, p->next);
	*slide = slide_take(p->folder->lesson, &p->folder->marks, p->next, &facts.facts, &p->before);
	(*slide)->number = p->next++;
	recorded_facts_fini(&facts);
	return 1;
}

static size_t contents(void *context, const struct lecture_entry **entries)
{
	struct play *p = context;

	*entries = p->entries;
	return p->folder->lesson->step_count;
}

static void around(void *context, size_t number, const char **title, struct lecture_source *source)
{
	struct play *p = context;

	*title = p->folder->lesson->title.text;
	*source = (struct lecture_source){ p->folder->source_name, p->folder->source };
}

static void shown(void *context, const struct slide *slide, unsigned right, unsigned asked)
{
	struct play *p = context;
	const struct lesson *l = p->folder->lesson;

	lecture_keeper_show(&p->keeper, l->title.text, slide, title_after(l, slide->number), right, asked);
}

static int open_lesson(struct play *p, const char *path, const struct options *options, struct err *err)
{
	struct err inner = { 0 };

	p->session = session_open(path, err);
	if (!p->session)
		return -1;
	session_watch_world(p->session, p->world);
	if (read_until(p, "lesson:index", &inner) == 0)
		p->folder = lesson_recorded_folder(p->world, options->language, err);
	else if (inner.code != ERR_NOT_FOUND) /* it is damaged */
		err_set(err, inner.code, "%s", inner.text);
	else
		err_set(err, ERR_NOT_FOUND, "%s", _("there is no lesson in the recording"));
	if (!p->folder)
		return -1;
	const struct lesson *l = p->folder->lesson;
	p->entries = mem_zalloc(l->step_count * sizeof *p->entries);
	for (size_t i = 0; i < l->step_count; i++)
		p->entries[i] = (struct lecture_entry){ p->folder->name, l->steps[i].title.text, i == 0 };
	return 0;
}

int lesson_play_recorded(const char *path, size_t begin, const struct options *options, int *ended_by,
			 struct err *err)
{
	char *names[] = { (char *)path, NULL };
	struct play p = { .world = world_create() };
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
					 .recorded = true,
					 .context = &p };
	int result = open_lesson(&p, path, options, err);

	if (result == 0) {
		lecture_keeper_init(&p.keeper, names, options->language);
		result = lecture_run(&driver, &lecture, err);
		*ended_by = result > 0 ? result : 0;
		lecture_keeper_end(&p.keeper);
	}
	free(p.entries);
	lesson_folder_close(p.folder);
	world_destroy(p.world);
	if (p.session)
		session_close(p.session);
	return result < 0 ? -1 : 0;
}
