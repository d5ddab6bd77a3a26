/* Everything that the screen does: a name, a key, a line of help, a function.
 *
 * Keys, the footer, the help overlay, the ':' prompt and --do all come from this one
 * table; a new command is a row in it and a function in a command_*.c. */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "ui/state.h"

struct command {
	const char *name;  /* "zoom-in" */
	uint32_t keys[4];  /* see ui/terminal.h; 0 ends */
	const char *group; /* heading in help, translatable */
	const char *help;  /* one translatable line; NULL: that of the command before tells of both */
	/* `arg` is what stood behind the name ("goto 0x55d2c0a4f000"), "" for none. */
	void (*run)(struct ui *, const char *arg);
};

/* NULL-name-terminated. */
const struct command *command_table(void);
const struct command *command_by_key(uint32_t key);
const struct command *command_by_name(const char *name);
/* Runs "name arg; name arg; ...": what --do and ':' take. Fails on an unknown name. */
int command_run_text(struct ui *, const char *text, struct err *);

/* False, and complains, where there is nothing to do for it: two that are compared stand still. */
bool command_suits(struct ui *, const struct command *);

/* "F1", "space", "^C", "+": what is written on a key, in buf. */
const char *command_key_label(char buf[static 16], uint32_t key);
/* What the keys in the footer are for. */
enum footer { FOOTER_RUNNING, FOOTER_PAUSED, FOOTER_REPLAY, FOOTER_ENDED, FOOTER_COMPARED };
/* The footer's line: "F1 help  space pause  ...". */
void command_footer(struct strbuf *, enum footer, bool launched);
/* The lines of help, NULL-terminated; the caller frees with command_help_free. Where two are
 * compared, without what does not suit that. */
char **command_help(bool compared);
void command_help_free(char **lines);

#endif
