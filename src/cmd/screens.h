/* The screen of a recording or of a still picture, without a terminal. */
#ifndef CMD_SCREENS_H
#define CMD_SCREENS_H

#include "cmd/options.h"
#include "cmd/operand.h"
#include "export/exporter.h"
#include "store/session.h"
#include "ui/offscreen.h"

/* The picture that the options describe, in a format. */
struct export_picture screens_picture(const struct options *, const struct exporter *);
/* The options of the screen that a picture is made from. */
struct offscreen_options screens_offscreen(const struct export_picture *, const struct options *);

struct screens {
	struct export_screens base; /* first */
	struct session *session;    /* NULL: a snapshot */
	struct operand operand;     /* of a snapshot */
	struct world *world;
	struct source *source;
	struct offscreen *offscreen;
	struct time_gap gap; /* a moment in it was wanted, and is not shown; end_ns 0: none */
};

/* Opens the screen of a session, which must be a file, or of a snapshot (`snapshot`). `picture` and
 * options->screen.commands decide how it looks. Returns 0, or -1 with err; fini is needed in either case. */
int screens_open(struct screens *, const char *path, bool snapshot, const struct export_picture *,
		 const struct options *, struct err *);
/* Was a screen drawn that is not of its moment, because that is damaged, or is the one that was drawn last the last
 * valid one of a session that is damaged or breaks off? Then err says where. */
bool screens_broken(const struct screens *, struct err *);
void screens_fini(struct screens *);

#endif
