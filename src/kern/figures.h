/* Reads the figures of a process from files below /proc and from its memory cgroup: all but the sums of its
 * regions, which the reader has. */
#ifndef KERN_FIGURES_H
#define KERN_FIGURES_H

#include <stdbool.h>

#include "event/figures.h"

/* Directories, the caller's: the root of /proc, the process, and the thread whose memory is read. In a
 * captured tree of files there is no cgroup. Fills `f`, which kernel_figures_init made; what cannot be read is
 * unknown, with the reason of its group: there is no other error. A thread that ends meanwhile has no stack
 * pointer. Amounts are in bytes. Only reads; closes none of the directories. */
struct figures_files {
	int root, process, thread;
	bool captured;
};
void figures_read(const struct figures_files *, struct kernel_figures *f);

#endif
