#include "verdict/verdict.h"

void verdict_init(struct verdict *v, const struct world *world, const struct process *p, uint64_t now_ns,
		  uint64_t at_end)
{
	struct facts *facts = &v->facts;

	*v =
	    (struct verdict){ .facts = { .process = p, .world = world, .now_ns = now_ns, .at_end = at_end } };
	amounts_take(&facts->amounts, p);
	owners_take(&facts->owners, p);
	arrivals_take(&facts->arrivals, p, now_ns);
	v->sentences_count = sentences_write(facts, v->sentences);
}

void verdict_fini(struct verdict *v)
{
	sentences_fini(v->sentences, v->sentences_count);
	owners_fini(&v->facts.owners);
	arrivals_fini(&v->facts.arrivals);
	*v = (struct verdict){ 0 };
}
