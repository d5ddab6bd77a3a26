#include "live/userfaults.h"

#include <stdlib.h>

#include "base/clock.h"

#define COST_PART 10        /* of the time */
#define DESCRIPTORS_PART 50 /* of it, to look for a descriptor */

static void clear(struct userfault_regions *r)
{
	free(r->list);
	*r = (struct userfault_regions){ 0 };
}

void userfaults_fini(struct userfaults *u)
{
	clear(&u->known);
	clear(&u->past);
	u->held = false;
	u->again_ns = u->soon_ns = u->read_ns = 0;
}

void userfaults_note(struct userfaults *u, const struct event *e)
{
	if (e->type == EVENT_PROCESS && e->process.exec)
		userfaults_fini(u);
}

static void read_regions(struct userfaults *u, struct reader *reader)
{
	struct region_sums *sums;
	struct err err = { 0 };
	size_t count, kept = 0;

	if (reader_smaps(reader, &sums, &count, &err) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (sums[i].userfault)
			sums[kept++] = sums[i];
	u->past = u->known;
	u->known = (struct userfault_regions){ sums, kept };
}

static bool may_read(const struct userfaults *u, uint64_t clock_ns, uint64_t newest_ns)
{
	return clock_ns >= (userfaults_unsure(u, newest_ns) ? u->soon_ns : u->again_ns);
}

void userfaults_read(struct userfaults *u, struct reader *reader, uint64_t now_ns, uint64_t newest_ns,
		     bool suspected)
{
	uint64_t began = clock_now_ns(), part = DESCRIPTORS_PART;

	clear(&u->past);
	if (!may_read(u, began, newest_ns))
		return;
	u->held = suspected || u->known.count || reader_has_userfaultfd(reader);
	if (u->held) {
		read_regions(u, reader);
		u->read_ns = now_ns;
		part = COST_PART;
	}
	uint64_t end = clock_now_ns(), spent = end - began;
	u->soon_ns = end + spent;
	u->again_ns = end + spent * part;
}

bool userfaults_unsure(const struct userfaults *u, uint64_t born_ns)
{
	return u->held && born_ns > u->read_ns;
}

static uint8_t find(const struct userfault_regions *r, uint64_t address)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->list[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->count && r->list[low].start <= address ? r->list[low].userfault : 0;
}

uint8_t userfaults_at(const struct userfaults *u, uint64_t address, bool *ended)
{
	uint8_t now = find(&u->known, address), past = find(&u->past, address);

	*ended = !now && past;
	return now ? now : past;
}
