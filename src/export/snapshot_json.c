/* pagescape.snapshot/1. One region per line, so that line tools can cut the output. It is written while the
 * model is walked: many pages do not become a tree in memory.
 *
 *   {"schema": "pagescape.snapshot/1", "pid": 4242, ..., "regions": [
 *   {"start": "0x55d2c0a4f000", ..., "kind": "rodata", "pages": {"file": 2}, "runs": [
 *   {"start": "0x55d2c0a4f000", "pages": 2, "state": "file", "flags": ["exclusive"]}]}
 *   ]}
 *
 * Counts that are zero are left out. Words are never translated; reasons, which are for people, are.
 *
 * Read back, it becomes events. A file may come from anyone: its size is bounded, and each member is checked
 * before it is used, so that the model's assumptions hold: regions are in order and do not overlap, runs tile
 * them. */
#include "export/snapshot_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "event/page.h"
#include "export/json.h"

#define MEMBERS (JSON_EMBED | JSON_PRESERVE_ORDER) /* of an object, without its braces */

static json_t *json_command(const struct process *process)
{
	json_t *array = json_array();

	for (char **arg = process->identity.argv; arg && *arg; arg++)
		json_array_append_new(array, json_from_text(*arg));
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
		why = text_utf8_dup(status->why, strlen(status->why));
		json_object_set_new(object, name,
				    status->ok && !status->partial
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
					    json_from_count(counts[state]));
}

static json_t *json_totals(const struct space *space)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	json_t *object = json_object();

	space_add_counts(space, counts);
	json_object_set_new(object, "pages", json_from_count(space->virtual_pages));
	add_census(object, counts);
	return object;
}

/* Bytes, as the kernel has them. */
static json_t *json_sums(const struct space *space, const struct snapshot_options *options,
			 const struct region *region)
{
	const struct region_sums *sums = snapshot_sums_find(options, region);
	json_t *object = json_object();

	if (!sums) {
		const char *why = snapshot_sums_behind(options, space, region)
				      ? _("the kernel counts it together with the region right after it")
				      : snapshot_sums_why(options);
		json_object_set_new(object, "denied", json_from_text(why));
		return object;
	}
	json_object_set_new(object, "rss", json_from_count(sums->rss));
	json_object_set_new(object, "pss", json_from_count(sums->pss));
	json_object_set_new(object, "swap", json_from_count(sums->swap));
	json_object_set_new(object, "locked", json_from_count(sums->locked));
	json_object_set_new(object, "hugetlb", json_from_count(sums->hugetlb));
	if (sums->start != region->attr.start)
		json_object_set_new(object, "start", json_from_address(sums->start));
	return object;
}

/* A process may have tens of thousands of regions, and a tree for each would cost more than reading them:
 * what needs no escapes is written directly. The caller writes the braces. */
static void append_region(struct strbuf *out, const struct space *space, const struct region *region,
			  const struct snapshot_options *options)
{
	const struct region_attr *attr = &region->attr;
	uint64_t counts[PAGE_STATES] = { 0 };
	const char *comma = "";
	char perms[5];

	space_add_region_counts(space, region, counts);
	strbuf_printf(out,
		      "\"start\": \"0x%" PRIx64 "\", \"end\": \"0x%" PRIx64 "\", \"perms\": \"%s\", "
		      "\"offset\": %" PRIu64 ", \"device\": \"%02x:%02x\", \"inode\": %" PRIu64
		      ", \"path\": ",
		      attr->start, attr->end, region_perms_text(perms, attr->perms), attr->offset,
		      attr->dev_major, attr->dev_minor, attr->inode);
	if (attr->path[0])
		json_append(out, json_from_text(attr->path), JSON_ENCODE_ANY);
	else
		strbuf_puts(out, "\"\"");
	strbuf_printf(out, ", \"kind\": \"%s\", %s\"pages\": {", region_kind_name(attr->kind),
		      attr->joined ? "\"joined\": true, " : "");
	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++) {
		if (!counts[state])
			continue;
		strbuf_printf(out, "%s\"%s\": %" PRIu64, comma, page_state_name((enum page_state)state),
			      counts[state]);
		comma = ", ";
	}
	strbuf_puts(out, "}");
	if (options->smaps) {
		strbuf_puts(out, ", \"smaps\": ");
		json_append(out, json_sums(space, options, region), JSON_PRESERVE_ORDER);
	}
}

static json_t *json_run(const struct space *space, const struct snapshot_run *run)
{
	json_t *object = json_object(), *flags = json_array();

	json_object_set_new(object, "start", json_from_address(space_address(space, run->first)));
	json_object_set_new(object, "pages", json_from_count(run->end - run->first));
	json_object_set_new(object, "state", json_string(page_state_name(page_state(run->word))));
	for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_FLAG_LAST; bit <<= 1)
		if (page_flags(run->word) & bit)
			json_array_append_new(flags, json_string(page_flag_name(bit)));
	json_object_set_new(object, "flags", flags);
	if (run->frame)
		json_object_set_new(object, "pfn", json_from_count(run->frame));
	if (page_state(run->word) == PAGE_UNKNOWN)
		json_object_set_new(object, "why", json_from_text(page_why_text(page_why(run->word))));
	return object;
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
		json_print(out, json_run(space, &run), MEMBERS);
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
	struct strbuf row = { 0 };

	json_object_set_new(head, "schema", json_string("pagescape.snapshot/1"));
	json_object_set_new(head, "pid", json_integer(process->pid));
	json_object_set_new(head, "command", json_command(process));
	json_object_set_new(head, "time", json_string(time));
	json_object_set_new(head, "page_size", json_from_count(UINT64_C(1) << space->page_shift));
	json_object_set_new(head, "sources", json_sources(process));
	json_object_set_new(head, "totals", json_totals(space));
	fputc('{', out);
	json_print(out, head, MEMBERS);
	fputs(", \"regions\": [", out);
	for (size_t i = 0; i < space->count; i++) {
		strbuf_clear(&row);
		strbuf_puts(&row, i ? ",\n{" : "\n{");
		append_region(&row, space, space->regions[i], options);
		fwrite(row.text, 1, row.len, out);
		if (options->pages)
			print_runs(out, space, space->regions[i], options);
		fputc('}', out);
	}
	fputs("\n]}\n", out);
	strbuf_fini(&row);
}

struct snapshot_reading {
	const char *shown;
	struct sink *sink;
	int32_t pid;
	unsigned page_shift;
	uint64_t end;      /* of the region before */
	uint64_t regions;  /* so far */
	struct run *tiles; /* of the region being read */
	size_t count, cap;
	struct err *err;
};

static int bad(struct snapshot_reading *r, const char *what)
{
	if (r->regions)
		return err_set(r->err, ERR_INPUT, _("%s is not a valid snapshot: %s of region %llu"),
			       r->shown, what, (unsigned long long)r->regions);
	return err_set(r->err, ERR_INPUT, _("%s is not a valid snapshot: %s"), r->shown, what);
}

static void send(struct snapshot_reading *r, struct event *e)
{
	e->pid = r->pid;
	sink_send(r->sink, e);
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* "0x7f12": hexadecimal only, a multiple of the page size. */
static int get_address(const struct snapshot_reading *r, const json_t *object, const char *name,
		       uint64_t *out)
{
	const char *text = text_of(object, name);
	char *end;

	if (!text || !text_begins(text, "0x") || !strchr("0123456789abcdef", text[2]) || !text[2])
		return -1;
	errno = 0;
	*out = strtoull(text + 2, &end, 16);
	return *end || errno || *out & ((UINT64_C(1) << r->page_shift) - 1) ? -1 : 0;
}

static int get_count(const json_t *object, const char *name, uint64_t *out)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return -1;
	*out = (uint64_t)json_integer_value(value);
	return 0;
}

/* "r-xp" */
static int get_perms(const json_t *object, uint8_t *perms)
{
	const char *text = text_of(object, "perms");
	char again[5];

	if (!text || strlen(text) != 4)
		return -1;
	*perms = (uint8_t)((text[0] == 'r' ? REGION_READ : 0) | (text[1] == 'w' ? REGION_WRITE : 0) |
			   (text[2] == 'x' ? REGION_EXEC : 0) | (text[3] == 's' ? REGION_MAY_SHARE : 0));
	return strcmp(region_perms_text(again, *perms), text) ? -1 : 0;
}

/* "fe:00" */
static int get_device(const json_t *object, struct region_attr *attr)
{
	const char *text = text_of(object, "device");
	char *end;
	unsigned long major, minor;

	if (!text)
		return -1;
	major = strtoul(text, &end, 16);
	if (end == text || *end != ':' || !end[1])
		return -1;
	minor = strtoul(end + 1, &end, 16);
	if (*end || major > UINT32_MAX || minor > UINT32_MAX)
		return -1;
	attr->dev_major = (uint32_t)major;
	attr->dev_minor = (uint32_t)minor;
	return 0;
}

static int get_attr(struct snapshot_reading *r, const json_t *region, struct region_attr *attr)
{
	const char *kind = text_of(region, "kind");
	int number = kind ? region_kind_parse(kind) : -1;

	*attr = (struct region_attr){ .path = text_of(region, "path") };
	if (get_address(r, region, "start", &attr->start) < 0 ||
	    get_address(r, region, "end", &attr->end) < 0 || attr->start >= attr->end || attr->start < r->end)
		return bad(r, _("the addresses"));
	if (!attr->path)
		return bad(r, "path");
	if (number < 0)
		return bad(r, "kind");
	if (get_perms(region, &attr->perms) < 0)
		return bad(r, "perms");
	if (get_device(region, attr) < 0 || get_count(region, "inode", &attr->inode) < 0 ||
	    get_count(region, "offset", &attr->offset) < 0)
		return bad(r, "device, inode, offset");
	attr->kind = (uint8_t)number;
	r->end = attr->end;
	return 0;
}

/* The word of a run, without the reason why a page is unknown. */
static int get_word(const json_t *run, uint32_t *word)
{
	const char *name = text_of(run, "state");
	int state = name ? page_state_parse(name) : -1;
	const json_t *flags = json_object_get(run, "flags"), *flag;
	size_t i;

	if (state <= PAGE_NONE || !json_is_array(flags))
		return -1;
	*word = state == PAGE_UNKNOWN ? page_unknown(PAGE_WHY_NOT_READ) : (uint32_t)state;
	json_array_foreach(flags, i, flag) for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_FLAG_LAST;
						bit <<= 1) if (json_is_string(flag) && page_flag_name(bit) &&
							       !strcmp(json_string_value(flag),
								       page_flag_name(bit))) *word |= bit;
	return 0;
}

static int get_tiles(struct snapshot_reading *r, const json_t *region, const struct region_attr *attr)
{
	const json_t *runs = json_object_get(region, "runs"), *run;
	uint64_t at = attr->start, start, pages;
	size_t i;
	uint32_t word;

	if (!runs)
		return err_set(r->err, ERR_INPUT,
			       _("%s has no pages: make it with pagescape snapshot --json --pages"),
			       r->shown);
	r->count = 0;
	json_array_foreach(runs, i, run)
	{
		if (get_address(r, run, "start", &start) < 0 || start != at ||
		    get_count(run, "pages", &pages) < 0 || !pages ||
		    pages > (attr->end - at) >> r->page_shift || get_word(run, &word) < 0)
			return bad(r, "runs");
		mem_grow(r->tiles, r->cap, r->count + 1);
		r->tiles[r->count++] =
		    (struct run){ at >> r->page_shift, (at >> r->page_shift) + pages, word };
		at += pages << r->page_shift;
	}
	return at == attr->end ? 0 : bad(r, "runs");
}

static int read_region(struct snapshot_reading *r, const json_t *region)
{
	struct event e = { .type = EVENT_MAP };

	r->regions++;
	if (get_attr(r, region, &e.region.attr) < 0 || get_tiles(r, region, &e.region.attr) < 0)
		return -1;
	e.region.id = r->regions;
	send(r, &e);
	e = (struct event){ .type = EVENT_PAGES, .pages = { r->tiles, r->count } };
	send(r, &e);
	return 0;
}

static int read_command(struct snapshot_reading *r, const json_t *root)
{
	const json_t *command = json_object_get(root, "command"), *arg;
	size_t n = json_array_size(command), i;
	const char **argv = mem_zalloc((n + 1) * sizeof *argv);
	struct event e = { .type = EVENT_PROCESS };
	int result = json_is_array(command) ? 0 : bad(r, "command");

	json_array_foreach(command, i, arg)
	{
		argv[i] = json_string_value(arg);
		if (!argv[i] && result == 0)
			result = bad(r, "command");
	}
	if (result == 0) {
		e.process = (struct event_process){
			.argv = argv, .comm = n ? argv[0] : "", .exe = "", .page_shift = r->page_shift
		};
		send(r, &e);
	}
	free(argv);
	return result;
}

static void read_sources(struct snapshot_reading *r, const json_t *root)
{
	const json_t *sources = json_object_get(root, "sources");

	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		const char *text = text_of(sources, source_kind_name((enum source_kind)kind));
		struct event e = { .type = EVENT_SOURCE,
				   .source = { .kind = (enum source_kind)kind, .ok = true, .why = "" } };

		if (!text)
			continue;
		if (text_begins(text, "partial: ")) {
			e.source.partial = true;
			e.source.why = text + 9;
		} else if (strcmp(text, "ok") != 0) {
			e.source.ok = false;
			e.source.why = text_begins(text, "denied: ") ? text + 8 : text;
		}
		send(r, &e);
	}
}

static int read_head(struct snapshot_reading *r, const json_t *root, char time[static 32])
{
	const char *schema = text_of(root, "schema"), *text = text_of(root, "time");
	uint64_t pid, page_size;

	if (!schema || !text_begins(schema, "pagescape.snapshot/"))
		return err_set(r->err, ERR_INPUT, _("%s is neither a session nor a snapshot"), r->shown);
	if (strcmp(schema, "pagescape.snapshot/1") != 0)
		return err_set(r->err, ERR_UNSUPPORTED, _("%s is a snapshot of a newer version of pagescape"),
			       r->shown);
	if (get_count(root, "pid", &pid) < 0 || !pid || pid > INT32_MAX)
		return bad(r, "pid");
	if (get_count(root, "page_size", &page_size) < 0 || page_size < 4096 || page_size > 1 << 24 ||
	    page_size & (page_size - 1))
		return bad(r, "page_size");
	if (!text || strlen(text) >= 32)
		return bad(r, "time");
	strcpy(time, text);
	r->pid = (int32_t)pid;
	r->page_shift = (unsigned)__builtin_ctzll(page_size);
	return 0;
}

static int read_tree(struct snapshot_reading *r, const json_t *root, char time[static 32])
{
	const json_t *regions = json_object_get(root, "regions"), *region;
	struct event tick = { .type = EVENT_TICK };
	size_t i;

	if (read_head(r, root, time) < 0 || read_command(r, root) < 0)
		return -1;
	if (!json_is_array(regions))
		return bad(r, "regions");
	read_sources(r, root);
	json_array_foreach(regions, i, region) if (read_region(r, region) < 0) return -1;
	send(r, &tick);
	return 0;
}

/* The bytes of a file, up to a limit. */
struct bounded {
	FILE *file;
	size_t left;
	bool too_large;
};

static size_t read_bytes(void *buffer, size_t size, void *context)
{
	struct bounded *b = context;
	size_t n = fread(buffer, 1, size, b->file);

	if (n > b->left) {
		b->too_large = true;
		return (size_t)-1;
	}
	b->left -= n;
	return ferror(b->file) ? (size_t)-1 : n;
}

int snapshot_read(FILE *file, const char *shown, struct sink *sink, char time[static 32], struct err *err)
{
	struct bounded bounded = { file, SNAPSHOT_READ_MAX, false };
	struct snapshot_reading r = { .shown = shown, .sink = sink, .err = err };
	json_error_t error;
	json_t *root = json_load_callback(read_bytes, &bounded, JSON_REJECT_DUPLICATES, &error);
	int result;

	if (!root && bounded.too_large)
		return err_set(err, ERR_INPUT, _("%s is too large for a snapshot: more than %d MiB"), shown,
			       (int)(SNAPSHOT_READ_MAX >> 20));
	if (!root && ferror(file))
		return err_system(err, errno, _("cannot read %s"), shown);
	if (!root)
		return err_set(err, ERR_INPUT,
			       _("%s is neither a session nor a snapshot (not JSON: line %d)"), shown,
			       error.line);
	result = read_tree(&r, root, time);
	json_decref(root);
	free(r.tiles);
	return result;
}
