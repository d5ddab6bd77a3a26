/* How a process is, in a glyph and in words. */
#ifndef RENDER_STATUS_H
#define RENDER_STATUS_H

#include "model/world.h"

struct status {
	uint32_t glyph, ascii;
	uint8_t ink;
	char text[96]; /* "running", "exited 1", "killed by SIGSEGV at 0x7f0000001000 (guard)" */
};
struct status status_of(const struct process *);

#endif
