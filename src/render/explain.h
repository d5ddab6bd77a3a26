/* Plain words about one page: what it is, why it is so, what the next touch would do.
 * And the address and the entry taken apart. Pure; translated. */
#ifndef RENDER_EXPLAIN_H
#define RENDER_EXPLAIN_H

#include <stdint.h>

#include "base/strbuf.h"
#include "event/source.h"
#include "model/region.h"

/* "anon, exclusive", "reserved", "unknown" */
void explain_state(struct strbuf *, uint32_t word);
/* Why: one or two sentences, by state, region and detail (which may be NULL). */
void explain_why(struct strbuf *, uint32_t word, const struct region *, const struct page_detail *);
/* What a read and what a write of this page would do next. */
void explain_next(struct strbuf *, uint32_t word, const struct region *);

/* How an address is divided by the page tables. */
struct address_field {
	const char *name;     /* "PGD", "P4D", "PUD", "PMD", "PTE", "offset" */
	int bits;             /* how wide */
	int shift;            /* its lowest bit */
	uint64_t value;
};
#define ADDRESS_FIELDS_MAX 6
/* Levels by address_bits (32: the classic 10+10+12; 48: 9+9+9+9+12; 57: five levels).
 * Returns the number of fields, from the top; 0 where the width is not known. */
int address_fields(uint64_t address, int address_bits, struct address_field out[static ADDRESS_FIELDS_MAX]);

/* The bits of a pagemap entry: name, and what it says here. */
struct entry_bit {
	int high, low;        /* bit numbers; a single bit has high == low */
	const char *name;     /* "present" */
	uint64_t value;
	const char *meaning;  /* translated */
};
#define ENTRY_BITS_MAX 12
int entry_bits(uint64_t entry, bool has_frame, struct entry_bit out[static ENTRY_BITS_MAX]);

/* The names of a frame's kernel flags (kernel-page-flags.h), blank-separated. */
void explain_kflags(struct strbuf *, uint64_t kflags);

#endif
