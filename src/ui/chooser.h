/* The list of processes to choose from: its state, its keys, its picture, which know neither the
 * terminal nor where the list comes from; and chooser_run, which puts them on a terminal. */
#ifndef UI_CHOOSER_H
#define UI_CHOOSER_H

#include <stddef.h>

#include "event/process_info.h"
#include "render/canvas.h"
#include "ui/terminal.h"

enum chooser_sort {
	CHOOSE_BY_PID,
	CHOOSE_BY_USER,
	CHOOSE_BY_RESIDENT,
	CHOOSE_BY_RESERVED,
	CHOOSE_BY_COMMAND,
	CHOOSE_SORTS,
};

#define CHOOSER_DEMO 0      /* the pid of the line for the demo */
#define CHOOSER_FIRST_ROW 2 /* below the title and the columns' names */
#define CHOOSER_TEXT 128

struct chooser {
	const struct process_info *list; /* the caller's, until the next chooser_update */
	size_t count;
	const struct process_info **lines; /* those shown, sorted; NULL: the demo, always first */
	size_t shown, cap;
	enum chooser_sort sort;
	char search[CHOOSER_TEXT];
	size_t search_len;
	bool typing;      /* keys go to the search */
	int32_t selected; /* pid */
	int at, top;      /* its line, and the first line on the screen */
	int rows;         /* lines on the screen, of the last picture */
	bool help;        /* is shown over the list */
	char message[256];
};

enum chooser_result { CHOOSER_STAY, CHOOSER_CHOSEN, CHOOSER_QUIT };

void chooser_init(struct chooser *);
void chooser_fini(struct chooser *);
/* A new list takes the place of the old; the selected process stays the selected one. */
void chooser_update(struct chooser *, const struct process_info *list, size_t count);
enum chooser_result chooser_key(struct chooser *, uint32_t key);
enum chooser_result chooser_mouse(struct chooser *, const struct mouse *);
void chooser_draw(struct canvas *, struct chooser *);

/* Gives the processes that there are now; the list is the context's, and valid until the next call. */
typedef size_t (*chooser_list_fn)(void *context, struct process_info **list);
/* Lets the user choose on the terminal. *pid is the chosen process, or CHOOSER_DEMO. Returns 1 when
 * the user quit instead, -1 with err. */
int chooser_run(const struct terminal_options *, chooser_list_fn, void *context, int32_t *pid, struct err *);

#endif
