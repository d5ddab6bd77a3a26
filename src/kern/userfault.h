/* Whether a process uses userfaultfd(2). */
#ifndef KERN_USERFAULT_H
#define KERN_USERFAULT_H

#include <stdbool.h>
#include <stdint.h>

/* Does the process hold a descriptor of userfaultfd? `process` is its directory below /proc. False also if
 * its descriptors may not be read. The process may have given it to another one and closed its own. */
bool userfault_is_open(int process);
/* How many descriptors it holds; 0: none, or the kernel (before Linux 6.2) does not report it. */
uint64_t userfault_descriptors(int process);

#endif
