/* Stops before chosen instructions, by the processor's debug registers.
 *
 * A software breakpoint is written into the program's text, which makes a private copy of the page:
 * the very thing that is to be seen. The debug registers change nothing in memory. They are four, and
 * each thread has its own.
 *
 * For the thread that traces only, as all of trace/tracees.h; the thread in question stands. */
#ifndef TRACE_CODESTOP_H
#define TRACE_CODESTOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* ERR_UNSUPPORTED where the processor or the kernel has none for us; ERR_GONE. */
int codestop_arm(pid_t tid, const uint64_t *addresses, size_t count, struct err *);
void codestop_disarm(pid_t tid);
/* The thread stands at a SIGTRAP: is it because it came to an armed address? That is put into
 * *address. */
bool codestop_is(pid_t tid, uint64_t *address);

#endif
