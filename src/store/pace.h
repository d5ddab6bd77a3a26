/* How recorded time passes: at a speed, or not at all. Knows only times, no events. */
#ifndef STORE_PACE_H
#define STORE_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	bool playing;
	unsigned speed;  /* a row of the table of speeds */
	uint64_t now_ns; /* recorded time where it last stopped, or up to which it was shown */
	/* while playing: this recorded time was shown at that time of the clock */
	uint64_t base_ns, base_clock_ns;
};

/* Starts stopped at time 0, at the speed of the recording. */
void pace_init(struct pace *);
/* The recorded time to be shown at this time of the clock. */
uint64_t pace_position(const struct pace *, uint64_t clock_ns);
/* How long a span of recorded time takes on the clock. UINT64_MAX: for ever. */
uint64_t pace_duration(const struct pace *, uint64_t ns);
/* Stops, or plays on, from this recorded time and from now on. */
void pace_play(struct pace *, bool playing, uint64_t now_ns);
bool pace_is_playing(const struct pace *);
/* While playing: notes the recorded time up to which it has been shown. */
void pace_note(struct pace *, uint64_t now_ns);
/* The recorded time where it last stopped, or that was noted since. */
uint64_t pace_last(const struct pace *);
/* Moves to this recorded time: continues (or stays stopped) there from now on. */
void pace_go_on(struct pace *, uint64_t now_ns);
/* The next faster (by > 0) or slower (by < 0) of the speeds; false: there is none. */
bool pace_faster(struct pace *, int by);
/* The speed: `speed` recorded seconds in `of` seconds of the clock. */
void pace_speed(const struct pace *, unsigned *speed, unsigned *of);

#endif
