/* What a picture of one view is made by; see export/drawn.c for the views. A chart takes the events and draws
 * at the end, on a drawing of any format. */
#ifndef EXPORT_DRAWN_H
#define EXPORT_DRAWN_H

#include "draw/drawing.h"
#include "export/exporter.h"

struct chart {
	void *(*open)(const struct export_job *);
	void (*take)(void *, const struct event *);
	/* How high it will be, in points, at this width. NULL: as the look has it. */
	double (*height)(void *, double width);
	/* Draws into 0, 0, width, height; the background is there. */
	void (*draw)(void *, struct drawing *, double width, double height);
	void (*close)(void *);
};

extern const struct chart chart_map, chart_timeline, chart_flame, chart_growth;

#endif
