/* A command: everything that the screen does has a name, a key, a line of help, a function. */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stdint.h>

struct ui;

enum command_use {
	COMMAND_ANY,
	COMMAND_LIVE,     /* not available when two are compared, which are frozen */
	COMMAND_LAUNCHED, /* likewise, and only for a program that we started */
};

struct command {
	const char *name; /* "zoom-in" */
	uint32_t keys[4]; /* see ui/key.h; 0 ends */
	const char *help; /* one translatable line; NULL: covered by that of the command before */
	/* `arg` is the text after the name ("goto 0x55d2c0a4f000"), "" for none. */
	void (*run)(struct ui *, const char *arg);
	enum command_use use;
};

/* Commands that belong together. They are one file. */
struct command_group {
	const char *title;          /* heading in help, translatable */
	const struct command *rows; /* a name that is NULL ends them */
	enum command_use use;       /* if not COMMAND_ANY: applies to each of them */
};

#endif
