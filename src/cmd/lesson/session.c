#include "cmd/lesson/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "cmd/lesson/needs.h"
#include "cmd/lesson/parts.h"
#include "cmd/loop.h"
#include "cmd/own_files.h"
#include "cmd/start.h"
#include "live/family.h"

#define ARGS_MAX 64
#define LAUNCH_ROWS 24
#define LAUNCH_COLUMNS 80

/* Is it one of the folder's? "ru_RU" is met by "ru". */
static bool has_language(const struct lesson_folder *f, const char *language)
{
	size_t wanted = strcspn(language, "_.@");

	for (const char *c = f->languages; *c; c += strcspn(c, " "), c += *c == ' ')
		if (strcspn(c, " ") == wanted && !strncmp(c, language, wanted))
			return true;
	return false;
}

struct lesson_folder *lesson_open(const char *name, const struct options *options, struct err *err)
{
	char **roots = own_files_lesson_roots();
	struct lesson_folder *f =
	    lesson_folder_open(name, (const char *const *)roots, options->language, err);

	own_files_free(roots);
	if (f && options_given(options, OPTION_LANG) && !has_language(f, options->language)) {
		err_set(err, ERR_NOT_FOUND, _("%s has no text in %s; it has: %s"), f->name, options->language,
			f->languages);
		lesson_folder_close(f);
		f = NULL;
	}
	return f;
}

/* The program with its arguments, split at blanks in place. */
static void fill_argv(const struct lesson_folder *f, char *args, char **argv)
{
	size_t n = 0;
	char *save = NULL;

	argv[n++] = f->program;
	for (char *word = args ? strtok_r(args, " \t", &save) : NULL; word && n + 1 < ARGS_MAX;
	     word = strtok_r(NULL, " \t", &save))
		argv[n++] = word;
	argv[n] = NULL;
}

static int launch(struct lesson_session *s, const struct options *options, struct err *err)
{
	char *argv[ARGS_MAX], *args = NULL;
	struct live_options live;

	if (s->folder->lesson->args.text)
		args = mem_strdup(s->folder->lesson->args.text);
	fill_argv(s->folder, args, argv);
	live_options_init(&live);
	live.reader = options->reader;
	live.reader.flags = true;
	live.faults = live.stacks = live.paused = live.births_paused = live.exit_paused = true;
	live.names = LIVE_NAMES_NOW;
	s->source = family_launch(argv, LAUNCH_ROWS, LAUNCH_COLUMNS, &live, s->world, &s->pid, err);
	free(args);
	return s->source ? 0 : -1;
}

/* With -o: its texts come first, so that a recording that breaks off at once still says what it is of. */
static int begin_recording(struct lesson_session *s, size_t number, const struct options *options,
			   struct err *err)
{
	struct options named = *options;
	char *path = lesson_record_path(options, number, s->folder->name);

	named.output.file = path;
	if (path)
		s->writer = start_recording(&named, s->world, err);
	if (s->writer)
		fanout_add(&s->fanout, session_writer_sink(s->writer));
	free(path);
	return path && !s->writer ? -1 : 0;
}

int lesson_begin(struct lesson_session *s, struct lesson_folder *f, size_t number,
		 const struct options *options, struct err *err)
{
	*s = (struct lesson_session){ .folder = f };
	if (lesson_check_needs(f->lesson->needs.text, err) < 0 ||
	    lesson_folder_build(f, PKGLIBEXECDIR "/lessons", err) < 0)
		return -1;
	s->world = world_create();
	fanout_init(&s->fanout, &s->world->sink);
	if (begin_recording(s, number, options, err) < 0) {
		lesson_end(s, NULL);
		return -1;
	}
	if (launch(s, options, err) == 0 && s->source->ops->sweep(s->source, &s->fanout.sink, err) >= 0)
		s->run = lesson_run_create(f, s->pid, s->source, s->world, err);
	if (!s->run) {
		lesson_end(s, NULL);
		return -1;
	}
	fanout_add(&s->fanout, lesson_run_sink(s->run));
	s->single_steps = start_needs_single_steps(options);
	if (s->single_steps)
		lesson_run_single_steps(s->run);
	lesson_run_begin(s->run, &s->fanout.sink);
	if (s->writer)
		session_writer_flush(s->writer);
	return 0;
}

int lesson_end(struct lesson_session *s, struct err *err)
{
	const struct process *p = s->world ? world_find(s->world, s->pid) : NULL;
	int result = 0;

	lesson_run_destroy(s->run);
	if (p && process_alive(p))
		s->source->ops->control(s->source, s->pid, CONTROL_END, NULL, NULL);
	if (s->writer)
		result = session_writer_close(s->writer, err);
	if (s->source)
		s->source->ops->destroy(s->source);
	world_destroy(s->world);
	return result;
}

enum lesson_run_state lesson_tick(struct lesson_session *s, struct err *err)
{
	enum lesson_run_state state = lesson_run_tick(s->run, &s->fanout.sink, err);

	if (state == LESSON_RUN_THERE && s->writer)
		session_writer_flush(s->writer);
	return state;
}

/* On the way to a step. */
struct session_travel {
	struct lesson_session *session;
	enum lesson_run_state state;
	uint64_t until_ns;
	struct err *err;
};

static bool has_arrived(void *context)
{
	struct session_travel *t = context;

	t->state = lesson_tick(t->session, t->err);
	return t->state != LESSON_RUN_ON_ITS_WAY || clock_now_ns() > t->until_ns;
}

int lesson_next(struct lesson_session *s, uint64_t patience_ns, struct err *err)
{
	struct session_travel t = { s, LESSON_RUN_ON_ITS_WAY, clock_now_ns() + patience_ns, err };
	int result;

	if (!lesson_run_go(s->run))
		return 0;
	if (!has_arrived(&t)) {
		result = loop_until(s->source, s->world, &s->fanout.sink, has_arrived, &t, err);
		s->signal = max(result, 0);
		if (result)
			return result > 0 ? 0 : -1;
	}
	if (t.state == LESSON_RUN_ON_ITS_WAY) /* everyone has ended */
		has_arrived(&t);
	if (t.state == LESSON_RUN_ON_ITS_WAY && ferror(stdout))
		return 0; /* main says why */
	if (t.state == LESSON_RUN_ON_ITS_WAY) {
		const struct lesson_step *step = &s->folder->lesson->steps[lesson_run_step(s->run)];
		return err_set(err, ERR_SYSTEM, _("%s:%u: the program has not reached %s after %g seconds"),
			       s->folder->lesson->file, step->line, step->mark,
			       (double)patience_ns / CLOCK_SECOND);
	}
	return t.state == LESSON_RUN_THERE ? 1 : -1;
}
