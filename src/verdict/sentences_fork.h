/* Sentences about what a fork left shared, and how much of it has been copied. Used in the table in
 * sentences.c. */
#ifndef VERDICT_SENTENCES_FORK_H
#define VERDICT_SENTENCES_FORK_H

#include "verdict/sentence.h"

bool say_fork(const struct facts *, struct sentence *);
bool say_copied(const struct facts *, struct sentence *);

#endif
