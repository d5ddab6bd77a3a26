/* The list of processes to choose from: its state, keys and picture, independent of the terminal and of the
 * list's origin; and chooser_run, which shows it on a terminal. */
#ifndef UI_CHOOSER_H
#define UI_CHOOSER_H

#include <stddef.h>

#include "render/canvas.h"
#include "ui/choice.h"
#include "ui/keymap.h"
#include "ui/terminal.h"

#define CHOOSER_FIRST_ROW 2 /* below the title and the columns' names */

struct chooser {
	struct choice lines;
	const struct keymap *keys; /* the user's own; NULL: none */
	bool typing;               /* keys go to the search */
	bool help;                 /* is shown over the list */
	char message[256];
};

enum chooser_result { CHOOSER_STAY, CHOOSER_CHOSEN, CHOOSER_QUIT };

/* An empty list; the keys stay the caller's. */
void chooser_init(struct chooser *, const struct keymap *);
void chooser_fini(struct chooser *);
/* Whether this key, or the mouse, has chosen a process, or quit. */
enum chooser_result chooser_key(struct chooser *, uint32_t key);
enum chooser_result chooser_mouse(struct chooser *, const struct mouse *);
/* Draws it on the whole canvas. Scrolls so that the selected line is in sight. */
void chooser_draw(struct canvas *, struct chooser *);

/* A callback that lists the processes that there are now; the list is the context's, and valid until the next
 * call. */
typedef size_t (*chooser_list_fn)(void *context, struct process_info **list);
/* Lets the user choose on the terminal. *pid is the chosen process, or CHOICE_DEMO. Returns 1 when
 * the user quit instead, -1 with err. */
int chooser_run(const struct terminal_options *, const struct keymap *, chooser_list_fn, void *context,
		int32_t *pid, struct err *);

#endif
