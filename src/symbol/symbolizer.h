/* Names of code as events: once for each address that a fault or a stack mentions, EVENT_SYMBOL, and
 * EVENT_LINES with the source around it if that can be read. A thread finds the names and symbolizer_deliver
 * sends them, so that drawing never waits for a symbol table. If no thread can be started, they are sent
 * before symbolizer_ask returns. An address is looked up again when something else is mapped there, after an
 * exec, and when it may be code made at run time that has no name yet. */
#ifndef SYMBOL_SYMBOLIZER_H
#define SYMBOL_SYMBOLIZER_H

#include "event/event.h"
#include "symbol/modules.h"

struct symbolizer;

/* A callback that stamps the event with time and process, and sends it. */
struct symbolizer_out {
	void (*emit)(void *context, struct event *);
	void *context;
};

/* `modules` stays the caller's, and must live longer. */
struct symbolizer *symbolizer_create(struct modules *modules);
void symbolizer_destroy(struct symbolizer *);

/* Requests the name of an address. Kernel addresses (top bit set) are not looked up. */
void symbolizer_ask(struct symbolizer *, const struct process_view *, uint64_t ip, struct symbolizer_out);
/* Sends the answers that have come, and asks again for addresses that had no name before. */
void symbolizer_deliver(struct symbolizer *, const struct process_view *, struct symbolizer_out);
/* Makes the thread read a file. False: there is no thread, so the caller has to read it. */
bool symbolizer_read(struct symbolizer *, const struct process_view *, struct module *);
/* After an exec: every address now means something else. */
void symbolizer_forget(struct symbolizer *);

/* An fd that is readable when there is something to deliver; -1: there is no thread. */
int symbolizer_fd(const struct symbolizer *);
/* Are there answers still to come? */
bool symbolizer_busy(const struct symbolizer *);

#endif
