/* A list, searched from its end: marks are few and come in order. */
#include "model/marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void marks_add(struct marks *m, uint64_t time_ns, int32_t pid, const char *text)
{
	size_t at = m->count, len = strnlen(text, MARK_TEXT_MAX);

	if (m->count >= MARKS_MAX)
		return;
	mem_grow(m->items, m->cap, m->count + 1);
	for (; at > 0 && m->items[at - 1].time_ns > time_ns; at--)
		m->items[at] = m->items[at - 1];
	m->items[at] = (struct mark){ time_ns, pid, mem_strndup(text, len) };
	m->count++;
}

const struct mark *marks_after(const struct marks *m, uint64_t time_ns)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].time_ns > time_ns)
			return &m->items[i];
	return NULL;
}

const struct mark *marks_before(const struct marks *m, uint64_t time_ns)
{
	for (size_t i = m->count; i > 0; i--)
		if (m->items[i - 1].time_ns < time_ns)
			return &m->items[i - 1];
	return NULL;
}

void marks_fini(struct marks *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->items[i].text);
	free(m->items);
	*m = (struct marks){ 0 };
}
