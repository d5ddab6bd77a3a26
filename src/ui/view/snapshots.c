/* Snapshots are copies: the process runs on. */
#include "ui/view/snapshots.h"

static void forget_b(struct snapshots *s)
{
	if (s->compared)
		diff_fini(&s->diff);
	s->compared = false;
	if (s->b)
		space_destroy(s->b);
	s->b = NULL;
}

void snapshots_forget(struct snapshots *s)
{
	forget_b(s);
	if (s->a)
		space_destroy(s->a);
	s->a = NULL;
}

void snapshots_mark(struct snapshots *s, const struct space *space, uint64_t now_ns)
{
	snapshots_forget(s);
	s->a = space_copy(space);
	s->a_ns = now_ns;
}

void snapshots_compare(struct snapshots *s, const struct space *space, uint64_t now_ns)
{
	forget_b(s);
	s->b = space_copy(space);
	s->b_ns = now_ns;
	diff_spaces(&s->diff, s->a, s->b);
	s->compared = true;
}
