/* How a child came into being: when, and whether it has memory of its own. */
#ifndef LIVE_BIRTH_H
#define LIVE_BIRTH_H

#include "live/fault_reader.h"
#include "live/live_status.h"

/* `elder`: of the first of its family, whose rings have all forks; NULL: none. */
struct status_birth birth_of(const struct live_program *, const struct watch *, int32_t parent,
			     struct fault_reader *elder, struct sink *);

#endif
