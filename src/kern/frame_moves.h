/* Has the kernel put the contents of any page into another frame by itself: to defragment memory, to balance
 * nodes, to make huge pages, to join equal pages (/proc/vmstat)? While it has not, a page has another frame than
 * before only if it had a fault. */
#ifndef KERN_FRAME_MOVES_H
#define KERN_FRAME_MOVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How often so far, on this machine. False: that cannot be known. */
bool frame_moves_read(uint64_t *moves);
/* The same of the text of vmstat. */
bool frame_moves_parse(const char *text, uint64_t *moves);

#endif
