/* A reading goes through pages in ascending order, so its changes come in order; when
 * a page is not above the one before, another reading has begun. */
#include "live/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "base/minmax.h"

#define CHANGES_MAX 65536
#define PARTS_MAX 128

void seen_fini(struct seen *s)
{
	free(s->changes);
	free(s->parts);
	*s = (struct seen){ 0 };
}

static void drop(struct seen *s, size_t count)
{
	size_t from = count < s->part_count ? s->parts[count] : s->count;

	if (s->count > from) /* there may be no array yet */
		memmove(s->changes, s->changes + from, (s->count - from) * sizeof *s->changes);
	s->count -= from;
	for (size_t i = count; i < s->part_count; i++)
		s->parts[i - count] = s->parts[i] - from;
	s->part_count -= min(count, s->part_count);
	s->aged -= min(count, s->aged);
}

void seen_add(struct seen *s, const struct seen_change *change)
{
	bool begins = s->aged == s->part_count || change->first < s->changes[s->count - 1].end;

	s->last_ns = change->time_ns;
	if (s->aged && (s->count == CHANGES_MAX || s->part_count == PARTS_MAX)) {
		drop(s, s->aged);
	}
	if (s->count == CHANGES_MAX || (begins && s->part_count == PARTS_MAX)) {
		s->overflow = true;
		return;
	}
	if (begins) {
		mem_grow(s->parts, s->part_cap, s->part_count + 1);
		s->parts[s->part_count++] = s->count;
	}
	mem_grow(s->changes, s->cap, s->count + 1);
	s->changes[s->count++] = *change;
}

static uint64_t last_of(const struct seen *s, size_t part)
{
	size_t end = part + 1 < s->part_count ? s->parts[part + 1] : s->count;

	return s->changes[end - 1].time_ns;
}

void seen_age(struct seen *s, size_t count, uint64_t before_ns)
{
	size_t n = 0;

	s->aged += count;
	while (n < s->aged && last_of(s, n) < before_ns)
		n++;
	if (n)
		drop(s, n);
	s->overflow = false;
}

static const struct seen_change *find(const struct seen *s, size_t from, size_t to, uint64_t page)
{
	size_t at;

	bisect(at, from, to, s->changes[at].end <= page);
	return at < to && s->changes[at].first <= page ? &s->changes[at] : NULL;
}

static const struct seen_change *first_since(const struct seen *s, size_t part, uint64_t page,
					     uint64_t time_ns)
{
	for (size_t i = part; i < s->part_count; i++) {
		size_t end = i + 1 < s->part_count ? s->parts[i + 1] : s->count;

		if (s->changes[end - 1].time_ns < time_ns)
			continue;
		const struct seen_change *change = find(s, s->parts[i], end, page);
		if (change && change->time_ns >= time_ns)
			return change;
	}
	return NULL;
}

const struct seen_change *seen_since(const struct seen *s, uint64_t page, uint64_t time_ns)
{
	return s->last_ns >= time_ns ? first_since(s, 0, page, time_ns) : NULL;
}

const struct seen_change *seen_lately(const struct seen *s, uint64_t page)
{
	return first_since(s, s->aged, page, 0);
}

const struct seen_change *seen_before(const struct seen *s, uint64_t page, uint64_t time_ns)
{
	for (size_t i = s->part_count; i-- > 0;) {
		size_t end = i + 1 < s->part_count ? s->parts[i + 1] : s->count;
		const struct seen_change *change = find(s, s->parts[i], end, page);

		if (change && change->time_ns < time_ns)
			return change;
	}
	return NULL;
}
