/* /proc/PID/maps: the regions of a process, a line each (proc_pid_maps(5)).
 *
 *   7f5c10a2f000-7f5c10b84000 r-xp 00026000 fe:00 332399   /usr/lib/libc.so.6
 *   start        end          perms offset  device inode   path, to the end of the line
 *
 * The path is raw bytes; only a newline in it comes as "\012". Anonymous memory has
 * inode 0 and no path, or a name in brackets: [heap], [stack], [anon:name]. A file
 * that has been unlinked ends in " (deleted)". */
#include "kern/maps.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/minmax.h"

struct maps_cursor {
	const char *at, *end;
};

static bool take_char(struct maps_cursor *c, char wanted)
{
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return 16;
}

static bool take_number(struct maps_cursor *c, unsigned base, uint64_t *number)
{
	const char *first = c->at;
	uint64_t n = 0;

	for (; c->at < c->end; c->at++) {
		unsigned digit = (unsigned)digit_value(*c->at);

		if (digit >= base)
			break;
		if (n > (UINT64_MAX - digit) / base)
			return false;
		n = n * base + digit;
	}
	*number = n;
	return c->at > first;
}

static bool take_perms(struct maps_cursor *c, uint8_t *perms)
{
	static const char letters[] = "rwx";

	if (c->end - c->at < 4)
		return false;
	*perms = 0;
	for (int i = 0; i < 3; i++) {
		if (c->at[i] == letters[i])
			*perms |= (uint8_t)(1 << i);
		else if (c->at[i] != '-')
			return false;
	}
	if (c->at[3] == 's')
		*perms |= REGION_MAY_SHARE;
	else if (c->at[3] != 'p')
		return false;
	c->at += 4;
	return true;
}

#define NEWLINE "\\012"
#define NEWLINE_LEN 4
#define SPELLED_MAX 4 /* how many of a path's escapes are tried in both spellings */

/* Copies a path, and returns how many escapes there were; those whose bits are set are left as they are. */
static unsigned spell(char *to, struct maps_cursor c, unsigned keep)
{
	unsigned escapes = 0;

	while (c.at < c.end) {
		bool escape = c.end - c.at >= NEWLINE_LEN && !memcmp(c.at, NEWLINE, NEWLINE_LEN);

		if (escape && (escapes >= SPELLED_MAX || !(keep >> escapes & 1))) {
			*to++ = '\n';
			c.at += NEWLINE_LEN;
		} else {
			*to++ = *c.at++;
		}
		escapes += escape;
	}
	*to = '\0';
	return escapes;
}

/* Copies the path after the strings so far, which have room for it as it is. */
static void take_path(struct maps_cursor *c, struct region_list *list, struct region_attr *a,
		      const struct maps_paths *paths)
{
	char *path = list->strings + list->strings_len;

	a->path = "";
	while (c->at < c->end && *c->at == ' ')
		c->at++;
	if (c->at == c->end)
		return;
	a->path = path;
	unsigned escapes = spell(path, *c, 0);
	unsigned ways = 1u << min(escapes, SPELLED_MAX), way = 0;
	if (escapes && paths && paths->is_at) {
		while (way < ways && !paths->is_at(paths->context, a, path))
			spell(path, *c, ++way);
		if (way == ways)
			spell(path, *c, 0);
	}
	if (strlen(path) > REGION_PATH_MAX)
		path[REGION_PATH_MAX] = '\0';
	list->strings_len += strlen(path) + 1;
	c->at = c->end;
}

static bool parse_line(struct maps_cursor c, struct region_list *list, struct region_attr *a,
		       const struct maps_paths *paths)
{
	uint64_t major, minor;

	*a = (struct region_attr){ 0 };
	if (!take_number(&c, 16, &a->start) || !take_char(&c, '-') || !take_number(&c, 16, &a->end) ||
	    !take_char(&c, ' ') || !take_perms(&c, &a->perms) || !take_char(&c, ' ') ||
	    !take_number(&c, 16, &a->offset) || !take_char(&c, ' ') || !take_number(&c, 16, &major) ||
	    !take_char(&c, ':') || !take_number(&c, 16, &minor) || !take_char(&c, ' ') ||
	    !take_number(&c, 10, &a->inode))
		return false;
	if (a->start >= a->end || major > UINT32_MAX || minor > UINT32_MAX)
		return false;
	if (c.at < c.end && *c.at != ' ')
		return false;
	a->dev_major = (uint32_t)major;
	a->dev_minor = (uint32_t)minor;
	take_path(&c, list, a, paths);
	return true;
}

size_t maps_parse(struct region_list *list, const char *text, size_t len, const struct maps_paths *paths)
{
	const char *at = text, *end = text + len;

	list->count = 0;
	list->strings_len = 0;
	mem_grow(list->strings, list->strings_cap,
		 len + 1); /* never moves from here on: paths point into it */
	for (size_t line = 1; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		struct maps_cursor c = { at, stop ? stop : end };

		mem_grow(list->attrs, list->cap, list->count + 1);
		if (!parse_line(c, list, &list->attrs[list->count], paths))
			return line;
		list->count++;
		at = c.end + 1;
	}
	return 0;
}

void region_list_fini(struct region_list *list)
{
	free(list->attrs);
	free(list->strings);
	*list = (struct region_list){ 0 };
}

bool maps_in_order(const struct region_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		if (list->attrs[i].start < list->attrs[i - 1].end)
			return false;
	}
	return true;
}

static int compare_starts(const void *left, const void *right)
{
	const struct region_attr *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

void maps_force_order(struct region_list *list)
{
	size_t kept = 0;
	uint64_t from = 0;

	if (list->count > 0)
		qsort(list->attrs, list->count, sizeof *list->attrs, compare_starts);
	for (size_t i = 0; i < list->count; i++) {
		struct region_attr a = list->attrs[i];

		if (a.end <= from)
			continue;
		if (a.start < from) {
			if (a.inode)
				a.offset += from - a.start;
			a.start = from;
		}
		from = a.end;
		list->attrs[kept++] = a;
	}
	list->count = kept;
}
