/* Names of code as events: for each address of code that faults and stacks name, once,
 * EVENT_SYMBOL, and EVENT_LINES with the source around it where that is at hand.
 *
 * A thread finds them, and symbolizer_deliver hands them out, so that who draws never waits for a
 * symbol table. Where no thread can be had they are told before symbolizer_ask returns.
 *
 * An address is asked again when what is mapped there has become another, after an exec, and
 * where it may be code that is made at run time and not named yet. */
#ifndef SYMBOL_SYMBOLIZER_H
#define SYMBOL_SYMBOLIZER_H

#include "event/event.h"
#include "symbol/modules.h"

struct symbolizer;

/* Stamps the event with time and process, and sends it. */
struct symbolizer_out {
	void (*emit)(void *context, struct event *);
	void *context;
};

/* `modules` stays the caller's, and lives longer. */
struct symbolizer *symbolizer_create(struct modules *modules);
void symbolizer_destroy(struct symbolizer *);

/* Of the kernel's own addresses (top bit set) nothing is told. */
void symbolizer_ask(struct symbolizer *, const struct process_view *, uint64_t ip, struct symbolizer_out);
/* Tells the answers that have come, and asks again what was not to be told before. */
void symbolizer_deliver(struct symbolizer *, const struct process_view *, struct symbolizer_out);
/* Has a file read by the thread; false: there is none, the caller has to read it himself. */
bool symbolizer_read(struct symbolizer *, const struct process_view *, struct module *);
/* Another image: all addresses mean something else. */
void symbolizer_forget(struct symbolizer *);

/* Readable when there is something to tell; -1: never. */
int symbolizer_fd(const struct symbolizer *);
/* Are there answers that have not come yet? */
bool symbolizer_busy(const struct symbolizer *);

#endif
