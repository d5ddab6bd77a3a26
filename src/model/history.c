/* A ring of samples that moves only when something changes. */
#include "model/history.h"

#include <stdlib.h>

#include "base/mem.h"

static struct sample *begin_sample(struct history *h, uint64_t now_ns, uint64_t quiet_ns)
{
	if (h->count < HISTORY_SAMPLES) {
		mem_grow(h->samples, h->cap, h->count + 1);
		h->count++;
	}
	struct sample *s = &h->samples[h->next];
	h->next = (h->next + 1) % HISTORY_SAMPLES;
	*s = (struct sample){ .time_ns = now_ns, .quiet_ns = quiet_ns };
	return s;
}

static struct sample *sample_for(struct history *h, uint64_t now_ns)
{
	struct sample *last = (struct sample *)history_at(h, 0);
	if (!last)
		return begin_sample(h, now_ns, 0);
	uint64_t passed = now_ns > last->time_ns ? now_ns - last->time_ns : 0;
	if (passed < HISTORY_PERIOD_NS)
		return last;
	return begin_sample(h, now_ns, passed < 2 * HISTORY_PERIOD_NS ? 0 : passed - HISTORY_PERIOD_NS);
}

int history_note(struct history *h, uint64_t now_ns, uint64_t resident, uint64_t minor, uint64_t major)
{
	if (h->count && resident == h->resident && minor == h->minor && major == h->major)
		return 0;
	struct sample *s = sample_for(h, now_ns);
	s->resident = resident;
	s->minor += minor - h->minor;
	s->major += major - h->major;
	h->resident = resident;
	h->minor = minor;
	h->major = major;
	return 1;
}

void history_begin(struct history *h, uint64_t resident, uint64_t minor, uint64_t major)
{
	h->count = h->next = 0;
	h->resident = resident;
	h->minor = minor;
	h->major = major;
}

void history_add(struct history *h, const struct sample *sample)
{
	*begin_sample(h, sample->time_ns, sample->quiet_ns) = *sample;
}

const struct sample *history_at(const struct history *h, size_t back)
{
	if (back >= h->count)
		return NULL;
	return &h->samples[(h->next + HISTORY_SAMPLES - 1 - back) % HISTORY_SAMPLES];
}

struct history history_copy(const struct history *h)
{
	struct history copy = *h;

	copy.samples = mem_copy(h->samples, h->cap * sizeof *copy.samples);
	return copy;
}

void history_fini(struct history *h)
{
	free(h->samples);
	*h = (struct history){ 0 };
}
