/* Why a paused program stands, in words. */
#ifndef RENDER_STOP_H
#define RENDER_STOP_H

#include "base/strbuf.h"
#include "model/world.h"

/* "mmap(NULL, 8388608, ...) = 0x7f1200000000", "munmap(0x1, 4096) = -1 EINVAL". */
void stop_print_call(struct strbuf *, const struct event_call *);
/* "paused at a fault of thread 4243", "paused at mmap(NULL, 8192, ...) = 0x7f1200000000": for the header. */
void stop_print(struct strbuf *, const struct process *);

#endif
