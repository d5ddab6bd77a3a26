/* The screen's main loop: waits for keys and the source, steps the source, draws. */
#ifndef UI_UI_H
#define UI_UI_H

#include "base/err.h"
#include "event/source.h"
#include "compare/aligned.h"
#include "model/world.h"
#include "ui/keymap.h"
#include "ui/terminal.h"

struct ui_options {
	struct terminal_options terminal;
	uint64_t interval_ns;      /* between pictures, at least */
	const struct keymap *keys; /* the user's own; NULL: none */
	const char *commands;      /* --do: run once the first picture is drawn; NULL: none */
	const char *notice;        /* a message at the beginning, until the next key; NULL or "": none */
	const char *own;           /* directories of one's own code, see model/own_code.h; NULL: none named */
	/* two that were compared, to show side by side; the world is their stage. NULL: none */
	const struct aligned *compared;
};

/* Watches until the user quits: returns 0, or the number of the signal that asked us to end, with
 * the terminal given back. The source stays the caller's. If the world does not have process `pid`
 * yet, everything is read once first. `more` (may be NULL) takes all events as the world does. */
int ui_run(struct source *, struct world *, struct sink *more, int32_t pid, const struct ui_options *,
	   struct err *);

#endif
