/* The entries are sorted by start, the later line first among equals. One may extend over others, so
 * a search goes down from the nearest start as long as something below may reach the address (`reach`),
 * and takes the latest of those that hold it. */
#include "symbol/perf_map.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"

#define ENTRIES_MAX ((size_t)4 << 20)
#define DOWN_MAX 256 /* entries examined below the nearest */

struct perf_map_entry {
	uint64_t start, end;
	uint64_t reach; /* the largest end of this and all before */
	size_t name;    /* in names */
	size_t order;   /* line of the file */
};

struct perf_map {
	struct perf_map_entry *entries;
	size_t count, cap;
	char *names; /* copy of the file, lines ended by NUL */
};

/* A hexadecimal number, with or without 0x, up to a blank. Moves *at past it. */
static bool take_number(const char **at, uint64_t *number)
{
	const char *p = *at;
	int digits = 0;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	for (*number = 0; *p && *p != ' ' && *p != '\t'; p++, digits++) {
		static const char hex[] = "0123456789abcdef";
		const char *digit = strchr(hex, *p | 0x20);
		if (!digit || digits == 16)
			return false;
		*number = *number << 4 | (uint64_t)(digit - hex);
	}
	while (*p == ' ' || *p == '\t')
		p++;
	*at = p;
	return digits > 0;
}

static void take_line(struct perf_map *map, const char *line, size_t order)
{
	uint64_t start, size;
	const char *at = line;
	if (!take_number(&at, &start) || !take_number(&at, &size) || !*at || size == 0 ||
	    size > UINT64_MAX - start)
		return;
	mem_grow(map->entries, map->cap, map->count + 1);
	map->entries[map->count++] = (struct perf_map_entry){
		.start = start,
		.end = start + size,
		.name = (size_t)(at - map->names),
		.order = order,
	};
}

static int compare(const void *a, const void *b)
{
	const struct perf_map_entry *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->order < y->order) - (x->order > y->order);
}

struct perf_map *perf_map_parse(const char *bytes, size_t len)
{
	struct perf_map *map = mem_zalloc(sizeof *map);
	size_t order = 0;
	map->names = mem_alloc(len + 1);
	memcpy(map->names, bytes, len);
	map->names[len] = '\0';
	for (size_t at = 0; at < len && map->count < ENTRIES_MAX; order++) {
		char *end = memchr(map->names + at, '\n', len - at);
		if (!end)
			end = map->names + len;
		size_t next = (size_t)(end - map->names) + 1;
		*end = '\0';
		if (end > map->names + at && end[-1] == '\r')
			end[-1] = '\0';
		take_line(map, map->names + at, order);
		at = next;
	}
	if (map->count)
		qsort(map->entries, map->count, sizeof *map->entries, compare);
	uint64_t reach = 0;
	for (size_t i = 0; i < map->count; i++) {
		if (map->entries[i].end > reach)
			reach = map->entries[i].end;
		map->entries[i].reach = reach;
	}
	return map;
}

void perf_map_free(struct perf_map *map)
{
	if (!map)
		return;
	free(map->entries);
	free(map->names);
	free(map);
}

const char *perf_map_find(const struct perf_map *map, uint64_t address, uint64_t *offset)
{
	const struct perf_map_entry *best = NULL;
	size_t at;

	bisect(at, 0, map->count, map->entries[at].start <= address);
	for (size_t i = at, seen = 0; i > 0 && map->entries[i - 1].reach > address && seen < DOWN_MAX;
	     i--, seen++) {
		const struct perf_map_entry *e = &map->entries[i - 1];
		if (e->end > address && (!best || e->order > best->order))
			best = e;
	}
	if (!best)
		return NULL;
	*offset = address - best->start;
	return map->names + best->name;
}

size_t perf_map_count(const struct perf_map *map)
{
	return map->count;
}
