/* Whoever asks again and again (a tab that is shown) gets them no more often than they may be read. */
#include "live/live_figures.h"

#include "base/clock.h"
#include "base/minmax.h"

#define REGULAR_NS (10 * CLOCK_SECOND)
#define ASKED_NS CLOCK_SECOND
#define SHARE 100 /* of what it takes to read them: the pause before they are read again */

static void set_kinds(struct kernel_figures *f, const struct process *process)
{
	for (size_t i = 0; i < f->sums_count; i++) {
		const struct region *region = space_find(process->space, f->sums[i].start);

		if (region && region->attr.start <= f->sums[i].start && region->attr.end >= f->sums[i].end)
			f->sums[i].kind = region->attr.kind;
	}
}

static void count_zeroes(struct kernel_figures *f, const struct process *process, struct reader *reader)
{
	struct err err = { 0 };

	f->values[KERNEL_HUGE_READ] = f->values[KERNEL_HUGE_ZERO] = 0;
	for (size_t i = 0; i < f->sums_count; i++) {
		const struct region *region = space_find(process->space, f->sums[i].start);

		if (!region || !(f->sums[i].huge || f->sums[i].hugetlb) ||
		    reader_zeroes(reader, &region->attr, f, &err) == 0)
			continue;
		kernel_figures_refuse(f, FIGURES_BYTES, err.text);
		f->values[KERNEL_HUGE_READ] = f->values[KERNEL_HUGE_ZERO] = KERNEL_UNKNOWN;
		return;
	}
}

static void read_and_send(struct live_figures *l, struct watch *watch, struct reader *reader,
			  struct sink *sink, bool zeroes)
{
	const struct process *process = watch_process(watch);
	uint64_t began = clock_now_ns(), now;
	struct kernel_figures figures;

	if (!process)
		return;
	reader_figures(reader, &figures);
	set_kinds(&figures, process);
	if (zeroes)
		count_zeroes(&figures, process, reader);
	/* of a process that has ended meanwhile the last ones stay */
	if (figure_known(figures.values[KERNEL_SIZE]) || figures.sums_count) {
		struct event e = { .type = EVENT_FIGURES, .figures = &figures };

		watch_send(watch, sink, &e);
	}
	kernel_figures_fini(&figures);
	now = clock_now_ns();
	l->next_ns = now + max_u64((now - began) * SHARE, l->regular ? REGULAR_NS : ASKED_NS);
	l->wanted = false;
}

void live_figures_look(struct live_figures *l, struct watch *watch, struct reader *reader, struct sink *sink)
{
	if ((l->regular || l->wanted) && clock_now_ns() >= l->next_ns)
		read_and_send(l, watch, reader, sink, false);
}

void live_figures_picture(struct live_figures *l, struct watch *watch, struct reader *reader,
			  struct sink *sink)
{
	if (l->regular)
		read_and_send(l, watch, reader, sink, l->zeroes);
}
