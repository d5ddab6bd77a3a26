/* Has the kernel moved any page to another frame on its own: compaction, NUMA balancing, making huge pages,
 * merging equal pages (/proc/vmstat)? As long as it has not, a page can be in another frame than before only
 * if it had a fault. */
#ifndef KERN_FRAME_MOVES_H
#define KERN_FRAME_MOVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sets *moves to how often this has happened so far on this machine. False: that cannot be known. */
bool frame_moves_read(uint64_t *moves);
/* The same from the text of vmstat. */
bool frame_moves_parse(const char *text, uint64_t *moves);

#endif
