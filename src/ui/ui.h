/* The screen's main loop: waits for keys and the source, steps the source, draws. */
#ifndef UI_UI_H
#define UI_UI_H

#include "base/err.h"
#include "event/source.h"
#include "compare/aligned.h"
#include "model/process_info.h"
#include "model/world.h"
#include "ui/terminal.h"

struct ui_options {
	struct terminal_options terminal;
	uint64_t interval_ns; /* between pictures, at least */
	const char *commands; /* --do: run once the first picture stands; NULL: none */
	const struct aligned
	    *compared; /* two that stand side by side; the world is their stage. NULL: none do */
};

/* Watches until the user quits: returns 0, or the number of the signal that ended it
 * (SIGTERM, SIGHUP, SIGINT), with the terminal given back. The source stays the
 * caller's. Where the world does not have process `pid` yet, everything is read once
 * before. `more` (may be NULL) takes all events beside the world. */
int ui_run(struct source *, struct world *, struct sink *more, int32_t pid, const struct ui_options *,
	   struct err *);

/* The list of processes to choose from. *pid is the chosen one; 0: the demo was
 * chosen; returns 1 when the user quit instead. `list` is called again to bring the
 * list up to date; what it gives stays the context's, good until the next call. */
typedef size_t (*ui_list_fn)(void *context, struct process_info **list);
int ui_choose(const struct terminal_options *, ui_list_fn list, void *context, int32_t *pid, struct err *);

#endif
