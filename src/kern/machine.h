/* What is true of the whole machine, and of us on it: sizes, settings, rights. */
#ifndef KERN_MACHINE_H
#define KERN_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The width of a virtual address in the text of /proc/cpuinfo; 0 if it has none. */
int machine_parse_address_bits(const char *cpuinfo);
/* The same from the file below a directory (an fd), which is /proc or a captured tree. */
int machine_address_bits(int root);
/* If the file does not show it: tested by asking for memory at a high address. 0: cannot be tested on this
 * processor. */
int machine_probe_address_bits(void);

enum machine_number {
	MACHINE_HUGE_PAGE_SIZE, /* bytes of a transparent huge page */
	MACHINE_PTRACE_SCOPE,   /* kernel.yama.ptrace_scope */
	MACHINE_PERF_PARANOID,  /* kernel.perf_event_paranoid */
	MACHINE_PERF_MLOCK_KB,  /* kernel.perf_event_mlock_kb */
};
/* False if this kernel does not have it, or it may not be read. */
bool machine_number(enum machine_number, int64_t *number);

/* Is /proc that of our own pid namespace? Otherwise its pids mean other processes. 0, or -1 with
 * ERR_UNSUPPORTED, whose text says what would help. */
int machine_check_proc(struct err *);
/* The same, and can we have both threads and children in this pid namespace? A program that got a new pid
 * namespace only for its children (unshare -p without --fork) cannot. */
int machine_check_launch(struct err *);

/* Does it have any swap space? True if that cannot be read. */
bool machine_has_swap(void);
/* Does this kernel give transparent huge pages, to those at least who ask for them? False if that cannot be read. */
bool machine_has_huge_pages(void);

/* Our own effective capabilities, a bit each; 0 if they cannot be read. */
uint64_t machine_capabilities(void);

#endif
