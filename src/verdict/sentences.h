/* Sentences about the facts: each with its evidence, and what people could do. */
#ifndef VERDICT_SENTENCES_H
#define VERDICT_SENTENCES_H

#include "verdict/sentence.h"

#define SENTENCES_MAX 5

/* Writes those that hold, at most SENTENCES_MAX, the weightiest first; the caller frees their texts with
 * sentences_fini. Returns how many. */
size_t sentences_write(const struct facts *, struct sentence list[static SENTENCES_MAX]);
void sentences_fini(struct sentence *list, size_t count);

#endif
