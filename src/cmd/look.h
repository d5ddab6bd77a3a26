/* What a picture looks like, from the options. */
#ifndef CMD_LOOK_H
#define CMD_LOOK_H

#include "cmd/options.h"
#include "export/exporter.h"
#include "ui/offscreen.h"

struct export_look look_of_options(const struct options *, const struct exporter *);
struct offscreen_options look_offscreen(const struct export_look *, const struct options *);

#endif
