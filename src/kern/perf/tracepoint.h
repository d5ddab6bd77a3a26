/* The numbers of the kernel's tracepoints, which perf_event_open(2) takes. */
#ifndef KERN_PERF_TRACEPOINT_H
#define KERN_PERF_TRACEPOINT_H

#include <stdint.h>

#include "base/err.h"

/* The number of "exceptions/page_fault_user". 0 if it cannot be found: ERR_DENIED, ERR_UNSUPPORTED,
 * ERR_SYSTEM; the text says what would help. */
uint64_t tracepoint_id(const char *name, struct err *err);

#endif
