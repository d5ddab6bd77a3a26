/* A description's instructions fill in a table from the function's first address on:
 *
 *     41              advance the address by 1
 *     0e 10           CFA = the same register + 16
 *     86 02           rbp is at CFA - 2 * 8
 *     42              advance by 2
 *     0d 06           CFA = rbp + the same
 *
 * until the requested address is reached. Anything that does not have the simple form ends this: then
 * libunwind does it. */
#include "symbol/unwind_row.h"

#include <string.h>

#include "symbol/unwind_frames.h"

#define RETURN_ADDRESS 16 /* the register's number on x86-64 */
#define REGS 16
#define REMEMBERED_MAX 8
#define WORD 8
#define NO_REG 0xff

#define PE_SIZE 0x0f /* see DW_EH_PE_... in the Linux Standard Base */
#define PE_FROM 0x70
#define PE_ALIGNED 0x50
#define PE_INDIRECT 0x80

/* Reads a description from front to back; reads beyond its end give 0 and set `cut`. */
struct row_cursor {
	const uint8_t *bytes;
	size_t length, at;
	bool cut;
};

struct cie {
	uint64_t code_align;
	int64_t data_align;
	uint64_t return_address;
	uint8_t encoding; /* of addresses */
	bool augmented;   /* FDEs have their own augmentation */
	bool plain;       /* there is nothing unknown in it, and it is not a signal frame's */
	struct row_cursor code;
};

enum { LATER = 1, OTHER }; /* why a run of instructions ends early */

struct cfa_machine {
	const struct cie *cie;
	uint64_t at, until; /* addresses */
	struct unwind_row row, first, remembered[REMEMBERED_MAX];
	size_t depth;
};

static uint8_t next(struct row_cursor *c)
{
	if (c->at < c->length)
		return c->bytes[c->at++];
	c->cut = true;
	return 0;
}

static uint64_t next_fixed(struct row_cursor *c, unsigned size)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < size; i++)
		value |= (uint64_t)next(c) << 8 * i;
	return value;
}

/* Reads a ULEB128 number. */
static uint64_t next_uleb(struct row_cursor *c)
{
	uint64_t value = 0;
	uint8_t byte;
	unsigned shift = 0;
	do {
		byte = next(c);
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	return value;
}

static int64_t next_sleb(struct row_cursor *c)
{
	size_t began = c->at;
	uint64_t value = next_uleb(c);
	size_t bits = 7 * (c->at - began);
	bool negative = c->at > began && c->bytes[c->at - 1] & 0x40;
	return (int64_t)(negative && bits < 64 ? value | UINT64_MAX << bits : value);
}

static void skip(struct row_cursor *c, uint64_t n)
{
	c->cut |= n > c->length - c->at;
	c->at = c->cut ? c->length : c->at + (size_t)n;
}

uint64_t unwind_row_cie(const struct unwind_description *fde)
{
	struct row_cursor c = { fde->bytes, fde->length, 4, false };
	uint64_t back = next_fixed(&c, 4);
	return c.cut || !back ? 0 : fde->address + 4 - back;
}

/* Reads what the letters of an augmentation announce. */
static bool read_augmentation(struct cie *cie, struct row_cursor *c, const char *letters)
{
	uint64_t length = next_uleb(c), ignored;
	size_t end = c->at + (size_t)length;
	if (c->cut || length > c->length - c->at)
		return false;
	for (; *letters; letters++) {
		if (*letters == 'R') {
			cie->encoding = next(c);
			if (cie->encoding & PE_INDIRECT)
				return false;
		} else if (*letters == 'L') {
			next(c);
		} else if (*letters == 'P') {
			uint8_t encoding = next(c);
			if ((encoding & PE_FROM) == PE_ALIGNED ||
			    !unwind_read_encoded(c->bytes, c->length, encoding & PE_SIZE, 0, 0, &c->at,
						 &ignored))
				return false;
		} else {
			cie->plain = false;
		}
	}
	c->at = end;
	return true;
}

static bool read_cie(const struct unwind_description *d, struct cie *cie)
{
	struct row_cursor c = { d->bytes, d->length, 4, false };
	uint64_t id = next_fixed(&c, 4);
	uint8_t version = next(&c);
	const char *letters = (const char *)c.bytes + c.at;
	if (c.cut || id || (version != 1 && version != 3) || !memchr(letters, 0, c.length - c.at))
		return false;
	skip(&c, strlen(letters) + 1);
	*cie = (struct cie){ .plain = true, .augmented = *letters == 'z' };
	if (*letters && !cie->augmented)
		return false;
	cie->code_align = next_uleb(&c);
	cie->data_align = next_sleb(&c);
	cie->return_address = version == 1 ? next(&c) : next_uleb(&c);
	if (cie->augmented && !read_augmentation(cie, &c, letters + 1))
		return false;
	cie->code = c;
	return !c.cut;
}

int unwind_row_slot(unsigned reg)
{
	static const int8_t slots[REGS] = { [3] = 1, [6] = 2, [12] = 3, [13] = 4, [14] = 5, [15] = 6 };
	return reg < REGS ? slots[reg] - 1 : -1;
}

/* The register is saved at CFA + factored times the data alignment factor, which must be minus one word. */
static int save(struct cfa_machine *r, uint64_t reg, uint64_t factored)
{
	int slot = reg < REGS ? unwind_row_slot((unsigned)reg) : -1;
	if (r->cie->data_align != -WORD)
		return OTHER;
	if (reg == RETURN_ADDRESS && factored == 1) {
		r->row.kind = UNWIND_ROW_CALLER;
		return 0;
	}
	if (slot < 0 || factored < 1 || factored > UINT8_MAX)
		return OTHER;
	r->row.saved[slot] = (uint8_t)factored;
	return 0;
}

static int restore(struct cfa_machine *r, uint64_t reg)
{
	int slot = reg < REGS ? unwind_row_slot((unsigned)reg) : -1;
	if (slot < 0)
		return OTHER;
	r->row.saved[slot] = r->first.saved[slot];
	return 0;
}

static int keep(struct cfa_machine *r, uint64_t reg)
{
	int slot = reg < REGS ? unwind_row_slot((unsigned)reg) : -1;
	if (slot < 0)
		return OTHER;
	r->row.saved[slot] = 0;
	return 0;
}

static int define(struct cfa_machine *r, uint64_t reg, int64_t offset)
{
	if (reg >= REGS || offset < INT32_MIN || offset > INT32_MAX)
		return OTHER;
	r->row.cfa_reg = (uint8_t)reg;
	r->row.cfa_offset = (int32_t)offset;
	return 0;
}

static int advance(struct cfa_machine *r, uint64_t delta)
{
	r->at += delta * r->cie->code_align;
	return r->at > r->until ? LATER : 0;
}

static int remember(struct cfa_machine *r)
{
	if (r->depth == REMEMBERED_MAX)
		return OTHER;
	r->remembered[r->depth++] = r->row;
	return 0;
}

static int recall(struct cfa_machine *r)
{
	if (!r->depth)
		return OTHER;
	r->row = r->remembered[--r->depth];
	return 0;
}

static int forget(struct cfa_machine *r, uint64_t reg)
{
	if (reg != RETURN_ADDRESS)
		return OTHER;
	r->row.kind = UNWIND_ROW_LAST;
	return 0;
}

/* The instructions whose number takes the whole byte: DW_CFA_... */
static int run_extended(struct cfa_machine *r, struct row_cursor *c, uint8_t op)
{
	uint64_t reg;
	switch (op) {
	case 0x00: /* nop */
		return 0;
	case 0x02: /* advance_loc1, 2, 4 */
		return advance(r, next(c));
	case 0x03:
		return advance(r, next_fixed(c, 2));
	case 0x04:
		return advance(r, next_fixed(c, 4));
	case 0x05: /* offset_extended */
		reg = next_uleb(c);
		return save(r, reg, next_uleb(c));
	case 0x06: /* restore_extended */
		return restore(r, next_uleb(c));
	case 0x07: /* undefined */
		return forget(r, next_uleb(c));
	case 0x08: /* same_value */
		return keep(r, next_uleb(c));
	case 0x0a: /* remember_state */
		return remember(r);
	case 0x0b: /* restore_state */
		return recall(r);
	case 0x0c: /* def_cfa */
		reg = next_uleb(c);
		return define(r, reg, (int64_t)next_uleb(c));
	case 0x0d: /* def_cfa_register */
		return define(r, next_uleb(c), r->row.cfa_offset);
	case 0x0e: /* def_cfa_offset */
		return define(r, r->row.cfa_reg, (int64_t)next_uleb(c));
	default:
		return OTHER;
	}
}

/* Runs instructions; 0: they came to their end. */
static int run_code(struct cfa_machine *r, struct row_cursor *c)
{
	int ended = 0;
	while (!ended && c->at < c->length) {
		uint8_t op = next(c), low = op & 0x3f;
		if (op >> 6 == 1)
			ended = advance(r, low);
		else if (op >> 6 == 2)
			ended = save(r, low, next_uleb(c));
		else if (op >> 6 == 3)
			ended = restore(r, low);
		else
			ended = run_extended(r, c, low);
		if (c->cut)
			return OTHER;
	}
	return ended;
}

/* 0, or OTHER. */
static int find_row(struct cfa_machine *r, const struct cie *cie, struct row_cursor *code)
{
	struct row_cursor common = cie->code;
	uint64_t start = r->at, until = r->until;
	if (!cie->plain || cie->return_address != RETURN_ADDRESS)
		return OTHER;
	r->row = (struct unwind_row){ .kind = UNWIND_ROW_OTHER, .cfa_reg = NO_REG };
	r->until = UINT64_MAX;
	if (run_code(r, &common) != 0)
		return OTHER;
	r->first = r->row;
	r->at = start;
	r->until = until;
	return run_code(r, code) == OTHER || r->row.cfa_reg == NO_REG ? OTHER : 0;
}

bool unwind_row_read(const struct unwind_description *cie_bytes, const struct unwind_description *fde,
		     uint64_t address, uint64_t *start, struct unwind_row *row)
{
	struct row_cursor c = { fde->bytes, fde->length, 8, false };
	struct cie cie;
	uint64_t range;
	if (!read_cie(cie_bytes, &cie) ||
	    !unwind_read_encoded(c.bytes, c.length, cie.encoding, fde->address, 0, &c.at, start) ||
	    !unwind_read_encoded(c.bytes, c.length, cie.encoding & PE_SIZE, 0, 0, &c.at, &range) ||
	    address - *start >= range)
		return false;
	if (cie.augmented)
		skip(&c, next_uleb(&c));
	struct cfa_machine run = { .cie = &cie, .at = *start, .until = address };
	if (c.cut || find_row(&run, &cie, &c) == OTHER)
		run.row.kind = UNWIND_ROW_OTHER;
	*row = run.row;
	return true;
}
