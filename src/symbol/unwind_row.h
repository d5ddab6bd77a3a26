/* How a function's caller is found from one place in it: a row of call frame information, in the form that
 * nearly all rows have. The rest is left to libunwind.
 *
 *     CFA  rsp + 48      where the caller's stack pointer is
 *     ra   CFA - 8       where the caller continues
 *     rbx  CFA - 32      what the caller had in rbx; rbp, and r12 to r15 are as they were
 *
 * For x86-64 only: on other processors all rows are UNWIND_ROW_OTHER. See "Call Frame Information" in DWARF
 * 4, and "Exception Frames" in the Linux Standard Base, Core. */
#ifndef SYMBOL_UNWIND_ROW_H
#define SYMBOL_UNWIND_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNWIND_ROW_SAVED 6 /* rbx, rbp, r12 to r15: the registers that a function has to give back */

enum unwind_row_kind {
	UNWIND_ROW_OTHER = 1, /* of another form */
	UNWIND_ROW_CALLER,
	UNWIND_ROW_LAST, /* it has no caller */
	UNWIND_ROW_NONE, /* no table of the file covers it */
};

struct unwind_row {
	uint8_t kind;                    /* enum unwind_row_kind; 0: not known */
	uint8_t cfa_reg;                 /* its number, as in struct unwind_sample */
	uint8_t saved[UNWIND_ROW_SAVED]; /* how many eight-byte words below the CFA; 0: unchanged */
	int32_t cfa_offset;
};

/* A description (CIE or FDE) of .eh_frame, including its length field, and its address. */
struct unwind_description {
	const uint8_t *bytes;
	size_t length;
	uint64_t address;
};

/* The address of an FDE's CIE; 0: it has none that can be used. */
uint64_t unwind_row_cie(const struct unwind_description *fde);
/* Reads from an FDE, whose CIE is given, the row for the code at `address` and where the function begins.
 * False: it does not cover the address, or is malformed. */
bool unwind_row_read(const struct unwind_description *cie, const struct unwind_description *fde,
		     uint64_t address, uint64_t *start, struct unwind_row *row);

/* The index in unwind_row.saved of the register with this number; -1: none. */
int unwind_row_slot(unsigned reg);

#endif
