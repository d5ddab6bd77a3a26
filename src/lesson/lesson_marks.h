/* Marks in the source of a lesson's program, and checks that the lesson's marks exist. */
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
/* Reads all marks, without checking their names. */
void lesson_marks_read(struct lesson_marks *, const char *bytes, size_t length);
/* Checks a mark, the first with its name: 0, or -1 with ERR_INPUT if the name is reserved, or used twice;
 * `file` is for messages. */
int lesson_marks_judge(const struct lesson_marks *, const struct lesson_mark *, const char *file,
		       struct err *);
/* Reads and checks all; on ERR_INPUT there is nothing to free. */
int lesson_marks_parse(struct lesson_marks *, const char *file, const char *bytes, size_t length,
		       struct err *);
void lesson_marks_fini(struct lesson_marks *);
const struct lesson_mark *lesson_marks_find(const struct lesson_marks *, const char *name);

/* Checks that all marks that the lesson names are in the source. 0, or -1 with ERR_INPUT. */
int lesson_check_marks(const struct lesson *, const struct lesson_marks *, const char *source, struct err *);

#endif
