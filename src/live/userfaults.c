#include "live/userfaults.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/clock.h"
#include "base/mem.h"

#define COST_PART 3         /* the pause before it is read again, as a multiple of what reading took */
#define DESCRIPTORS_PART 50 /* the same for looking for a descriptor */

static void clear(struct userfault_regions *r)
{
	free(r->list);
	*r = (struct userfault_regions){ 0 };
}

void userfaults_fini(struct userfaults *u)
{
	clear(&u->known);
	clear(&u->past);
	*u = (struct userfaults){ 0 };
}

void userfaults_note(struct userfaults *u, const struct event *e)
{
	if (e->type == EVENT_PROCESS && e->process.exec)
		userfaults_fini(u);
}

static void know(struct userfaults *u, const struct userfault_regions *now)
{
	clear(&u->past);
	u->past = u->known;
	u->known = *now;
}

static void read_regions(struct userfaults *u, struct reader *reader, uint64_t now_ns)
{
	struct userfault_regions now = { .began_ns = now_ns };
	struct region_sums *sums;
	uint64_t began = clock_now_ns();

	if (reader_smaps(reader, &sums, &now.count, NULL) < 0)
		return;
	now.ended_ns = now_ns + (clock_now_ns() - began);
	now.list = mem_alloc((now.count + 1) * sizeof *now.list);
	for (size_t i = 0; i < now.count; i++) {
		now.list[i] = (struct userfault_region){ sums[i].start, sums[i].end, sums[i].userfault };
		now.registered += sums[i].userfault != 0;
	}
	free(sums);
	know(u, &now);
}

void userfaults_read(struct userfaults *u, struct reader *reader, uint64_t now_ns, bool suspected)
{
	uint64_t began = clock_now_ns(), part = DESCRIPTORS_PART;
	uint64_t descriptors = reader_descriptors(reader);

	if (began < u->again_ns && descriptors == u->descriptors)
		return;
	u->descriptors = descriptors;
	u->asked = false;
	bool open = reader_has_userfaultfd(reader);
	if (open || suspected || u->known.registered) {
		read_regions(u, reader, now_ns);
		part = COST_PART;
	} else {
		know(u, &(struct userfault_regions){ .began_ns = now_ns, .ended_ns = now_ns });
	}
	u->held = open || u->known.registered;
	uint64_t end = clock_now_ns();
	u->again_ns = end + (end - began) * part;
}

void userfaults_look(struct userfaults *u, struct reader *reader, uint64_t now_ns)
{
	if (u->held ? u->asked : reader_descriptors(reader) != u->descriptors)
		userfaults_read(u, reader, now_ns, false);
}

bool userfaults_possible(const struct userfaults *u)
{
	return u->held;
}

static const struct userfault_region *find(const struct userfault_regions *r, uint64_t address)
{
	size_t at;

	bisect(at, 0, r->count, r->list[at].end <= address);
	return at < r->count && r->list[at].start <= address ? &r->list[at] : NULL;
}

uint8_t userfaults_at(struct userfaults *u, uint64_t address, uint64_t time_ns,
		      const struct region_attr *region, bool gone, bool *unsure)
{
	const struct userfault_region *past = find(&u->past, address), *now = find(&u->known, address);
	uint8_t past_flags = past ? past->flags : 0, now_flags = now ? now->flags : 0;
	bool grows = region && (region->kind == REGION_HEAP || region->kind == REGION_STACK);

	*unsure = false;
	if (!u->held && !u->past.registered)
		return now_flags;
	u->asked = true;
	bool between = time_ns > u->past.ended_ns && time_ns < u->known.began_ns;
	*unsure = !between || gone || !now || (!past && !grows) || now_flags != past_flags;
	return now_flags ? now_flags : past_flags;
}
