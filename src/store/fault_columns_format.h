/* What writing and reading the columns of faults have in common; for the module alone. */
#ifndef STORE_FAULT_COLUMNS_FORMAT_H
#define STORE_FAULT_COLUMNS_FORMAT_H

#include "event/page.h"
#include "store/fault_columns.h"

#define PAGES_RECENT 16
#define PAGES_NEAR 7 /* on either side of a recent one */
#define PAGE_STEPS (2 * PAGES_NEAR + 1)
#define TIME_BACK 252

/* Of a kind; the bits below are as in a record of a fault. */
enum {
	KIND_MAJOR = 1,
	KIND_INFERRED = 2,
	KIND_ACCESS_SHIFT = 2,
	KIND_CAUSE_SHIFT = 4,
	KIND_AT_IP = 1 << 10,      /* the address is that of the instruction */
	KIND_NEIGHBOURS = 1 << 11, /* others came with it */
	KIND_STACK = 1 << 12,
	KIND_END = 1 << 13,
};
_Static_assert(FAULT_CAUSES << KIND_CAUSE_SHIFT <= KIND_AT_IP, "causes have their bits");
_Static_assert((PAGE_STATE_MASK | PAGE_FLAGS_MASK) <= 0xffff, "two words and a kind are one key");

/* An instruction's note: the place in the page that it touched last, below the stack that it
 * had then. */
static inline void note_offset(struct fault_columns *c, uint64_t offset)
{
	recent_at(&c->ips, 0)->note = (recent_at(&c->ips, 0)->note & ~(uint64_t)UINT32_MAX) | offset;
}

#endif
