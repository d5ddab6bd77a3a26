/* A stack as one line of text, outermost function first: "main;fill;memset". */
#ifndef EXPORT_FOLD_H
#define EXPORT_FOLD_H

#include "base/strbuf.h"
#include "export/export_names.h"

/* Appends the stack of a fault: where none was taken, "[no stack]" and the function that touched
 * the page; where it was cut, "[cut]" first. Inlined functions are as others. Printable, and no name has a
 * semicolon in it. */
void fold_stack(struct strbuf *out, const struct export_names *, const struct process *,
		const struct event *fault);

#endif
