/* A drawing: lines, surfaces and text on a page, written as SVG, PNG or PDF by cairo.
 *
 * Lengths are in points of the drawing, from its upper left corner. A PNG has two pixels a point. A PDF has
 * one sheet of A4, upright or across as suits the drawing, which is scaled to fit; so what is about 1,000
 * points wide can be read on paper and on a slide. Text is made printable by the caller (base/text.h). */
#ifndef DRAW_DRAWING_H
#define DRAW_DRAWING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum draw_format { DRAW_SVG, DRAW_PNG, DRAW_PDF, DRAW_FORMATS };

/* "svg"; the format of that name, or -1; the one that a file's name ends with (".svg"), or -1. */
const char *draw_format_name(enum draw_format);
int draw_format_parse(const char *name);
int draw_format_of_file(const char *path);

#define DRAWING_MAX 16000 /* points in either direction: what PNG and its readers can bear */

struct drawing;

/* Draws on `out`, which stays the caller's. `title` (may be NULL; printable) is for a PDF's reader. NULL with
 * err where the drawing would be larger than DRAWING_MAX. */
struct drawing *drawing_create(enum draw_format, FILE *out, double width, double height, const char *title,
			       struct err *);
/* What is drawn from now on stands on another sheet, of the same size: of a PDF. */
void drawing_next_sheet(struct drawing *);
/* Writes what is not written yet. Returns 0, or -1 with err. The drawing is gone in any case. */
int drawing_finish(struct drawing *, struct err *);

/* Colours are 0xRRGGBB. */
void drawing_fill(struct drawing *, double x, double y, double width, double height, uint32_t rgb);
void drawing_line(struct drawing *, double x1, double y1, double x2, double y2, double width, uint32_t rgb);
/* A row of `count` squares, one every `pitch`, whose middle is at y. */
void drawing_dots(struct drawing *, double x, double y, uint64_t count, double pitch, double size,
		  uint32_t rgb);
/* A surface with `n` corners, x and y in turns. */
void drawing_polygon(struct drawing *, const double *corners, size_t n, uint32_t rgb);
/* A round one, and a ring whose line has a width. */
void drawing_disc(struct drawing *, double x, double y, double radius, uint32_t rgb);
void drawing_ring(struct drawing *, double x, double y, double radius, double width, uint32_t rgb);
/* What is drawn from now on is only seen inside of this, until drawing_unclip. */
void drawing_clip(struct drawing *, double x, double y, double width, double height);
void drawing_unclip(struct drawing *);

enum drawing_font { DRAWING_FONT_CELL, DRAWING_FONT_LABEL }; /* of equal width; proportional */

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
/* The same, cut with an ellipsis where it is wider than `width`; nothing where not even that fits. */
void drawing_text_fit(struct drawing *, double x, double y, double width, const struct drawing_text *,
		      const char *text);
double drawing_text_width(struct drawing *, const struct drawing_text *, const char *text);
/* A column of DRAWING_FONT_CELL in units of its size: how wide it is. */
double drawing_cell_width(struct drawing *, bool bold);

#endif
