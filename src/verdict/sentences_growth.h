/* Sentences about what came: by whom, whether that is known, and whether there was no end to it. As speakers in
 * sentences.c. */
#ifndef VERDICT_SENTENCES_GROWTH_H
#define VERDICT_SENTENCES_GROWTH_H

#include "verdict/sentence.h"

bool say_growth(const struct facts *, struct sentence *);
bool say_unseen(const struct facts *, struct sentence *);
bool say_growing(const struct facts *, struct sentence *);

#endif
