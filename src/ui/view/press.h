/* How to run a command, for texts that mention it. The table of commands (ui/commands.h) provides it; the
 * table knows the views, but they know only this. */
#ifndef UI_VIEW_PRESS_H
#define UI_VIEW_PRESS_H

#include <stdio.h>

#define PRESS_TEXT 32

struct keymap;

/* All zero: commands are named as ':' takes them. */
struct press {
	const char *(*key)(char buf[static PRESS_TEXT], const char *command, const struct keymap *);
	const struct keymap *keys; /* the user's own; NULL: none */
};

/* "m", "F6", ":note", in buf. */
static inline const char *press_key(const struct press *p, char buf[static PRESS_TEXT], const char *command)
{
	if (p->key)
		return p->key(buf, command, p->keys);
	snprintf(buf, PRESS_TEXT, ":%s", command);
	return buf;
}

#endif
