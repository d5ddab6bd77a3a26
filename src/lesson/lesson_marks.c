/*     area[0] = 1; / * @touched * /      (without these blanks)
 *     return 0; // @end-of-it
 */
#include "lesson/lesson_marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

/* The name of a mark in a line, and its length; NULL: the line has none. */
static const char *find_mark(const char *line, size_t length, size_t *name_length)
{
	const char *end = line + length;

	for (const char *at = line; at + 2 < end; at++) {
		if (at[0] != '/' || (at[1] != '*' && at[1] != '/'))
			continue;
		const char *name = at + 2;
		while (name < end && (*name == ' ' || *name == '\t'))
			name++;
		if (name == end || *name++ != '@')
			continue;
		for (*name_length = 0; name + *name_length < end && strchr(name_chars, name[*name_length]) &&
				       name[*name_length];
		     ++*name_length)
			;
		if (*name_length)
			return name;
	}
	return NULL;
}

const struct lesson_mark *lesson_marks_find(const struct lesson_marks *marks, const char *name)
{
	for (size_t i = 0; i < marks->count; i++)
		if (!strcmp(marks->list[i].name, name))
			return &marks->list[i];
	return NULL;
}

static bool is_taken(const char *name)
{
	return !strcmp(name, MOMENT_START) || !strcmp(name, MOMENT_END) || !strcmp(name, MOMENT_LAST);
}

void lesson_marks_read(struct lesson_marks *marks, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;

	*marks = (struct lesson_marks){ 0 };
	for (unsigned line = 1; at < end; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at), name_length;
		const char *name = find_mark(at, len, &name_length);
		if (name) {
			mem_grow(marks->list, marks->cap, marks->count + 1);
			marks->list[marks->count++] =
			    (struct lesson_mark){ mem_strndup(name, name_length), line };
		}
		at += len + 1;
	}
}

int lesson_marks_judge(const struct lesson_marks *marks, const struct lesson_mark *mark, const char *file,
		       struct err *err)
{
	if (is_taken(mark->name))
		return err_set(err, ERR_INPUT, _("%s:%u: no mark can be called %s: expected another name"),
			       file, mark->line, mark->name);
	for (const struct lesson_mark *other = mark + 1; other < marks->list + marks->count; other++)
		if (!strcmp(other->name, mark->name))
			return err_set(err, ERR_INPUT,
				       _("%s:%u: the mark %s is set twice: expected another name"), file,
				       other->line, other->name);
	return 0;
}

int lesson_marks_parse(struct lesson_marks *marks, const char *file, const char *bytes, size_t length,
		       struct err *err)
{
	lesson_marks_read(marks, bytes, length);
	for (size_t i = 0; i < marks->count; i++) {
		if (lesson_marks_judge(marks, &marks->list[i], file, err) < 0) {
			lesson_marks_fini(marks);
			return -1;
		}
	}
	return 0;
}

void lesson_marks_fini(struct lesson_marks *marks)
{
	for (size_t i = 0; i < marks->count; i++)
		free(marks->list[i].name);
	free(marks->list);
	*marks = (struct lesson_marks){ 0 };
}

static bool is_mark(const struct lesson_marks *marks, const char *name)
{
	return !strcmp(name, MOMENT_START) || !strcmp(name, MOMENT_END) || lesson_marks_find(marks, name);
}

struct marks_check {
	const struct lesson *lesson;
	const struct lesson_marks *marks;
	const char *source;
	struct err *err;
};

static int fail(const struct marks_check *s, unsigned line, const char *name)
{
	return err_set(s->err, ERR_INPUT, _("%s:%u: there is no mark %s: expected a comment /* @%s */ in %s"),
		       s->lesson->file, line, name, name, s->source);
}

static int look_at(void *context, struct expect_term *term, unsigned line)
{
	const struct marks_check *s = context;
	const char *since = term->faults.since;

	if (term->mark && !is_mark(s->marks, term->mark))
		return fail(s, line, term->mark);
	return since && strcmp(since, MOMENT_LAST) && !is_mark(s->marks, since) ? fail(s, line, since) : 0;
}

int lesson_check_marks(const struct lesson *l, const struct lesson_marks *marks, const char *source,
		       struct err *err)
{
	struct marks_check s = { l, marks, source, err };

	for (size_t i = 0; i < l->step_count; i++)
		if ((!is_mark(marks, l->steps[i].mark) && fail(&s, l->steps[i].line, l->steps[i].mark) < 0) ||
		    lesson_visit_step(&l->steps[i], look_at, &s) < 0)
			return -1;
	return 0;
}
