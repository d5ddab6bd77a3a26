/* What people could do about what a sentence says. */
#ifndef VERDICT_REMEDIES_H
#define VERDICT_REMEDIES_H

#include "verdict/facts.h"

/* About what a function touched first: where an interpreter, or code without a name, did, how the script's functions
 * get their names. Translatable. */
const char *remedy_growth(const struct facts *, const struct arrival_row *function);
/* About what belongs to an owner of this kind; "" if there is nothing to be done. Translatable. */
const char *remedy_owner(const struct facts *, enum owner_kind);
/* Is the function the loader's? */
bool remedy_is_loader(const struct arrival_row *function);

#endif
