/* How recorded time passes: at a speed, or not at all. Only knows times, no events. */
#ifndef STORE_PACE_H
#define STORE_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	bool playing;
	unsigned speed;  /* a row of the table of speeds */
	uint64_t now_ns; /* recorded time where it last stood, or was shown up to */
	/* while playing: this recorded time was shown at that time of the clock */
	uint64_t base_ns, base_clock_ns;
};

/* Stands still at time 0, as fast as it was recorded. */
void pace_init(struct pace *);
/* The recorded time to be shown at this time of the clock. */
uint64_t pace_position(const struct pace *, uint64_t clock_ns);
/* How long so much recorded time takes on the clock. UINT64_MAX: for ever. */
uint64_t pace_duration(const struct pace *, uint64_t ns);
/* Stands still, or plays on, from this recorded time and from now on. */
void pace_play(struct pace *, bool playing, uint64_t now_ns);
bool pace_is_playing(const struct pace *);
/* While playing: so far it has been shown. */
void pace_note(struct pace *, uint64_t now_ns);
/* The recorded time where it last stood, or that was noted since. */
uint64_t pace_last(const struct pace *);
/* Recorded time goes on from here (or stands here), from now on. */
void pace_go_on(struct pace *, uint64_t now_ns);
/* The next faster (by > 0) or slower (by < 0) of the speeds; false: there is none. */
bool pace_faster(struct pace *, int by);
/* Seconds of recorded time in so many of the clock's. */
void pace_speed(const struct pace *, unsigned *speed, unsigned *of);

#endif
