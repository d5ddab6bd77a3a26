/* The numbers of the kernel's tracepoints, by which perf_event_open(2) is asked for them. */
#ifndef KERN_PERF_TRACEPOINT_H
#define KERN_PERF_TRACEPOINT_H

#include <stdint.h>

#include "base/err.h"

/* Of "exceptions/page_fault_user". 0 where it cannot be found: ERR_DENIED, ERR_UNSUPPORTED,
 * ERR_SYSTEM; the text says what would help. */
uint64_t tracepoint_id(const char *name, struct err *err);

#endif
