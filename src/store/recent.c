#include "store/recent.h"

size_t recent_find_behind(const struct recent *r, uint64_t key)
{
	size_t at = 0;

	while (at < r->count && r->items[r->order[at]].key != key)
		at++;
	return at;
}

void recent_add(struct recent *r, uint64_t key, size_t max)
{
	if (r->count < max) {
		r->order[r->count] = (uint8_t)r->count;
		r->count++;
	}
	recent_raise(r, r->count - 1);
	*recent_at(r, 0) = (struct recent_item){ key, 0 };
}
