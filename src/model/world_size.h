/* About how much memory a world takes: for keeping it within bounds. Counts what grows with the content of
 * events. Walks everything, so do not call it at each event. */
#ifndef MODEL_WORLD_SIZE_H
#define MODEL_WORLD_SIZE_H

#include "model/world.h"

struct world_size {
	uint64_t spaces; /* bytes of processes, regions, pages, texts */
	uint64_t logs;   /* bytes of what is kept of faults, calls, code */
};

/* Its size now. */
struct world_size world_size(const struct world *);

#endif
