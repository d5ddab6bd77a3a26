/* Everything that the screen does: a name, a key, a line of help, a function.
 *
 * Keys, the footer, the help overlay, the ':' prompt and --do all come from this one
 * table; a new command is a row in it (ui/command_*.c). */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "event/source.h"
#include "model/world.h"
#include "render/layout.h"
#include "render/list.h"
#include "render/screen.h"
#include "render/theme.h"
#include "render/view.h"

/* The screen's state, all that a command may change. */
struct ui {
	struct view view;
	struct layout layout;
	struct region_rows list;
	struct world *world;
	struct source *source;
	const struct theme *theme;
	uint64_t now_ns;
	bool quit;
	bool redraw;           /* draw at once */
	uint32_t key;          /* that called the command */
};

struct command {
	const char *name;      /* "zoom-in" */
	uint32_t keys[4];      /* see ui/terminal.h; 0 ends */
	const char *group;     /* heading in help, translatable */
	const char *help;      /* one translatable line */
	const char *footer;    /* short word for the footer, or NULL */
	/* `arg` is what stood behind the name ("goto 0x55d2c0a4f000"), "" for none. */
	void (*run)(struct ui *, const char *arg);
};

/* NULL-name-terminated. */
const struct command *command_table(void);
const struct command *command_by_key(uint32_t key);
const struct command *command_by_name(const char *name);
/* Runs "name arg; name arg; ...": what --do and ':' take. Fails on an unknown name. */
int command_run_text(struct ui *, const char *text, struct err *);

#endif
