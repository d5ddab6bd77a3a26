/* The numbers of the kernel's tracepoints, which perf_event_open(2) takes. */
#ifndef KERN_PERF_TRACEPOINT_H
#define KERN_PERF_TRACEPOINT_H

#include <stdint.h>

#include "base/err.h"

enum tracepoint { TRACEPOINT_USER_FAULT, TRACEPOINT_KERNEL_FAULT, TRACEPOINTS };

/* The number of "exceptions/page_fault_user", or of "..._kernel". 0 with err if it cannot be found:
 * ERR_DENIED, ERR_UNSUPPORTED, ERR_SYSTEM; the text says what would help. Not thread-safe. */
uint64_t tracepoint_id(enum tracepoint, struct err *err);

#endif
