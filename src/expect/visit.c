/* All terms of an expectation, places' too. */
#include "expect/expect.h"

void expect_visit_place(struct expect_place *place, expect_visitor *visit, void *context)
{
	if (!place)
		return;
	expect_visit_term(place->length, visit, context);
	expect_visit_term(place->address, visit, context);
	expect_visit_term(place->from, visit, context);
	expect_visit_term(place->to, visit, context);
	expect_visit_place(place->inner, visit, context);
}

void expect_visit_term(struct expect_term *term, expect_visitor *visit, void *context)
{
	if (!term)
		return;
	visit(context, term);
	expect_visit_term(term->left, visit, context);
	expect_visit_term(term->right, visit, context);
	expect_visit_place(term->place, visit, context);
}

void expect_visit(struct expect *e, expect_visitor *visit, void *context)
{
	expect_visit_term(e->left, visit, context);
	for (size_t i = 0; i < e->rights; i++)
		expect_visit_term(e->right[i], visit, context);
}

const char *expect_variable_name(const struct expect_term *term)
{
	const struct expect_place *place = term->place;

	while (place && place->kind == PLACE_PAGES)
		place = place->inner;
	if (place)
		return place->kind == PLACE_VARIABLE ? place->name : NULL;
	return term->kind == TERM_VARIABLE ? term->text : NULL;
}
