/* What the user could do about what a sentence says. */
#ifndef VERDICT_REMEDIES_H
#define VERDICT_REMEDIES_H

#include "verdict/facts.h"

/* Advice that several sentences may give, as bits. */
enum advice {
	ADVICE_READ = 1, /* have malloc's chunks read */
	ADVICE_TRIM = 2,
	ADVICE_TRACEMALLOC = 4,
	ADVICE_END = 8,
};
/* Translated. */
const char *remedy_advice(enum advice);
/* For malloc's memory: ADVICE_READ if its chunks were not read yet; else 0. */
unsigned remedy_unread(const struct facts *);

/* For memory that a function touched first: if it is an interpreter's, or code without a name, how to get the
 * names of the script's functions. Translated; "": nothing. Adds to *advice. */
const char *remedy_growth(const struct facts *, const struct arrival_row *function, unsigned *advice);
/* The same for memory of an owner of this kind. */
const char *remedy_owner(const struct facts *, enum owner_kind, unsigned *advice);
/* Does the function belong to the dynamic loader? */
bool remedy_is_loader(const struct arrival_row *function);

#endif
