/* A thread that is sent a signal at each of its page faults: stepping is made of this.
 *
 * The signal is for a tracer, which uses it to stop the thread before the touching instruction runs again,
 * and never delivers it. Should it be delivered after all, because the tracer is dead, it must do no harm, so
 * it is one that is ignored by default. */
#ifndef KERN_PERF_FAULTSTOP_H
#define KERN_PERF_FAULTSTOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* A signal that is ignored by default and that the thread neither blocks nor catches (in both sets bit 0 is
 * signal 1). 0: there is none. */
int faultstop_harmless_signal(uint64_t blocked, uint64_t caught);

struct faultstop;

/* Opens it, disabled. The caller ends it with faultstop_close. NULL with err: ERR_DENIED (the text says what
 * would allow it), ERR_GONE, ERR_UNSUPPORTED, ERR_SYSTEM (no descriptors left). */
struct faultstop *faultstop_open(int32_t tid, struct err *);
void faultstop_close(struct faultstop *); /* NULL is fine */

/* Sets which thread is sent which signal from now on. 0, or -1 with ERR_GONE, ERR_SYSTEM. */
int faultstop_send(struct faultstop *, int32_t tid, int signal, struct err *);
/* Does the signal with this number and siginfo's si_fd come from it? */
bool faultstop_sent(const struct faultstop *, int signal, int fd);
/* Discards what came before. */
void faultstop_begin(struct faultstop *);
/* How many faults on pages [first, end) have come since the last call; on any page if the two are equal. */
uint64_t faultstop_take(struct faultstop *, uint64_t first, uint64_t end);
/* Do faults within system calls count too? They send no signal, as that would interrupt a read or a
 * write. Ask when the call returns. */
bool faultstop_within_calls(const struct faultstop *);
/* Are addresses known? Otherwise there was no memory for a ring, and faults cannot be told apart by page. */
bool faultstop_knows_where(const struct faultstop *);

#endif
