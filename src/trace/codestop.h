/* Stops before chosen instructions, by the processor's debug registers.
 *
 * A software breakpoint is written into the program's text, which makes a private copy of the page: the very
 * thing that we want to observe. The debug registers change nothing in memory. There are four, per thread.
 *
 * Only for the thread that traces, like all of trace/tracees.h; the thread in question is stopped. */
#ifndef TRACE_CODESTOP_H
#define TRACE_CODESTOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* What this machine offers, tested on a child: debug registers that stop a thread, or single steps
 * (trace/singlestep.h). */
enum codestop_way { CODESTOP_NONE, CODESTOP_SINGLE_STEPS, CODESTOP_REGISTERS };
enum codestop_way codestop_probe(void);

/* Sets the debug registers of a traced, stopped thread so that it stops right before it runs the instruction
 * at one of these addresses (at most STEP_CODE_MAX, see event/source.h). 0, or -1 with err: ERR_UNSUPPORTED
 * if the processor or the kernel offers none, ERR_GONE if the thread has ended. */
int codestop_arm(pid_t tid, const uint64_t *addresses, size_t count, struct err *);
/* Undoes that; the thread is stopped, or has ended. */
void codestop_disarm(pid_t tid);
/* The thread is stopped at a SIGTRAP: is that because it reached an armed address? If so, sets *address. */
bool codestop_is(pid_t tid, uint64_t *address);

#endif
