#include "live/unwatched.h"

#include <stdlib.h>

#include "base/mem.h"

void unwatched_add(struct unwatched *u, int32_t pid, bool for_good)
{
	mem_grow(u->list, u->cap, u->count + 1);
	u->list[u->count++] = (struct unwatched_process){ pid, for_good };
}

bool unwatched_has(const struct unwatched *u, int32_t pid)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].pid == pid)
			return true;
	return false;
}

void unwatched_reconsider(struct unwatched *u)
{
	size_t kept = 0;

	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].for_good)
			u->list[kept++] = u->list[i];
	u->count = kept;
}

static int compare(const void *key, const void *element)
{
	int32_t a = *(const int32_t *)key, b = *(const int32_t *)element;

	return (a > b) - (a < b);
}

void unwatched_forget(struct unwatched *u, const struct task_list *there)
{
	size_t kept = 0;

	for (size_t i = 0; i < u->count; i++)
		if (there->count &&
		    bsearch(&u->list[i].pid, there->ids, there->count, sizeof *there->ids, compare))
			u->list[kept++] = u->list[i];
	u->count = kept;
}

void unwatched_fini(struct unwatched *u)
{
	free(u->list);
	*u = (struct unwatched){ 0 };
}
