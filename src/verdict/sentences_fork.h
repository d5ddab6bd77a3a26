/* Sentences about what a fork left shared, and what has been copied of it. As speakers in sentences.c. */
#ifndef VERDICT_SENTENCES_FORK_H
#define VERDICT_SENTENCES_FORK_H

#include "verdict/sentence.h"

bool say_fork(const struct facts *, struct sentence *);
bool say_copied(const struct facts *, struct sentence *);

#endif
