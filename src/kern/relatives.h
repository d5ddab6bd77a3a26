/* Which processes may share private memory with a given one: those related to it by fork that have not called
 * exec since. Answering this needs all processes of the machine, so it is not part of the reader of one
 * process. */
#ifndef KERN_RELATIVES_H
#define KERN_RELATIVES_H

#include <stdbool.h>
#include <stdint.h>

/* Is it certain that no other process does? `root` is an fd of /proc. */
bool relatives_none(int root, int32_t pid);

#endif
