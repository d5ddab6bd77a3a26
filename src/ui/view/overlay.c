/* What lies over the screen, if anything. */
#include "ui/view/overlay.h"

#include <stddef.h>

#include "base/minmax.h"

void overlay_open(struct overlay *o, const struct overlay_ops *ops, const struct scene *scene)
{
	*o = (struct overlay){ .ops = ops };
	if (ops->open)
		ops->open(o, scene);
}

void overlay_close(struct overlay *o)
{
	o->ops = NULL;
}

void overlay_scroll(struct overlay *o, const struct scene *scene, int lines)
{
	if (o->ops->scroll) {
		o->ops->scroll(o, scene, lines);
		return;
	}
	o->scroll += lines;
	if (o->scroll < 0)
		o->scroll = 0;
}

size_t overlay_first_line(size_t count, size_t selected, size_t rows)
{
	size_t half = rows / 2;

	if (count <= rows || selected < half)
		return 0;
	return min(selected - half, count - rows);
}

const struct overlay_key *overlay_key(const struct overlay *o, uint32_t key)
{
	static const struct overlay_key close[] = { { 'q', NULL }, { '\033', NULL } };
	const struct overlay_key *k;

	for (k = o->ops->keys; k && k->key; k++)
		if (k->key == key)
			return k;
	for (size_t i = 0; i < sizeof close / sizeof *close; i++)
		if (close[i].key == key)
			return &close[i];
	return NULL;
}
