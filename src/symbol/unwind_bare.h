/* One step of unwinding out of code that no table describes: code made at run time, or written by hand. */
#ifndef SYMBOL_UNWIND_BARE_H
#define SYMBOL_UNWIND_BARE_H

#include <stdbool.h>
#include <stddef.h>

#include "symbol/unwind_sample.h"

/* A thread's registers in one of its functions. */
struct unwind_state {
	uint64_t regs[UNWIND_REGS_MAX]; /* by their numbers */
	uint64_t known;                 /* a bit for each */
};

enum unwind_bare_way {
	UNWIND_BARE_NONE,   /* no caller was found */
	UNWIND_BARE_SURE,   /* from the code that will run before the function returns */
	UNWIND_BARE_LIKELY, /* from what looks like a return address, or from a frame pointer */
};

struct unwind_bare_ops {
	/* The word at an address of the stack; false if it is not there. */
	bool (*word)(void *context, uint64_t address, uint64_t *value);
	/* Reads code, as in unwind_files. */
	ptrdiff_t (*code)(void *context, uint64_t address, uint8_t *bytes, size_t size);
	void *context;
};

/* Goes from a function to its caller; the state then has the caller's next instruction. `called`: the
 * function is itself in the middle of a call, not at an arbitrary instruction. */
enum unwind_bare_way unwind_bare_step(const struct unwind_bare_ops *, struct unwind_state *, bool called);
/* Can an address be a return address? */
enum unwind_bare_before {
	UNWIND_BARE_CALL,    /* there is a call before it, or there may be: it could not be read */
	UNWIND_BARE_NO_CALL, /* there is no call before it */
	UNWIND_BARE_NO_CODE, /* no code is known to be there */
};
enum unwind_bare_before unwind_bare_call(const struct unwind_bare_ops *, uint64_t address);

/* The same for aarch64; those above are for x86-64. Both work on any machine. */
enum unwind_bare_way unwind_bare_arm64_step(const struct unwind_bare_ops *, struct unwind_state *,
					    bool called);
enum unwind_bare_before unwind_bare_arm64_call(const struct unwind_bare_ops *, uint64_t address);

#endif
