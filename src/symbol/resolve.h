/* Names of code as events: for each address of code that faults and stacks name, once,
 * EVENT_SYMBOL, and EVENT_LINES with the source around it where that is at hand.
 *
 * A thread finds them, and resolver_tell hands them out, so that who draws never waits for a
 * symbol table. Where no thread can be had they are told before resolver_ask returns.
 *
 * An address is asked again when what is mapped there has become another, after an exec, and
 * where it may be code that is made at run time and not named yet. */
#ifndef SYMBOL_RESOLVE_H
#define SYMBOL_RESOLVE_H

#include "model/world.h"
#include "symbol/code_files.h"

struct resolver;

/* Stamps the event with time and process, and sends it. */
struct resolver_tell {
	void (*tell)(void *context, struct event *);
	void *context;
};

/* `files` stays the caller's, and lives longer. */
struct resolver *resolver_create(struct code_files *files);
void resolver_destroy(struct resolver *);

/* Of the kernel's own addresses (top bit set) nothing is told. */
void resolver_ask(struct resolver *, struct reader *, const struct process *, uint64_t ip,
		  struct resolver_tell);
/* Tells the answers that have come, and asks again what was not to be told before. */
void resolver_tell(struct resolver *, struct reader *, const struct process *, struct resolver_tell);
/* Has a file read by the thread; false: there is none, the caller has to read it himself. */
bool resolver_read(struct resolver *, struct reader *, const struct process *, struct code_entry *);
/* Another image: all addresses mean something else. */
void resolver_forget(struct resolver *);

/* Readable when there is something to tell; -1: never. */
int resolver_fd(const struct resolver *);
/* Are there answers that have not come yet? */
bool resolver_busy(const struct resolver *);

#endif
