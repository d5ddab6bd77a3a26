/* Checks the JSON of a snapshot on standard input: its form, that runs tile their regions
 * and neighbours differ, that every sum is right, and, with a pid, that regions, resident and
 * swapped pages are what /proc/PID/smaps says; that sums of smaps, if there are any, are
 * those of that file. The process must be stopped or asleep.
 *
 *   pagescape snapshot --json --pages -p 4242 | check_snapshot 4242
 *
 * Prints what is wrong, a line each, and exits 1; else one line of what was compared. */
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event/page.h"

static int wrong;

static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	wrong++;
}

static uint64_t address(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text || strncmp(text, "0x", 2))
		complain("%s is no address: %s", key, text ? text : "(absent)");
	return text ? strtoull(text, NULL, 16) : 0;
}

static uint64_t number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		complain("%s is no number", key);
	return (uint64_t)json_integer_value(value);
}

/* 0 if absent: a census leaves out zeroes. */
static uint64_t counted(const json_t *census, const char *state)
{
	return (uint64_t)json_integer_value(json_object_get(census, state));
}

static bool has_flag(const json_t *run, const char *name)
{
	size_t i;
	json_t *flag;

	json_array_foreach(json_object_get(run, "flags"), i,
			   flag) if (!strcmp(json_string_value(flag), name)) return true;
	return false;
}

static bool alike(const json_t *a, const json_t *b)
{
	json_t *a_frame = json_object_get(a, "pfn"), *b_frame = json_object_get(b, "pfn");

	if (!json_equal(json_object_get(a, "state"), json_object_get(b, "state")) ||
	    !json_equal(json_object_get(a, "flags"), json_object_get(b, "flags")) ||
	    !json_equal(json_object_get(a, "why"), json_object_get(b, "why")) || !a_frame != !b_frame)
		return false;
	return !a_frame ||
	       json_integer_value(a_frame) + (json_int_t)number(a, "pages") == json_integer_value(b_frame);
}

/* Checks the runs; adds to sums by state. Returns the pages that are hugetlb's. */
static uint64_t check_runs(const json_t *region, uint64_t page_size, uint64_t sums[static PAGE_STATES])
{
	uint64_t at = address(region, "start"), hugetlb = 0;
	json_t *runs = json_object_get(region, "runs"), *run, *last = NULL;
	size_t i;

	json_array_foreach(runs, i, run)
	{
		const char *state = json_string_value(json_object_get(run, "state"));
		uint64_t pages = number(run, "pages");
		int s = state ? page_state_parse(state) : -1;

		if (address(run, "start") != at)
			complain("run at %#" PRIx64 ", expected at %#" PRIx64, address(run, "start"), at);
		if (!pages)
			complain("run of no pages at %#" PRIx64, at);
		if (last && alike(last, run))
			complain("neighbours are alike at %#" PRIx64, at);
		if (s <= PAGE_NONE)
			complain("no such state: %s", state ? state : "(absent)");
		else
			sums[s] += pages;
		if (has_flag(run, "hugetlb"))
			hugetlb += pages;
		at += pages * page_size;
		last = run;
	}
	if (at != address(region, "end"))
		complain("runs end at %#" PRIx64 ", the region at %#" PRIx64, at, address(region, "end"));
	return hugetlb;
}

static void check_census(const char *what, const json_t *census, const uint64_t sums[static PAGE_STATES])
{
	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++) {
		const char *state = page_state_name((enum page_state)s);

		if (counted(census, state) != sums[s])
			complain("%s: %s is %" PRIu64 ", the parts add up to %" PRIu64, what, state,
				 counted(census, state), sums[s]);
		if (json_object_get(census, state) && !counted(census, state))
			complain("%s: %s is a zero", what, state);
	}
}

struct smaps {
	FILE *file;
	uint64_t start, end, rss, swap, pss, locked, hugetlb, shared; /* bytes */
	char line[8192];
};

/* The next entry: a line "START-END perms ...", then lines "Name:  N kB". */
static bool smaps_next(struct smaps *smaps)
{
	const struct {
		const char *format;
		uint64_t *figure;
	} figures[] = {
		{ "Rss: %" SCNu64, &smaps->rss },
		{ "Pss: %" SCNu64, &smaps->pss },
		{ "Swap: %" SCNu64, &smaps->swap },
		{ "Locked: %" SCNu64, &smaps->locked },
		{ "Shared_Clean: %" SCNu64, &smaps->shared },
		{ "Shared_Dirty: %" SCNu64, &smaps->shared },
		{ "Shared_Hugetlb: %" SCNu64, &smaps->hugetlb },
		{ "Private_Hugetlb: %" SCNu64, &smaps->hugetlb },
	};

	if (sscanf(smaps->line, "%" SCNx64 "-%" SCNx64 " ", &smaps->start, &smaps->end) != 2)
		return false;
	smaps->rss = smaps->swap = smaps->pss = smaps->locked = smaps->hugetlb = smaps->shared = 0;
	while (fgets(smaps->line, sizeof smaps->line, smaps->file)) {
		uint64_t a, b, kib;

		if (sscanf(smaps->line, "%" SCNx64 "-%" SCNx64 " ", &a, &b) == 2)
			return true;
		for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
			if (sscanf(smaps->line, figures[i].format, &kib) == 1)
				*figures[i].figure += kib * 1024;
	}
	smaps->line[0] = '\0';
	return true;
}

/* Shares of pages that others map, too, change as those processes come and go. */
static void compare_sums(const struct smaps *smaps, const json_t *sums)
{
	uint64_t pss = number(sums, "pss");

	if (smaps->shared ? pss > smaps->rss : pss != smaps->pss)
		complain("%#" PRIx64 ": Pss is %" PRIu64 ", smaps says %" PRIu64, smaps->start, pss,
			 smaps->pss);
	if (number(sums, "rss") != smaps->rss || number(sums, "swap") != smaps->swap ||
	    number(sums, "locked") != smaps->locked || number(sums, "hugetlb") != smaps->hugetlb)
		complain("%#" PRIx64 ": the sums are not those of smaps", smaps->start);
}

/* What the kernel has in one mapping: a region, with those that are joined to it. */
struct mapping {
	uint64_t start, end, rss, swap; /* rss without hugetlb's pages; both in pages */
	const char *path;
	const json_t *sums; /* of the last one */
};

static void compare(struct smaps *smaps, const struct mapping *m, uint64_t page_size)
{
	if (!smaps_next(smaps)) {
		complain("smaps has no region at %#" PRIx64, m->start);
		return;
	}
	if (smaps->start != m->start || smaps->end != m->end)
		complain("smaps has %#" PRIx64 "-%#" PRIx64 " here, the snapshot %#" PRIx64 "-%#" PRIx64,
			 smaps->start, smaps->end, m->start, m->end);
	if (smaps->rss != m->rss * page_size)
		complain("%#" PRIx64 " %s: Rss %" PRIu64 ", resident %" PRIu64, smaps->start, m->path,
			 smaps->rss, m->rss * page_size);
	if (smaps->swap != m->swap * page_size)
		complain("%#" PRIx64 ": Swap %" PRIu64 ", swapped %" PRIu64, smaps->start, smaps->swap,
			 m->swap * page_size);
	if (m->sums)
		compare_sums(smaps, m->sums);
}

/* Adds a region to its mapping; if it begins another one, compares the one before. */
static void take(struct mapping *m, struct smaps *smaps, const json_t *region, uint64_t page_size,
		 uint64_t hugetlb)
{
	const json_t *pages = json_object_get(region, "pages");

	if (!json_is_true(json_object_get(region, "joined"))) {
		if (m->end)
			compare(smaps, m, page_size);
		*m = (struct mapping){ .start = address(region, "start"),
				       .path = json_string_value(json_object_get(region, "path")) };
	} else if (m->end != address(region, "start")) {
		complain("%#" PRIx64 " is joined to nothing", address(region, "start"));
	}
	m->end = address(region, "end");
	for (int s = PAGE_RESERVED; s < PAGE_STATES; s++)
		if (page_state_resident((enum page_state)s))
			m->rss += counted(pages, page_state_name((enum page_state)s));
	m->rss -= hugetlb;
	m->swap += counted(pages, "swap");
	m->sums = json_object_get(region, "smaps");
}

static void check_head(const json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));

	if (!schema || strcmp(schema, "pagescape.snapshot/1"))
		complain("schema is %s", schema ? schema : "absent");
	if (!json_is_array(json_object_get(root, "command")))
		complain("no command");
	if (!json_is_string(json_object_get(root, "time")))
		complain("no time");
	if (!json_object_size(json_object_get(root, "sources")))
		complain("no sources");
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *root = json_loadf(stdin, 0, &error), *region;
	uint64_t sums[PAGE_STATES] = { 0 }, all = 0, page_size, last_end = 0;
	struct smaps smaps = { 0 };
	struct mapping mapping = { 0 };
	char path[64];
	size_t i;

	if (!root) {
		printf("no JSON: %s, line %d\n", error.text, error.line);
		return 1;
	}
	if (argc > 1) {
		snprintf(path, sizeof path, "/proc/%s/smaps", argv[1]);
		smaps.file = fopen(path, "re");
		if (!smaps.file || !fgets(smaps.line, sizeof smaps.line, smaps.file)) {
			printf("cannot read %s\n", path);
			return 1;
		}
	}
	check_head(root);
	page_size = number(root, "page_size");
	json_array_foreach(json_object_get(root, "regions"), i, region)
	{
		uint64_t region_sums[PAGE_STATES] = { 0 }, hugetlb = 0;
		json_t *pages = json_object_get(region, "pages");

		if (address(region, "start") < last_end)
			complain("regions overlap at %#" PRIx64, address(region, "start"));
		last_end = address(region, "end");
		all += (last_end - address(region, "start")) / page_size;
		if (json_object_get(region, "runs")) {
			hugetlb = check_runs(region, page_size, region_sums);
			check_census("region", pages, region_sums);
		}
		for (int s = PAGE_RESERVED; s < PAGE_STATES; s++)
			sums[s] += counted(pages, page_state_name((enum page_state)s));
		if (smaps.file)
			take(&mapping, &smaps, region, page_size, hugetlb);
	}
	if (mapping.end)
		compare(&smaps, &mapping, page_size);
	if (smaps.file && smaps_next(&smaps))
		complain("smaps has more: %#" PRIx64, smaps.start);
	check_census("totals", json_object_get(root, "totals"), sums);
	if (number(json_object_get(root, "totals"), "pages") != all)
		complain("totals.pages is not %" PRIu64, all);
	printf("%zu regions, %" PRIu64 " pages, %d differences\n", i, all, wrong);
	json_decref(root);
	return wrong != 0;
}
