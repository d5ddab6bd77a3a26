/* The screen's state: all that a command may change, and what follows from it.
 * Knows no terminal, so that commands are tested without one. */
#ifndef UI_STATE_H
#define UI_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/source.h"
#include "render/theme.h"
#include "ui/came_back.h"
#include "ui/keymap.h"
#include "ui/shown.h"
#include "ui/steps.h"
#include "ui/view/scene.h"
#include "ui/view/view.h"
#include "ui/viewport.h"

struct ui {
	struct view view;
	struct shown shown;
	struct viewport viewport;
	struct steps steps;
	struct came_back came_back;
	const struct theme *theme;
	const struct keymap *keys;  /* the user's own; NULL: none */
	struct page_detail *detail; /* of the cursor's page, where has_detail */
	bool has_detail;
	char filter_before[REGION_FILTER_TEXT];
	int32_t killed_pid; /* the killed process whose fatal page the cursor has gone to; 0: none */
	/* requests to the loop */
	bool quit;
	bool suspend;
	bool repaint;
	char *save_to; /* a picture of the screen to this file; "": the next of its own; NULL: none. Owned. */
};

/* The screen as it begins, showing the process `pid`; world, source and theme stay the caller's. */
void ui_init(struct ui *, struct world *, struct source *, int32_t pid, const struct theme *);
void ui_fini(struct ui *);

/* As shown_control and shown_mark, and complains where that fails. */
int ui_control(struct ui *, enum control, const struct control_arg *);
bool ui_mark(struct ui *, const char *text);
/* Freezes the picture while the process runs on, or makes it live again. */
void ui_pause_picture(struct ui *, bool pause);
/* What the layout is made from: the memory of the process shown, or of two side by side. */
const struct space *ui_layout_space(const struct ui *);
/* The page of an address of the shown process, in the layout's numbering; false if there is no region. */
bool ui_find_address(struct ui *, uint64_t address, uint64_t *page);
/* Moves the cursor to a page at the user's request. */
void ui_move(struct ui *, uint64_t page);

/* Everything that drawing needs, except the keys and lines of help; and the same for a tab. */
struct scene ui_scene(struct ui *);
struct scene ui_tab_scene(struct ui *, const struct tab *);

/* ui_message goes by itself after a while, ui_complain stays until the next key. */
void ui_message_clear(struct ui *);
void ui_message(struct ui *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ui_complain(struct ui *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
