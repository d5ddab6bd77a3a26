/* Parsed expectations: all their terms, and their end. */
#include "expect/expect.h"

#include <stdlib.h>

void expect_place_destroy(struct expect_place *place)
{
	if (!place)
		return;
	free(place->name);
	expect_term_destroy(place->length);
	expect_term_destroy(place->address);
	expect_term_destroy(place->from);
	expect_term_destroy(place->to);
	expect_place_destroy(place->inner);
	free(place);
}

void expect_term_destroy(struct expect_term *term)
{
	if (!term)
		return;
	free(term->text);
	free(term->mark);
	free(term->faults.function);
	free(term->faults.since);
	expect_term_destroy(term->left);
	expect_term_destroy(term->right);
	expect_place_destroy(term->place);
	value_fini(&term->kept);
	free(term);
}

void expect_destroy(struct expect *e)
{
	if (!e)
		return;
	free(e->text);
	expect_term_destroy(e->left);
	for (size_t i = 0; i < e->rights; i++)
		expect_term_destroy(e->right[i]);
	free(e);
}

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

	while (place && place->kind == EXPECT_PLACE_PAGES)
		place = place->inner;
	if (place)
		return place->kind == EXPECT_PLACE_VARIABLE ? place->name : NULL;
	return term->kind == EXPECT_TERM_VARIABLE ? term->text : NULL;
}
