/* Repeated requests (by a tab on the screen) do not make them be read more often than allowed. */
#include "live/live_figures.h"

#include "base/clock.h"
#include "base/minmax.h"
#include "kern/malloc_heap.h"

#define REGULAR_NS (10 * CLOCK_SECOND)
#define ASKED_NS (CLOCK_SECOND / 4)
#define SHARE 100 /* the pause before they are read again, as a multiple of the time that reading takes */

#define ARENA_SIZE (UINT64_C(64) << 20) /* of a thread's heap */
#define HEAP_TRIES 3                    /* to read a heap that changes meanwhile */

void live_figures_init(struct live_figures *l, bool regular, bool bytes, uint64_t from_ns)
{
	*l = (struct live_figures){ .regular = regular, .bytes = bytes, .from_ns = from_ns };
}

void live_figures_want(struct live_figures *l)
{
	l->wanted = true;
}

static void set_kinds(struct kernel_figures *f, const struct process *process)
{
	for (size_t i = 0; i < f->sums_count; i++) {
		const struct region *region = space_find(process->space, f->sums[i].start);

		if (region && region->attr.start <= f->sums[i].start && region->attr.end >= f->sums[i].end)
			f->sums[i].kind = region->attr.kind;
	}
}

static void unknown_bytes(struct kernel_figures *f, const char *why)
{
	kernel_figures_refuse(f, FIGURES_BYTES, why);
	for (int i = KERNEL_HUGE_READ; i <= KERNEL_MALLOC_TRIMMABLE; i++)
		f->values[i] = KERNEL_UNKNOWN;
}

struct heap_reading {
	struct reader *reader;
	const struct process *process;
	uint64_t trimmable;
};

static size_t peek(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	return reader_peek(((struct heap_reading *)context)->reader, address, bytes, size);
}

/* Counts the whole resident pages in a free chunk, which could be given back. */
static void count_free(void *context, uint64_t start, uint64_t end)
{
	struct heap_reading *r = context;
	const struct space *space = r->process->space;
	uint64_t counts[RUNS_VALUES] = { 0 }, size = UINT64_C(1) << space->page_shift;
	uint64_t first = space_page(space, start + size - 1), last = space_page(space, end);

	if (first >= last)
		return;
	runs_count(space->pages, first, last, counts);
	r->trimmable += page_resident(counts) << space->page_shift;
}

static void read_heap(struct kernel_figures *f, uint64_t start, uint64_t end, bool main_arena,
		      struct heap_reading *r)
{
	struct malloc_heap heap = { .peek = peek, .free = count_free, .context = r };
	uint64_t before = r->trimmable;

	for (int tries = 0; tries < HEAP_TRIES && !malloc_heap_measure(&heap, start, end, main_arena);
	     tries++)
		r->trimmable = before;
	f->values[KERNEL_MALLOC_USED] += heap.used;
	f->values[KERNEL_MALLOC_FREE] += heap.unused;
	f->values[KERNEL_MALLOC_TOP] += heap.top;
}

/* Reads what may be heaps; if something is not one, that shows when its chunks are followed. A region can be
 * several heaps of threads, all but the last of which are full, or other memory that the kernel has merged
 * with one. */
static void read_heaps(struct kernel_figures *f, const struct region_attr *a, struct heap_reading *r)
{
	if (r->process->identity.bits != 64)
		return;
	if (a->kind == REGION_HEAP)
		read_heap(f, a->start, a->end, true, r);
	if (a->kind != REGION_ANON || !(a->perms & REGION_WRITE))
		return;
	for (uint64_t at = (a->start + ARENA_SIZE - 1) & ~(ARENA_SIZE - 1); at < a->end; at += ARENA_SIZE)
		read_heap(f, at, min(at + ARENA_SIZE, a->end), false, r);
}

static void read_bytes(struct kernel_figures *f, const struct process *process, struct reader *reader)
{
	struct heap_reading heaps = { reader, process, 0 };
	struct err err = { 0 };

	for (int i = KERNEL_HUGE_READ; i <= KERNEL_MALLOC_TRIMMABLE; i++)
		f->values[i] = 0;
	if (reader_source(reader, SOURCE_BYTES)->code) {
		unknown_bytes(f, reader_source(reader, SOURCE_BYTES)->text);
		return;
	}
	for (size_t i = 0; i < f->sums_count; i++) {
		const struct region *region = space_find(process->space, f->sums[i].start);

		if (!region)
			continue;
		read_heaps(f, &region->attr, &heaps);
		if ((f->sums[i].huge || f->sums[i].hugetlb) &&
		    reader_zeroes(reader, &region->attr, f, &err) < 0) {
			unknown_bytes(f, err.text);
			return;
		}
	}
	f->values[KERNEL_MALLOC_TRIMMABLE] = heaps.trimmable;
}

static void read_and_send(struct live_figures *l, struct watch *watch, struct reader *reader,
			  struct sink *sink, bool bytes)
{
	const struct process *process = watch_process(watch);
	uint64_t began = clock_now_ns(), now;
	struct kernel_figures figures;

	if (!process)
		return;
	reader_figures(reader, &figures);
	set_kinds(&figures, process);
	if (bytes)
		read_bytes(&figures, process, reader);
	/* if the process has ended meanwhile, the last ones stay */
	if (figure_known(figures.values[KERNEL_SIZE]) || figures.sums_count) {
		struct event e = { .type = EVENT_FIGURES, .figures = &figures };

		watch_send(watch, sink, &e);
	}
	kernel_figures_fini(&figures);
	now = clock_now_ns();
	l->next_ns = now + max((now - began) * SHARE, ASKED_NS);
	l->regular_ns = now + max((now - began) * SHARE, REGULAR_NS);
	l->wanted = false;
}

void live_figures_look(struct live_figures *l, struct watch *watch, struct reader *reader, struct sink *sink)
{
	uint64_t now = clock_now_ns();

	if (now >= l->from_ns && ((l->wanted && now >= l->next_ns) || (l->regular && now >= l->regular_ns)))
		read_and_send(l, watch, reader, sink, false);
}

void live_figures_picture(struct live_figures *l, struct watch *watch, struct reader *reader,
			  struct sink *sink)
{
	if (l->regular && clock_now_ns() >= l->from_ns)
		read_and_send(l, watch, reader, sink, l->bytes);
}
