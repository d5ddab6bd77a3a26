/* What people could do about what a sentence says. */
#ifndef VERDICT_REMEDIES_H
#define VERDICT_REMEDIES_H

#include "verdict/facts.h"

/* What several sentences may advise, as bits. */
enum advice {
	ADVICE_READ = 1, /* to have malloc's chunks read */
	ADVICE_TRIM = 2,
	ADVICE_TRACEMALLOC = 4,
	ADVICE_END = 8,
};
/* Translated. */
const char *remedy_advice(enum advice);
/* Of malloc's memory: ADVICE_READ, if that was not done yet; else 0. */
unsigned remedy_unread(const struct facts *);

/* About what a function touched first: where an interpreter, or code without a name, did, how the script's functions
 * get their names. Translated; "": nothing. Adds to *advice. */
const char *remedy_growth(const struct facts *, const struct arrival_row *function, unsigned *advice);
/* About what belongs to an owner of this kind: the same. */
const char *remedy_owner(const struct facts *, enum owner_kind, unsigned *advice);
/* Is the function the loader's? */
bool remedy_is_loader(const struct arrival_row *function);

#endif
