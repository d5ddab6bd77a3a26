/* Plain words about one page: what it is, why it is so, what the next touch would do.
 * And the address and the entry taken apart. Pure; translated.
 *
 * Nothing is claimed that was not read. From a page's state alone it is not known who touched
 * it, nor why a frame came (a write, or a request to fill ahead); a fault tells that, where one
 * was told. What is said beyond the reading is what the kernel does in every such case. */
#ifndef RENDER_EXPLAIN_H
#define RENDER_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "event/source.h"
#include "event/page.h"
#include "event/region.h"

/* "anon, exclusive", "reserved", "unknown": JSON's words, without PAGE_CACHE_UNKNOWN. */
void explain_state(struct strbuf *, uint32_t word);
/* Why: a few short sentences, by state, region and detail. Region NULL: no region here;
 * detail NULL: not asked yet. */
void explain_why(struct strbuf *, uint32_t word, const struct region *, const struct page_detail *);

/* What the kernel did at the fault, and why: one sentence, translated. */
const char *explain_cause(const struct event_fault *);

/* What stands behind a region's pages: decides what a fault does. */
enum backing {
	BACKING_NOTHING,      /* no region */
	BACKING_ANON,         /* zeroes */
	BACKING_FILE_PRIVATE, /* a file, written pages are copies */
	BACKING_FILE_SHARED,  /* a file, written pages are the file's */
	BACKING_SHM_PRIVATE,  /* a shared memory object, mapped MAP_PRIVATE */
	BACKING_SHM,
	BACKING_KERNEL, /* vdso, vvar, vsyscall */
	BACKING_DEVICE,
};
enum backing explain_backing(const struct region *);

/* The next touch, by its kind. */
enum touch { TOUCH_READ, TOUCH_WRITE, TOUCH_EXEC, TOUCH_KINDS };
enum outcome {
	OUTCOME_PASS,          /* no fault: the entry allows it */
	OUTCOME_AT_MOST_MINOR, /* none, or a minor one where the entry is still write-protected */
	OUTCOME_MINOR,
	OUTCOME_MAJOR,
	OUTCOME_FAULT,  /* minor or major: which, is not known */
	OUTCOME_SIGNAL, /* segmentation fault */
	OUTCOME_UNKNOWN,
};
struct forecast {
	enum outcome outcome;
	const char *text; /* what the kernel does; translated */
};
struct forecast explain_touch(enum touch, uint32_t word, const struct region *);
/* As explain_touch, for a page of the gap right below the stack. */
struct forecast explain_stack_growth(void);
const char *touch_name(enum touch);     /* "read", translated */
const char *outcome_name(enum outcome); /* "minor fault", translated */
/* All three in one line: "read: minor fault; write: ...". */
void explain_next(struct strbuf *, uint32_t word, const struct region *);

/* How an address is divided by the page tables. */
struct address_field {
	const char *name; /* "PGD", "P4D", "PUD", "PMD", "PTE", "offset" */
	int bits;         /* how wide */
	int shift;        /* its lowest bit */
	uint64_t value;
};
#define ADDRESS_FIELDS_MAX 6
/* Levels by address_bits (32: the classic 10+10+12; 48: 9+9+9+9+12; 57: five levels).
 * Returns the number of fields, from the top; 0 where the width is not known. Bits above
 * the width are in no field: they repeat its highest bit. */
int address_fields(uint64_t address, int address_bits, struct address_field out[static ADDRESS_FIELDS_MAX]);

/* The bits of a pagemap entry (Documentation/admin-guide/mm/pagemap.rst): name, and what
 * each says here. */
struct entry_bit {
	int high, low;    /* bit numbers; a single bit has high == low */
	const char *name; /* "present" */
	uint64_t value;
	const char *meaning; /* translated */
};
#define ENTRY_BITS_MAX 12
/* `has_frame`: the low bits were shown to us. Returns how many, from bit 63 down to 0. */
int entry_bits(uint64_t entry, bool has_frame, struct entry_bit out[static ENTRY_BITS_MAX]);

/* The names of a frame's kernel flags (kernel-page-flags.h), blank-separated. */
void explain_kflags(struct strbuf *, uint64_t kflags);

#endif
