/* Who a process is: its arguments, name, program, width. */
#ifndef KERN_IDENTITY_H
#define KERN_IDENTITY_H

#include "base/strbuf.h"
#include "event/event.h"

struct identity {
	struct strbuf cmdline, comm, exe;
	const char **argv;
	size_t argv_cap;
};

/* The width of a virtual address that the text of /proc/cpuinfo tells, 0 for none. */
int identity_parse_address_bits(const char *cpuinfo);
/* The effective user of the text of /proc/PID/status, or -1. */
int64_t identity_parse_uid(const char *status);
/* Cuts the bytes of cmdline into arguments; `comm` where there are none. */
void identity_parse_cmdline(struct identity *);

/* `root` is /proc, `process` /proc/PID. Fills what can be read; the strings are the identity's. */
void identity_read(struct identity *, int root, int process, struct event_process *);
/* Arguments, name and user only. */
void identity_read_names(struct identity *, int process, struct event_process *);
void identity_fini(struct identity *);

#endif
