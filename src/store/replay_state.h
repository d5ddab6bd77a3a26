/* What a replay consists of; for replay.c and replay_time.c alone. */
#ifndef STORE_REPLAY_STATE_H
#define STORE_REPLAY_STATE_H

#include "model/marks.h"
#include "store/overview.h"
#include "store/replay.h"
#include "store/track.h"

struct replay {
	struct source source; /* first */
	struct session *session;
	struct world *world;
	const char *path;    /* or NULL */
	struct spool *spool; /* or NULL */
	struct track track;
	struct track_iter iter; /* stands at `number`, or behind next */
	struct event next;      /* read, and not sent yet: of number next_number */
	uint64_t next_number;
	bool has_next;
	uint64_t number; /* all events before it were applied */
	uint64_t first;  /* behind the first whole picture: no way before it */
	uint64_t begin_ns, now_ns;
	bool started;
	bool playing;
	bool at_edge;                    /* what comes is shown at once: it is of now */
	unsigned speed;                  /* a row of the table in replay_time.c */
	uint64_t looked_ns;              /* of the clock: when it was last seen whether the file has grown */
	uint64_t base_ns, base_clock_ns; /* while playing: this time was shown at that of the clock */
	struct marks marks;              /* of the whole recording */
	size_t notes_read;               /* of the track's */
	struct overview *overview;
	struct err broken; /* why it cannot be read on */
};

/* 1: r->next is there; 0: there is none (yet). */
int replay_peek(struct replay *);
void replay_send(struct replay *, struct sink *);
/* The number of the first event that is later than the time. */
uint64_t replay_number_at(struct replay *, uint64_t time_ns);
/* To the picture before the event of the number. */
void replay_go(struct replay *, struct sink *, uint64_t number);
/* From now on time goes on from now_ns. */
void replay_rebase(struct replay *);
/* The time to be shown while playing. */
uint64_t replay_position(const struct replay *, uint64_t clock_ns);
/* Clock time that so much recorded time takes. */
uint64_t replay_duration(const struct replay *, uint64_t ns);
bool replay_grows(const struct replay *);
extern const struct time_ops replay_time_ops;
#define REPLAY_SPEED_ONE 6

#endif
