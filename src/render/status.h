/* The status of a process, as a glyph and in words; why a process is paused. */
#ifndef RENDER_STATUS_H
#define RENDER_STATUS_H

#include "base/strbuf.h"
#include "model/world.h"

struct status {
	uint32_t glyph, ascii;
	uint8_t ink;
	char text[160]; /* "running", "exited 1", "killed by SIGSEGV at 0x7f0000001000 (guard)" */
};
struct status status_of(const struct process *);

/* "mmap(NULL, 8388608, ...) = 0x7f1200000000", "munmap(0x1, 4096) = -1 EINVAL". */
void stop_print_call(struct strbuf *, const struct event_call *);
/* "paused at a fault in thread 4243", "paused at mmap(NULL, 8192, ...) = 0x7f1200000000": for the header. */
void stop_print(struct strbuf *, const struct process *);

#endif
