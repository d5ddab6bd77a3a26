/* All commands. Keys, the footer, the help overlay, the ':' prompt and --do come from them: a new
 * one is a row and a function in the file of its group. */
#ifndef UI_COMMANDS_H
#define UI_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "ui/command.h"
#include "ui/keymap.h"
#include "ui/view/press.h"

/* In the order of help; NULL ends them. */
const struct command_group *const *commands_groups(void);
/* By key, and by name; NULL: there is none. */
const struct command *commands_by_key(uint32_t key);
const struct command *commands_by_name(const char *name);

/* Runs the command of a key, if there is one. When two are compared, a command that is not available
 * complains instead. */
void commands_press(struct ui *, uint32_t key);
/* Runs the command of a name, which must be there. */
void commands_run(struct ui *, const char *name, const char *arg);
/* Runs "name arg; name arg; ...": what --do and ':' take. Fails on an unknown name. */
int commands_run_text(struct ui *, const char *text, struct err *);

/* Checks that all names in a text are commands: 0, or -1 with ERR_USAGE. */
int commands_check(const char *text, struct err *);
/* Binds a key, by its label ("F5", "^R", "x"), to commands; "nothing" unbinds it. 0, or -1 with ERR_USAGE. */
int commands_bind(struct keymap *, const char *key, const char *text, struct err *);

/* How to run a command, for texts that mention it, in buf: the label of its first key as it is bound now, or,
 * if it has none, what ':' takes (":note"). `name` must be that of a command. */
const char *commands_key(char buf[static PRESS_TEXT], const char *name, const struct keymap *);

/* What the keys in the footer are for. */
enum footer {
	COMMANDS_FOOTER_RUNNING,
	COMMANDS_FOOTER_SEVERAL, /* it is one of several */
	COMMANDS_FOOTER_PAUSED,
	COMMANDS_FOOTER_REPLAY,
	COMMANDS_FOOTER_ENDED,
	COMMANDS_FOOTER_SEVERAL_ENDED,
	COMMANDS_FOOTER_COMPARED
};
/* The footer's line: "F1 help  space pause  ...". */
void commands_footer(struct strbuf *, enum footer, bool launched, const struct keymap *);
/* The lines of help, NULL-terminated; the caller frees with commands_help_free. When two are compared,
 * without commands that are not available then. */
char **commands_help(bool compared, const struct keymap *);
void commands_help_free(char **lines);

#endif
