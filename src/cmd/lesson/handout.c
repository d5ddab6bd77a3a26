/* lesson --handout: goes through lessons without a screen, keeps the slide of each step, and writes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/lesson/forms.h"
#include "cmd/lesson/parts.h"
#include "cmd/lesson/recording.h"
#include "cmd/lesson/session.h"
#include "cmd/loop.h"
#include "cmd/output_file.h"
#include "handout/handout.h"

#define PATIENCE_NS (60 * CLOCK_SECOND)

/* One lesson and its slides. */
struct given {
	struct lesson_folder *folder;
	bool missing;      /* it could not be given, */
	char *missing_why; /* because of this */
	struct slide **slides;
	size_t count, cap;
	struct slide_before before;
};

struct collection {
	struct given *list;
	size_t count, cap;
};

static void collection_fini(struct collection *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct given *g = &c->list[i];

		for (size_t k = 0; k < g->count; k++)
			slide_destroy(g->slides[k]);
		free(g->slides);
		free(g->missing_why);
		lesson_folder_close(g->folder);
	}
	free(c->list);
}

static struct given *add(struct collection *c)
{
	mem_grow(c->list, c->cap, c->count + 1);
	c->list[c->count] = (struct given){ 0 };
	return &c->list[c->count++];
}

static void take_step(void *context, const struct lesson_folder *f, size_t step,
		      const struct expect_facts *facts)
{
	struct given *g = context;

	mem_grow(g->slides, g->cap, g->count + 1);
	g->slides[g->count++] = slide_take(f->lesson, &f->marks, step, facts, &g->before);
}

static int go_through(struct given *g, const struct options *options, int *ended_by, struct err *err)
{
	struct lesson_session s;
	int there;

	if (lesson_begin(&s, g->folder, 0, options, err) < 0)
		return -1;
	while ((there = lesson_next(&s, PATIENCE_NS, err)) > 0)
		take_step(g, g->folder, lesson_run_step(s.run), lesson_run_facts(s.run));
	*ended_by = s.signal;
	lesson_end(&s, NULL);
	return there;
}

/* Says what cannot be given here, unless it is all that was asked for. */
static int collect_lesson(struct given *g, const char *name, bool alone, const struct options *options,
			  int *ended_by, struct err *err)
{
	g->folder = lesson_open(name, options, err);
	if (!g->folder)
		return -1;
	if (go_through(g, options, ended_by, err) == 0)
		return 0;
	if (err->code != ERR_UNSUPPORTED || alone)
		return -1;
	g->missing = true;
	g->missing_why = mem_strdup(err->text);
	return 0;
}

static int collect_recording(struct given *g, const char *path, const struct options *options,
			     struct err *err)
{
	g->folder = lesson_visit_recording(path, options->language, take_step, g, err);
	return g->folder ? 0 : -1;
}

/* On standard error, if it is a terminal: each lesson takes a second or so. */
static void show_progress(size_t done, size_t count, const char *name)
{
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\33[K");
	if (name) {
		char *shown = text_printable_dup(name, strlen(name));

		fprintf(stderr, "%zu/%zu %s", done + 1, count, shown);
		free(shown);
	}
	fflush(stderr);
}

static int collect(struct collection *c, char *const *parts, const struct options *options, int *ended_by,
		   struct err *err)
{
	size_t count = 0;
	int result = 0;

	while (parts[count])
		count++;
	for (size_t i = 0; i < count && result == 0 && !*ended_by; i++) {
		struct given *g = add(c);

		show_progress(i, count, parts[i]);
		result = lesson_is_recording(parts[i])
			     ? collect_recording(g, parts[i], options, err)
			     : collect_lesson(g, parts[i], count == 1, options, ended_by, err);
	}
	show_progress(0, 0, NULL);
	return result;
}

static int write_all(FILE *out, const struct handout_format *format, const struct collection *c,
		     const struct options *options, struct err *err)
{
	struct handout_lesson *lessons = mem_zalloc((c->count + 1) * sizeof *lessons);
	struct handout handout = { .worksheet = options->lesson.worksheet,
				   .language = c->count ? c->list->folder->lesson->language : "",
				   .theme = options_given(options, OPTION_THEME)
						? options->screen.terminal.theme
						: theme_find("light"),
				   .lessons = lessons };
	int result;

	for (size_t i = 0; i < c->count; i++) {
		const struct given *g = &c->list[i];

		lessons[handout.count++] = (struct handout_lesson){ .title = g->folder->lesson->title.text,
								    .about = g->folder->lesson->about.text,
								    .source_name = g->folder->source_name,
								    .source = g->folder->source,
								    .missing = g->missing,
								    .missing_why = g->missing_why,
								    .slides = g->slides,
								    .count = g->count };
	}
	result = handout.count ? handout_write(out, format, &handout, err)
			       : err_set(err, ERR_NOT_FOUND, _("there is no lesson"));
	free(lessons);
	return result;
}

int lesson_write_handout(char *const *parts, const struct options *options, int *ended_by, struct err *err)
{
	const char *path = options->lesson.handout;
	const struct handout_format *format = handout_format_of_file(path);
	struct collection c = { 0 };
	struct output_file file;
	int result = 0;

	if (!format)
		return err_set(err, ERR_USAGE,
			       _("--handout needs a file whose name ends with .html or .pdf"));
	if (output_file_open(&file, path, *parts ? *parts : "", options->output.force, err) < 0)
		return -1;
	loop_catch_signals();
	result = collect(&c, parts, options, ended_by, err);
	if (result == 0 && !*ended_by)
		result = write_all(file.out, format, &c, options, err);
	if (result == 0 && !*ended_by)
		result = output_file_finish(&file, err);
	else
		output_file_abandon(&file, err);
	collection_fini(&c);
	return result;
}
