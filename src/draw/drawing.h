/* A drawing: lines, surfaces and text on a page, written as SVG, PNG or PDF by cairo.
 *
 * Lengths are in points of the drawing, from its upper left corner. A PNG has two pixels a point. A PDF has
 * one sheet of A4, portrait or landscape as suits the drawing, which is scaled to fit; what is about 1,000
 * points wide can be read on paper and on a slide. Text is made printable by the caller (base/text.h). */
#ifndef DRAW_DRAWING_H
#define DRAW_DRAWING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum draw_format { DRAW_SVG, DRAW_PNG, DRAW_PDF, DRAW_FORMATS };

/* The name of a format ("svg"); the format with a name, or -1; the format by a file's extension (".svg"), or
 * -1. */
const char *draw_format_name(enum draw_format);
int draw_format_parse(const char *name);
int draw_format_of_file(const char *path);

#define DRAWING_MAX 16000 /* points in either direction: what PNG and its readers can bear */

struct drawing;

/* Draws on `out`, which stays the caller's. `title` (may be NULL; printable) is the title in a PDF's
 * metadata. NULL with err if the drawing would be larger than DRAWING_MAX. */
struct drawing *drawing_create(enum draw_format, FILE *out, double width, double height, const char *title,
			       struct err *);
/* PDF only: continues on another sheet of the same size. */
void drawing_next_sheet(struct drawing *);
/* Writes what is not written yet, and frees the drawing. Returns 0, or -1 with err. */
int drawing_finish(struct drawing *, struct err *);

/* Colours are 0xRRGGBB. */
void drawing_fill(struct drawing *, double x, double y, double width, double height, uint32_t rgb);
void drawing_line(struct drawing *, double x1, double y1, double x2, double y2, double width, uint32_t rgb);
/* A row of `count` squares from x on, one every `pitch`, centred on y. */
void drawing_dots(struct drawing *, double x, double y, uint64_t count, double pitch, double size,
		  uint32_t rgb);
/* A filled polygon with `n` corners, x and y by turns. */
void drawing_polygon(struct drawing *, const double *corners, size_t n, uint32_t rgb);
/* A filled circle, and a ring with a line of this width. */
void drawing_disc(struct drawing *, double x, double y, double radius, uint32_t rgb);
void drawing_ring(struct drawing *, double x, double y, double radius, double width, uint32_t rgb);
/* Clips what is drawn from now on to this rectangle, until drawing_unclip. */
void drawing_clip(struct drawing *, double x, double y, double width, double height);
void drawing_unclip(struct drawing *);

enum drawing_font { DRAWING_FONT_CELL, DRAWING_FONT_LABEL }; /* monospace; proportional */

struct drawing_text {
	enum drawing_font font;
	double size;
	bool bold;
	uint32_t rgb;
};

/* Text whose baseline begins at x, y. Characters that the font does not have are taken from another. */
void drawing_text(struct drawing *, double x, double y, const struct drawing_text *, const char *text);
/* The same with the end at x. */
void drawing_text_right(struct drawing *, double x, double y, const struct drawing_text *, const char *text);
/* As drawing_text, cut with an ellipsis if it is wider than `width`; draws nothing if not even the ellipsis
 * fits. */
void drawing_text_fit(struct drawing *, double x, double y, double width, const struct drawing_text *,
		      const char *text);
double drawing_text_width(struct drawing *, const struct drawing_text *, const char *text);
/* The width of a column of DRAWING_FONT_CELL, in units of the font size. */
double drawing_cell_width(struct drawing *, bool bold);

#endif
