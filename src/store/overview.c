/* A point is noted at each look and, between two, at faults: a program that was over before the second look
 * has a course, too. At a fault, the faults are those that the kernel had counted by the last look and those
 * that were reported since.
 *
 * There are at most POINTS_MAX points: beyond that, every second one is dropped, and later ones are twice as
 * far apart. */
#include "store/overview.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "model/world.h"
#include "store/track.h"

#define POINTS_MAX 2048
#define APART_NS (2 * CLOCK_MS)
#define EVENTS_AT_ONCE 256 /* between two looks at the clock */

struct course {
	int32_t pid;
	uint64_t minor, major; /* faults so far; never decreasing */
	struct time_point *points;
	size_t count, cap;
	uint64_t apart_ns;
};

struct overview {
	struct track track;
	struct track_iter iter;
	struct world *world; /* regions, pages, counters */
	struct marks *marks;
	struct gaps *gaps;
	uint64_t leapt_ns;        /* where the gap began that is being passed */
	bool waits;               /* for a keyframe after what cannot be read */
	struct later_names names; /* of code */
	struct course *courses;
	size_t count, cap;
	struct hash by_pid; /* numbers of courses, from 1 on */
};

struct overview *overview_create(const struct session *session, struct marks *marks, struct gaps *gaps)
{
	struct overview *o;
	struct session *own;
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", session_fd(session));
	own = session_open(path, NULL);
	if (!own)
		return NULL;
	o = mem_zalloc(sizeof *o);
	o->world = world_create();
	track_init(&o->track, own);
	track_iter_init(&o->iter, own, &o->track, o->world);
	o->marks = marks;
	o->gaps = gaps;
	later_names_init(&o->names);
	return o;
}

void overview_destroy(struct overview *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->count; i++)
		free(o->courses[i].points);
	free(o->courses);
	hash_fini(&o->by_pid);
	world_destroy(o->world);
	later_names_fini(&o->names);
	track_fini(&o->track);
	session_close(track_iter_session(&o->iter));
	free(o);
}

static struct course *find_course(const struct overview *o, int32_t pid)
{
	struct hash_iter iter = hash_iter(&o->by_pid, hash_number((uint32_t)pid));
	uint32_t number;

	while ((number = hash_next(&iter)) && o->courses[number - 1].pid != pid)
		;
	return number ? &o->courses[number - 1] : NULL;
}

static void thin_out(struct course *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i += 2)
		c->points[kept++] = c->points[i];
	c->count = kept;
	c->apart_ns *= 2;
}

static struct course *get_course(struct overview *o, int32_t pid)
{
	struct course *c = find_course(o, pid);

	if (c)
		return c;
	mem_grow(o->courses, o->cap, o->count + 1);
	c = &o->courses[o->count++];
	*c = (struct course){ .pid = pid, .apart_ns = APART_NS };
	hash_add(&o->by_pid, hash_number((uint32_t)pid), (uint32_t)o->count);
	return c;
}

/* Updates the last point until the next one is due. Pages are counted for a new one and at looks. */
static void note_point(struct course *c, const struct process *p, uint64_t time_ns, bool look)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	struct time_point *last;

	if (c->count == POINTS_MAX)
		thin_out(c);
	last = c->count ? &c->points[c->count - 1] : NULL;
	if (last && time_ns < last->time_ns)
		time_ns = last->time_ns;
	if (!last ||
	    (time_ns > last->time_ns && (c->count < 2 || last->time_ns - last[-1].time_ns >= c->apart_ns))) {
		mem_grow(c->points, c->cap, c->count + 1);
		last = &c->points[c->count++];
		look = true;
	}
	if (look) {
		space_add_counts(p->space, counts);
		last->resident = page_resident(counts);
	}
	last->time_ns = time_ns;
	last->minor = c->minor;
	last->major = c->major;
}

static void note_look(struct overview *o, const struct event *e)
{
	const struct process *p = world_find(o->world, e->pid);
	struct course *c;

	if (!p)
		return;
	c = get_course(o, e->pid);
	c->minor = max(c->minor, process_minor(p));
	c->major = max(c->major, process_major(p));
	note_point(c, p, e->time_ns, true);
}

static void note_fault(struct overview *o, const struct event *e)
{
	const struct process *p = world_find(o->world, e->pid);
	struct course *c;

	if (!p || fault_is_fatal(e->fault.cause))
		return;
	c = get_course(o, e->pid);
	if (e->fault.major)
		c->major++;
	else
		c->minor++;
	note_point(c, p, e->time_ns, false);
}

static void take(struct overview *o, const struct event *e)
{
	sink_send(&o->names.sink, e);
	switch (e->type) {
	case EVENT_MARK:
		marks_add(o->marks, e->time_ns, e->pid, e->mark.text);
		break;
	case EVENT_PROCESS:
	case EVENT_COUNTERS:
	case EVENT_MAP:
	case EVENT_CHANGE:
	case EVENT_UNMAP:
	case EVENT_PAGES:
		world_apply(o->world, e);
		break;
	case EVENT_TICK:
		world_apply(o->world, e);
		note_look(o, e);
		break;
	case EVENT_FAULT:
		note_fault(o, e);
		break;
	default:
		break;
	}
}

/* The marks before the gap are there. */
static void take_of_key(void *arg, struct event *e)
{
	struct overview *o = arg;

	if (e->type != EVENT_MARK || e->time_ns > o->leapt_ns)
		take(o, e);
}

/* After the iterator has failed: goes on by a keyframe. False: none leads on. */
static bool leap(struct overview *o)
{
	const struct track_key *key;
	struct gap gap;

	o->waits = !gaps_pass(o->gaps, &o->iter, &gap);
	if (o->waits)
		return false;
	key = track_key_before(&o->track, gap.end);
	world_clear(o->world);
	o->leapt_ns = gap.begin_ns;
	if (key)
		track_iter_key(&o->iter, key, take_of_key, o);
	track_iter_stand(&o->iter, gap.end);
	return true;
}

void overview_refresh(struct overview *o)
{
	if (track_refresh(&o->track))
		o->waits = false;
}

bool overview_done(const struct overview *o)
{
	return o->waits || track_iter_at_end(&o->iter);
}

bool overview_step(struct overview *o, uint64_t budget_ns)
{
	uint64_t began = clock_now_ns(), number;
	struct event e;

	while (clock_now_ns() - began < budget_ns)
		for (int i = 0; i < EVENTS_AT_ONCE; i++) {
			int got = track_iter_next(&o->iter, &e, &number, NULL);

			if (got == 0 || (got < 0 && !leap(o)))
				return false;
			if (got > 0)
				take(o, &e);
		}
	return true;
}

const struct later_names *overview_names(const struct overview *o)
{
	return &o->names;
}

size_t overview_points(const struct overview *o, int32_t pid, const struct time_point **points)
{
	const struct course *c = o ? find_course(o, pid) : NULL;

	*points = c ? c->points : NULL;
	return c ? c->count : 0;
}
