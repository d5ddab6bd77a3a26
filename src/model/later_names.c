/* A table of names for each program that each process ran, because exec gives an address another meaning. The
 * first name of an address is kept; a process has the later ones when they apply. */
#include "model/later_names.h"

#include <stdlib.h>

#include "base/mem.h"

struct named_image {
	int32_t pid;
	unsigned execs;
	uint32_t last; /* of the first image of a process: number of its last one */
	bool ended;    /* of the first: the process has ended */
	bool reused;   /* of the first: another process got the pid */
	struct names *names;
};

/* The number of an image; 0: there is none. */
static uint32_t number_of(const struct later_names *n, int32_t pid, unsigned execs)
{
	struct hash_iter iter = hash_iter(&n->by_image, hash_two((uint64_t)pid, execs));
	uint32_t number;

	while ((number = hash_next(&iter)) &&
	       (n->images[number - 1].pid != pid || n->images[number - 1].execs != execs))
		;
	return number;
}

/* The first image of a process; NULL: there is none. */
static struct named_image *first_of(const struct later_names *n, int32_t pid)
{
	struct hash_iter iter = hash_iter(&n->by_pid, hash_number((uint64_t)pid));
	uint32_t number;

	while ((number = hash_next(&iter)) && n->images[number - 1].pid != pid)
		;
	return number ? &n->images[number - 1] : NULL;
}

/* The last one of a process: nothing more is added to the others. */
static struct named_image *find(const struct later_names *n, int32_t pid)
{
	const struct named_image *first = first_of(n, pid);

	return first ? &n->images[first->last - 1] : NULL;
}

static void add(struct later_names *n, int32_t pid, unsigned execs)
{
	struct named_image *first;
	uint32_t number;

	mem_grow(n->images, n->cap, n->count + 1);
	n->images[n->count++] = (struct named_image){ .pid = pid, .execs = execs, .names = names_create() };
	number = (uint32_t)n->count;
	hash_add(&n->by_image, hash_two((uint64_t)pid, execs), number);
	if (!first_of(n, pid))
		hash_add(&n->by_pid, hash_number((uint64_t)pid), number);
	first = first_of(n, pid);
	first->last = number;
}

static void take_process(struct later_names *n, const struct event *e)
{
	const struct named_image *last = find(n, e->pid);
	struct named_image *first = first_of(n, e->pid);

	if (!last) {
		n->processes++;
		add(n, e->pid, e->process.exec);
	} else if (e->process.exec) {
		add(n, e->pid, last->execs + 1);
	} else if (first->ended) {
		first->reused = true;
	}
}

static void take(struct sink *sink, const struct event *e)
{
	struct later_names *n = (struct later_names *)sink;
	struct named_image *image = find(n, e->pid);

	if (e->type == EVENT_PROCESS)
		take_process(n, e);
	else if (!image)
		return;
	else if (e->type == EVENT_STATUS)
		first_of(n, e->pid)->ended |= e->status.status == PROCESS_EXITED ||
					      e->status.status == PROCESS_KILLED ||
					      e->status.status == PROCESS_GONE;
	else if (e->type == EVENT_LINES)
		names_add_lines(image->names, e->lines.path, e->lines.first, e->lines.text);
	else if (e->type == EVENT_SYMBOL && !names_find(image->names, e->symbol.ip))
		names_add(image->names, &e->symbol);
}

void later_names_init(struct later_names *n)
{
	*n = (struct later_names){ .sink = { .take = take } };
}

void later_names_fini(struct later_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		names_destroy(n->images[i].names);
	free(n->images);
	hash_fini(&n->by_image);
	hash_fini(&n->by_pid);
	*n = (struct later_names){ 0 };
}

void later_names_begin(struct later_names *n, int32_t pid, unsigned execs)
{
	if (!first_of(n, pid))
		add(n, pid, execs);
}

const struct names *later_names_of(const struct later_names *n, int32_t pid, unsigned execs)
{
	uint32_t number = n ? number_of(n, pid, execs) : 0;

	return number && !first_of(n, pid)->reused ? n->images[number - 1].names : NULL;
}
