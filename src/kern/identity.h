/* Who a process is: its arguments, name, program, width. */
#ifndef KERN_IDENTITY_H
#define KERN_IDENTITY_H

#include "base/err.h"
#include "base/strbuf.h"
#include "event/event.h"

/* Start with zeroes, end with identity_fini. */
struct identity {
	struct strbuf cmdline, comm, exe;
	const char **argv;
	size_t argv_cap;
};

/* Cuts the bytes of cmdline into arguments; `comm` if there are none. */
void identity_parse_cmdline(struct identity *);

/* `process` is /proc/PID; address_bits has those of the machine. Fills in what can be read: what the process
 * hides, or no longer has, stays empty. 0, or -1 with err only if the system fails. The strings are the
 * identity's. */
int identity_read(struct identity *, int process, struct event_process *, struct err *);
/* Arguments, name and user only. */
int identity_read_names(struct identity *, int process, struct event_process *, struct err *);
void identity_fini(struct identity *);

#endif
