/* A step out of code that no table describes: what a program makes while it runs, and what was written
 * by hand. */
#ifndef SYMBOL_UNWIND_BARE_H
#define SYMBOL_UNWIND_BARE_H

#include "symbol/unwind.h"

/* A thread's registers in one of its functions. */
struct unwind_state {
	uint64_t regs[UNWIND_REGS]; /* by DWARF's numbers */
	uint32_t known;             /* a bit for each */
};

enum bare_step {
	BARE_NONE,   /* no way on is known */
	BARE_SURE,   /* by the code that will run before the function returns */
	BARE_LIKELY, /* by what looks like a caller, or a frame pointer, which nothing says is kept */
};

struct bare_ops {
	/* The word at an address of the stack; false if it is not there. */
	bool (*word)(void *context, uint64_t address, uint64_t *value);
	/* Code, as in unwind_files. */
	ptrdiff_t (*code)(void *context, uint64_t address, uint8_t *bytes, size_t size);
	void *context;
};

/* Goes from a function to its caller, whose next instruction is then in the state. `called`: it stands
 * behind a call of its own, and not anywhere. */
enum bare_step unwind_bare_step(const struct bare_ops *, struct unwind_state *, bool called);
/* Could code go on there after a call? */
enum bare_call {
	BARE_CALL,    /* a call stands before it, or may: it could not be read */
	BARE_NO_CALL, /* it is seen that none does */
	BARE_NO_CODE, /* no code is known to be there */
};
enum bare_call unwind_bare_call(const struct bare_ops *, uint64_t address);

#endif
