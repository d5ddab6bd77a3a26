/* The overlays. A new one is one file with its `struct overlay_ops`, and its name here. */
#ifndef UI_VIEW_OVERLAYS_H
#define UI_VIEW_OVERLAYS_H

#include "ui/view/overlay.h"

extern const struct overlay_ops overlay_frames;    /* which frames neighbours have */
extern const struct overlay_ops overlay_help;      /* the keys */
extern const struct overlay_ops overlay_legend;    /* the glyphs and colours */
extern const struct overlay_ops overlay_marks;     /* marks and notes, to go to */
extern const struct overlay_ops overlay_processes; /* the watched processes, and how large each is */
extern const struct overlay_ops overlay_sharing;   /* which processes share what */
extern const struct overlay_ops overlay_quit;      /* what should happen to the program? */
extern const struct overlay_ops overlay_reclaim;   /* what should be done with these pages? */

#endif
