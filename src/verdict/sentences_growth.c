#include "verdict/sentences_growth.h"

#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "verdict/remedies.h"
#include "verdict/sentence.h"
#include "verdict/words.h"

#define MIB (UINT64_C(1) << 20)

/* "cache_insert (leak.c:31)", "code without a name in leak" */
static void add_function(struct strbuf *out, const struct arrival_row *row)
{
	arrival_function(out, row);
	if (*row->name && (*row->source || *row->object))
		strbuf_printf(out, " (%s)", *row->source ? row->source : row->object);
}

#define LOADER_PERCENT 33 /* every program has a loader's share: less is no news */

/* The function that is worth a sentence, preferably one that is fully known; NULL: none. */
static const struct arrival_row *first_function(const struct facts *f)
{
	const struct arrivals *g = &f->arrivals;
	const struct arrival_row *other = NULL;

	for (size_t i = 0; i < g->functions.count; i++) {
		const struct arrival_row *row = &g->functions.list[i];

		if ((remedy_is_loader(row) && row->share < LOADER_PERCENT) ||
		    !sentence_matters(f, row->bytes, 10))
			continue;
		if (row->who == ARRIVAL_KNOWN)
			return row;
		other = other ? other : row;
	}
	return other;
}

/* Adds what is not known about the rest. */
static void add_unseen(struct strbuf *out, const struct arrivals *g)
{
	char size[WORDS_SIZE];

	if (g->unseen < MIB / 4)
		return;
	strbuf_printf(
	    out,
	    g->user_only
		? _("; for %s no fault was seen: those within system calls are hidden from this user")
	    : g->lost ? _("; for %s no fault was seen: some were lost")
		      : _("; for %s no fault was seen"),
	    words_size(size, g->unseen));
}

/* Prefers named code: code without a name or a caller is of little use to people. */
bool say_growth(const struct facts *f, struct sentence *s)
{
	const struct arrivals *g = &f->arrivals;
	const struct arrival_row *first = first_function(f);
	char share[WORDS_SIZE], part[WORDS_SIZE], all[WORDS_SIZE], time[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!first)
		return false;
	s->weight = sentence_weigh(first->bytes, *first->name && first->who == ARRIVAL_KNOWN ? 450 : 60);
	strbuf_printf(&says, _("%s of what it gained in %s and still holds was first touched by "),
		      words_share(share, first->share, first->bytes, g->came), words_span(time, g->span_ns));
	add_function(&says, first);
	if (first->who != ARRIVAL_KNOWN)
		strbuf_puts(&says, _("; who called it is not known"));
	strbuf_printf(&evidence, _("%s of %s: the faults of these pages were seen there"),
		      words_size(part, first->bytes), words_size(all, g->came));
	add_unseen(&evidence, g);
	sentence_keep(s, &says, &evidence, remedy_growth(f, first, &s->advice));
	return true;
}

/* Most of what came is not attributed to code, for a reason that can be remedied. */
bool say_unseen(const struct facts *f, struct sentence *s)
{
	const struct arrivals *g = &f->arrivals;
	char share[WORDS_SIZE], part[WORDS_SIZE], all[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!g->faults || (!g->user_only && !g->lost) || g->unseen < g->came / 2 ||
	    !sentence_matters(f, g->unseen, 10))
		return false;
	s->weight = sentence_weigh(g->unseen, 105);
	strbuf_printf(&says, _("Who first touched %s of what it gained is not known: "),
		      words_share(share, g->unseen_share, g->unseen, g->came));
	strbuf_puts(&says, g->user_only
			       ? _("this user may not see faults within system calls, such as read()")
			       : _("faults came faster than they could be taken, and were lost"));
	strbuf_printf(&evidence, _("for %s of %s no fault was seen"), words_size(part, g->unseen),
		      words_size(all, g->came));
	sentence_keep(s, &says, &evidence,
		      g->user_only ? _("ask as root (sudo), or with CAP_PERFMON")
				   : _("--sample 100 takes fewer stacks, so that fewer faults are lost"));
	return true;
}

/* Can it have been much larger than now, in the time that the sentence is about? A peak that no look saw may
 * have been then, unless it was before the watch. */
static bool has_shrunk(const struct facts *f, uint64_t now)
{
	const struct process *p = f->process;
	const struct arrivals *g = &f->arrivals;
	uint64_t peak = p->figures.known ? p->figures.read.values[KERNEL_RSS_PEAK] : KERNEL_UNKNOWN;
	bool whole = p->identity.launched || p->identity.recorded_launch || p->course.execs;
	uint64_t most = now + now / 10 + MIB;

	return g->lately_peak > most ||
	       (whole && figure_known(peak) && peak > most && peak > g->peak + g->peak / 10);
}

/* May most of it have come before the last quarter of the time? Its looks can be far apart. */
static bool came_earlier(const struct arrivals *g, uint64_t more)
{
	return g->faults && g->unseen < g->came / 2 && g->lately_seen < more / 2;
}

bool say_growing(const struct facts *f, struct sentence *s)
{
	const struct arrivals *g = &f->arrivals;
	uint64_t now = g->stayed + g->came, more = now - min(now, g->before);
	bool alive = !facts_ended(f);
	char size[WORDS_SIZE], before[WORDS_SIZE], last[WORDS_SIZE], time[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (f->at_end < KERNEL_NONE || !g->known || g->lately_ns < UINT64_C(500) * 1000000 ||
	    more < MIB / 2 || !sentence_matters(f, more, 3) || has_shrunk(f, now) || came_earlier(g, more))
		return false;
	s->weight = sentence_weigh(more, 400);
	strbuf_printf(&says,
		      alive ? _("It was still growing: by %s in the last %s")
			    : _("It grew until its end: by %s in the last %s"),
		      words_size(size, more), words_span(time, g->lately_ns));
	strbuf_printf(&evidence, alive ? _("resident then %s, now %s") : _("resident then %s, at its end %s"),
		      words_size(before, g->before), words_size(last, now));
	sentence_keep(s, &says, &evidence,
		      alive ? _("watch it longer to see whether it levels off")
			    : _("it has ended: give it more to do to see whether it levels off"));
	return true;
}
