/* A window over the whole screen until it is closed. ui/view/overlays.h has them all. */
#ifndef UI_VIEW_OVERLAY_H
#define UI_VIEW_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/canvas.h"

struct overlay;
struct scene;

struct overlay_key {
	uint32_t key;
	const char *command; /* by name; NULL: it closes */
};

#define OVERLAY_ARG 32

/* Functions that are NULL do what is in brackets. */
struct overlay_ops {
	/* A question about the program that runs: it takes all keys, no click closes it, and the program's
	 * end answers it. */
	bool asks;
	bool sharing; /* It shows which processes share what, which is updated while it is open. */
	/* What keys do while it is open, besides q and Escape, which close it; a key of 0 ends them
	 * [nothing]. */
	const struct overlay_key *keys;
	/* Draws. Returns how far it can be scrolled. */
	int (*draw)(struct area, const struct scene *, const struct overlay *);
	/* It has just been opened [it begins at its top]. */
	void (*open)(struct overlay *, const struct scene *);
	/* Moves by `lines` lines, down or (negative) up [scrolls]. */
	void (*scroll)(struct overlay *, const struct scene *, int lines);
	/* Enter closes it and runs the command that this returns; NULL: none [none]. */
	const char *(*enter)(const struct overlay *, const struct scene *, char arg[static OVERLAY_ARG]);
};

struct overlay {
	const struct overlay_ops *ops; /* NULL: there is none */
	int scroll;                    /* lines scrolled away; of a list the selected line */
};

/* Opens one, in place of any other. */
void overlay_open(struct overlay *, const struct overlay_ops *, const struct scene *);
void overlay_close(struct overlay *);
/* Moves by so many lines, as the overlay does it. */
void overlay_scroll(struct overlay *, const struct scene *, int lines);
/* For a list that may be longer than its area: the line at the top, so that the selected one is in the
 * middle. */
size_t overlay_first_line(size_t count, size_t selected, size_t rows);
/* What a key does in it; NULL: what it does elsewhere. */
const struct overlay_key *overlay_key(const struct overlay *, uint32_t key);

#endif
