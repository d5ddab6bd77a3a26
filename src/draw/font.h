/* Text for drawings: cairo's toy fonts, and fallback fonts for characters that these lack. */
#ifndef DRAW_FONT_H
#define DRAW_FONT_H

#include <stdbool.h>
#include <stdint.h>

#include <cairo.h>

struct fonts {
	cairo_t *cairo;                 /* the caller's */
	cairo_font_face_t *faces[2][2]; /* monospace or not, bold or not */
	cairo_font_face_t *other;       /* a fallback that has the character `other_for`; NULL: none yet */
	uint32_t other_for;
};

void fonts_init(struct fonts *, cairo_t *);
void fonts_fini(struct fonts *);
/* Shows text (UTF-8, printable) from x, y on, in the colour that is set. */
void fonts_show(struct fonts *, double x, double y, bool mono, bool bold, double size, const char *text);
double fonts_width(struct fonts *, bool mono, bool bold, double size, const char *text);

#endif
