/* lesson: lists lessons, plays one, checks one, begins a new one. */
#include "cmd/lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/language.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cmd/lecture_position.h"
#include "cmd/loop.h"
#include "cmd/own_files.h"
#include "cmd/start.h"
#include "cmd/subcommand.h"
#include "live/family.h"

#define ARGS_MAX 64
#define LAUNCH_ROWS 24
#define LAUNCH_COLUMNS 80
#define NAME_COLUMNS 16

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
	if (f && options_given(options, "lang") && !has_language(f, options->language)) {
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
		args = strdup(s->folder->lesson->args.text);
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
	const char *missing = lesson_missing(f->lesson->needs.text);

	*s = (struct lesson_session){ .folder = f };
	if (missing)
		return err_set(err, ERR_UNSUPPORTED, "%s", missing);
	if (lesson_folder_build(f, PKGLIBEXECDIR "/lessons", err) < 0)
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
struct travel {
	struct lesson_session *session;
	enum lesson_run_state state;
	uint64_t until_ns;
	struct err *err;
};

static bool has_arrived(void *context)
{
	struct travel *t = context;

	t->state = lesson_tick(t->session, t->err);
	return t->state != LESSON_RUN_ON_ITS_WAY || clock_now_ns() > t->until_ns;
}

int lesson_next(struct lesson_session *s, uint64_t patience_ns, struct err *err)
{
	struct travel t = { s, LESSON_RUN_ON_ITS_WAY, clock_now_ns() + patience_ns, err };
	int result;

	if (!lesson_run_go(s->run))
		return 0;
	if (!has_arrived(&t)) {
		result = loop_until(s->source, s->world, &s->fanout.sink, has_arrived, &t, err);
		s->signal = result > 0 ? result : 0;
		if (result)
			return result > 0 ? 0 : -1;
	}
	if (t.state == LESSON_RUN_ON_ITS_WAY) /* everyone has ended */
		has_arrived(&t);
	if (t.state == LESSON_RUN_ON_ITS_WAY && ferror(stdout))
		return 0; /* main says why */
	if (t.state == LESSON_RUN_ON_ITS_WAY) {
		const struct lesson_step *step = &s->folder->lesson->steps[lesson_run_step(s->run)];
		return err_set(err, ERR_SYSTEM, _("%s:%u: the program has not reached %s after %u seconds"),
			       s->folder->lesson->file, step->line, step->mark,
			       (unsigned)(patience_ns / CLOCK_SECOND));
	}
	return t.state == LESSON_RUN_THERE ? 1 : -1;
}

static void print_column(const char *text, int columns)
{
	printf("%s%*s", text, text_columns(text) < columns ? columns - text_columns(text) : 0, "");
}

static void list_one(const char *name, const struct options *options)
{
	struct err err = { 0 };
	struct lesson_folder *f = lesson_open(name, options, &err);
	const char *missing;

	print_column(name, NAME_COLUMNS);
	if (!f) {
		printf(" %s\n", err.text);
		return;
	}
	missing = lesson_missing(f->lesson->needs.text);
	printf(" %s", f->lesson->title.text);
	if (missing)
		printf(" (%s)", missing);
	printf("\n");
	if (f->lesson->about.text) {
		print_column("", NAME_COLUMNS);
		printf(" %s\n", f->lesson->about.text);
	}
	lesson_folder_close(f);
}

static int list(const struct options *options)
{
	char **roots = own_files_lesson_roots();
	char **names = lesson_folder_list((const char *const *)roots);

	for (size_t i = 0; names[i]; i++)
		list_one(names[i], options);
	own_files_free(names);
	own_files_free(roots);
	return 0;
}

/* Lessons, or recordings, one after the other, on the screen or as text. */
static int give(char *const *parts, const struct lecture_position *left, const struct options *options,
		int *ended_by, struct err *err)
{
	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return lesson_print(parts, options, ended_by, err);
	if (*parts && lesson_is_recording(*parts))
		return lesson_play_recorded(parts, left, options, ended_by, err);
	return lesson_play(parts, left, options, ended_by, err);
}

/* Where the last lecture was left. */
static int resume(const struct options *options, int *ended_by, struct err *err)
{
	struct options in_language = *options;
	struct lecture_position place;
	char *path = lecture_position_path();
	int result = path ? lecture_position_read(path, &place, err)
			  : err_set(err, ERR_UNSUPPORTED,
				    _("HOME is not set: there is nowhere to keep the lecture's place"));

	free(path);
	if (result < 0)
		return -1;
	if (!in_language.language && *place.language)
		in_language.language = place.language;
	result = in_language.language ? language_choose(in_language.language, err) : 0;
	if (result == 0)
		result = give(place.lessons, &place, &in_language, ended_by, err);
	lecture_position_fini(&place);
	return result;
}

/* What the command line names. */
static int do_parts(const struct options *options, int *ended_by, struct err *err)
{
	char **parts = lesson_parts(options);
	bool records = options->output.file && options->all;
	int result = records ? lesson_record_folder(options, err) : 0;

	if (result == 0 && options->lesson.handout)
		result = lesson_write_handout(parts, options, ended_by, err);
	else if (result == 0 && options->lesson.check)
		result = lesson_check(parts, options, ended_by, err);
	else if (result == 0)
		result = give(parts, NULL, options, ended_by, err);
	if (records)
		rmdir(options->output.file); /* where nothing was recorded */
	own_files_free(parts);
	return result;
}

/* What is asked for is one thing, and a lesson is named where it needs one. */
static int check_usage(const struct options *options, struct err *err)
{
	const char *name = options->input.operands[0];
	int alone = options->lesson.notes + options->lesson.resume;

	if (alone + options->lesson.make + (options->lesson.check || options->all) > 1)
		return err_set(err, ERR_USAGE,
			       _("--new, --notes, --resume, and --check or --all exclude each other"));
	if (!name && options->lesson.make)
		return err_set(err, ERR_USAGE, _("--new needs a NAME (see pagescape lesson --help)"));
	if (!name && options->lesson.check && !options->all)
		return err_set(err, ERR_USAGE,
			       _("--check needs a lesson, or --all (see pagescape lesson --help)"));
	if (options->output.file && !options->all &&
	    (!name || options->lesson.make || lesson_is_recording(name)))
		return err_set(err, ERR_USAGE, _("-o records a lesson, or with --all the whole lecture"));
	if (options->lesson.worksheet && !options->lesson.handout)
		return err_set(err, ERR_USAGE, _("--worksheet needs --handout"));
	if (options->lesson.handout && !name && !options->all)
		return err_set(err, ERR_USAGE, _("--handout needs a lesson, or --all"));
	if (options->lesson.handout &&
	    (options->lesson.make || options->lesson.check || options->lesson.notes ||
	     options->lesson.resume || options->output.file))
		return err_set(err, ERR_USAGE,
			       _("--handout excludes --new, --check, --notes, --resume and -o"));
	if (name && (alone || options->all))
		return err_set(err, ERR_USAGE, _("--all, --notes and --resume take no lesson"));
	return 0;
}

static int run_lesson(const struct options *options, struct err *err)
{
	const char *name = options->input.operands[0];
	int result, ended_by = 0;

	if (check_usage(options, err) < 0)
		return -1;
	if (options->lesson.make)
		return lesson_write_new(name, err);
	if (options->lesson.notes)
		result = lesson_notes(options, &ended_by, err);
	else if (options->lesson.resume)
		result = resume(options, &ended_by, err);
	else if (!name && !options->all)
		return list(options);
	else
		result = do_parts(options, &ended_by, err);
	if (ended_by) {
		fflush(stdout);
		loop_die_of(ended_by);
	}
	return result;
}

static const char *const usage[] = {
	N_("lesson"),
	N_("lesson [OPTION ...] LESSON"),
	N_("lesson [OPTION ...] --all | --resume | --notes"),
	N_("lesson --check [OPTION ...] LESSON | --all"),
	N_("lesson [--check] [OPTION ...] SESSION | FOLDER"),
	N_("lesson --handout FILE [OPTION ...] LESSON | SESSION | --all"),
	N_("lesson --new NAME"),
	NULL,
};

static const char *const taken[] = {
	"output",        "force", "all",     "resume",       "notes",     "no-questions",
	"check",         "new",   "handout", "worksheet",    "theme",     "ascii",
	"allow-unknown", "json",  "junit",   "single-steps", "no-SOURCE", NULL
};

static const struct option_words words[] = {
	{ "output", N_("record the lesson to FILE; with --all: all, to a folder") },
	{ "all", N_("all lessons, one after the other") },
	{ "json", N_("with --check: print JSON") },
	{ "junit", N_("with --check: write the results to FILE as JUnit XML") },
	{ "allow-unknown", N_("with --check: what cannot be checked here is no failure") },
	{ NULL, NULL },
};

const struct subcommand subcommand_lesson = {
	.name = "lesson",
	.usage = usage,
	.example = "pagescape lesson",
	.options = taken,
	.words = words,
	.operands = 1,
	.languages = true,
	.help = N_("Lists the lessons, or gives one: a small program, stopped wherever there is\n"
		   "something to say about its memory. LESSON is a name from the list, or a folder\n"
		   "of your own (./FOLDER). PgDn goes on, PgUp goes back; ? shows all keys. --notes\n"
		   "shows the speaker's notes in a second terminal. --check runs a lesson without a\n"
		   "screen and reports which expectations fail. -o records it; a recorded lesson\n"
		   "(SESSION), or a FOLDER of them, can be given again. --handout writes it as a\n"
		   "page for a browser (FILE.html) or for paper (FILE.pdf)."),
	.run = run_lesson,
};
