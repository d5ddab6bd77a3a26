/* Pages that a child that is about to end no longer shares with its parent, although no fault shows that
 * either of the two got a copy. The kernel also copies without a fault: for writes to /proc/PID/mem or by
 * other processes, MADV_POPULATE_WRITE, reads into a buffer with O_DIRECT. */
#ifndef LIVE_SILENT_COPIES_H
#define LIVE_SILENT_COPIES_H

#include "event/sink.h"
#include "kern/reader.h"
#include "model/process.h"

/* To be called when the child is held at its end and its last picture was taken: sends EVENT_PAGES, with
 * PAGE_EXCLUSIVE, for such pages. */
void silent_copies_send(struct reader *, struct sink *, const struct process *child, uint64_t now_ns);

#endif
