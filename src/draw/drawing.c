/* Wraps cairo in a few functions, and handles formats.
 *
 * The page is kept as cairo's own commands until it is whole (a recording is what vector surfaces are
 * anyway), and a failed write is remembered by the stream. Fonts are those of cairo's toy interface;
 * characters that they lack are looked up one by one with fontconfig (draw/font.h). */
#include "draw/drawing.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "draw/font.h"

#define PNG_SCALE 2
/* A4 in points, and the margin around */
#define SHEET_SHORT 595.28
#define SHEET_LONG 841.89
#define SHEET_MARGIN 24

struct drawing {
	enum draw_format format;
	FILE *out;
	cairo_surface_t *surface;
	cairo_t *cairo;
	struct fonts fonts;
	struct err failure; /* of the first write that failed */
};

static const char *const names[] = { [DRAW_SVG] = "svg", [DRAW_PNG] = "png", [DRAW_PDF] = "pdf" };

const char *draw_format_name(enum draw_format format)
{
	return names[format];
}

int draw_format_parse(const char *name)
{
	for (int i = 0; i < DRAW_FORMATS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

int draw_format_of_file(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && !strchr(dot, '/') ? draw_format_parse(dot + 1) : -1;
}

static cairo_status_t write_bytes(void *context, const unsigned char *bytes, unsigned len)
{
	struct drawing *d = context;

	if (fwrite(bytes, 1, len, d->out) == len)
		return CAIRO_STATUS_SUCCESS;
	if (!d->failure.code)
		err_system(&d->failure, errno ? errno : EIO, _("cannot write the picture"));
	return CAIRO_STATUS_WRITE_ERROR;
}

/* One sheet with the drawing in its middle. */
static void begin_sheet(struct drawing *d, double width, double height, const char *title)
{
	bool across = width > height;
	double w = across ? SHEET_LONG : SHEET_SHORT, h = across ? SHEET_SHORT : SHEET_LONG;
	double scale = fmin((w - 2 * SHEET_MARGIN) / width, (h - 2 * SHEET_MARGIN) / height);

	d->surface = cairo_pdf_surface_create_for_stream(write_bytes, d, w, h);
	cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_CREATOR, "pagescape");
	if (title)
		cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_TITLE, title);
	d->cairo = cairo_create(d->surface);
	cairo_translate(d->cairo, (w - width * scale) / 2, (h - height * scale) / 2);
	cairo_scale(d->cairo, scale, scale);
}

struct drawing *drawing_create(enum draw_format format, FILE *out, double width, double height,
			       const char *title, struct err *err)
{
	struct drawing *d;

	if (width > DRAWING_MAX || height > DRAWING_MAX) {
		err_set(err, ERR_UNSUPPORTED, _("the picture would be too large: %.0f x %.0f points"), width,
			height);
		return NULL;
	}
	d = mem_zalloc(sizeof *d);
	d->format = format;
	d->out = out;
	if (format == DRAW_PDF) {
		begin_sheet(d, width, height, title);
	} else if (format == DRAW_SVG) {
		d->surface = cairo_svg_surface_create_for_stream(write_bytes, d, width, height);
		d->cairo = cairo_create(d->surface);
	} else {
		d->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * PNG_SCALE),
							(int)ceil(height * PNG_SCALE));
		d->cairo = cairo_create(d->surface);
		cairo_scale(d->cairo, PNG_SCALE, PNG_SCALE);
	}
	fonts_init(&d->fonts, d->cairo);
	return d;
}

void drawing_next_sheet(struct drawing *d)
{
	cairo_show_page(d->cairo);
}

int drawing_finish(struct drawing *d, struct err *err)
{
	struct err failure;
	cairo_status_t status;

	fonts_fini(&d->fonts);
	cairo_show_page(d->cairo);
	status = cairo_status(d->cairo);
	cairo_destroy(d->cairo);
	if (status == CAIRO_STATUS_SUCCESS && d->format == DRAW_PNG)
		status = cairo_surface_write_to_png_stream(d->surface, write_bytes, d);
	cairo_surface_finish(d->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(d->surface);
	cairo_surface_destroy(d->surface);
	failure = d->failure;
	free(d);
	if (failure.code) {
		*err = failure;
		return -1;
	}
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, ERR_UNSUPPORTED, _("cannot draw: %s"), cairo_status_to_string(status));
	return 0;
}

/* Begins a new path: text and arcs leave a current point, from which a line would continue. */
static void begin(struct drawing *d, uint32_t rgb)
{
	cairo_new_path(d->cairo);
	cairo_set_source_rgb(d->cairo, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
			     (rgb & 255) / 255.0);
}

void drawing_fill(struct drawing *d, double x, double y, double width, double height, uint32_t rgb)
{
	begin(d, rgb);
	cairo_rectangle(d->cairo, x, y, width, height);
	cairo_fill(d->cairo);
}

void drawing_line(struct drawing *d, double x1, double y1, double x2, double y2, double width, uint32_t rgb)
{
	begin(d, rgb);
	cairo_set_line_width(d->cairo, width);
	cairo_move_to(d->cairo, x1, y1);
	cairo_line_to(d->cairo, x2, y2);
	cairo_stroke(d->cairo);
}

/* Drawn as a dashed line: one path, however many dots there are. */
void drawing_dots(struct drawing *d, double x, double y, uint64_t count, double pitch, double size,
		  uint32_t rgb)
{
	const double dashes[] = { size, pitch - size };

	x += (pitch - size) / 2;
	cairo_save(d->cairo);
	cairo_set_dash(d->cairo, dashes, 2, 0);
	drawing_line(d, x, y, x + (double)(count - 1) * pitch + size, y, size, rgb);
	cairo_restore(d->cairo);
}

void drawing_polygon(struct drawing *d, const double *corners, size_t n, uint32_t rgb)
{
	begin(d, rgb);
	for (size_t i = 0; i < n; i++)
		cairo_line_to(d->cairo, corners[2 * i], corners[2 * i + 1]);
	cairo_close_path(d->cairo);
	cairo_fill(d->cairo);
}

void drawing_disc(struct drawing *d, double x, double y, double radius, uint32_t rgb)
{
	begin(d, rgb);
	cairo_arc(d->cairo, x, y, radius, 0, 2 * M_PI);
	cairo_fill(d->cairo);
}

void drawing_ring(struct drawing *d, double x, double y, double radius, double width, uint32_t rgb)
{
	begin(d, rgb);
	cairo_set_line_width(d->cairo, width);
	cairo_arc(d->cairo, x, y, radius, 0, 2 * M_PI);
	cairo_stroke(d->cairo);
}

void drawing_clip(struct drawing *d, double x, double y, double width, double height)
{
	cairo_save(d->cairo);
	cairo_rectangle(d->cairo, x, y, width, height);
	cairo_clip(d->cairo);
}

void drawing_unclip(struct drawing *d)
{
	cairo_restore(d->cairo);
}

void drawing_text(struct drawing *d, double x, double y, const struct drawing_text *how, const char *text)
{
	begin(d, how->rgb);
	fonts_show(&d->fonts, x, y, how->font == DRAWING_FONT_CELL, how->bold, how->size, text);
}

double drawing_text_width(struct drawing *d, const struct drawing_text *how, const char *text)
{
	return fonts_width(&d->fonts, how->font == DRAWING_FONT_CELL, how->bold, how->size, text);
}

void drawing_text_right(struct drawing *d, double x, double y, const struct drawing_text *how,
			const char *text)
{
	drawing_text(d, x - drawing_text_width(d, how, text), y, how, text);
}

void drawing_text_fit(struct drawing *d, double x, double y, double width, const struct drawing_text *how,
		      const char *text)
{
	int least = 1, most = text_columns(text);
	struct strbuf cut = { 0 };

	if (drawing_text_width(d, how, text) <= width) {
		drawing_text(d, x, y, how, text);
		return;
	}
	/* the longest part that fits */
	while (least < most) {
		int middle = (least + most + 1) / 2;

		strbuf_clear(&cut);
		text_fit(&cut, text, middle, TEXT_CUT_RIGHT, false);
		if (drawing_text_width(d, how, cut.text) <= width)
			least = middle;
		else
			most = middle - 1;
	}
	strbuf_clear(&cut);
	text_fit(&cut, text, least, TEXT_CUT_RIGHT, false);
	if (least > 2 && cut.len && drawing_text_width(d, how, cut.text) <= width)
		drawing_text(d, x, y, how, cut.text);
	strbuf_fini(&cut);
}

double drawing_cell_width(struct drawing *d, bool bold)
{
	return fonts_width(&d->fonts, true, bold, 100, "M") / 100;
}
