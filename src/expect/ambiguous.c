#include "expect/ambiguous.h"

#include "event/region.h"
#include "expect/figure.h"

/* "data" of `byte of data`, "status" of `status = 7`; NULL: it has no such word. */
static const char *bare_word(const struct expect_term *term)
{
	const struct expect_place *place = term->place;

	while (place && place->kind == EXPECT_PLACE_PAGES)
		place = place->inner;
	if (place)
		return place->kind == EXPECT_PLACE_REGIONS && place->region >= 0 && !place->name
			   ? region_kind_name((enum region_kind)place->region)
			   : NULL;
	return term->kind == EXPECT_TERM_FIGURE ? term->figure->name : NULL;
}

struct ambiguity {
	const struct expect_facts *facts;
	const char *found;
};

static void look(void *context, struct expect_term *term)
{
	struct ambiguity *s = context;
	const char *word = bare_word(term);
	struct expect_variable variable;
	struct err err = { 0 };

	if (word && !s->found &&
	    s->facts->ops->variable(s->facts->context, s->facts->pid, word, &variable, &err) == 0)
		s->found = word;
}

const char *expect_ambiguous(const struct expect_facts *facts, struct expect *e)
{
	struct ambiguity s = { .facts = facts };

	if (facts->ops)
		expect_visit(e, look, &s);
	return s.found;
}
