/* pagescape.snapshot/1. A region a line, so that the output can be read and cut by line tools,
 * and written as it is walked: a process of many pages makes no tree of them in memory.
 *
 *   {"schema": "pagescape.snapshot/1", "pid": 4242, ..., "regions": [
 *   {"start": "0x55d2c0a4f000", ..., "kind": "rodata", "pages": {"file": 2}, "runs": [
 *   {"start": "0x55d2c0a4f000", "pages": 2, "state": "file", "flags": ["exclusive"]}]}
 *   ]}
 *
 * Only what is known and not zero is in a census. Words are never translated; the reasons,
 * which are for people, are. */
#include "export/snapshot.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "export/snapshot_runs.h"
#include "export/snapshot_sums.h"

#define DUMP_FLAGS (JSON_EMBED | JSON_PRESERVE_ORDER)

static json_t *json_text(const char *bytes)
{
	char *utf8 = text_utf8_dup(bytes, strlen(bytes));
	json_t *json = json_string(utf8);

	free(utf8);
	return json;
}

static json_t *json_address(uint64_t address)
{
	return json_sprintf("0x%" PRIx64, address);
}

static json_t *json_count(uint64_t count)
{
	return json_integer((json_int_t)count);
}

static json_t *json_command(const struct process *process)
{
	json_t *array = json_array();

	for (char **arg = process->argv; arg && *arg; arg++)
		json_array_append_new(array, json_text(*arg));
	return array;
}

static json_t *json_sources(const struct process *process)
{
	json_t *object = json_object();

	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		const struct source_status *status = &process->sources[kind];
		const char *name = source_kind_name((enum source_kind)kind);
		char *why;

		if (!status->known)
			continue;
		why = text_utf8_dup(status->why ? status->why : "", status->why ? strlen(status->why) : 0);
		json_object_set_new(object, name,
				    status->ok && !*why
					? json_string("ok")
					: json_sprintf("%s: %s", status->ok ? "partial" : "denied", why));
		free(why);
	}
	return object;
}

static void add_census(json_t *object, const uint64_t counts[static PAGE_STATES])
{
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		if (counts[state])
			json_object_set_new(object, page_state_name((enum page_state)state),
					    json_count(counts[state]));
}

static json_t *json_totals(const struct space *space)
{
	uint64_t counts[PAGE_STATES] = { 0 }, pages = 0;
	json_t *object = json_object();

	space_count(space, counts);
	for (size_t i = 0; i < space->count; i++)
		pages += region_end(space, space->regions[i]) - region_first(space, space->regions[i]);
	json_object_set_new(object, "pages", json_count(pages));
	add_census(object, counts);
	return object;
}

/* Bytes, as the kernel has them. */
static json_t *json_sums(const struct snapshot_options *options, const struct region *region)
{
	const struct region_sums *sums = snapshot_sums_find(options, region);
	json_t *object = json_object();

	if (!sums) {
		json_object_set_new(object, "denied", json_text(snapshot_sums_why(options)));
		return object;
	}
	json_object_set_new(object, "rss", json_count(sums->rss));
	json_object_set_new(object, "pss", json_count(sums->pss));
	json_object_set_new(object, "swap", json_count(sums->swap));
	json_object_set_new(object, "locked", json_count(sums->locked));
	json_object_set_new(object, "hugetlb", json_count(sums->hugetlb));
	return object;
}

static json_t *json_region(const struct space *space, const struct region *region,
			   const struct snapshot_options *options)
{
	const struct region_attr *attr = &region->attr;
	uint64_t counts[PAGE_STATES] = { 0 };
	json_t *object = json_object(), *pages = json_object();
	char perms[5];

	space_count_region(space, region, counts);
	add_census(pages, counts);
	json_object_set_new(object, "start", json_address(attr->start));
	json_object_set_new(object, "end", json_address(attr->end));
	json_object_set_new(object, "perms", json_string(region_perms_text(perms, attr->perms)));
	json_object_set_new(object, "offset", json_count(attr->offset));
	json_object_set_new(object, "device", json_sprintf("%02x:%02x", attr->dev_major, attr->dev_minor));
	json_object_set_new(object, "inode", json_count(attr->inode));
	json_object_set_new(object, "path", json_text(attr->path));
	json_object_set_new(object, "kind", json_string(region_kind_name(attr->kind)));
	json_object_set_new(object, "pages", pages);
	if (options->smaps)
		json_object_set_new(object, "smaps", json_sums(options, region));
	return object;
}

static json_t *json_run(const struct space *space, const struct snapshot_run *run)
{
	json_t *object = json_object(), *flags = json_array();

	json_object_set_new(object, "start", json_address(space_address(space, run->first)));
	json_object_set_new(object, "pages", json_count(run->end - run->first));
	json_object_set_new(object, "state", json_string(page_state_name(page_state(run->word))));
	for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_CACHE_UNKNOWN; bit <<= 1)
		if (run->word & bit)
			json_array_append_new(flags, json_string(page_flag_name(bit)));
	json_object_set_new(object, "flags", flags);
	if (run->frame)
		json_object_set_new(object, "pfn", json_count(run->frame));
	if (page_state(run->word) == PAGE_UNKNOWN)
		json_object_set_new(object, "why", json_text(page_why_text(page_why(run->word))));
	return object;
}

/* Prints the members of an object and lets it go. */
static void print_members(FILE *out, json_t *object)
{
	json_dumpf(object, out, DUMP_FLAGS);
	json_decref(object);
}

static void print_runs(FILE *out, const struct space *space, const struct region *region,
		       const struct snapshot_options *options)
{
	struct snapshot_runs runs;
	struct snapshot_run run;
	const char *separator = "";

	fputs(", \"runs\": [", out);
	snapshot_runs_init(&runs, space, region, options);
	while (snapshot_runs_next(&runs, &run)) {
		fprintf(out, "%s\n{", separator);
		print_members(out, json_run(space, &run));
		fputc('}', out);
		separator = ",";
	}
	snapshot_runs_fini(&runs);
	fputc(']', out);
}

void snapshot_print_json(FILE *out, const struct process *process, const char *time,
			 const struct snapshot_options *options)
{
	const struct space *space = process->space;
	json_t *head = json_object();

	json_object_set_new(head, "schema", json_string("pagescape.snapshot/1"));
	json_object_set_new(head, "pid", json_integer(process->pid));
	json_object_set_new(head, "command", json_command(process));
	json_object_set_new(head, "time", json_string(time));
	json_object_set_new(head, "page_size", json_count(UINT64_C(1) << space->page_shift));
	json_object_set_new(head, "sources", json_sources(process));
	json_object_set_new(head, "totals", json_totals(space));
	fputc('{', out);
	print_members(out, head);
	fputs(", \"regions\": [", out);
	for (size_t i = 0; i < space->count; i++) {
		fprintf(out, "%s\n{", i ? "," : "");
		print_members(out, json_region(space, space->regions[i], options));
		if (options->pages)
			print_runs(out, space, space->regions[i], options);
		fputc('}', out);
	}
	fputs("\n]}\n", out);
}
