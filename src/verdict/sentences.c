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
#include "base/strbuf.h"
#include "verdict/words.h"

#define MIB (UINT64_C(1) << 20)

static uint64_t weigh(uint64_t bytes, unsigned hundredths)
{
	return bytes / 100 * hundredths;
}

static bool matters(const struct facts *f, uint64_t bytes, unsigned percent)
{
	return bytes < KERNEL_NONE && bytes >= MIB / 4 && words_percent(bytes, f->amounts.rss) >= percent;
}

/* A figure of the kernel's; not known if it is of another time. */
static uint64_t figure(const struct facts *f, enum kernel_figure which)
{
	return f->amounts.fresh ? f->process->figures.read.values[which] : KERNEL_UNKNOWN;
}

static void keep(struct sentence *s, struct strbuf *says, struct strbuf *evidence, const char *remedy)
{
	s->says = mem_strdup(says->text);
	s->evidence = mem_strdup(evidence->text ? evidence->text : "");
	s->remedy = mem_strdup(remedy);
	strbuf_fini(says);
	strbuf_fini(evidence);
}

/* "cache_insert (leak.c:31)", "code without a name in leak" */
static void add_function(struct strbuf *out, const struct arrival_row *row)
{
	if (!*row->name) {
		strbuf_printf(
		    out, *row->object ? _("code without a name in %s") : _("code without a name, in no file"),
		    row->object);
		return;
	}
	strbuf_puts(out, row->name);
	if (*row->source || *row->object)
		strbuf_printf(out, " (%s)", *row->source ? row->source : row->object);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_loader(const struct arrival_row *row)
{
	return begins(row->object, "ld-") || begins(row->object, "ld.");
}

#define LOADER_PERCENT 33 /* every program has a loader's share: less is no news */

/* The function that is worth a sentence; NULL: none. */
static const struct arrival_row *first_function(const struct arrivals *g)
{
	for (size_t i = 0; i < g->functions.count; i++)
		if (!is_loader(&g->functions.list[i]) || g->functions.list[i].share >= LOADER_PERCENT)
			return &g->functions.list[i];
	return NULL;
}

/* If an interpreter, or code without a name, brought it in: how the script's functions get their names. */
static const char *growth_remedy(const struct facts *f, const struct arrival_row *first)
{
	bool nameless = !*first->name && !*first->object;

	if (owners_sum(&f->owners, OWNER_V8).regions && (nameless || begins(first->object, "node")))
		return N_("that is JavaScript's engine at work: with node --perf-basic-prof the script's "
			  "functions have names");
	if (owners_sum(&f->owners, OWNER_PYTHON).regions &&
	    (nameless || begins(first->object, "python") || begins(first->object, "libpython")))
		return N_("that is Python's interpreter at work: with python3 -X perf, from 3.12 on, the "
			  "script's functions have names");
	if (is_loader(first))
		return N_(
		    "that is the loader, which fits each library to its address once, at the start: fewer "
		    "libraries, less of it");
	if (nameless)
		return N_("code that is made at run time has names where the program writes a map of it "
			  "(/tmp/perf-PID.map)");
	return N_("look at what it keeps, and at what runs after it: memory that was freed is used again by "
		  "others without a fault");
}

static bool say_growth(const struct facts *f, struct sentence *s)
{
	const struct arrivals *g = &f->arrivals;
	const struct arrival_row *first = first_function(g);
	char part[WORDS_SIZE], all[WORDS_SIZE], unseen[WORDS_SIZE], time[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!first || !matters(f, first->bytes, 10))
		return false;
	s->weight = weigh(first->bytes, 450);
	strbuf_printf(&says, _("%u %% of what it gained in %s and still holds was first touched by "),
		      first->share, words_span(time, g->span_ns));
	add_function(&says, first);
	strbuf_printf(&evidence, _("%s of %s: the faults of these pages were seen there"),
		      words_size(part, first->bytes), words_size(all, g->came));
	if (g->unseen >= MIB / 4)
		strbuf_printf(&evidence, _("; of %s no fault was seen"), words_size(unseen, g->unseen));
	keep(s, &says, &evidence, _(growth_remedy(f, first)));
	return true;
}

static bool say_growing(const struct facts *f, struct sentence *s)
{
	const struct arrivals *g = &f->arrivals;
	uint64_t now = g->stayed + g->came, more = now - min_u64(now, g->before);
	bool alive = process_alive(f->process);
	char size[WORDS_SIZE], before[WORDS_SIZE], last[WORDS_SIZE], time[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!g->known || g->lately_ns < UINT64_C(500) * 1000000 || more < MIB / 2 || !matters(f, more, 3))
		return false;
	s->weight = weigh(more, 400);
	strbuf_printf(&says,
		      alive ? _("It was still growing: by %s in the last %s")
			    : _("It grew until its end: by %s in the last %s"),
		      words_size(size, more), words_span(time, g->lately_ns));
	strbuf_printf(&evidence, alive ? _("resident then %s, now %s") : _("resident then %s, at its end %s"),
		      words_size(before, g->before), words_size(last, now));
	keep(s, &says, &evidence,
	     alive ? _("watch it longer to see whether it levels off")
		   : _("it has ended: give it more to do to see whether it levels off"));
	return true;
}

static bool say_private(const struct facts *f, struct sentence *s)
{
	const struct amounts *a = &f->amounts;
	uint64_t stays = a->parts[AMOUNT_PRIVATE] + a->parts[AMOUNT_SHARED];
	uint64_t swap = f->process->figures.read.values[KERNEL_MACHINE_SWAP];
	char size[WORDS_SIZE], own[WORDS_SIZE], shared[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!matters(f, stays, 25))
		return false;
	s->weight = weigh(stays, 100);
	strbuf_printf(
	    &says,
	    swap == 0
		? _("%s, %u %% of RSS, has to stay: it is backed by no file, and this machine has no swap")
	    : swap >= KERNEL_NONE ? _("%s, %u %% of RSS, can go nowhere but to swap: it is backed by no file")
				  : _("%s, %u %% of RSS, can only go to swap: it is backed by no file"),
	    words_size(size, stays), a->shares[AMOUNT_PRIVATE] + a->shares[AMOUNT_SHARED]);
	strbuf_printf(&evidence, _("private memory %s, shared memory %s"),
		      words_size(own, a->parts[AMOUNT_PRIVATE]), words_size(shared, a->parts[AMOUNT_SHARED]));
	keep(s, &says, &evidence, _("only the program itself can free it"));
	return true;
}

static bool say_files(const struct facts *f, struct sentence *s)
{
	const struct amounts *a = &f->amounts;
	uint64_t clean = a->parts[AMOUNT_FILE_CLEAN];
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!matters(f, clean, 40))
		return false;
	s->weight = weigh(clean, 90);
	strbuf_printf(&says,
		      _("%s, %u %% of RSS, are clean pages of files: they can go at once, and cost a read "
			"when they are needed again"),
		      words_size(size, clean), a->shares[AMOUNT_FILE_CLEAN]);
	strbuf_puts(&evidence, _("pages of files that nobody has written"));
	keep(s, &says, &evidence, "");
	return true;
}

static bool say_freed(const struct facts *f, struct sentence *s)
{
	uint64_t freed = f->amounts.parts[AMOUNT_FREED];
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!matters(f, freed, 3))
		return false;
	s->weight = weigh(freed, 250);
	strbuf_printf(&says, _("%s still count as resident though the program has given them back"),
		      words_size(size, freed));
	strbuf_puts(&evidence, _("LazyFree in smaps: the kernel takes such pages when memory is short"));
	keep(s, &says, &evidence,
	     _("nothing has to be done; with MADV_DONTNEED instead of MADV_FREE, RSS would fall at once"));
	return true;
}

static bool say_fork(const struct facts *f, struct sentence *s)
{
	const struct amounts *a = &f->amounts;
	char size[WORDS_SIZE], rss[WORDS_SIZE], pss[WORDS_SIZE], own[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!matters(f, a->fork, 10))
		return false;
	s->weight = weigh(a->fork, 200);
	strbuf_printf(
	    &says,
	    _("%s of private memory are still shared with another process, as after a fork: adding up "
	      "RSS counts them more than once, and a write copies them"),
	    words_size(size, a->fork));
	strbuf_printf(&evidence, _("RSS %s, PSS %s; mapped by this process alone %s"),
		      words_size(rss, a->rss), words_size(pss, a->pss), words_size(own, a->own));
	keep(s, &says, &evidence, _("add up PSS instead; -f shows who copied what"));
	return true;
}

static bool say_locked(const struct facts *f, struct sentence *s)
{
	char size[WORDS_SIZE], all[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!matters(f, f->amounts.locked, 3))
		return false;
	s->weight = weigh(f->amounts.locked, 250);
	strbuf_printf(&says, _("%s are locked in memory and have to stay, whatever they are"),
		      words_size(size, f->amounts.locked));
	strbuf_printf(&evidence, _("resident in regions that mlock or mlockall has locked; these are %s"),
		      words_size(all, f->process->figures.read.values[KERNEL_LOCKED_SIZE]));
	keep(s, &says, &evidence,
	     _("lock only what must not wait for a disk; mlockall may also lock what is mapped later"));
	return true;
}

static bool say_owner(const struct facts *f, struct sentence *s)
{
	const struct owner *o = f->owners.list;
	char size[WORDS_SIZE], reserved[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	for (size_t i = 0; i < f->owners.count; i++, o++)
		if (o->kind != OWNER_FILE && o->kind != OWNER_ARENA && o->kind != OWNER_UNKNOWN)
			break;
	if (o == f->owners.list + f->owners.count || !matters(f, o->resident, 25))
		return false;
	s->weight = weigh(o->resident, o->sure == OWNER_POSSIBLE ? 60 : 110);
	strbuf_printf(&says,
		      o->sure == OWNER_CERTAIN  ? _("%s, %u %% of RSS, belong to %s")
		      : o->sure == OWNER_LIKELY ? _("%s, %u %% of RSS, most likely belong to %s")
						: _("%s, %u %% of RSS, may belong to %s"),
		      words_size(size, o->resident), words_percent(o->resident, f->amounts.seen),
		      owner_title(o));
	strbuf_printf(&evidence,
		      ngettext("%s; %s reserved in %" PRIu64 " region",
			       "%s; %s reserved in %" PRIu64 " regions", (unsigned long)o->regions),
		      _(o->ground), words_size(reserved, o->reserved), o->regions);
	keep(s, &says, &evidence, "");
	return true;
}

static bool say_arenas(const struct facts *f, struct sentence *s)
{
	struct owner o = owners_sum(&f->owners, OWNER_ARENA);
	char size[WORDS_SIZE], reserved[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (o.parts < 2 || !matters(f, o.resident, 5))
		return false;
	s->weight = weigh(o.resident, o.parts > 8 ? 150 : 110);
	strbuf_printf(&says, _("malloc has %" PRIu64 " thread arenas, which hold %s"), o.parts,
		      words_size(size, o.resident));
	strbuf_printf(&evidence,
		      _("regions that begin at multiples of the size of glibc's heaps (64 MiB); %s reserved"),
		      words_size(reserved, o.reserved));
	keep(s, &says, &evidence,
	     _("why --read counts what of it is free; malloc_trim(0) gives that back, MALLOC_ARENA_MAX=2 "
	       "makes "
	       "fewer"));
	return true;
}

static bool say_malloc_free(const struct facts *f, struct sentence *s)
{
	uint64_t trimmable = figure(f, KERNEL_MALLOC_TRIMMABLE), top = figure(f, KERNEL_MALLOC_TOP);
	char size[WORDS_SIZE], used[WORDS_SIZE], unused[WORDS_SIZE], tops[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(trimmable) || !matters(f, trimmable, 5))
		return false;
	s->weight = weigh(trimmable, 350);
	strbuf_printf(&says, _("malloc keeps %s resident that the program has freed"),
		      words_size(size, trimmable));
	strbuf_printf(&evidence, _("its chunks were read: %s in use, %s free in between, %s at the top"),
		      words_size(used, figure(f, KERNEL_MALLOC_USED)),
		      words_size(unused, figure(f, KERNEL_MALLOC_FREE)), words_size(tops, top));
	keep(s, &says, &evidence,
	     _("malloc_trim(0) gives it back; M_TRIM_THRESHOLD says when malloc does so by itself"));
	return true;
}

static bool say_stacks(const struct facts *f, struct sentence *s)
{
	struct owner o = owners_sum(&f->owners, OWNER_THREADS);
	char size[WORDS_SIZE], reserved[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (o.parts < 8 || o.reserved < 64 * MIB)
		return false;
	s->weight = weigh(o.resident, 150) + min_u64(o.reserved / 20, f->amounts.rss / 2);
	strbuf_printf(
	    &says,
	    _("%" PRIu64 " thread stacks reserve %s but hold only %s: the rest is address space, not memory"),
	    o.parts, words_size(reserved, o.reserved), words_size(size, o.resident));
	strbuf_puts(&evidence, _(o.ground));
	keep(s, &says, &evidence,
	     _("nothing, unless address space is limited: then pthread_attr_setstacksize or ulimit -s"));
	return true;
}

static bool say_huge_zero(const struct facts *f, struct sentence *s)
{
	uint64_t zero = figure(f, KERNEL_HUGE_ZERO), all = figure(f, KERNEL_HUGE_READ);
	char size[WORDS_SIZE], read[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(all) || !matters(f, zero, 3))
		return false;
	s->weight = weigh(zero, 300);
	strbuf_printf(&says, _("%s of the huge pages are nothing but zeroes: memory that was never used"),
		      words_size(size, zero));
	strbuf_printf(&evidence, _("%s of huge pages were read, and %u %% of their small pages are all zero"),
		      words_size(read, all), words_percent(zero, all));
	keep(s, &says, &evidence,
	     _("MADV_NOHUGEPAGE for this memory, or transparent huge pages only on request (madvise)"));
	return true;
}

static bool say_huge(const struct facts *f, struct sentence *s)
{
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (figure_known(f->process->figures.read.values[KERNEL_HUGE_READ]) ||
	    !matters(f, f->amounts.huge, 25))
		return false;
	s->weight = weigh(f->amounts.huge, 50);
	strbuf_printf(&says, _("%s, %u %% of RSS, are in huge pages; how much of them is used is not known"),
		      words_size(size, f->amounts.huge), words_percent(f->amounts.huge, f->amounts.rss));
	strbuf_puts(&evidence, _("a huge page is resident as a whole at its first touch"));
	keep(s, &says, &evidence, _("why --read counts what of them is all zero"));
	return true;
}

static bool say_swap(const struct facts *f, struct sentence *s)
{
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!matters(f, f->amounts.swap, 3))
		return false;
	s->weight = weigh(f->amounts.swap, 250);
	strbuf_printf(&says, _("%s are in swap: not in RSS, but each touch waits for a disk"),
		      words_size(size, f->amounts.swap));
	strbuf_puts(&evidence,
		    _("pages that are swapped out; the kernel does not count swapped shared memory"));
	keep(s, &says, &evidence, _("if it is slow: add memory, or run fewer programs at the same time"));
	return true;
}

static bool say_regions(const struct facts *f, struct sentence *s)
{
	uint64_t most = f->process->figures.read.values[KERNEL_REGIONS_MAX], now = f->amounts.regions;
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(most) || now * 10 < most * 7)
		return false;
	s->weight = weigh(f->amounts.rss, 400);
	strbuf_printf(&says,
		      _("It has %" PRIu64 " of the %" PRIu64
			" regions that it may have: beyond that mmap and mprotect fail"),
		      now, most);
	strbuf_puts(&evidence, _("vm.max_map_count"));
	keep(s, &says, &evidence, _("fewer, larger mappings; or raise vm.max_map_count (root)"));
	return true;
}

static bool say_page_tables(const struct facts *f, struct sentence *s)
{
	uint64_t tables = figure(f, KERNEL_PAGE_TABLES);
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(tables) || tables < 2 * MIB || !matters(f, tables, 3))
		return false;
	s->weight = weigh(tables, 250);
	strbuf_printf(&says, _("Its page tables take %s, which are not in RSS"), words_size(size, tables));
	strbuf_puts(&evidence, _("VmPTE in /proc/PID/status"));
	keep(s, &says, &evidence, _("memory that lies close together, or huge pages, need fewer"));
	return true;
}

static bool say_dirty(const struct facts *f, struct sentence *s)
{
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!matters(f, f->amounts.parts[AMOUNT_FILE_DIRTY], 3))
		return false;
	s->weight = weigh(f->amounts.parts[AMOUNT_FILE_DIRTY], 200);
	strbuf_printf(&says,
		      f->amounts.dirty_at_least ? _("At least %s of files' pages are dirty: they can go once "
						    "they are written")
						: _("%s of files' pages are dirty: they can go once they are "
						    "written"),
		      words_size(size, f->amounts.parts[AMOUNT_FILE_DIRTY]));
	strbuf_puts(&evidence, _("dirty pages in smaps that are not the process's own copies"));
	keep(s, &says, &evidence, _("msync or sync writes them"));
	return true;
}

static bool say_cgroup(const struct facts *f, struct sentence *s)
{
	uint64_t charge = figure(f, KERNEL_CGROUP_CHARGE), limit = figure(f, KERNEL_CGROUP_LIMIT);
	char size[WORDS_SIZE], most[WORDS_SIZE], file[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(charge) || !figure_known(limit) || charge < limit / 10 * 8)
		return false;
	s->weight = weigh(f->amounts.rss, 500);
	strbuf_printf(
	    &says, _("Its memory cgroup is charged %s of %s: at the limit the kernel reclaims, then kills"),
	    words_size(size, charge), words_size(most, limit));
	strbuf_printf(&evidence, _("of the charge %s are page cache, most of which can go"),
		      words_size(file, figure(f, KERNEL_CGROUP_FILE)));
	keep(s, &says, &evidence, _("raise the limit, or see which process of the group holds most"));
	return true;
}

static bool say_peak(const struct facts *f, struct sentence *s)
{
	uint64_t peak = figure(f, KERNEL_RSS_PEAK), rss = f->amounts.rss;
	char most[WORDS_SIZE], now[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!figure_known(peak) || peak < rss + rss / 4 || peak < rss + MIB)
		return false;
	s->weight = weigh(peak - rss, 120);
	strbuf_printf(&says,
		      process_alive(f->process) ? _("It was larger: %s resident at its peak, now %s")
						: _("It was larger: %s resident at its peak, %s at its end"),
		      words_size(most, peak), words_size(now, rss));
	strbuf_puts(&evidence, _("VmHWM in /proc/PID/status"));
	keep(s, &says, &evidence,
	     _("record it, and ask for the verdict at that time: why SESSION --at SECONDS"));
	return true;
}

static bool say_nodes(const struct facts *f, struct sentence *s)
{
	const struct kernel_figures *read = &f->process->figures.read;
	uint64_t all = 0, most = 0;
	size_t node = 0, nodes = 0;
	char size[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	for (size_t i = 0; i < read->nodes_count; i++) {
		nodes += read->nodes[i] > 0;
		all += read->nodes[i];
		if (read->nodes[i] > most) {
			most = read->nodes[i];
			node = i;
		}
	}
	if (!f->amounts.fresh || read->nodes_count < 2 || nodes < 2 || !matters(f, all - most, 10))
		return false;
	s->weight = weigh(all - most, 60);
	strbuf_printf(&says, _("Its memory lies on %zu NUMA nodes: %u %% of it on node %zu"), nodes,
		      words_percent(most, all), node);
	strbuf_printf(&evidence, _("%s are elsewhere, by numa_maps"), words_size(size, all - most));
	keep(s, &says, &evidence,
	     _("if its threads run on one node: numactl --membind, or let the kernel balance"));
	return true;
}

static bool (*const speakers[SENTENCE_KINDS])(const struct facts *, struct sentence *) = {
	[SENTENCE_GROWTH] = say_growth,
	[SENTENCE_GROWING] = say_growing,
	[SENTENCE_PRIVATE] = say_private,
	[SENTENCE_FILES] = say_files,
	[SENTENCE_FREED] = say_freed,
	[SENTENCE_FORK] = say_fork,
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

const char *sentence_kind_name(enum sentence_kind kind)
{
	static const char *const names[SENTENCE_KINDS] = {
		[SENTENCE_GROWTH] = "growth",
		[SENTENCE_GROWING] = "still-growing",
		[SENTENCE_PRIVATE] = "private",
		[SENTENCE_FILES] = "clean-files",
		[SENTENCE_FREED] = "lazily-free",
		[SENTENCE_FORK] = "shared-since-fork",
		[SENTENCE_LOCKED] = "locked",
		[SENTENCE_OWNER] = "owner",
		[SENTENCE_ARENAS] = "arenas",
		[SENTENCE_STACKS] = "thread-stacks",
		[SENTENCE_MALLOC_FREE] = "malloc-free",
		[SENTENCE_HUGE_ZERO] = "huge-zero",
		[SENTENCE_HUGE] = "huge",
		[SENTENCE_SWAP] = "swap",
		[SENTENCE_REGIONS] = "regions",
		[SENTENCE_PAGE_TABLES] = "page-tables",
		[SENTENCE_DIRTY] = "dirty-files",
		[SENTENCE_CGROUP] = "cgroup",
		[SENTENCE_PEAK] = "peak",
		[SENTENCE_NODES] = "nodes",
	};

	return (unsigned)kind < SENTENCE_KINDS ? names[kind] : "unknown";
}

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

size_t sentences_write(const struct facts *f, struct sentence list[static SENTENCES_MAX])
{
	size_t count = 0;

	for (int kind = 0; kind < SENTENCE_KINDS; kind++) {
		struct sentence s = { .kind = (enum sentence_kind)kind };

		if (speakers[kind](f, &s))
			count = insert(list, count, &s);
	}
	return count;
}

void sentences_fini(struct sentence *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sentence_fini(&list[i]);
}
