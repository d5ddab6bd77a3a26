/* A cache of some thousand sites in a file's code, for all processes that map the file. */
#ifndef SYMBOL_UNWIND_SITES_H
#define SYMBOL_UNWIND_SITES_H

#include <stdbool.h>
#include <stdint.h>

#include "symbol/unwind_row.h"

#define UNWIND_SITES 4096 /* a power of two */

struct unwind_site {
	uint64_t start; /* of the function; 0: not known */
	struct unwind_row row;
};

/* Starts from zeroes. Addresses are the file's own. */
struct unwind_sites {
	struct {
		uint64_t address;
		struct unwind_site site;
	} list[UNWIND_SITES]; /* by address */
};

/* What is kept about an address. False: nothing, or no longer. */
bool unwind_sites_find(const struct unwind_sites *, uint64_t address, struct unwind_site *);
/* Keeps a site with a row whose kind is known, replacing what was in its slot. */
void unwind_sites_add(struct unwind_sites *, uint64_t address, const struct unwind_site *);

#endif
