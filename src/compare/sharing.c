/* Each process contributes runs of numbers: of frames, or of pages of a file. Sorted, they are swept from end to end:
 *
 *     4242     [------)      [--)       0x100 to 0x106, ...
 *     4250         [---------)
 *              [ 1 )2 )  1   )
 *
 * Between two ends the same processes hold everything: that is added to the row of its object and its
 * holders. A process that maps one of them twice has two runs there. */
#include "compare/sharing.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

#define FRAMES 4096 /* read at a time */

struct sharing_run {
	uint64_t first, end; /* of frames, or of pages of a file */
	uint32_t space;      /* numbers are compared only within one; 0: of frames */
	uint32_t object;     /* its number, from 1 */
	uint32_t process;    /* its index */
};

/* Without frame numbers, private memory counts as its process's own: a space for each process. */
#define SPACE_OWN UINT32_C(0x80000000)

void sharing_init(struct sharing *s, bool by_frame)
{
	*s = (struct sharing){ .by_frame = by_frame };
}

static bool is_same(const struct sharing_object *a, const struct sharing_object *b)
{
	if (a->copies != b->copies || a->inode != b->inode || a->dev_major != b->dev_major ||
	    a->dev_minor != b->dev_minor)
		return false;
	return a->inode || (a->kind == b->kind && !strcmp(a->path, b->path));
}

static uint32_t hash_of(const struct sharing_object *o)
{
	const uint64_t words[] = { o->inode, (uint64_t)o->dev_major << 32 | o->dev_minor,
				   (uint64_t)o->copies << 32 | (o->inode ? 0 : o->kind) };

	return hash_words(words, sizeof words / sizeof *words);
}

/* The number of an object, from 1. */
static uint32_t find_object(struct sharing *s, const struct sharing_object *object)
{
	struct hash_iter iter = hash_iter(&s->by_object, hash_of(object));
	uint32_t number;

	while ((number = hash_next(&iter)))
		if (is_same(&s->objects[number - 1], object))
			return number;
	mem_grow(s->objects, s->objects_cap, s->objects_count + 1);
	s->objects[s->objects_count] = *object;
	s->objects[s->objects_count++].path = mem_strdup(object->path);
	hash_add(&s->by_object, hash_of(object), (uint32_t)s->objects_count);
	return (uint32_t)s->objects_count;
}

static uint32_t object_of(struct sharing *s, const struct region_attr *attr, enum page_state state)
{
	struct sharing_object object = { .path = (char *)"", .kind = attr->kind };

	if (page_state_of_cache(state) || page_state_copied(state))
		object = (struct sharing_object){ .path = (char *)attr->path,
						  .inode = attr->inode,
						  .dev_major = attr->dev_major,
						  .dev_minor = attr->dev_minor,
						  .kind = attr->kind,
						  .copies = page_state_copied(state) };
	return find_object(s, &object);
}

/* Adds a run, extending the previous one if it continues it. */
static void add_run(struct sharing *s, const struct sharing_run *run)
{
	struct sharing_run *last = s->runs_count ? &s->runs[s->runs_count - 1] : NULL;

	if (last && last->end == run->first && last->space == run->space && last->object == run->object &&
	    last->process == run->process) {
		last->end = run->end;
		return;
	}
	mem_grow(s->runs, s->runs_cap, s->runs_count + 1);
	s->runs[s->runs_count++] = *run;
}

/* What is being added. */
struct addition {
	struct sharing *s;
	uint32_t process;
	int32_t pid;
	sharing_frames_fn frames;
	void *context;
	uint64_t *numbers; /* room for FRAMES */
};

static void add_frames(struct addition *a, uint32_t object, uint64_t first, uint64_t end)
{
	while (first < end) {
		size_t n = (size_t)min(end - first, FRAMES);
		size_t got = a->frames(a->context, a->pid, first, a->numbers, n);

		for (size_t i = 0; i < n; i++) {
			uint64_t frame = i < got ? a->numbers[i] : 0;

			if (frame)
				add_run(a->s,
					&(struct sharing_run){ frame, frame + 1, 0, object, a->process });
			else
				a->s->unread++;
		}
		first += n;
	}
}

static void add_numbers(struct addition *a, const struct space *space, const struct region *region,
			uint32_t object, const struct run *run)
{
	const struct region_attr *attr = &region->attr;
	enum page_state state = page_state(run->value);
	bool own = page_state_private(state);
	uint64_t shift = own ? 0 : (attr->offset >> space->page_shift) - region_first(space, region);

	if (own && page_flags(run->value) & PAGE_SHARED)
		a->s->perhaps += run->end - run->first;
	add_run(a->s, &(struct sharing_run){ run->first + shift, run->end + shift,
					     own ? SPACE_OWN | a->process : object, object, a->process });
}

static void add_region(struct addition *a, const struct space *space, const struct region *region)
{
	struct runs_iter iter =
	    runs_iter(space->pages, region_first(space, region), region_end(space, region));
	struct run run;

	while (runs_next(&iter, &run)) {
		if (!page_state_resident(page_state(run.value)))
			continue;
		uint32_t object = object_of(a->s, &region->attr, page_state(run.value));
		if (a->s->by_frame)
			add_frames(a, object, run.first, run.end);
		else
			add_numbers(a, space, region, object, &run);
	}
}

bool sharing_add(struct sharing *s, const struct process *process, sharing_frames_fn frames, void *context)
{
	struct addition a = { s, (uint32_t)s->count, process->pid, frames, context, NULL };

	if (s->count == SHARING_PROCESSES)
		return false;
	s->pids[s->count++] = process->pid;
	s->page_shift = process->space->page_shift;
	a.numbers = s->by_frame ? mem_alloc(FRAMES * sizeof *a.numbers) : NULL;
	for (size_t i = 0; i < process->space->count; i++)
		add_region(&a, process->space, process->space->regions[i]);
	free(a.numbers);
	return true;
}

static int compare_runs(const void *left, const void *right)
{
	const struct sharing_run *a = left, *b = right;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

static struct sharing_row *find_row(struct sharing *s, uint32_t object, uint64_t holders)
{
	uint32_t hash = hash_two(holders, object);
	struct hash_iter iter = hash_iter(&s->by_holders, hash);
	uint32_t number;

	while ((number = hash_next(&iter)))
		if (s->rows[number - 1].object == object && s->rows[number - 1].holders == holders)
			return &s->rows[number - 1];
	mem_grow(s->rows, s->rows_cap, s->rows_count + 1);
	s->rows[s->rows_count] = (struct sharing_row){ .object = object, .holders = holders };
	hash_add(&s->by_holders, hash, (uint32_t)++s->rows_count);
	return &s->rows[s->rows_count - 1];
}

/* The runs that reach beyond the position of the sweep. */
struct sweep {
	const struct sharing_run **open;
	size_t count, cap;
};

/* Between two ends: the same runs are open all the way. */
static void take_stretch(struct sharing *s, const struct sweep *sweep, uint64_t pages)
{
	uint64_t holders = 0;
	uint32_t object = UINT32_MAX;
	struct sharing_row *row;

	for (size_t i = 0; i < sweep->count; i++) {
		holders |= UINT64_C(1) << sweep->open[i]->process;
		object = min(sweep->open[i]->object, object);
	}
	row = find_row(s, object - 1, holders);
	for (size_t i = 0; i < sweep->count; i++)
		row->held[sweep->open[i]->process] += pages;
	row->once += pages;
	s->resident += pages * sweep->count;
	s->once += pages;
	if (holders == (s->count < 64 ? (UINT64_C(1) << s->count) - 1 : UINT64_MAX))
		s->by_all += pages;
}

/* Moves from `at` to the next end, up to `until`, and closes runs that end there. Returns the new
 * position. */
static uint64_t advance(struct sharing *s, struct sweep *sweep, uint64_t at, uint64_t until)
{
	size_t kept = 0;

	for (size_t i = 0; i < sweep->count; i++)
		until = min(until, sweep->open[i]->end);
	if (until > at)
		take_stretch(s, sweep, until - at);
	for (size_t i = 0; i < sweep->count; i++)
		if (sweep->open[i]->end > until)
			sweep->open[kept++] = sweep->open[i];
	sweep->count = kept;
	return until;
}

static void sweep_all(struct sharing *s)
{
	struct sweep sweep = { 0 };
	uint64_t at = 0;

	for (size_t i = 0; i < s->runs_count; i++) {
		const struct sharing_run *run = &s->runs[i];
		bool same = i && s->runs[i - 1].space == run->space;

		while (sweep.count && (!same || at < run->first))
			at = advance(s, &sweep, at, same ? run->first : UINT64_MAX);
		at = run->first;
		mem_grow(sweep.open, sweep.cap, sweep.count + 1);
		sweep.open[sweep.count++] = run;
	}
	while (sweep.count)
		at = advance(s, &sweep, at, UINT64_MAX);
	free(sweep.open);
}

static int compare_rows(const void *left, const void *right)
{
	const struct sharing_row *a = left, *b = right;
	bool many_a = a->holders & (a->holders - 1), many_b = b->holders & (b->holders - 1);

	if (many_a != many_b)
		return many_a ? -1 : 1;
	if (a->once != b->once)
		return a->once > b->once ? -1 : 1;
	return (a->object > b->object) - (a->object < b->object);
}

void sharing_finish(struct sharing *s)
{
	if (s->runs_count)
		qsort(s->runs, s->runs_count, sizeof *s->runs, compare_runs);
	sweep_all(s);
	if (s->rows_count)
		qsort(s->rows, s->rows_count, sizeof *s->rows, compare_rows);
	free(s->runs);
	s->runs = NULL;
	s->runs_count = s->runs_cap = 0;
	hash_fini(&s->by_object);
	hash_fini(&s->by_holders);
}

void sharing_fini(struct sharing *s)
{
	for (size_t i = 0; i < s->objects_count; i++)
		free(s->objects[i].path);
	free(s->objects);
	free(s->rows);
	free(s->runs);
	hash_fini(&s->by_object);
	hash_fini(&s->by_holders);
	*s = (struct sharing){ 0 };
}

bool sharing_is_held_by(const struct sharing_row *row, size_t process)
{
	return row->holders >> process & 1;
}

size_t sharing_together(const struct sharing *s)
{
	size_t count = 0;

	while (count < s->rows_count && s->rows[count].holders & (s->rows[count].holders - 1))
		count++;
	return count;
}

uint64_t sharing_sum(const struct sharing *s, const struct sharing_row *row)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->count; i++)
		sum += row->held[i];
	return sum;
}

uint64_t sharing_alone(const struct sharing *s, size_t process)
{
	uint64_t alone = 0;

	for (size_t i = sharing_together(s); i < s->rows_count; i++)
		alone += s->rows[i].holders == UINT64_C(1) << process ? s->rows[i].once : 0;
	return alone;
}

static size_t read_from_source(void *context, int32_t pid, uint64_t first, uint64_t *frames, size_t n)
{
	struct source *source = context;
	int64_t got = source->ops->frames(source, pid, first, n, frames, NULL);

	return got > 0 ? (size_t)got : 0;
}

/* Can the source read this one's frames? */
static bool has_frames(const struct process *p, struct source *source, struct err *err)
{
	uint64_t frame, first = p->space->count ? region_first(p->space, p->space->regions[0]) : 0;

	if (!source->ops->frames) {
		err_set(err, ERR_UNSUPPORTED, "%s", _("frame numbers are not in a recording"));
		return false;
	}
	return source->ops->frames(source, p->pid, first, 1, &frame, err) >= 0;
}

static bool any_alive(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return true;
	return false;
}

static uint64_t count_resident(const struct world *world, bool ended)
{
	uint64_t counts[PAGE_STATES] = { 0 };

	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]) != ended)
			space_add_counts(world->processes[i]->space, counts);
	return page_resident(counts);
}

void sharing_take(struct sharing *s, const struct world *world, struct source *source, uint64_t most,
		  struct err *err)
{
	bool ended = !any_alive(world), by_frame = !ended && (!most || count_resident(world, ended) <= most);

	if (ended)
		err_set(err, ERR_GONE, "%s", _("they had ended by then"));
	else if (!by_frame)
		err_set(err, ERR_UNSUPPORTED, "%s",
			_("too many frames for the screen: pagescape snapshot reads them"));
	for (size_t i = 0; i < world->count && by_frame; i++)
		if (process_alive(world->processes[i]))
			by_frame = has_frames(world->processes[i], source, err);
	sharing_init(s, by_frame);
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]) != ended)
			sharing_add(s, world->processes[i], read_from_source, source);
	sharing_finish(s);
}
