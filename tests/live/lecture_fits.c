/* Every step of every lesson fits on a screen of 80 by 24 and of 120 by 36, with question, answer and
 * explanation, in each language, without a word cut.
 *
 *   lecture_fits LANGUAGE LESSON...     prints a case a lesson; with PRINT set, the pictures too */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cmd/lesson/session.h"
#include "cmd/options.h"
#include "lecture/draw.h"

static const struct {
	int columns, rows;
	bool small; /* there may be too little room, but nothing may break */
} sizes[] = { { 80, 24, false }, { 120, 36, false }, { 200, 60, false }, { 61, 9, true },
	      { 59, 16, true },  { 40, 12, true },   { 20, 5, true },    { 3, 2, true } };

static unsigned bad;

static void draw(const struct lesson_folder *f, struct lecture_picture *p, size_t step)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct canvas canvas;

		canvas_init(&canvas, sizes[i].rows, sizes[i].columns, 0);
		p->lesson = f->lesson->title.text;
		p->source = (struct lecture_source){ f->source_name, f->source };
		if (!lecture_draw(area_all(&canvas), p) && !sizes[i].small) {
			printf("# %s: line %u of %s: step %zu does not fit on %dx%d\n", f->name,
			       f->lesson->steps[step].line, f->lesson->file, step + 1, sizes[i].columns,
			       sizes[i].rows);
			bad++;
		}
		if (getenv("PRINT"))
			canvas_print(&canvas, stdout, 0);
		canvas_fini(&canvas);
	}
}

/* The question above the slide before, the second question, and the answer with all that is said. */
static void draw_step(struct lesson_session *s, const struct slide *before, const struct slide *now)
{
	struct lecture_answer answer = { .given = true };
	struct lecture_picture p = { .slide = before, .question = &now->question, .faults_shown = SIZE_MAX };

	if (now->question.kind) {
		p.phase = LECTURE_ASKS;
		draw(s->folder, &p, now->step);
	}
	if (now->question.why) {
		p.phase = LECTURE_WHY;
		draw(s->folder, &p, now->step);
	}
	p = (struct lecture_picture){ .slide = now,
				      .answer = now->question.kind ? &answer : NULL,
				      .faults_shown = SIZE_MAX };
	draw(s->folder, &p, now->step);
}

static int try_lesson(const char *name, const struct options *options)
{
	struct err err = { 0 };
	struct lesson_folder *f = lesson_open(name, options, &err);
	struct lesson_session s;
	struct slide_before before = { 0 };
	struct slide *last = NULL;
	size_t steps = 0;

	if (!f || lesson_begin(&s, f, 0, options, &err) < 0) {
		printf("%s - %s%s%s\n", err.code == ERR_UNSUPPORTED ? "ok" : "not ok", name,
		       err.code == ERR_UNSUPPORTED ? " # SKIP " : ": ", err.text);
		lesson_folder_close(f);
		return err.code != ERR_UNSUPPORTED;
	}
	bad = 0;
	int more;
	while ((more = lesson_next(&s, 300 * CLOCK_SECOND, &err)) > 0) {
		struct slide *now = slide_take(f->lesson, &f->marks, lesson_run_step(s.run),
					       lesson_run_facts(s.run), &before);

		draw_step(&s, last, now);
		slide_destroy(last);
		last = now;
		steps++;
	}
	if (more < 0)
		printf("# %s\n", err.text);
	bool good = !bad && steps == f->lesson->step_count;
	printf("%s - %s, %s: %zu of %zu steps, %u pictures too small\n", good ? "ok" : "not ok", name,
	       options->language, steps, f->lesson->step_count, bad);
	slide_destroy(last);
	lesson_end(&s, NULL);
	lesson_folder_close(f);
	return !good;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	int failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	options.language = argc > 1 ? argv[1] : "en";
	for (int i = 2; i < argc; i++)
		failed |= try_lesson(argv[i], &options);
	return failed;
}
