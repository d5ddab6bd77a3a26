/* Parses the text of a lesson. */
#ifndef LESSON_LESSON_PARSE_H
#define LESSON_LESSON_PARSE_H

#include <stddef.h>

#include "base/err.h"
#include "lesson/lesson.h"

/* Parses one text. `file` is its name, for messages: "en.lesson:12: ...". NULL with ERR_INPUT. */
struct lesson *lesson_parse(const char *file, const char *bytes, size_t length, struct err *);

#endif
