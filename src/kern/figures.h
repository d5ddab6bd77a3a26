/* Reads the figures of a process from files below /proc and from its memory cgroup: all except the sums of
 * its regions, which the reader provides. */
#ifndef KERN_FIGURES_H
#define KERN_FIGURES_H

#include <stdbool.h>

#include "event/figures.h"

/* Directories, which stay the caller's: the root of /proc, the process, and the thread whose memory is read.
 * A captured tree has no cgroup files. figures_read fills `f`, which kernel_figures_init has made. What
 * cannot be read stays unknown, with a reason for its group; there is no other error. A thread that ends
 * meanwhile has no stack pointer. Amounts are in bytes. */
struct figures_files {
	int root, process, thread;
	bool captured;
};
void figures_read(const struct figures_files *, struct kernel_figures *f);

#endif
