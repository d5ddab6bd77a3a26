/* The names of code of a whole session, read ahead: in a recording the name of an address comes after
 * the fault that needs it, because names are looked up when there is time. */
#ifndef EXPORT_EXPORT_NAMES_H
#define EXPORT_EXPORT_NAMES_H

#include <stddef.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "event/sink.h"
#include "model/world.h"

struct export_names {
	struct sink sink;     /* first: takes all events of the session once, before anything is exported */
	struct image *images; /* one for each program that each process was */
	size_t count, cap;
	struct hash by_image; /* by pid and how many execs came before: number of an image */
	struct hash by_pid;   /* number of the first */
	size_t processes;
};

void export_names_init(struct export_names *);
void export_names_fini(struct export_names *);

/* The code at an address of a process as it is now: by the name last seen, else by the one seen first
 * later on. NULL: it never gets one. */
const struct event_symbol *export_names_find(const struct export_names *, const struct process *,
					     uint64_t ip);

/* Appends the innermost function at an address: "fill", "[libc.so.6]" where it has no name, "[kernel]",
 * "[unknown]"; printable. */
void export_names_function(struct strbuf *out, const struct process *, const struct event_symbol *,
			   uint64_t ip);
/* Appends "[no stack]", "[cut: sample]"; nothing of a whole stack. */
void export_names_not_whole(struct strbuf *out, const struct event_stack *);

/* Stacks as one line of text, outermost function first: "main;fill;memset". Appends a name after a
 * semicolon; semicolons in the name become colons. */
void export_names_fold(struct strbuf *out, const char *name);
/* The same with a process: "demo-4242". */
void export_names_fold_process(struct strbuf *out, const struct process *);
/* Appends the stack of a fault, printable: where none was taken, "[no stack]" and the function that touched
 * the page; where it was cut, "[cut]" first. Inlined functions count as functions. */
void export_names_fold_stack(struct strbuf *out, const struct export_names *, const struct process *,
			     const struct event *fault);

#endif
