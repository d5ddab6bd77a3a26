/* What lies over the whole screen until it is closed. Each is one file with its `struct overlay_ops`. */
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

/* Functions that are NULL do what stands in brackets. */
struct overlay_ops {
	/* A question about the program that runs: it takes all keys, no click closes it, and the program's
	 * end answers it. */
	bool asks;
	/* What keys do while it is open, besides q and Escape, which close it; a key of 0 ends them
	 * [nothing]. */
	const struct overlay_key *keys;
	/* Draws. Returns how far it can be scrolled. */
	int (*draw)(struct area, const struct scene *, const struct overlay *);
	/* It has just been opened [it begins at its top]. */
	void (*open)(struct overlay *, const struct scene *);
	/* Moves by so many lines, down or (negative) up [scrolls]. */
	void (*scroll)(struct overlay *, const struct scene *, int lines);
	/* Enter closes it and runs the command that this returns; NULL: none [none]. */
	const char *(*enter)(const struct overlay *, const struct scene *, char arg[static OVERLAY_ARG]);
};

extern const struct overlay_ops overlay_frames;    /* which frames neighbours have */
extern const struct overlay_ops overlay_help;      /* the keys */
extern const struct overlay_ops overlay_legend;    /* the glyphs and colours */
extern const struct overlay_ops overlay_marks;     /* marks and notes, to go to */
extern const struct overlay_ops overlay_processes; /* who is watched, and how large each is */
extern const struct overlay_ops overlay_sharing;   /* who holds what together */
extern const struct overlay_ops overlay_quit;      /* what should happen to the program? */
extern const struct overlay_ops overlay_reclaim;   /* what should be done with these pages? */

struct overlay {
	const struct overlay_ops *ops; /* NULL: there is none */
	int scroll;                    /* lines scrolled away; of a list the selected line */
};

void overlay_open(struct overlay *, const struct overlay_ops *, const struct scene *);
void overlay_close(struct overlay *);
void overlay_scroll(struct overlay *, const struct scene *, int lines);
/* Of a list that may be longer than its place: the line at the top. The selected one stands in the middle. */
size_t overlay_first_line(size_t count, size_t selected, size_t rows);
/* What a key does in it; NULL: what it does elsewhere. */
const struct overlay_key *overlay_key(const struct overlay *, uint32_t key);

#endif
