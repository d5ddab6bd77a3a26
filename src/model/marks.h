/* Times that the user marked, with a note. The first MARKS_MAX are kept. */
#ifndef MODEL_MARKS_H
#define MODEL_MARKS_H

#include <stddef.h>
#include <stdint.h>

#define MARKS_MAX 4096
#define MARK_TEXT_MAX 1024 /* bytes; longer ones are cut */

struct mark {
	uint64_t time_ns; /* since the watch began */
	int32_t pid;      /* the process that was on the screen */
	char *text;       /* raw; "": none was written */
};

/* In order of time; those of one time in the order in which they came. */
struct marks {
	struct mark *items;
	size_t count, cap;
};

/* Adds one at its place in time, with a copy of the text. If there are MARKS_MAX already, adds nothing. */
void marks_add(struct marks *, uint64_t time_ns, int32_t pid, const char *text);
/* The first one after the time, the last one before it; NULL: none. */
const struct mark *marks_after(const struct marks *, uint64_t time_ns);
const struct mark *marks_before(const struct marks *, uint64_t time_ns);
void marks_fini(struct marks *); /* it can be used again */

#endif
