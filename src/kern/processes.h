/* The processes of this machine, for the list to choose from. */
#ifndef KERN_PROCESSES_H
#define KERN_PROCESSES_H

#include <stddef.h>

#include "event/process_info.h"

/* All of them except ourselves and kernel threads, by pid. Returns how many;
 * free with processes_free. */
size_t processes_list(const char *proc_root, struct process_info **list);
void processes_free(struct process_info *, size_t n);

#endif
