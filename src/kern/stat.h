/* /proc/PID/stat: the kernel's cheap figures of a process. */
#ifndef KERN_STAT_H
#define KERN_STAT_H

#include <stdbool.h>
#include <stddef.h>

#include "kern/reader.h"

struct stat_line {
	struct reader_stat figures;
	bool kernel_thread;
};

/* Returns false where the text makes no sense. */
bool stat_parse(const char *text, size_t len, struct stat_line *);

#endif
