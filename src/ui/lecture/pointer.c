#include "ui/lecture/pointer.h"

#include "ui/key.h"

const struct slide_place *pointer_place(const struct pointer *p, const struct slide *s)
{
	return s && p->place < s->place_count && s->places[p->place].count ? &s->places[p->place] : NULL;
}

static void move(struct pointer *p, const struct slide *s, long step)
{
	const struct slide_place *place = pointer_place(p, s);

	if (!place)
		return;
	if (step < 0 && p->page < (size_t)-step && p->place > 0) {
		p->place--;
		place = pointer_place(p, s);
		p->page = place ? place->count - 1 : 0;
	} else if (step > 0 && p->page + (size_t)step >= place->count && p->place + 1 < s->place_count) {
		p->place++;
		p->page = 0;
	} else if (step < 0 ? p->page >= (size_t)-step : p->page + (size_t)step < place->count) {
		p->page = (size_t)((long)p->page + step);
	}
}

bool pointer_key(struct pointer *p, const struct slide *s, uint32_t key)
{
	if (key == KEY_CODE_LEFT || key == KEY_CODE_RIGHT)
		move(p, s, key == KEY_CODE_LEFT ? -1 : 1);
	else if (key == KEY_CODE_UP || key == KEY_CODE_DOWN)
		move(p, s, key == KEY_CODE_UP ? -8 : 8);
	else
		return false;
	return true;
}

void pointer_next_place(struct pointer *p, const struct slide *s)
{
	size_t count = s ? s->place_count : 0, from = p->place;

	p->page = 0;
	for (size_t i = 0; i < count; i++) {
		p->place = (from + 1 + i) % count;
		if (pointer_place(p, s))
			return;
	}
}
