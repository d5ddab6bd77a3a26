/* 32-bit programs on a 64-bit machine. */
#ifndef KERN_PROGRAMS_32_H
#define KERN_PROGRAMS_32_H

#include <stdbool.h>

/* Does the kernel run programs for i386? Found by running one that exits at once. False on anything but
 * x86-64. Only a kernel that does not know the format refuses it with ENOEXEC; if the attempt fails otherwise,
 * such as for lack of descriptors, the answer is true. */
bool programs_32_run(void);

#endif
