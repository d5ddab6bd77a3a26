#include "cmd/lesson/lecture_keeper.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/lesson/parts.h"
#include "lesson/lesson_words.h"

/* Makes paths absolute, so that they are valid wherever the lecture is resumed. */
static char *lasting_name(const char *name)
{
	bool path = strchr(name, '/') || !strcmp(name, ".") || lesson_is_recording(name);
	char *real = path ? realpath(name, NULL) : NULL;

	return real ? real : mem_strdup(name);
}

void lecture_keeper_init(struct lecture_keeper *k, char *const *names, const char *language,
			 const struct lecture_position *left)
{
	size_t count = 0;

	*k = (struct lecture_keeper){ .path = lecture_position_path() };
	while (names[count])
		count++;
	k->position.lessons = mem_zalloc((count + 1) * sizeof *k->position.lessons);
	for (size_t i = 0; i < count; i++)
		k->position.lessons[i] = lasting_name(names[i]);
	k->position.language = mem_strdup(language ? language : "");
	k->position.began = (int64_t)time(NULL) - (left ? left->at - left->began : 0);
	k->position.score = mem_strdup(left ? left->score : "");
	lecture_position_sign(&k->position);
	if (!k->path)
		err_set(&k->err, ERR_UNSUPPORTED, "%s", _("HOME is not set"));
	else
		lecture_position_prepare(k->path, &k->err);
}

/* Two lectures share one file, which has the one that moved last. */
static void see_other(struct lecture_keeper *k)
{
	struct lecture_position there;
	struct err err;

	if (lecture_position_read(k->path, &there, &err) == 0) {
		if (there.pid != k->position.pid && lecture_position_is_on(&there)) {
			lecture_position_fini(&k->other);
			k->other = there;
		} else {
			lecture_position_fini(&there);
		}
	}
	if (k->other.lessons && !lecture_position_is_on(&k->other))
		lecture_position_fini(&k->other);
}

static void keep(struct lecture_keeper *k)
{
	struct err err = { 0 };

	k->position.at = (int64_t)time(NULL);
	if (!k->path)
		return;
	see_other(k);
	if (lecture_position_write(k->path, &k->position, &err) == 0 && k->other.lessons)
		err_set(&err, ERR_UNSUPPORTED, _("another lecture is running (pid %d)"), (int)k->other.pid);
	k->err = err;
}

static void set(char **text, const char *to)
{
	free(*text);
	*text = mem_strdup(to ? to : "");
}

void lecture_keeper_show(struct lecture_keeper *k, const struct lesson *lesson, const struct slide *slide,
			 const char *next, const char *score)
{
	struct lecture_position *position = &k->position;

	position->number = slide->number;
	position->asking = false;
	position->step = slide->step;
	position->steps = slide->steps;
	set(&position->score, score);
	set(&position->lesson, lesson->title.text);
	set(&position->title, slide->title);
	set(&position->notes, slide->notes);
	set(&position->next, next);
	keep(k);
}

/* The caller frees it. */
static char *words_to_come(const struct lesson_text *text, const struct lesson_step *step)
{
	static const struct world nothing;
	const struct expect_facts none = { .world = &nothing };
	struct strbuf words = { 0 };

	strbuf_puts(&words, "");
	if (text->text)
		lesson_words_fill(&words, text->text, &step->figures, &none);
	return words.text;
}

void lecture_keeper_ask(struct lecture_keeper *k, const struct lesson *lesson, size_t number,
			const char *next)
{
	const struct lesson_step *step = &lesson->steps[number];
	struct lecture_position *position = &k->position;

	position->asking = true;
	position->step = number;
	position->steps = lesson->step_count;
	set(&position->lesson, lesson->title.text);
	free(position->title);
	position->title = words_to_come(&step->title, step);
	free(position->notes);
	position->notes = words_to_come(&step->notes, step);
	set(&position->next, next);
	keep(k);
}

void lecture_keeper_end(struct lecture_keeper *k)
{
	struct err err;

	k->position.over = true;
	if (k->path)
		see_other(k);
	if (k->position.title && k->other.lessons)
		lecture_position_write(k->path, &k->other, &err);
	else if (k->position.title) /* else nothing was shown */
		keep(k);
	lecture_position_fini(&k->other);
	free(k->path);
	lecture_position_fini(&k->position);
}
