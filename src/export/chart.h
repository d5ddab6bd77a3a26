/* A chart, and what charts share: colours, a title, axes of time and pages, a legend. */
#ifndef EXPORT_CHART_H
#define EXPORT_CHART_H

#include "draw/drawing.h"
#include "export/exporter.h"

/* A picture of one view (the table is in export/drawn.c): takes the events and draws at the end, on a drawing of any
 * format. */
struct chart {
	void *(*open)(const struct export_job *);
	void (*before)(void *, const struct event *);
	/* Its height in points at this width. NULL: the requested one. */
	double (*height)(void *, double width);
	/* Draws into 0, 0, width, height; the background is there. The process is chart_process, never NULL:
	 * drawn.c handles the case that there is none. */
	void (*draw)(void *, struct drawing *, const struct process *, double width, double height);
	void (*close)(void *);
};

#define CHART_MARGIN 24.0
#define CHART_HEAD 52.0 /* what the title takes, from the top edge */

/* The colours of a theme, 0xRRGGBB. */
uint32_t chart_ink(const struct theme *, enum ink);
uint32_t chart_paper(const struct theme *);
/* A colour for an item without a colour of its own, by its number: neighbours differ. */
uint32_t chart_colour(size_t number);

/* The process that the chart is of: the one that was asked for, else the first; NULL: there is none. */
const struct process *chart_process(const struct export_job *);
/* The command line, printable, in at most some 200 characters. The caller frees. */
char *chart_command(const struct process *);

/* "python3 -c pass" large, the rest small below it; both printable. */
void chart_title(struct drawing *, const struct export_job *, double width, const char *title,
		 const char *below);

/* Where a diagram is, and what its axes stand for. */
struct chart_axes {
	double x, y, width, height;
	uint64_t from_ns, to_ns;
	uint64_t most;       /* at the upper edge */
	unsigned page_shift; /* of pages: labels are sizes; 0: they are counts */
	const struct theme *theme;
};
double chart_x(const struct chart_axes *, uint64_t time_ns);
double chart_y(const struct chart_axes *, uint64_t value);
/* Draws lines and labels; `most` is rounded up to the next label. To be called before drawing the data. */
void chart_axes_draw(struct drawing *, struct chart_axes *);
/* A small square and a name at x, y; returns where the next one goes. */
double chart_key(struct drawing *, double x, double y, const struct theme *, uint32_t rgb, const char *name);

#endif
