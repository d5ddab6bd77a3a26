/* What the screen shows: a grid of cells, without a terminal.
 *
 * Everything is drawn here first; ui/painter.c then puts on the terminal what differs from the previous
 * picture, and tests compare the canvas with golden files. A cell names what it means (enum ink), not a
 * colour: themes give the colours (render/theme.h). */
#ifndef RENDER_CANVAS_H
#define RENDER_CANVAS_H

#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "event/page.h"

enum ink {
	INK_TEXT,
	INK_DIM,    /* labels, and what is not important now */
	INK_LINE,   /* rules and separating lines */
	INK_TITLE,  /* the header line */
	INK_STRONG, /* figures that matter */
	INK_ACCENT, /* panel titles, keys */
	INK_GOOD,   /* running */
	INK_WARN,   /* paused, denied, unknown */
	INK_BAD,    /* killed, lost */
	INK_GHOST,  /* a region that is gone */
	INK_FAULT,  /* timeline of faults */
	INK_STATE,  /* INK_STATE + enum page_state: the colour of a state */
	INK_LAST = INK_STATE + PAGE_STATES,
	INK_COUNT = INK_LAST,
};

/* The background. */
enum paper {
	PAPER_PLAIN,
	PAPER_BAR,      /* header and footer lines */
	PAPER_SELECTED, /* the selected line of a list */
	PAPER_CURSOR,   /* the cell under the cursor */
	PAPER_FRESH1,   /* changed a moment ago, the brightest */
	PAPER_FRESH2,
	PAPER_FRESH3,  /* settling */
	PAPER_REGION,  /* the selected region's cells */
	PAPER_CHANGED, /* differs between the two snapshots */
	PAPER_POPUP,   /* help, menus */
	PAPER_COUNT,
};

enum style {
	STYLE_BOLD = 1,
	STYLE_UNDERLINE = 2,
	STYLE_REVERSE = 4,
};

struct cell {
	uint32_t ch; /* code point; 0: the right half of a wide one */
	uint8_t ink, paper, style;
};

struct canvas {
	int rows, columns;
	struct cell *cells; /* row after row */
	int ascii;          /* ASCII only: other characters are replaced by the nearest one */
	int mono;           /* no colours will be seen: glyphs alone must show states. The owner sets it. */
	int cursor_row, cursor_column; /* where the terminal's cursor shows (a prompt); -1: hidden */
};

/* A blank canvas of that size; ascii: 1 draws with ASCII alone. */
void canvas_init(struct canvas *, int rows, int columns, int ascii);
void canvas_fini(struct canvas *);
/* Makes every cell blank. */
void canvas_clear(struct canvas *);

struct pen {
	uint8_t ink, paper, style;
};
#define PEN(i) ((struct pen){ (uint8_t)(i), PAPER_PLAIN, 0 })
#define PEN_ON(i, p) ((struct pen){ (uint8_t)(i), (uint8_t)(p), 0 })

/* A rectangle of the canvas that drawing is clipped to; rows and columns count from its corner. */
struct area {
	struct canvas *canvas;
	int row, column, rows, columns;
};
struct area area_all(struct canvas *);
struct area area_part(struct area, int row, int column, int rows, int columns);

void area_fill(struct area, struct pen); /* with blanks */
void area_put(struct area, int row, int column, uint32_t ch, struct pen);
/* Draws printable text (see base/text.h) from a column on; returns the column after it. */
int area_text(struct area, int row, int column, struct pen, const char *text);
int area_printf(struct area, int row, int column, struct pen, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Draws text in at most `columns` columns, cut with an ellipsis; returns the column after it. */
int area_fit(struct area, int row, int column, int columns, struct pen, const char *text, enum text_cut);
/* Draws text that ends at `column`. */
void area_text_right(struct area, int row, int column, struct pen, const char *text);
/* Draws text broken at blanks (but not before a dash) from a row on, at most `rows` rows; returns the rows
 * used. */
int area_wrap(struct area, int row, int column, int columns, int rows, struct pen, const char *text);
/* Draws a horizontal line over the whole row, with a title near its beginning if not NULL. */
void area_rule(struct area, int row, struct pen, const char *title);

/* Prints the picture as text, a line for each row, without trailing blanks; with `styles`, three more blocks
 * give ink, paper and style of each cell as letters, for golden screens. */
void canvas_print(const struct canvas *, FILE *, int styles);

#endif
