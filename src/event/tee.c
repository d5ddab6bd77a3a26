/* Hands on to both. */
#include "event/tee.h"

static void take(struct sink *sink, const struct event *e)
{
	struct tee *tee = (struct tee *)sink;

	tee->first->take(tee->first, e);
	if (tee->second)
		tee->second->take(tee->second, e);
}

void tee_init(struct tee *tee, struct sink *first, struct sink *second)
{
	*tee = (struct tee){ { take }, first, second };
}
