/* How code is named in exports: functions, and stacks as one line. */
#ifndef EXPORT_EXPORT_NAMES_H
#define EXPORT_EXPORT_NAMES_H

#include "base/strbuf.h"
#include "model/world.h"

/* Appends the innermost function at an address: "fill", "[libc.so.6]" if it has no name, "[kernel]",
 * "[unknown]"; printable. */
void export_names_function(struct strbuf *out, const struct process *, const struct event_symbol *,
			   uint64_t ip);
/* Appends "[no stack]", "[cut: sample]"; nothing for a whole stack. */
void export_names_not_whole(struct strbuf *out, const struct event_stack *);

/* Stacks as one line of text, outermost function first: "main;fill;memset". Appends a name after a
 * semicolon; semicolons in the name become colons. */
void export_names_fold(struct strbuf *out, const char *name);
/* The same with a process: "demo-4242". */
void export_names_fold_process(struct strbuf *out, const struct process *);
/* Appends the stack of a fault, printable: if none was taken, "[no stack]" and the function that touched the
 * page; if it was cut, "[cut]" first. Inlined functions count as functions. */
void export_names_fold_stack(struct strbuf *out, const struct later_names *, const struct process *,
			     const struct event *fault);

#endif
