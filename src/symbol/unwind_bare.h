/* A step out of code that no table describes: code made at run time, or written by hand. */
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
	UNWIND_BARE_NONE,   /* no way on is known */
	UNWIND_BARE_SURE,   /* by the code that will run before the function returns */
	UNWIND_BARE_LIKELY, /* by what looks like a caller, or by a frame pointer, which may not be kept */
};

struct unwind_bare_ops {
	/* The word at an address of the stack; false if it is not there. */
	bool (*word)(void *context, uint64_t address, uint64_t *value);
	/* Code, as in unwind_files. */
	ptrdiff_t (*code)(void *context, uint64_t address, uint8_t *bytes, size_t size);
	void *context;
};

/* Goes from a function to its caller; the caller's next instruction is then in the state. `called`: the
 * function is in a call of its own, not just anywhere. */
enum unwind_bare_way unwind_bare_step(const struct unwind_bare_ops *, struct unwind_state *, bool called);
/* Could code go on there after a call? */
enum unwind_bare_before {
	UNWIND_BARE_CALL,    /* a call is before it, or may be: it could not be read */
	UNWIND_BARE_NO_CALL, /* there is no call, as its bytes show */
	UNWIND_BARE_NO_CODE, /* no code is known to be there */
};
enum unwind_bare_before unwind_bare_call(const struct unwind_bare_ops *, uint64_t address);

/* The same of aarch64, above of x86-64; both work everywhere. */
enum unwind_bare_way unwind_bare_arm64_step(const struct unwind_bare_ops *, struct unwind_state *,
					    bool called);
enum unwind_bare_before unwind_bare_arm64_call(const struct unwind_bare_ops *, uint64_t address);

#endif
