/* Looks up the names of code that faults and stacks mention, and of data at an address, by symbol/, and sends
 * them as events of the live source. */
#ifndef LIVE_CODE_NAMES_H
#define LIVE_CODE_NAMES_H

#include "event/source.h"
#include "kern/reader.h"
#include "live/watch.h"
#include "symbol/modules.h"
#include "symbol/symbolizer.h"

struct code_names {
	struct watch *watch;
	struct reader *reader;
	struct modules *modules;
	struct symbolizer *symbolizer;  /* NULL: switched off */
	bool at_once;                   /* names are sent before the event that mentions the code */
	const struct module *read_last; /* the file last queued for reading; only compared */
	/* CLOCK_MONOTONIC: until when the end of the process waits for names; 0: it has not ended */
	uint64_t patience_ns;
	/* called while waiting for names, for what cannot wait; NULL: nothing */
	void (*meanwhile)(void *context, struct sink *);
	void *context;
};

/* `watch`, `reader` and `share` (NULL: none) stay the caller's and must live longer. `off`: code is not
 * named. */
void code_names_init(struct code_names *, struct watch *, struct reader *, struct module_share *share,
		     bool at_once, bool off);
void code_names_fini(struct code_names *);
/* Sets a function that is called repeatedly, with the context, while names are waited for. */
void code_names_set_meanwhile(struct code_names *, void (*meanwhile)(void *context, struct sink *),
			      void *context);
/* Another image: every address now means something else. */
void code_names_forget(struct code_names *);

/* Requests names for the code that an event (a fault, a call) and its stack mention; with `at_once` they are
 * sent before this returns, else later. Call it before the event is sent. */
void code_names_want(struct code_names *, struct sink *, const struct event *);
/* Sends the names that have been found. */
void code_names_send(struct code_names *, struct sink *);
/* Sends the names that have been found, and waits for those still to come, at most so long: before another image. */
void code_names_finish(struct code_names *, struct sink *, uint64_t max_ns);
/* An fd to poll: readable when there is something to send; -1: none. */
int code_names_fd(const struct code_names *);
/* source_ops.locate: what is at an address of data. */
void code_names_locate(struct code_names *, const struct process *, uint64_t address, struct location *);
/* Copies bytes of the file that a region of the process maps, from an offset in the file on. Returns how
 * many. */
size_t code_names_copy(struct code_names *, const struct process *, const struct region_attr *,
		       uint64_t offset, uint8_t *bytes, size_t size);
/* The file that a region of the watched process maps, with its bytes; NULL: there is none. The caller
 * releases it (module_release). */
struct module *code_names_hold_bytes(struct code_names *, const struct region_attr *);
/* The process has ended: are names still to come that its end should wait for? It does not wait forever. */
bool code_names_awaited(struct code_names *);

#endif
