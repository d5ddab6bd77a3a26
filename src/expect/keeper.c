/* If a mark comes several times, the first one counts. */
#include "expect/keeper.h"

#include <string.h>

struct keeping {
	struct expect_keeper *keeper;
	const char *mark;
};

static void keep(void *context, struct expect_term *term)
{
	struct keeping *k = context;

	if (term->mark && !strcmp(term->mark, k->mark))
		expect_keep(k->keeper->facts, term);
}

static void take(struct sink *sink, const struct event *e)
{
	struct expect_keeper *keeper = (struct expect_keeper *)sink;
	struct keeping k = { keeper, e->type == EVENT_MARK ? e->mark.text : NULL };

	if (!k.mark || !*k.mark || moments_find(keeper->moments, k.mark))
		return;
	for (size_t i = 0; i < keeper->count; i++)
		expect_visit(keeper->expects[i], keep, &k);
	moments_add(keeper->moments, k.mark, keeper->facts->world);
}

void expect_keeper_init(struct expect_keeper *keeper, struct expect *const *expects, size_t count,
			const struct expect_facts *facts, struct moments *moments)
{
	*keeper = (struct expect_keeper){ { .take = take }, expects, count, facts, moments };
}

static void keep_last(void *context, struct expect_term *term)
{
	struct expect_keeper *keeper = context;

	expect_keep_last(keeper->facts, term);
}

void expect_keeper_end(struct expect_keeper *keeper)
{
	for (size_t i = 0; i < keeper->count; i++)
		expect_visit(keeper->expects[i], keep_last, keeper);
}
