/* Figures by number, then reasons, sums of regions, stack pointers and nodes:
 *
 *     count  { number  value + 2 }         0: unknown, 1: there is no limit
 *     count  { group  reason }
 *     path of the cgroup
 *     count  { gap  pages  flags  kind  mask  { pages } }     a bit of the mask for each sum that is not 0
 *     count  { tid  address }
 *     count  { bytes }
 *
 * A reader skips numbers of figures and groups that it does not know. */
#include "store/codec_figures.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/codec_bits.h"

/* The numbers are the file's for ever: new ones go after the last. */
static const uint8_t figure_codes[KERNEL_FIGURES] = {
	[KERNEL_SIZE] = 0,
	[KERNEL_RSS] = 1,
	[KERNEL_RSS_PEAK] = 2,
	[KERNEL_RSS_SHARED] = 3,
	[KERNEL_PAGE_TABLES] = 4,
	[KERNEL_LOCKED_SIZE] = 5,
	[KERNEL_PINNED] = 6,
	[KERNEL_SWAPPED] = 7,
	[KERNEL_STACK_LIMIT] = 8,
	[KERNEL_REGIONS_MAX] = 9,
	[KERNEL_MACHINE_MEMORY] = 10,
	[KERNEL_MACHINE_SWAP] = 11,
	[KERNEL_CGROUP_CHARGE] = 12,
	[KERNEL_CGROUP_LIMIT] = 13,
	[KERNEL_CGROUP_ANON] = 14,
	[KERNEL_CGROUP_FILE] = 15,
	[KERNEL_CGROUP_SHARED] = 16,
	[KERNEL_CGROUP_MAPPED] = 17,
	[KERNEL_CGROUP_KERNEL] = 18,
	[KERNEL_CGROUP_PROCESSES] = 19,
	[KERNEL_HUGE_READ] = 20,
	[KERNEL_HUGE_ZERO] = 21,
	[KERNEL_MALLOC_USED] = 22,
	[KERNEL_MALLOC_FREE] = 23,
	[KERNEL_MALLOC_TOP] = 24,
	[KERNEL_MALLOC_TRIMMABLE] = 25,
	[KERNEL_MACHINE_SWAP_FREE] = 26,
};
_Static_assert(FIGURES_STATUS == 0 && FIGURES_SUMS == 1 && FIGURES_CGROUP == 2 && FIGURES_NODES == 3 &&
		   FIGURES_STACKS == 4 && FIGURES_BYTES == 5,
	       "groups are the file's");

enum { SUM_USERFAULT = 1, SUM_LOCKED = 2, SUM_USERFAULT_SHIFT = 1, SUM_USERFAULT_FOR = 7 << 2 };
_Static_assert(REGION_USERFAULT_ANY == 1 && REGION_USERFAULT_MISSING == 2 && REGION_USERFAULT_WRITE == 4 &&
		   REGION_USERFAULT_MINOR == 8,
	       "what goes to userfaultfd is the file's");
#define SUMS 12
#define ENTRIES_MAX (1u << 22) /* of regions: far more than a kernel allows */

static void sum_members(struct region_sums *s, uint64_t *members[static SUMS])
{
	uint64_t *const list[SUMS] = { &s->rss,          &s->pss,           &s->swap,
				       &s->locked,       &s->hugetlb,       &s->anonymous,
				       &s->lazyfree,     &s->huge,          &s->shared_clean,
				       &s->shared_dirty, &s->private_clean, &s->private_dirty };

	for (int i = 0; i < SUMS; i++)
		members[i] = list[i];
}

void figures_coder_fini(struct figures_coder *c)
{
	kernel_figures_fini(&c->got);
}

static void put_values(struct strbuf *out, const struct kernel_figures *f)
{
	bytes_put_varint(out, KERNEL_FIGURES);
	for (int i = 0; i < KERNEL_FIGURES; i++) {
		bytes_put_varint(out, figure_codes[i]);
		bytes_put_varint(out, f->values[i] == KERNEL_UNKNOWN ? 0
				      : f->values[i] == KERNEL_NONE  ? 1
								     : f->values[i] + 2);
	}
}

static void get_values(struct cursor *in, struct kernel_figures *f)
{
	uint64_t n = bytes_get_bounded(in, 1024);

	for (uint64_t i = 0; i < n && !in->bad; i++) {
		uint64_t code = bytes_get_varint(in), value = bytes_get_varint(in);

		for (int figure = 0; figure < KERNEL_FIGURES; figure++)
			if (figure_codes[figure] == code)
				f->values[figure] = value == 0   ? KERNEL_UNKNOWN
						    : value == 1 ? KERNEL_NONE
								 : value - 2;
	}
}

static void put_reasons(struct strbuf *out, const struct kernel_figures *f)
{
	unsigned n = 0;

	for (int i = 0; i < FIGURE_GROUPS; i++)
		n += f->refused[i];
	bytes_put_varint(out, n);
	for (unsigned i = 0; i < FIGURE_GROUPS; i++) {
		if (!f->refused[i])
			continue;
		bytes_put_varint(out, i);
		bytes_put_text(out, f->why[i]);
	}
	bytes_put_text(out, f->cgroup ? f->cgroup : "");
}

static void get_reasons(struct cursor *in, struct kernel_figures *f)
{
	uint64_t n = bytes_get_bounded(in, 1024);
	const char *cgroup;

	for (uint64_t i = 0; i < n && !in->bad; i++) {
		uint64_t group = bytes_get_varint(in);
		const char *why = bytes_get_text(in);

		if (group < FIGURE_GROUPS && !in->bad)
			kernel_figures_refuse(f, (enum figure_group)group, why);
	}
	cgroup = bytes_get_text(in);
	if (*cgroup && !in->bad)
		f->cgroup = mem_strdup(cgroup);
}

/* Sums are whole pages except pss and locked, which contain shares of pages, so all are stored in KiB, as the
 * kernel gives them. */
static void put_sums(struct strbuf *out, unsigned page_shift, const struct kernel_figures *f)
{
	uint64_t end = 0, *members[SUMS];

	bytes_put_varint(out, f->sums_count);
	for (size_t i = 0; i < f->sums_count; i++) {
		struct region_sums s = f->sums[i];
		unsigned mask = 0;

		sum_members(&s, members);
		for (unsigned m = 0; m < SUMS; m++)
			mask |= *members[m] ? 1u << m : 0;
		bytes_put_signed(out, (int64_t)((s.start >> page_shift) - end));
		bytes_put_varint(out, (s.end - s.start) >> page_shift);
		bytes_put_varint(out, (s.userfault & SUM_USERFAULT) | (s.is_locked ? SUM_LOCKED : 0u) |
					  (s.userfault << SUM_USERFAULT_SHIFT & SUM_USERFAULT_FOR));
		bytes_put_varint(out, s.kind);
		bytes_put_varint(out, mask);
		for (unsigned m = 0; m < SUMS; m++)
			if (*members[m])
				bytes_put_varint(out, *members[m] >> 10);
		end = s.end >> page_shift;
	}
}

static bool get_sum(struct cursor *in, unsigned page_shift, uint64_t *end, struct region_sums *s)
{
	uint64_t pages = UINT64_C(1) << (64 - page_shift), first, mask, flags, *members[SUMS];

	*s = (struct region_sums){ 0 };
	sum_members(s, members);
	first = *end + (uint64_t)bytes_get_signed(in);
	*end = first + bytes_get_bounded(in, pages);
	flags = bytes_get_varint(in);
	s->kind = (uint8_t)bytes_get_bounded(in, REGION_KINDS);
	mask = bytes_get_varint(in);
	for (unsigned m = 0; m < SUMS; m++)
		if (mask >> m & 1)
			*members[m] = bytes_get_bounded(in, UINT64_MAX >> 11) << 10;
	s->userfault =
	    (uint8_t)((flags & SUM_USERFAULT) | (flags & SUM_USERFAULT_FOR) >> SUM_USERFAULT_SHIFT);
	s->is_locked = flags & SUM_LOCKED;
	s->start = first << page_shift;
	s->end = *end << page_shift;
	return !in->bad && first < *end && *end <= pages - 1;
}

static void get_sums(struct cursor *in, unsigned page_shift, struct kernel_figures *f)
{
	uint64_t n = bytes_get_bounded(in, ENTRIES_MAX), end = 0, before = 0;
	size_t cap = 0;

	for (uint64_t i = 0; i < n && !in->bad; i++) {
		mem_grow(f->sums, cap, f->sums_count + 1);
		if (!get_sum(in, page_shift, &end, &f->sums[f->sums_count]) ||
		    f->sums[f->sums_count].start < before) {
			in->bad = true;
			return;
		}
		before = f->sums[f->sums_count++].end;
	}
}

static void put_places(struct strbuf *out, const struct kernel_figures *f)
{
	bytes_put_varint(out, f->stacks_count);
	for (size_t i = 0; i < f->stacks_count; i++) {
		bytes_put_varint(out, (uint64_t)f->stacks[i].tid);
		bytes_put_varint(out, f->stacks[i].address);
	}
	bytes_put_varint(out, f->nodes_count);
	for (size_t i = 0; i < f->nodes_count; i++)
		bytes_put_varint(out, f->nodes[i]);
}

static void get_places(struct cursor *in, struct kernel_figures *f)
{
	uint64_t stacks = bytes_get_bounded(in, FIGURES_STACKS_MAX), nodes;
	size_t cap = 0;

	for (uint64_t i = 0; i < stacks && !in->bad; i++) {
		mem_grow(f->stacks, cap, f->stacks_count + 1);
		f->stacks[f->stacks_count].tid = codec_get_tid(in);
		f->stacks[f->stacks_count++].address = bytes_get_varint(in);
	}
	nodes = bytes_get_bounded(in, FIGURES_NODES_MAX);
	cap = 0;
	for (uint64_t i = 0; i < nodes && !in->bad; i++) {
		mem_grow(f->nodes, cap, f->nodes_count + 1);
		f->nodes[f->nodes_count++] = bytes_get_varint(in);
	}
}

void figures_put_figures(struct figures_coder *c, unsigned page_shift, struct strbuf *out,
			 const struct event *e)
{
	put_values(out, e->figures);
	put_reasons(out, e->figures);
	put_sums(out, page_shift, e->figures);
	put_places(out, e->figures);
}

void figures_get_figures(struct figures_coder *c, unsigned page_shift, struct cursor *in, struct event *e)
{
	kernel_figures_fini(&c->got);
	get_values(in, &c->got);
	get_reasons(in, &c->got);
	get_sums(in, page_shift, &c->got);
	get_places(in, &c->got);
	e->figures = &c->got;
}
