/* Who may have private memory in common with a process: because one was forked by the other, or both by a
 * third, and has run the same program since. The one question here that is about all processes of the machine, so
 * it is no part of the reader of one. */
#ifndef KERN_RELATIVES_H
#define KERN_RELATIVES_H

#include <stdbool.h>
#include <stdint.h>

/* Is it certain that nobody has? `root` is /proc, open. */
bool relatives_none(int root, int32_t pid);

#endif
