/* Why the kernel refuses a perf event or its ring, in words. The errno shows the cause: EACCES for the event
 * is a matter of rights, EMFILE of descriptors, EPERM for the ring of locked memory. */
#ifndef KERN_PERF_PERF_ERROR_H
#define KERN_PERF_PERF_ERROR_H

#include "base/err.h"

/* For perf_event_open(2) or what leads to it: ERR_DENIED, ERR_GONE, ERR_UNSUPPORTED, ERR_SYSTEM.
 * The text says what would help; errnum is kept. Returns -1. */
int perf_error_event(struct err *, int errnum);
/* For mmap(2) of a ring, likewise. Returns -1. */
int perf_error_ring(struct err *, int errnum);

#endif
