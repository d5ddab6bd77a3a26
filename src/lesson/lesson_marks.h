/* Marks in the source of a lesson's program, and whether a lesson names those that there are. */
#ifndef LESSON_LESSON_MARKS_H
#define LESSON_LESSON_MARKS_H

#include <stddef.h>

#include "base/err.h"
#include "lesson/lesson.h"

/* Marks in a C source: comments at the end of a line with an @ and a name. */
struct lesson_mark {
	char *name; /* owned */
	unsigned line;
};
struct lesson_marks {
	struct lesson_mark *list;
	size_t count, cap;
};
/* All of them, whatever they are called. */
void lesson_marks_read(struct lesson_marks *, const char *bytes, size_t length);
/* ERR_INPUT where this one, the first of its name, has a name that is taken, or another has the same; `file`
 * is for messages. */
int lesson_marks_judge(const struct lesson_marks *, const struct lesson_mark *, const char *file,
		       struct err *);
/* Both, of all; on ERR_INPUT there is nothing to free. */
int lesson_marks_parse(struct lesson_marks *, const char *file, const char *bytes, size_t length,
		       struct err *);
void lesson_marks_fini(struct lesson_marks *);
const struct lesson_mark *lesson_marks_find(const struct lesson_marks *, const char *name);

/* Are the marks that the lesson names all in the source? ERR_INPUT. */
int lesson_check_marks(const struct lesson *, const struct lesson_marks *, const char *source, struct err *);

#endif
