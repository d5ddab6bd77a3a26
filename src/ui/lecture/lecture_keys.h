/* The keys of a lecture: a table of them, and what they do to its slides, its windows and the program's pages. */
#ifndef UI_LECTURE_LECTURE_KEYS_H
#define UI_LECTURE_LECTURE_KEYS_H

#include "ui/lecture/lecture.h"

/* A key, in the words of ui/key.h; one that means nothing here does nothing. now_ns: CLOCK_MONOTONIC. */
void lecture_key(struct lecture *, uint32_t key, uint64_t now_ns);

#endif
