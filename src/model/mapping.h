/* What the list of regions does not show: which call a page's memory came from, even if the kernel has merged
 * it with its neighbours, and where else the process maps the same page of a file. */
#ifndef MODEL_MAPPING_H
#define MODEL_MAPPING_H

#include <stdbool.h>
#include <stdint.h>

#include "model/calls.h"
#include "model/space.h"

/* The last kept call that gave memory at this address (mmap, mremap, shmat), if none has taken it away since;
 * NULL: none was seen. */
const struct call_entry *mapping_call(const struct calls *, uint64_t address);
/* Another page, in another region, that maps the same page of the same file. If there are several, the next
 * one by address, starting again at the lowest. False: there is none. */
bool mapping_twin(const struct space *, uint64_t page, uint64_t *twin);

#endif
