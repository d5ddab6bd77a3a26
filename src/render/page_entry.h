/* A page's address taken apart by the page tables, and its pagemap entry bit by bit. */
#ifndef RENDER_PAGE_ENTRY_H
#define RENDER_PAGE_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/* How an address is divided by the page tables. */
struct address_field {
	const char *name; /* "PGD", "P4D", "PUD", "PMD", "PTE", "offset": translatable */
	int bits;         /* how wide */
	int shift;        /* its lowest bit */
	uint64_t value;
};
#define PAGE_ENTRY_FIELDS_MAX 6
/* Levels by the width of an address and of a page (32 and 12: the classic 10+10+12; 48 and 12: 9+9+9+9+12;
 * 57: five levels; 48 and 14: 1+11+11+11+14). Returns the number of fields, from the top; 0 if the width is
 * not known. Bits above the width are in no field: on x86 they repeat its highest bit. */
int address_fields(uint64_t address, int address_bits, unsigned page_shift,
		   struct address_field out[static PAGE_ENTRY_FIELDS_MAX]);

/* The bits of a pagemap entry (Documentation/admin-guide/mm/pagemap.rst): the name of each, and what its
 * value means. */
struct entry_bit {
	int high, low;    /* bit numbers; a single bit has high == low */
	const char *name; /* "present" */
	uint64_t value;
	const char *meaning; /* translated */
	bool hidden;         /* the kernel shows zeroes instead of the value */
};
#define PAGE_ENTRY_BITS_MAX 12
/* `has_frame`: we were allowed to read the low bits. Returns how many, from bit 63 down to 0. */
int entry_bits(uint64_t entry, bool has_frame, struct entry_bit out[static PAGE_ENTRY_BITS_MAX]);

/* Appends the names of a frame's kernel flags (kernel-page-flags.h), separated by blanks. */
void entry_kflags(struct strbuf *, uint64_t kflags);

#endif
