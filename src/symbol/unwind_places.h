/* A cache of some thousand places in a file's code, for all processes that map the file. */
#ifndef SYMBOL_UNWIND_PLACES_H
#define SYMBOL_UNWIND_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "symbol/unwind_row.h"

#define UNWIND_PLACES 4096 /* a power of two */

struct unwind_place {
	uint64_t start; /* of the function; 0: not known */
	struct unwind_row row;
};

/* Starts from zeroes. Addresses are the file's own. */
struct unwind_places {
	struct {
		uint64_t address;
		struct unwind_place place;
	} list[UNWIND_PLACES]; /* by address */
};

/* What is kept about an address. False: nothing, or no longer. */
bool unwind_places_find(const struct unwind_places *, uint64_t address, struct unwind_place *);
/* Keeps a place with a row whose kind is known, replacing what was in its slot. */
void unwind_places_add(struct unwind_places *, uint64_t address, const struct unwind_place *);

#endif
