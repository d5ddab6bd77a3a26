#include "store/codec_kin.h"

#include <stdlib.h>

#include "event/runs.h"
#include "store/codec_bits.h"
#include "store/codec_memory.h"

/* The model's numbers are the file's: if they are ever renumbered, they have to be translated here. */
_Static_assert(FORKED_STAGES_MAX == 7 && FORKED_PAGES_MAX == 6, "stages and pages are the file's");

enum {
	FORKED_MORE = 1,
	FORKED_WHOLE = 2,
	FORKED_VFORK = 4,
	FORKED_KNOWN = 8,
	FORKED_LOST = 16,
	FORKED_EARLY = 32
};
enum { COPIER_PARENT = 1, COPIER_NAMED = 2 };

void kin_coder_reset(struct kin_coder *c)
{
	c->ip = 0;
}

void kin_coder_fini(struct kin_coder *c)
{
	free(c->tiles);
	*c = (struct kin_coder){ 0 };
}

/* The figures of an account, in the order of the file. */
#define FIGURES 9
static void figures_of(struct event_forked *f, uint64_t *figures[static FIGURES])
{
	uint64_t *all[FIGURES] = { &f->forked_ns, &f->looked_ns, &f->shared,   &f->copied, &f->by_child,
				   &f->by_parent, &f->unknown,   &f->given_up, &f->rest };

	for (int i = 0; i < FIGURES; i++)
		figures[i] = all[i];
}

void kin_put_forked(struct kin_coder *c, struct strbuf *out, const struct event *e)
{
	struct event_forked f = e->forked;
	uint64_t *figures[FIGURES], at = 0;

	bytes_put_varint(out, (f.more ? FORKED_MORE : 0u) | (f.whole ? FORKED_WHOLE : 0u) |
				  (f.vfork ? FORKED_VFORK : 0u) | (f.known ? FORKED_KNOWN : 0u) |
				  (f.lost_before ? FORKED_LOST : 0u) | (f.lost_early ? FORKED_EARLY : 0u));
	bytes_put_varint(out, f.stage);
	figures_of(&f, figures);
	for (int i = 0; i < FIGURES; i++)
		bytes_put_varint(out, *figures[i]);
	if (f.lost_before) /* not in files of earlier versions */
		bytes_put_varint(out, f.lost_before);
	if (f.lost_early)
		bytes_put_varint(out, f.lost_early);
	bytes_put_varint(out, f.n);
	for (size_t i = 0; i < f.n; i++) {
		bytes_put_varint(out, f.tiles[i].first - at);
		bytes_put_varint(out, f.tiles[i].end - f.tiles[i].first);
		bytes_put_varint(out, f.tiles[i].value);
		at = f.tiles[i].end;
	}
}

static void get_tiles(struct kin_coder *c, struct cursor *in, struct event_forked *f)
{
	uint64_t at = 0;

	f->n = (size_t)bytes_get_bounded(in, CODER_TILES_MAX);
	mem_grow(c->tiles, c->tiles_cap, f->n);
	for (size_t i = 0; i < f->n && !in->bad; i++) {
		struct run *tile = &c->tiles[i];

		tile->first = at + bytes_get_bounded(in, RUNS_END);
		tile->end = at = tile->first + bytes_get_bounded(in, RUNS_END);
		tile->value = (uint32_t)bytes_get_bounded(in, FORKED_PAGES_MAX);
		if (tile->first >= tile->end || tile->end > RUNS_END)
			in->bad = true;
	}
	f->tiles = c->tiles;
}

void kin_get_forked(struct kin_coder *c, struct cursor *in, struct event *e)
{
	struct event_forked *f = &e->forked;
	uint64_t *figures[FIGURES], flags = bytes_get_varint(in);

	f->more = flags & FORKED_MORE;
	f->whole = flags & FORKED_WHOLE;
	f->vfork = flags & FORKED_VFORK;
	f->known = flags & FORKED_KNOWN;
	f->stage = (unsigned)bytes_get_bounded(in, FORKED_STAGES_MAX - 1);
	figures_of(f, figures);
	for (int i = 0; i < FIGURES; i++)
		*figures[i] = bytes_get_varint(in);
	f->lost_before = flags & FORKED_LOST ? bytes_get_varint(in) : 0;
	f->lost_early = flags & FORKED_EARLY ? bytes_get_varint(in) : 0;
	get_tiles(c, in, f);
}

void kin_put_copier(struct kin_coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_copier *copier = &e->copier;

	bytes_put_varint(out, (copier->parent ? COPIER_PARENT : 0u) | (copier->named ? COPIER_NAMED : 0u));
	bytes_put_signed(out, (int64_t)(copier->ip - c->ip));
	bytes_put_varint(out, copier->pages);
	bytes_put_text(out, copier->named ? copier->function : "");
	bytes_put_text(out, copier->named ? copier->object : "");
	c->ip = copier->ip;
}

void kin_get_copier(struct kin_coder *c, struct cursor *in, struct event *e)
{
	struct event_copier *copier = &e->copier;
	uint64_t flags = bytes_get_varint(in);

	copier->parent = flags & COPIER_PARENT;
	copier->named = flags & COPIER_NAMED;
	copier->ip = c->ip += (uint64_t)bytes_get_signed(in);
	copier->pages = bytes_get_varint(in);
	copier->function = bytes_get_text(in);
	copier->object = bytes_get_text(in);
}
