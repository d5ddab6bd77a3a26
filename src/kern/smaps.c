/* /proc/PID/smaps: for each region the line of maps, then the kernel's sums for it
 * (proc_pid_smaps(5)).
 *
 *   55d2c0a4f000-55d2c0a51000 r--p 00000000 fe:00 1234       /usr/bin/sleep
 *   Size:                  8 kB
 *   Rss:                   8 kB
 *   ...
 *   Private_Hugetlb:       0 kB
 *   Swap:                  0 kB
 *   VmFlags: rd mr mw me sd
 *
 * Pages from the hugetlb pool are in Shared_Hugetlb and Private_Hugetlb, not in Rss. */
#include "kern/smaps.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Parses the two addresses at the beginning of a region's line: 1 if they are there, 0 if it is another line,
 * -1 if they are malformed. */
static int parse_bounds(const char *line, size_t len, struct region_sums *e)
{
	uint64_t number[2] = { 0 };
	size_t at = 0;

	for (int i = 0; i < 2; i++) {
		size_t first = at;

		for (; at < len && isxdigit((unsigned char)line[at]) && !isupper((unsigned char)line[at]);
		     at++)
			number[i] = number[i] << 4 |
				    (uint64_t)(isdigit((unsigned char)line[at]) ? line[at] - '0'
										: line[at] - 'a' + 10);
		if (at == first || at - first > 16 || at == len || line[at] != "- "[i])
			return 0;
		at++;
	}
	if (number[0] >= number[1])
		return -1;
	*e = (struct region_sums){ .start = number[0], .end = number[1], .kind = REGION_KINDS };
	return 1;
}

static uint64_t *figure_named(struct region_sums *e, const char *name, size_t len)
{
	const struct {
		const char *name;
		uint64_t *figure;
	} figures[] = {
		{ "Rss", &e->rss },
		{ "Swap", &e->swap },
		{ "Pss", &e->pss },
		{ "Locked", &e->locked },
		{ "Anonymous", &e->anonymous },
		{ "LazyFree", &e->lazyfree },
		{ "AnonHugePages", &e->huge },
		{ "ShmemPmdMapped", &e->huge },
		{ "FilePmdMapped", &e->huge },
		{ "Shared_Clean", &e->shared_clean },
		{ "Shared_Dirty", &e->shared_dirty },
		{ "Private_Clean", &e->private_clean },
		{ "Private_Dirty", &e->private_dirty },
		{ "Shared_Hugetlb", &e->hugetlb },
		{ "Private_Hugetlb", &e->hugetlb },
	};

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		if (strlen(figures[i].name) == len && memcmp(figures[i].name, name, len) == 0)
			return figures[i].figure;
	}
	return NULL;
}

/* Flags are two letters each, followed by a blank (fs/proc/task_mmu.c): missing, write-protect and
 * minor faults go to userfaultfd; "lo" is mlocked, "gd" grows down. */
static void take_flags(struct region_sums *e, const char *at, const char *end)
{
	for (; end - at >= 3; at += 3) {
		if (!memcmp(at, " um", 3))
			e->userfault |= REGION_USERFAULT_ANY | REGION_USERFAULT_MISSING;
		if (!memcmp(at, " uw", 3))
			e->userfault |= REGION_USERFAULT_ANY | REGION_USERFAULT_WRITE;
		if (!memcmp(at, " ui", 3))
			e->userfault |= REGION_USERFAULT_ANY | REGION_USERFAULT_MINOR;
		if (!memcmp(at, " lo", 3))
			e->is_locked = true;
		if (!memcmp(at, " gd", 3))
			e->grows_down = true;
	}
}

static bool parse_figure(const char *line, size_t len, struct region_sums *e)
{
	const char *colon = memchr(line, ':', len), *end = line + len;
	uint64_t kib = 0, *figure;

	if (!colon)
		return false;
	if (colon - line == 7 && memcmp(line, "VmFlags", 7) == 0)
		take_flags(e, colon + 1, end);
	figure = figure_named(e, line, (size_t)(colon - line));
	if (!figure)
		return true;
	for (line = colon + 1; line < end && *line == ' '; line++)
		;
	if (line == end || !isdigit((unsigned char)*line))
		return false;
	for (; line < end && isdigit((unsigned char)*line); line++)
		kib = kib * 10 + (uint64_t)(*line - '0');
	*figure += kib * 1024;
	return true;
}

size_t smaps_parse(struct region_sums **entries, size_t *count, const char *text, size_t len)
{
	size_t cap = *count, line = 1;

	for (const char *at = text, *end = text + len; at < end; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
		size_t length = (size_t)(stop - at);
		struct region_sums entry;
		int bounds = parse_bounds(at, length, &entry);

		if (bounds < 0)
			return line;
		if (bounds > 0) {
			mem_grow(*entries, cap, *count + 1);
			(*entries)[(*count)++] = entry;
		} else if (*count == 0 || !parse_figure(at, length, &(*entries)[*count - 1])) {
			return line;
		}
		at = stop + 1;
	}
	return 0;
}
