/* How a process is, in a glyph and in words. */
#ifndef RENDER_STATUS_H
#define RENDER_STATUS_H

#include "model/world.h"

struct status {
	uint32_t glyph, ascii;
	uint8_t ink;
	char text[64]; /* "running", "exited 1" */
};
struct status status_of(const struct process *);

#endif
