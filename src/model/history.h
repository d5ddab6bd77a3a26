/* Resident pages and faults over time, for the timeline: one sample a period.
 *
 * While the process is quiet no sample is added: the line goes on at the next change, and the gap is kept as
 * a gap. So a quiet process costs nothing and writes nothing. */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#define HISTORY_PERIOD_NS (UINT64_C(500) * 1000000)
#define HISTORY_SAMPLES 4096

struct sample {
	uint64_t time_ns;
	uint64_t resident;     /* pages */
	uint64_t minor, major; /* faults since the sample before */
	uint64_t quiet_ns;     /* time left out before this sample; 0: none */
};

/* A ring of the last HISTORY_SAMPLES samples. */
struct history {
	struct sample *samples;
	size_t count, next, cap;
	uint64_t minor, major, resident; /* as last noted */
};

/* Notes the figures of now (totals, not differences). A new sample begins when HISTORY_PERIOD_NS have passed
 * since the last one and something differs; within the period the last one is updated. Returns whether
 * anything changed. */
int history_note(struct history *, uint64_t now_ns, uint64_t resident, uint64_t minor, uint64_t major);
/* Begins again from a keyframe, with the latest totals; the samples follow by history_add, oldest first. */
void history_begin(struct history *, uint64_t resident, uint64_t minor, uint64_t major);
void history_add(struct history *, const struct sample *);
/* The i-th sample from the newest, which is 0; NULL beyond. */
const struct sample *history_at(const struct history *, size_t back);
struct history history_copy(const struct history *); /* a deep copy */
void history_fini(struct history *);

#endif
