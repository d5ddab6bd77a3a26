#include "verdict/sentences_fork.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/text.h"
#include "model/forks.h"
#include "verdict/copiers.h"
#include "verdict/sentence.h"
#include "verdict/words.h"

enum forks_known { FORKS_UNSEEN, FORKS_UNCOUNTED, FORKS_COUNTED };

/* Was the child's fork seen, and is it known what was copied since? */
static enum forks_known known_of(const struct facts *f, const struct process *child)
{
	const struct process *parent = f->world ? world_find(f->world, child->parent) : NULL;

	if (child->forked.stage == FORKED_NO)
		return FORKS_UNSEEN;
	return child->forked.known &&
		       forked_bound(&child->forked, forks_lost(child, parent)) != FORKED_UNKNOWN
		   ? FORKS_COUNTED
		   : FORKS_UNCOUNTED;
}

/* Of the forks that the process took part in, the one that most is known of. The process can be a copy from before
 * them. */
static enum forks_known find_known(const struct facts *f)
{
	enum forks_known most = known_of(f, f->process);

	for (size_t i = 0; f->world && i < f->world->count; i++)
		if (f->world->processes[i]->parent == f->process->pid)
			most = max(most, known_of(f, f->world->processes[i]));
	return most;
}

static const char *remedy_shared(enum forks_known known)
{
	switch (known) {
	case FORKS_COUNTED:
		return N_("add up PSS instead; the table of forks has who copied what");
	case FORKS_UNCOUNTED:
		return N_(
		    "add up PSS instead; who copied what is only known of forks that are watched from the "
		    "start");
	case FORKS_UNSEEN:
		break;
	}
	return N_("add up PSS instead; -f, or -p with both processes, shows who copied what");
}

bool say_fork(const struct facts *f, struct sentence *s)
{
	const struct amounts *a = &f->amounts;
	char size[WORDS_SIZE], rss[WORDS_SIZE], pss[WORDS_SIZE], own[WORDS_SIZE];
	struct strbuf says = { 0 }, evidence = { 0 };

	if (!sentence_matters(f, a->fork, 10))
		return false;
	s->weight = sentence_weigh(a->fork, 200);
	strbuf_printf(&says,
		      _("%s of private memory is still shared with another process, as after a fork: adding "
			"up RSS counts it more than once, and a write copies what it touches"),
		      words_size(size, a->fork));
	strbuf_printf(&evidence, _("RSS %s, PSS %s; mapped by this process alone %s"),
		      words_size(rss, a->rss), words_size(pss, a->pss), words_size(own, a->own));
	sentence_keep(s, &says, &evidence, _(remedy_shared(find_known(f))));
	return true;
}

/* Of the forks that it took part in, as child or as parent, the one with most copies; NULL: none. */
static const struct process *most_copied(const struct facts *f)
{
	const struct process *most = f->process->forked.known ? f->process : NULL;

	for (size_t i = 0; f->world && i < f->world->count; i++) {
		const struct process *child = f->world->processes[i];

		if (child->parent == f->process->pid && child->forked.known &&
		    (!most || child->forked.figures.copied > most->forked.figures.copied))
			most = child;
	}
	return most;
}

static bool is_of_python(const struct copier *c)
{
	return text_begins(c->object, "python") || text_begins(c->object, "libpython");
}

static uint64_t pages_of(const struct copiers *copiers, bool parent, bool python)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < copiers->count; i++)
		if (copiers->list[i].parent == parent && (!python || is_of_python(&copiers->list[i])))
			pages += copiers->list[i].pages;
	return pages;
}

/* A remedy only if it is known what writes: Python's own code, or the parent, which copies as long as the
 * child exists. */
static const char *remedy_copied(const struct process *child, const struct copiers *copiers)
{
	const struct forked_figures *n = &child->forked.figures;

	if (pages_of(copiers, false, true) > n->by_child / 2 && n->by_child >= n->by_parent)
		return N_(
		    "that is Python's interpreter, which writes to each object that it counts or collects: "
		    "gc.freeze() before the fork keeps the collector off what is there by then, not the "
		    "counts");
	if (n->by_parent > n->by_child)
		return N_(
		    "the parent copies what it writes for as long as the child lives: a child that ends "
		    "sooner, or fewer writes meanwhile, copies less");
	return "";
}

/* "1163 of them by the child, most by gc_collect_main (python3.11)" */
static void add_copiers(struct strbuf *out, const struct process *child, const struct copiers *copiers)
{
	const struct forked_figures *n = &child->forked.figures;
	const struct copier *first = copiers->count ? &copiers->list[0] : NULL;

	strbuf_printf(out, _("pages copied by the child: %" PRIu64 ", by the parent: %" PRIu64), n->by_child,
		      n->by_parent);
	if (first)
		strbuf_printf(out,
			      first->parent ? _("; most, %" PRIu64 ", by %s%s%s%s in the parent")
					    : _("; most, %" PRIu64 ", by %s%s%s%s in the child"),
			      first->pages, *first->function ? first->function : _("code without a name"),
			      *first->object ? " (" : "", first->object, *first->object ? ")" : "");
	if (*forked_until_text(child->forked.stage))
		strbuf_printf(out, "; %s", forked_until_text(child->forked.stage));
}

/* The text for one of the two. */
static const char *text_of(bool parent, bool exact)
{
	if (parent)
		return exact ? _("Of %s that it shared with its child %d at the fork, %s has been copied "
				 "since: %s")
			     : _("Of %s that it shared with its child %d at the fork, at least %s has "
				 "been copied since: %s");
	return exact ? _("Of %s that it shared with its parent %d at the fork, %s has been copied since: %s")
		     : _("Of %s that it shared with its parent %d at the fork, at least %s has been copied "
			 "since: %s");
}

static void add_copied(struct strbuf *out, const struct process *p, const struct process *child, bool exact)
{
	const struct forked_figures *n = &child->forked.figures;
	unsigned shift = p->space->page_shift, least = words_percent_down(n->copied, n->shared);
	bool parent = child != p;
	int other = (int)(parent ? child->pid : child->parent);
	char share[WORDS_SIZE], shared[WORDS_SIZE], size[WORDS_SIZE];

	words_size(shared, n->shared << shift);
	words_size(size, n->copied << shift);
	if (least || exact)
		strbuf_printf(out, text_of(parent, exact), shared, other,
			      words_share(share, exact ? words_percent(n->copied, n->shared) : least,
					  n->copied, n->shared),
			      size);
	else /* no number of hundredths that it is at least */
		strbuf_printf(out,
			      parent
				  ? _("Of %s that it shared with its child %d at the fork, at least %s has "
				      "been copied since")
				  : _("Of %s that it shared with its parent %d at the fork, at least %s has "
				      "been copied since"),
			      shared, other, size);
}

bool say_copied(const struct facts *f, struct sentence *s)
{
	const struct process *child = most_copied(f);
	uint64_t copied = child ? child->forked.figures.copied << f->process->space->page_shift : 0;
	enum forked_bound bound;
	struct strbuf says = { 0 }, evidence = { 0 };
	struct copiers copiers;
	const char *remedy;

	if (!child || !sentence_matters(f, copied, 5))
		return false;
	bound = forked_bound(&child->forked,
			     forks_lost(child, f->world ? world_find(f->world, child->parent) : NULL));
	copiers = copiers_take(f->world, child);
	s->weight = sentence_weigh(copied, 300);
	add_copied(&says, f->process, child, bound == FORKED_EXACT);
	add_copiers(&evidence, child, &copiers);
	remedy = remedy_copied(child, &copiers);
	sentence_keep(s, &says, &evidence, *remedy ? _(remedy) : "");
	copiers_fini(&copiers);
	return true;
}
