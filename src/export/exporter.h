/* A format that sessions are turned into. export/exporters.h has them all.
 *
 * An exporter gets all events in order, each before the world does (event/sink.h): the world has what was so before,
 * the event what is so from now on. Names of code come from `names`, which knows later ones too. */
#ifndef EXPORT_EXPORTER_H
#define EXPORT_EXPORTER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "event/event.h"
#include "export/export_names.h"
#include "export/export_picture.h"
#include "model/world.h"
#include "render/canvas.h"
#include "verdict/judged.h"

/* The screen as replay would show it, for exporters that use it. Going forward in time is cheap. */
struct export_screens {
	/* At a time between begin and end. The canvas is good until the next call. NULL with err. */
	const struct canvas *(*at)(struct export_screens *, uint64_t time_ns, struct err *);
	uint64_t begin_ns, end_ns;
	uint64_t bytes;            /* of the recording; 0: there is none */
	const struct marks *marks; /* NULL: none */
};

/* Which look at a process is judged at the session's end. */
struct export_judge {
	/* Of a process of the job's world. What it gives is good until the next call. */
	struct judged (*look)(struct export_judge *, const struct process *);
};

/* What is above the stacks of faults. */
enum export_top {
	EXPORT_TOP_USUAL,   /* nothing, or what the format has for processes */
	EXPORT_TOP_PROCESS, /* "demo-4242" */
	EXPORT_TOP_REGION,  /* the one that was touched: "[heap]", "libc.so.6", "anon" */
};

/* What an exporter is given. All of it is the caller's, and good until the exporter is closed. */
struct export_job {
	FILE *out;
	const char *from; /* the session's name, raw */
	const struct world *world;
	const struct later_names *names; /* of the whole session */
	uint64_t wall_ns;                /* time 0, ns since 1970; 0: not known */
	enum export_top top;
	const struct export_picture *picture;
	struct export_screens *screens; /* if exporter_of_screens, else NULL */
	struct export_judge *judge;     /* for `finish`; NULL: there is only the last look */
	const char *own;                /* as own_code_at's `paths` */
	/* Should it end at once? What was written is then discarded. NULL: never. */
	bool (*stopped)(void);
};

struct exporter {
	const char *name, *help; /* help: a few words; translatable */
	bool binary;             /* must not go to a terminal */
	bool takes_span;         /* it can export a part of the events */
	bool takes_top;          /* it has stacks, with a selectable top level */
	bool is_picture;         /* drawn: has a view, a size, a theme */
	bool film;               /* made of screens only */
	bool speaks;             /* for people, in the language of messages; else in English */
	bool paper;              /* to be printed: light, unless a theme is asked for */
	/* Returns its context, or NULL with err. */
	void *(*open)(const struct export_job *, struct err *);
	/* Gets each event of a first reading, before all other calls. NULL: it needs no first reading. */
	void (*first)(void *, const struct event *);
	/* Gets each event before the world takes it, as a sink's `before`. Returns 0, or -1 with err to end
	 * the export. The caller checks `out` for errors. NULL if it is made of screens. */
	int (*before)(void *, const struct event *, struct err *);
	/* Writes the rest after the last event, if nothing failed. Returns 0 or -1 with err. May be NULL. */
	int (*finish)(void *, struct err *);
	void (*close)(void *);
};

/* Is it made of screens, not of events? */
static inline bool exporter_of_screens(const struct exporter *exporter, const struct export_picture *picture)
{
	return exporter->film || (exporter->is_picture && export_view_traits(picture->view)->of_cells);
}

#endif
