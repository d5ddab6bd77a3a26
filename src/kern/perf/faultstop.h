/* A thread that is sent a signal at each of its page faults: what stepping is made of.
 *
 * The signal is for a tracer, who stops the thread by it before the touching instruction
 * runs again, and never lets it arrive. Should it arrive after all, the tracer being dead,
 * it must do no harm: it is one that nobody takes notice of. */
#ifndef KERN_PERF_FAULTSTOP_H
#define KERN_PERF_FAULTSTOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* A signal that a thread would not notice: none of those that it blocks or catches (a bit each:
 * bit 0 is signal 1). 0: there is none. */
int faultstop_harmless_signal(uint64_t blocked, uint64_t caught);

struct faultstop;

/* Opens it, idle. ERR_DENIED (the text says what would allow it), ERR_GONE, ERR_UNSUPPORTED,
 * ERR_SYSTEM (no descriptors left). */
struct faultstop *faultstop_open(int32_t tid, struct err *);
void faultstop_close(struct faultstop *); /* NULL is fine */

/* Which thread is sent which signal from now on. False when it could not be set. */
bool faultstop_send(struct faultstop *, int32_t tid, int signal);
/* The signal with this number and siginfo's si_fd is of it. */
bool faultstop_sent(const struct faultstop *, int signal, int fd);
/* Counts, and forgets, what came before. */
void faultstop_begin(struct faultstop *);
/* How many faults have come since the last time on pages [first, end); all, where they are
 * the same. */
uint64_t faultstop_take(struct faultstop *, uint64_t first, uint64_t end);
/* Do faults within system calls count, too? They send no signal: one that comes in the
 * middle of a read or a write would cut it short. Ask when the call returns. */
bool faultstop_within_calls(const struct faultstop *);
/* Are addresses known? Else one fault looks like another: there was no memory for a ring. */
bool faultstop_knows_where(const struct faultstop *);

#endif
