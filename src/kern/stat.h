/* /proc/PID/stat and /proc/PID/status: the kernel's cheap figures of a process or a thread.
 * Pure: text in, figures out. */
#ifndef KERN_STAT_H
#define KERN_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* Of stat: one line, read at each look. */
struct process_stat {
	struct event_counters counters;
	uint64_t start_code; /* 0: an exec is under way; 1: it may not be read */
	/* where the stack begins: changes with an exec; 0: an exec is under way, or it may not be read */
	uint64_t start_stack;
	uint64_t vsize;       /* bytes of all regions, exact: changes with most changes of maps */
	uint64_t cpu_ticks;   /* user and system */
	uint64_t start_ticks; /* from the boot of the machine to its birth */
	int32_t tty_pgrp;
	bool kernel_thread;
	bool unexeced; /* it was forked, and has not called exec since */
};

/* Returns false if the text makes no sense. */
bool stat_parse(const char *text, size_t len, struct process_stat *);

/* Of status: a line for each figure. What the text does not contain is 0, or -1 for the user. */
struct status_lines {
	int32_t process;       /* the process that a thread belongs to (Tgid) */
	int32_t parent;        /* the process that forked it, or has adopted it since (PPid) */
	int32_t own_pid;       /* its number in the innermost pid namespace that it is in (NSpid) */
	int64_t uid;           /* effective user */
	uint64_t capabilities; /* effective, a bit each */
	/* signal sets: bit 0 is signal 1 */
	bool has_signals;
	uint64_t blocked, ignored, caught;
};

/* `text` ends in a zero byte. */
void status_parse(const char *text, struct status_lines *);

#endif
