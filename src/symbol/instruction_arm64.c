/* Decided by the mnemonic, as in Arm's manual:
 *
 *     f9400001    ldr x1, [x0]          ld...: read
 *     a9bf7bfd    stp x29, x30, [sp]    st...: written
 *     d50b7420    dc zva, x0            written
 *     b8210002    ldadd w1, w2, [x0]    read and written at once: unknown
 *     f9800000    prfm pldl1keep, [x0]  a hint: nothing is touched
 *
 * For an instruction that reads and writes at once the processor reports a read if the page is not there, and
 * a write only if it could be read ("ESR_ELx", ISS of a data abort, WnR): so it causes two faults, and the
 * instruction does not show which one this is. Branches, arithmetic, system registers touch no memory. */
#include "symbol/instruction_arm64.h"

#include <capstone.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Prefixes of mnemonics; the first match counts. */
static const struct {
	const char *prefix;
	enum fault_access access;
} accesses[] = {
	/* at once: ldadd, ldaddal, ldaddb ...; without a result they are called stadd and so on */
	{ "ldadd", FAULT_ACCESS_UNKNOWN },
	{ "ldclr", FAULT_ACCESS_UNKNOWN },
	{ "ldeor", FAULT_ACCESS_UNKNOWN },
	{ "ldset", FAULT_ACCESS_UNKNOWN },
	{ "ldsmax", FAULT_ACCESS_UNKNOWN },
	{ "ldsmin", FAULT_ACCESS_UNKNOWN },
	{ "ldumax", FAULT_ACCESS_UNKNOWN },
	{ "ldumin", FAULT_ACCESS_UNKNOWN },
	{ "stadd", FAULT_ACCESS_UNKNOWN },
	{ "stclr", FAULT_ACCESS_UNKNOWN },
	{ "steor", FAULT_ACCESS_UNKNOWN },
	{ "stset", FAULT_ACCESS_UNKNOWN },
	{ "stsmax", FAULT_ACCESS_UNKNOWN },
	{ "stsmin", FAULT_ACCESS_UNKNOWN },
	{ "stumax", FAULT_ACCESS_UNKNOWN },
	{ "stumin", FAULT_ACCESS_UNKNOWN },
	{ "ld", FAULT_READ },
	{ "st", FAULT_WRITE },
};

enum fault_access instruction_arm64_access(const cs_insn *insn)
{
	if (strcmp(insn->mnemonic, "dc") == 0)
		return text_begins(insn->op_str, "zva") ? FAULT_WRITE : FAULT_ACCESS_UNKNOWN;
	for (size_t i = 0; i < sizeof accesses / sizeof *accesses; i++)
		if (text_begins(insn->mnemonic, accesses[i].prefix))
			return accesses[i].access;
	return FAULT_ACCESS_UNKNOWN;
}
