/* Sentences about what came: from which code, if that is known, and whether it keeps growing. Used in the
 * table in sentences.c. */
#ifndef VERDICT_SENTENCES_GROWTH_H
#define VERDICT_SENTENCES_GROWTH_H

#include "verdict/sentence.h"

bool say_growth(const struct facts *, struct sentence *);
bool say_unseen(const struct facts *, struct sentence *);
bool say_growing(const struct facts *, struct sentence *);

#endif
