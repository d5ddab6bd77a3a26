/* Text is cut into stretches that one font has: mostly there is one. Widths are not rounded to pixels, so
 * that text takes the same room in every format and at every scale. */
#include "draw/font.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

void fonts_init(struct fonts *f, cairo_t *cairo)
{
	cairo_font_options_t *options = cairo_font_options_create();

	*f = (struct fonts){ .cairo = cairo };
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_set_font_options(cairo, options);
	cairo_font_options_destroy(options);
	for (int mono = 0; mono < 2; mono++)
		for (int bold = 0; bold < 2; bold++)
			f->faces[mono][bold] = cairo_toy_font_face_create(
			    mono ? "monospace" : "sans-serif", CAIRO_FONT_SLANT_NORMAL,
			    bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
}

void fonts_fini(struct fonts *f)
{
	for (int mono = 0; mono < 2; mono++)
		for (int bold = 0; bold < 2; bold++)
			cairo_font_face_destroy(f->faces[mono][bold]);
	if (f->other)
		cairo_font_face_destroy(f->other);
}

/* How many bytes of the text, from its beginning, are in the current font (or, if `lacks`, are not). */
static size_t stretch(struct fonts *f, const char *text, bool lacks)
{
	cairo_scaled_font_t *font = cairo_get_scaled_font(f->cairo);
	size_t len = strlen(text), at = 0;

	while (at < len) {
		cairo_glyph_t *glyphs = NULL;
		int count = 0;
		uint32_t ch;
		size_t bytes = text_decode(text + at, len - at, &ch);
		bool lacking = false;

		if (ch > 0x7e &&
		    cairo_scaled_font_text_to_glyphs(font, 0, 0, text + at, (int)bytes, &glyphs, &count, NULL,
						     NULL, NULL) == CAIRO_STATUS_SUCCESS)
			lacking = count > 0 && glyphs[0].index == 0;
		cairo_glyph_free(glyphs);
		if (lacking != lacks)
			break;
		at += bytes;
	}
	return at;
}

/* Sets a font that has the character, according to fontconfig; if there is none, one that lacks it. */
static void set_other(struct fonts *f, uint32_t ch)
{
	FcPattern *wanted, *found;
	FcCharSet *chars;
	FcResult result;

	if (f->other && f->other_for == ch) {
		cairo_set_font_face(f->cairo, f->other);
		return;
	}
	wanted = FcPatternCreate();
	chars = FcCharSetCreate();
	FcCharSetAddChar(chars, ch);
	FcPatternAddCharSet(wanted, FC_CHARSET, chars);
	FcPatternAddBool(wanted, FC_SCALABLE, FcTrue);
	FcConfigSubstitute(NULL, wanted, FcMatchPattern);
	FcDefaultSubstitute(wanted);
	found = FcFontMatch(NULL, wanted, &result);
	if (found) {
		if (f->other)
			cairo_font_face_destroy(f->other);
		f->other = cairo_ft_font_face_create_for_pattern(found);
		f->other_for = ch;
		cairo_set_font_face(f->cairo, f->other);
		FcPatternDestroy(found);
	}
	FcCharSetDestroy(chars);
	FcPatternDestroy(wanted);
}

/* Goes through the text, showing it or only adding up its width. */
static double walk(struct fonts *f, double x, double y, bool mono, bool bold, double size, const char *text,
		   bool show)
{
	double from = x;

	while (*text) {
		cairo_text_extents_t extents;
		size_t bytes;
		uint32_t ch;
		char *part;

		cairo_set_font_face(f->cairo, f->faces[mono][bold]);
		cairo_set_font_size(f->cairo, size);
		bytes = stretch(f, text, false);
		if (!bytes) {
			bytes = text_decode(text, strlen(text), &ch);
			set_other(f, ch);
		}
		part = mem_strndup(text, bytes);
		cairo_text_extents(f->cairo, part, &extents);
		if (show) {
			cairo_move_to(f->cairo, x, y);
			cairo_show_text(f->cairo, part);
		}
		x += extents.x_advance;
		text += bytes;
		free(part);
	}
	return x - from;
}

void fonts_show(struct fonts *f, double x, double y, bool mono, bool bold, double size, const char *text)
{
	walk(f, x, y, mono, bold, size, text, true);
}

double fonts_width(struct fonts *f, bool mono, bool bold, double size, const char *text)
{
	return walk(f, 0, 0, mono, bold, size, text, false);
}
