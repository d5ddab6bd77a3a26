/* The position of a lecture, kept in a file: for --resume, and for --notes in a second terminal.
 *
 * $XDG_STATE_HOME/pagescape/lecture.json, or ~/.local/state/pagescape/lecture.json:
 *
 *   {"lessons": ["promise"], "language": "en", "number": 3, "score": "..rw..", "began": 1764412345,
 *    "at": 1764412521, "pid": 4242, "born": 1234567,
 *    "lesson": "What was promised", "title": "One byte", "next": "The same page", "notes": "...",
 *    "step": 3, "steps": 6, "asking": false, "over": false} */
#ifndef CMD_LESSON_LECTURE_POSITION_H
#define CMD_LESSON_LECTURE_POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct lecture_position {
	char **lessons;     /* names as they were given, NULL-terminated; owned, like all texts */
	char *language;     /* "": that of the locale */
	size_t number;      /* the step of the whole lecture, from 0 */
	size_t step, steps; /* of its lesson, from 0 */
	char *score;        /* see lecture/score.h */
	int64_t began, at;  /* seconds since 1970: when the lecture began, and this position */
	int32_t pid;        /* the process that gives it, with its start time in clock ticks since boot */
	uint64_t born;
	char *lesson, *title, *next, *notes;
	bool asking; /* the next step's question is being asked; `number` is the step before */
	bool over;   /* the lecture was quit */
};

/* The path of the file; the caller frees. NULL: there is no home. */
char *lecture_position_path(void);
/* Makes the folders that lead to the file. -1 with err: it cannot be written there. */
int lecture_position_prepare(const char *path, struct err *err);
/* Writes the file. 0, or -1 with err. */
int lecture_position_write(const char *path, const struct lecture_position *, struct err *);
/* Reads the file. 0, or -1 with ERR_NOT_FOUND: no lecture was given yet; ERR_INPUT: it is malformed. */
int lecture_position_read(const char *path, struct lecture_position *, struct err *);
/* Enters this process as the one that gives it. */
void lecture_position_sign(struct lecture_position *);
/* Is the process that gives it still running, and has it not quit the lecture? */
bool lecture_position_is_on(const struct lecture_position *);
void lecture_position_fini(struct lecture_position *);

#endif
