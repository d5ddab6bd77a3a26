/* A command: everything that the screen does has a name, a key, a line of help, a function. */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stdint.h>

struct ui;

enum command_use {
	COMMAND_ANY,
	COMMAND_LIVE,     /* of no use where two are compared, which stand still */
	COMMAND_LAUNCHED, /* so, too, and only for a program that was started here */
};

struct command {
	const char *name; /* "zoom-in" */
	uint32_t keys[4]; /* see ui/key.h; 0 ends */
	const char *help; /* one translatable line; NULL: that of the command before is about both */
	/* `arg` is what stood after the name ("goto 0x55d2c0a4f000"), "" for none. */
	void (*run)(struct ui *, const char *arg);
	enum command_use use;
};

/* Commands that belong together. They are one file. */
struct command_group {
	const char *title;          /* heading in help, translatable */
	const struct command *rows; /* a name that is NULL ends them */
	enum command_use use;       /* not COMMAND_ANY: goes for each of them */
};

#endif
