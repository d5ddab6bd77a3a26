/* lesson: lists lessons, plays one, checks one, begins a new one. */

#include "cmd/lesson/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/language.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cmd/lesson/lecture_position.h"
#include "cmd/lesson/needs.h"
#include "cmd/lesson/parts.h"
#include "cmd/lesson/session.h"
#include "cmd/loop.h"
#include "cmd/own_files.h"
#include "cmd/start.h"
#include "cmd/subcommand.h"
#include "live/family.h"

#define NAME_COLUMNS 16
#define LIST_COLUMNS 80

static void print_column(const char *text, int columns)
{
	printf("%s%*s", text, text_columns(text) < columns ? columns - text_columns(text) : 0, "");
}

/* Text in the second column. */
static void print_beside(const char *text)
{
	struct strbuf lines = { 0 };

	text_wrap(&lines, text, NAME_COLUMNS + 1, NAME_COLUMNS + 1, LIST_COLUMNS);
	printf(" %s\n", lines.text ? lines.text : "");
	strbuf_fini(&lines);
}

static void list_one(const char *name, const struct options *options)
{
	struct err err = { 0 };
	struct lesson_folder *f = lesson_open(name, options, &err);
	struct err missing = { 0 };
	struct strbuf title = { 0 };

	print_column(name, NAME_COLUMNS);
	if (!f) {
		print_beside(err.text);
		return;
	}
	strbuf_puts(&title, f->lesson->title.text);
	if (lesson_check_needs(f->lesson->needs.text, &missing) < 0)
		strbuf_printf(&title, " (%s)", missing.text);
	print_beside(title.text);
	strbuf_fini(&title);
	if (f->lesson->about.text) {
		print_column("", NAME_COLUMNS);
		print_beside(f->lesson->about.text);
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
	struct lecture_position position;
	char *path = lecture_position_path();
	int result = path ? lecture_position_read(path, &position, err)
			  : err_set(err, ERR_UNSUPPORTED,
				    _("HOME is not set: there is nowhere to keep the lecture's place"));

	free(path);
	if (result < 0)
		return -1;
	if (!in_language.language && *position.language)
		in_language.language = position.language;
	result = in_language.language ? language_choose(in_language.language, err) : 0;
	if (result == 0)
		result = give(position.lessons, &position, &in_language, ended_by, err);
	lecture_position_fini(&position);
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
			       _("--new, --notes, --resume, and --check or --all are mutually exclusive"));
	if (!name && options->lesson.make)
		return err_set(err, ERR_USAGE, _("--new needs a NAME (see pagescape lesson --help)"));
	if (!name && options->lesson.check && !options->all)
		return err_set(err, ERR_USAGE,
			       _("--check needs a lesson, or --all (see pagescape lesson --help)"));
	if (options->output.file && !options->all &&
	    (!name || options->lesson.make || lesson_is_recording(name)))
		return err_set(err, ERR_USAGE, _("-o records a lesson, or with --all the whole lecture"));
	if (options_given(options, OPTION_TIMEOUT) && !options->lesson.check)
		return err_set(err, ERR_USAGE, _("--timeout needs --check"));
	if (options_given(options, OPTION_TIMEOUT) && !options->check.timeout_ns)
		return err_set(err, ERR_USAGE, _("--timeout takes more than 0 seconds"));
	if (options->lesson.worksheet && !options->lesson.handout)
		return err_set(err, ERR_USAGE, _("--worksheet needs --handout"));
	if (options->lesson.handout && !name && !options->all)
		return err_set(err, ERR_USAGE, _("--handout needs a lesson, or --all"));
	if (options->lesson.handout &&
	    (options->lesson.make || options->lesson.check || options->lesson.notes ||
	     options->lesson.resume || options->output.file))
		return err_set(err, ERR_USAGE,
			       _("--handout cannot be used with --new, --check, --notes, --resume or -o"));
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

static const enum option_id taken[] = {
	OPTION_OUTPUT,       OPTION_FORCE,        OPTION_ALL,           OPTION_RESUME,  OPTION_NOTES,
	OPTION_NO_QUESTIONS, OPTION_CHECK,        OPTION_NEW,           OPTION_HANDOUT, OPTION_WORKSHEET,
	OPTION_THEME,        OPTION_ASCII,        OPTION_ALLOW_UNKNOWN, OPTION_TIMEOUT, OPTION_JSON,
	OPTION_JUNIT,        OPTION_SINGLE_STEPS, OPTION_NO_SOURCE,     OPTION_IDS
};

static const struct option_words words[] = {
	{ OPTION_OUTPUT, N_("record the lesson to FILE; with --all: all, to a folder") },
	{ OPTION_ALL, N_("all lessons, one after the other") },
	{ OPTION_JSON, N_("with --check: print JSON") },
	{ OPTION_JUNIT, N_("with --check: write the results to FILE as JUnit XML") },
	{ OPTION_ALLOW_UNKNOWN, N_("with --check: do not fail for what cannot be checked here") },
	{ OPTION_TIMEOUT, N_("with --check: seconds to wait for a step (60)") },
	{ OPTION_IDS, NULL },
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
