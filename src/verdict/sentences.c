/* Each sentence is a function that checks whether it holds, and how much it weighs: the bytes that it is
 * about, times how much they matter, in hundredths. What people can act on matters more than mere facts.
 * Sentences report what was measured; none says "leak", because only the program knows what it still
 * needs. */
#include "verdict/sentences.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "verdict/remedies.h"
#include "verdict/sentence.h"
#include "verdict/sentences_fork.h"
#include "verdict/sentences_growth.h"
#include "verdict/words.h"

#define MIB (UINT64_C(1) << 20)

/* Where memory without a file can go. */
static void say_swap_room(struct strbuf *says, const struct facts *f, uint64_t stays, const char *share)
{
	uint64_t free = 0;
	enum swap_room room = amounts_swap_room(&f->process->figures.read, stays, &free);
	char size[WORDS_SIZE], part[WORDS_SIZE];

	words_size(size, stays);
	words_size(part, free);
	switch (room) {
	case SWAP_ROOM_NONE:
		strbuf_printf(says,
			      _("%s, %s of RSS, has to stay: it is backed by no file, and this machine has "
				"no swap"),
			      size, share);
		break;
	case SWAP_ROOM_UNKNOWN:
		strbuf_printf(says,
			      _("%s, %s of RSS, can go nowhere except to swap, if there is any: it is "
				"backed by no file"),
			      size, share);
		break;
	case SWAP_ROOM_FULL:
		strbuf_printf(says,
			      _("%s, %s of RSS, has to stay: it is backed by no file, and swap is full"),
			      size, share);
		break;
	case SWAP_ROOM_SHORT:
		strbuf_printf(says,
			      _("%s, %s of RSS, is backed by no file: at most %s of it can go to swap, "
				"where no more is free, and the rest has to stay"),
			      size, share, part);
		break;
	case SWAP_ROOM_SMALL:
		strbuf_printf(says,
			      _("%s, %s of RSS, is backed by no file: at most %s of it can go to swap, "
				"which is no larger, and the rest has to stay"),
			      size, share, part);
		break;
	case SWAP_ROOM_ENOUGH:
		strbuf_printf(says, _("%s, %s of RSS, can only go to swap: it is backed by no file"), size,
			      share);
		break;
	}
}

static bool say_private(const struct facts *f, struct sentence *s)
{
	const struct amounts *a = &f->amounts;
	uint64_t stays = a->parts[AMOUNT_PRIVATE] + a->parts[AMOUNT_SHARED];
	char own[WORDS_SIZE], shared[WORDS_SIZE], share[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!sentence_matters(f, stays, 25))
		return false;
	s->weight = sentence_weigh(stays, 100);
	words_share(share, a->shares[AMOUNT_PRIVATE] + a->shares[AMOUNT_SHARED], stays, a->rss);
	say_swap_room(&says, f, stays, share);
	strbuf_printf(&evidence, _("private memory %s, shared memory %s"),
		      words_size(own, a->parts[AMOUNT_PRIVATE]), words_size(shared, a->parts[AMOUNT_SHARED]));
	sentence_keep(s, &says, &evidence, facts_ended(f) ? "" : _("only the program itself can free it"));
	return true;
}

static bool say_files(const struct facts *f, struct sentence *s)
{
	const struct amounts *a = &f->amounts;
	uint64_t clean = a->parts[AMOUNT_FILE_CLEAN];
	char share[WORDS_SIZE], size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!sentence_matters(f, clean, 40))
		return false;
	s->weight = sentence_weigh(clean, 90);
	strbuf_printf(&says,
		      _("%s, %s of RSS, are clean pages of files: they can go at once, and cost a read "
			"when they are needed again"),
		      words_size(size, clean),
		      words_share(share, a->shares[AMOUNT_FILE_CLEAN], clean, a->rss));
	strbuf_puts(&evidence, _("pages of files that nobody has written"));
	sentence_keep(s, &says, &evidence, "");
	return true;
}

static bool say_freed(const struct facts *f, struct sentence *s)
{
	uint64_t freed = f->amounts.parts[AMOUNT_FREED];
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!sentence_matters(f, freed, 3))
		return false;
	s->weight = sentence_weigh(freed, 250);
	strbuf_printf(&says, _("%s still counts as resident though the program has given it back"),
		      words_size(size, freed));
	strbuf_puts(&evidence, _("LazyFree in smaps: the kernel takes such pages when memory is short"));
	sentence_keep(
	    s, &says, &evidence,
	    _("nothing has to be done; with MADV_DONTNEED instead of MADV_FREE, RSS would fall at once"));
	return true;
}

static bool say_locked(const struct facts *f, struct sentence *s)
{
	char size[WORDS_SIZE], all[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!sentence_matters(f, f->amounts.locked, 3))
		return false;
	s->weight = sentence_weigh(f->amounts.locked, 250);
	strbuf_printf(&says, _("%s is locked in memory and has to stay, whatever it is"),
		      words_size(size, f->amounts.locked));
	strbuf_printf(&evidence, _("resident in regions that mlock or mlockall has locked; these are %s"),
		      words_size(all, f->process->figures.read.values[KERNEL_LOCKED_SIZE]));
	sentence_keep(
	    s, &says, &evidence,
	    _("lock only what must not wait for a disk; mlockall may also lock what is mapped later"));
	return true;
}

static bool say_owner(const struct facts *f, struct sentence *s)
{
	char share[WORDS_SIZE], size[WORDS_SIZE], reserved[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };
	const struct owner *o;
	size_t i = 0;

	while (i < f->owners.count &&
	       (f->owners.list[i].kind == OWNER_FILE || f->owners.list[i].kind == OWNER_ARENA ||
		f->owners.list[i].kind == OWNER_UNKNOWN))
		i++;
	if (i == f->owners.count || !sentence_matters(f, f->owners.list[i].resident, 25))
		return false;
	o = &f->owners.list[i];
	s->weight = sentence_weigh(o->resident, o->sure == OWNER_POSSIBLE ? 60 : 110);
	strbuf_printf(&says,
		      o->sure == OWNER_CERTAIN  ? _("%s, %s of RSS, belongs to %s")
		      : o->sure == OWNER_LIKELY ? _("%s, %s of RSS, most likely belongs to %s")
						: _("%s, %s of RSS, may belong to %s"),
		      words_size(size, o->resident), words_share_of(share, o->resident, f->amounts.seen),
		      owner_title(o));
	strbuf_printf(&evidence,
		      ngettext("%s; %s reserved in %" PRIu64 " region",
			       "%s; %s reserved in %" PRIu64 " regions", (unsigned long)o->regions),
		      _(o->ground), words_size(reserved, o->reserved), o->regions);
	sentence_keep(s, &says, &evidence, remedy_owner(f, o->kind, &s->advice));
	return true;
}

static bool all_certain(const struct owners *o, enum owner_kind kind)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->list[i].kind == kind && o->list[i].sure != OWNER_CERTAIN)
			return false;
	return true;
}

static bool say_arenas(const struct facts *f, struct sentence *s)
{
	struct owner o = owners_sum(&f->owners, OWNER_ARENA);
	char share[WORDS_SIZE], size[WORDS_SIZE], reserved[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!sentence_matters(f, o.resident, o.heaps < 2 ? 25 : 5))
		return false;
	s->weight = sentence_weigh(o.resident, o.heaps > 8 ? 150 : 110);
	strbuf_printf(
	    &says,
	    all_certain(&f->owners, OWNER_ARENA)
		? ngettext("%s, %s of RSS, is in malloc's thread arenas: in %" PRIu64 " heap",
			   "%s, %s of RSS, is in malloc's thread arenas: in %" PRIu64 " heaps",
			   (unsigned long)o.heaps)
		: ngettext("%s, %s of RSS, is most likely in malloc's thread arenas: in %" PRIu64 " heap",
			   "%s, %s of RSS, is most likely in malloc's thread arenas: in %" PRIu64 " heaps",
			   (unsigned long)o.heaps),
	    words_size(size, o.resident), words_share_of(share, o.resident, f->amounts.seen), o.heaps);
	strbuf_printf(&evidence,
		      _("each begins at a multiple of 64 MiB, the size of glibc's heaps, and ends in a part "
			"that is not "
			"accessible yet; %s reserved"),
		      words_size(reserved, o.reserved));
	s->advice = remedy_unread(f) | ADVICE_TRIM;
	sentence_keep(s, &says, &evidence, _("MALLOC_ARENA_MAX=2 makes fewer arenas"));
	return true;
}

static bool say_malloc_free(const struct facts *f, struct sentence *s)
{
	uint64_t trimmable = sentence_figure(f, KERNEL_MALLOC_TRIMMABLE),
		 top = sentence_figure(f, KERNEL_MALLOC_TOP);
	char size[WORDS_SIZE], used[WORDS_SIZE], unused[WORDS_SIZE], tops[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(trimmable) || !sentence_matters(f, trimmable, 5))
		return false;
	s->weight = sentence_weigh(trimmable, 350);
	strbuf_printf(&says, _("malloc keeps %s resident that the program has freed"),
		      words_size(size, trimmable));
	strbuf_printf(&evidence, _("its chunks were read: %s in use, %s free in between, %s at the top"),
		      words_size(used, sentence_figure(f, KERNEL_MALLOC_USED)),
		      words_size(unused, sentence_figure(f, KERNEL_MALLOC_FREE)), words_size(tops, top));
	s->advice = ADVICE_TRIM;
	sentence_keep(s, &says, &evidence,
		      _("M_TRIM_THRESHOLD says when malloc gives memory back by itself"));
	return true;
}

static bool say_stacks(const struct facts *f, struct sentence *s)
{
	struct owner o = owners_sum(&f->owners, OWNER_THREADS);
	char size[WORDS_SIZE], reserved[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (o.parts < 8 || o.reserved < 64 * MIB)
		return false;
	s->weight = sentence_weigh(o.resident, 150) + min(o.reserved / 20, f->amounts.rss / 2);
	strbuf_printf(
	    &says,
	    _("%" PRIu64 " thread stacks reserve %s but hold only %s: the rest is address space, not memory"),
	    o.parts, words_size(reserved, o.reserved), words_size(size, o.resident));
	strbuf_puts(&evidence, _(o.ground));
	sentence_keep(
	    s, &says, &evidence,
	    _("no harm, unless address space is limited: then pthread_attr_setstacksize or ulimit -s"));
	return true;
}

static bool say_huge_zero(const struct facts *f, struct sentence *s)
{
	uint64_t zero = sentence_figure(f, KERNEL_HUGE_ZERO), all = sentence_figure(f, KERNEL_HUGE_READ);
	char share[WORDS_SIZE], size[WORDS_SIZE], read[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(all) || !sentence_matters(f, zero, 3))
		return false;
	s->weight = sentence_weigh(zero, 300);
	strbuf_printf(&says, _("%s of the huge pages is nothing but zeroes: memory that was never used"),
		      words_size(size, zero));
	strbuf_printf(&evidence, _("%s of huge pages was read, and %s of their small pages are all zero"),
		      words_size(read, all), words_share_of(share, zero, all));
	sentence_keep(
	    s, &says, &evidence,
	    _("MADV_NOHUGEPAGE for this memory, or transparent huge pages only on request (madvise)"));
	return true;
}

static bool say_huge(const struct facts *f, struct sentence *s)
{
	char share[WORDS_SIZE], size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (figure_known(f->process->figures.read.values[KERNEL_HUGE_READ]) ||
	    !sentence_matters(f, f->amounts.huge, 25))
		return false;
	s->weight = sentence_weigh(f->amounts.huge, 50);
	strbuf_printf(&says, _("%s, %s of RSS, is in huge pages; how much of them is used is not known"),
		      words_size(size, f->amounts.huge),
		      words_share_of(share, f->amounts.huge, f->amounts.rss));
	strbuf_puts(&evidence, _("a huge page is resident as a whole at its first touch"));
	sentence_keep(s, &says, &evidence, _("why --read counts how much of them is all zero"));
	return true;
}

static bool say_swap(const struct facts *f, struct sentence *s)
{
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!sentence_matters(f, f->amounts.swap, 3))
		return false;
	s->weight = sentence_weigh(f->amounts.swap, 250);
	strbuf_printf(&says, _("%s is in swap: not in RSS, but each touch waits for a disk"),
		      words_size(size, f->amounts.swap));
	strbuf_puts(&evidence,
		    _("pages that are swapped out; the kernel does not count swapped shared memory"));
	sentence_keep(s, &says, &evidence,
		      _("if it is slow: add memory, or run fewer programs at the same time"));
	return true;
}

static bool say_regions(const struct facts *f, struct sentence *s)
{
	uint64_t most = f->process->figures.read.values[KERNEL_REGIONS_MAX], now = f->amounts.regions;
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(most) || now * 10 < most * 7)
		return false;
	s->weight = sentence_weigh(f->amounts.rss, 400);
	strbuf_printf(&says,
		      _("It has %" PRIu64 " of the %" PRIu64
			" regions that it may have: beyond that mmap and mprotect fail"),
		      now, most);
	strbuf_puts(&evidence, _("vm.max_map_count"));
	sentence_keep(s, &says, &evidence, _("fewer, larger mappings; or raise vm.max_map_count (root)"));
	return true;
}

static bool say_page_tables(const struct facts *f, struct sentence *s)
{
	uint64_t tables = sentence_figure(f, KERNEL_PAGE_TABLES);
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(tables) || tables < 2 * MIB || !sentence_matters(f, tables, 3))
		return false;
	s->weight = sentence_weigh(tables, 250);
	strbuf_printf(&says, _("Its page tables take %s, which are not in RSS"), words_size(size, tables));
	strbuf_puts(&evidence, _("VmPTE in /proc/PID/status"));
	sentence_keep(s, &says, &evidence, _("memory that lies close together, or huge pages, need fewer"));
	return true;
}

/* Pages of a file that other processes wrote do not count: msync by this program would not help. */
static bool say_dirty(const struct facts *f, struct sentence *s)
{
	uint64_t written = amounts_written(f->process);
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!f->amounts.from_sums || !sentence_matters(f, written, 5))
		return false;
	s->weight = sentence_weigh(written, 150);
	strbuf_printf(&says, _("%s of files' pages is dirty: it can go once it is written back"),
		      words_size(size, written));
	strbuf_puts(&evidence, _("dirty pages in smaps, of files that are mapped shared and writable"));
	sentence_keep(s, &says, &evidence, _("msync or sync writes them"));
	return true;
}

static bool say_cgroup(const struct facts *f, struct sentence *s)
{
	uint64_t charge = sentence_figure(f, KERNEL_CGROUP_CHARGE),
		 limit = sentence_figure(f, KERNEL_CGROUP_LIMIT);
	char size[WORDS_SIZE], most[WORDS_SIZE], file[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(charge) || !figure_known(limit) || charge < limit / 10 * 8)
		return false;
	s->weight = sentence_weigh(f->amounts.rss, 500);
	strbuf_printf(
	    &says, _("Its memory cgroup is charged %s of %s: at the limit the kernel reclaims, then kills"),
	    words_size(size, charge), words_size(most, limit));
	strbuf_printf(&evidence, _("%s of the charge is page cache, most of which can go"),
		      words_size(file, sentence_figure(f, KERNEL_CGROUP_FILE)));
	sentence_keep(s, &says, &evidence,
		      _("raise the limit, or see which process of the group holds most"));
	return true;
}

static bool say_peak(const struct facts *f, struct sentence *s)
{
	uint64_t peak = sentence_figure(f, KERNEL_RSS_PEAK), rss = f->amounts.rss;
	bool largest = f->at_end < KERNEL_NONE;
	char most[WORDS_SIZE], now[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(peak) || peak < rss + rss / 4 || peak < rss + MIB)
		return false;
	s->weight = sentence_weigh(peak - rss, 120);
	strbuf_printf(&says,
		      largest ? _("Between two looks it was larger: %s resident at its peak, %s at this look")
		      : facts_ended(f) ? _("It was larger: %s resident at its peak, %s at its last look")
				       : _("It was larger: %s resident at its peak, now %s"),
		      words_size(most, peak), words_size(now, rss));
	strbuf_puts(&evidence, _("VmHWM in /proc/PID/status"));
	sentence_keep(s, &says, &evidence,
		      largest
			  ? _("look more often: --interval MS")
			  : _("record it, and ask for the verdict at that time: why SESSION --at SECONDS"));
	return true;
}

static bool say_nodes(const struct facts *f, struct sentence *s)
{
	const struct kernel_figures *read = &f->process->figures.read;
	uint64_t all = 0, most = 0;
	size_t node = 0, nodes = 0;
	char share[WORDS_SIZE], size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	for (size_t i = 0; i < read->nodes_count; i++) {
		nodes += read->nodes[i] > 0;
		all += read->nodes[i];
		if (read->nodes[i] > most) {
			most = read->nodes[i];
			node = i;
		}
	}
	if (!f->amounts.fresh || read->nodes_count < 2 || nodes < 2 || !sentence_matters(f, all - most, 10))
		return false;
	s->weight = sentence_weigh(all - most, 60);
	strbuf_printf(&says, _("Its memory lies on %zu NUMA nodes: %s of it on node %zu"), nodes,
		      words_share_of(share, most, all), node);
	strbuf_printf(&evidence, _("%s is elsewhere, according to numa_maps"), words_size(size, all - most));
	sentence_keep(s, &says, &evidence,
		      _("if its threads run on one node: numactl --membind, or let the kernel balance"));
	return true;
}

static bool (*const speakers[SENTENCE_KINDS])(const struct facts *, struct sentence *) = {
	[SENTENCE_GROWTH] = say_growth,
	[SENTENCE_UNSEEN] = say_unseen,
	[SENTENCE_GROWING] = say_growing,
	[SENTENCE_PRIVATE] = say_private,
	[SENTENCE_FILES] = say_files,
	[SENTENCE_FREED] = say_freed,
	[SENTENCE_FORK] = say_fork,
	[SENTENCE_COPIED] = say_copied,
	[SENTENCE_LOCKED] = say_locked,
	[SENTENCE_OWNER] = say_owner,
	[SENTENCE_ARENAS] = say_arenas,
	[SENTENCE_STACKS] = say_stacks,
	[SENTENCE_MALLOC_FREE] = say_malloc_free,
	[SENTENCE_HUGE_ZERO] = say_huge_zero,
	[SENTENCE_HUGE] = say_huge,
	[SENTENCE_SWAP] = say_swap,
	[SENTENCE_REGIONS] = say_regions,
	[SENTENCE_PAGE_TABLES] = say_page_tables,
	[SENTENCE_DIRTY] = say_dirty,
	[SENTENCE_CGROUP] = say_cgroup,
	[SENTENCE_PEAK] = say_peak,
	[SENTENCE_NODES] = say_nodes,
};

static void sentence_fini(struct sentence *s)
{
	free(s->says);
	free(s->evidence);
	free(s->remedy);
}

/* Inserts it in order; if there are too many, the last one goes. Returns how many. */
static size_t insert(struct sentence *list, size_t count, struct sentence *s)
{
	size_t at = count;

	while (at > 0 && list[at - 1].weight < s->weight)
		at--;
	if (at == SENTENCES_MAX) {
		sentence_fini(s);
		return count;
	}
	if (count == SENTENCES_MAX)
		sentence_fini(&list[--count]);
	memmove(&list[at + 1], &list[at], (count - at) * sizeof *list);
	list[at] = *s;
	return count + 1;
}

/* Each advice is given once, by the weightiest sentence that has it. */
static void add_advice(struct sentence *list, size_t count)
{
	unsigned given = 0;

	for (size_t i = 0; i < count; i++) {
		struct strbuf remedy = { 0 };

		strbuf_puts(&remedy, list[i].remedy);
		for (unsigned each = 1; each < ADVICE_END; each <<= 1)
			if (list[i].advice & each & ~given)
				strbuf_printf(&remedy, "%s%s", remedy.len ? "; " : "",
					      remedy_advice((enum advice)each));
		given |= list[i].advice;
		free(list[i].remedy);
		list[i].remedy = mem_strdup(remedy.text ? remedy.text : "");
		strbuf_fini(&remedy);
	}
}

size_t sentences_write(const struct facts *f, struct sentence list[static SENTENCES_MAX])
{
	size_t count = 0;

	for (int kind = 0; kind < SENTENCE_KINDS; kind++) {
		struct sentence s = { .kind = (enum sentence_kind)kind };

		if (speakers[kind](f, &s))
			count = insert(list, count, &s);
	}
	add_advice(list, count);
	return count;
}

void sentences_fini(struct sentence *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sentence_fini(&list[i]);
}
