/* pagescape.diff/1, documented in the manual page. Regions that do not differ are left out, and
 * so are counts of zero. With "pages" each region has its runs, what is by chance among them,
 * marked. */
#include "export/compare_print.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

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

static json_t *json_census(const uint64_t counts[static PAGE_STATES])
{
	json_t *object = json_object();

	for (int state = PAGE_RESERVED; state < PAGE_STATES; state++)
		if (counts[state])
			json_object_set_new(object, page_state_name((enum page_state)state),
					    json_count(counts[state]));
	return object;
}

static json_t *json_side(const struct compare_side *side, const uint64_t census[static PAGE_STATES])
{
	json_t *object = json_object(), *command = json_array();

	for (char **arg = side->process->argv; arg && *arg; arg++)
		json_array_append_new(command, json_text(*arg));
	json_object_set_new(object, "from", json_text(side->shown));
	json_object_set_new(object, "pid", json_integer(side->process->pid));
	json_object_set_new(object, "command", command);
	json_object_set_new(object, "time", json_text(side->time));
	json_object_set_new(object, "pages", json_census(census));
	return object;
}

static json_t *json_chances(const uint64_t pages[static COMPARE_CHANCES])
{
	json_t *object = json_object();

	for (int chance = COMPARE_REAL + 1; chance < COMPARE_CHANCES; chance++)
		if (pages[chance])
			json_object_set_new(object, compare_chance_name((enum compare_chance)chance),
					    json_count(pages[chance]));
	return object;
}

static json_t *json_moves(const struct comparison *c)
{
	json_t *array = json_array();

	for (int was = 0; was < PAGE_STATES; was++)
		for (int now = 0; now < PAGE_STATES; now++)
			if (c->moves[was][now])
				json_array_append_new(array,
						      json_pack("{s:s, s:s, s:o}", "was",
								page_state_name((enum page_state)was), "now",
								page_state_name((enum page_state)now),
								"pages", json_count(c->moves[was][now])));
	return array;
}

static json_t *json_region(const struct region *region, const uint64_t census[static PAGE_STATES])
{
	json_t *object;
	char perms[5];

	if (!region)
		return json_null();
	object = json_object();
	json_object_set_new(object, "start", json_address(region->attr.start));
	json_object_set_new(object, "end", json_address(region->attr.end));
	json_object_set_new(object, "perms", json_string(region_perms_text(perms, region->attr.perms)));
	json_object_set_new(object, "offset", json_count(region->attr.offset));
	json_object_set_new(object, "path", json_text(region->attr.path));
	json_object_set_new(object, "kind", json_string(region_kind_name(region->attr.kind)));
	json_object_set_new(object, "pages", json_census(census));
	return object;
}

struct run_list {
	json_t *array;
	unsigned shift;
};

static void add_run(void *context, const struct compare_run *run)
{
	struct run_list *list = context;
	json_t *object = json_object();

	json_object_set_new(object, "offset", json_address(run->offset << list->shift));
	json_object_set_new(object, "pages", json_count(run->pages));
	json_object_set_new(object, "was", json_string(page_state_name(run->was)));
	json_object_set_new(object, "now", json_string(page_state_name(run->now)));
	if (run->was != PAGE_NONE)
		json_object_set_new(object, "a", json_address(run->a_page << list->shift));
	if (run->now != PAGE_NONE)
		json_object_set_new(object, "b", json_address(run->b_page << list->shift));
	if (run->chance != COMPARE_REAL)
		json_object_set_new(object, "chance", json_string(compare_chance_name(run->chance)));
	json_array_append_new(list->array, object);
}

static json_t *json_difference(const struct comparison *c, const struct compare_region *r, bool pages)
{
	struct run_list list = { json_array(), c->a->page_shift };
	json_t *object = json_object(), *attrs = json_array();

	json_object_set_new(object, "what", json_string(!r->a ? "new" : !r->b ? "gone" : "changed"));
	json_object_set_new(object, "a", json_region(r->a, r->was));
	json_object_set_new(object, "b", json_region(r->b, r->now));
	if (r->attrs & COMPARE_SIZE)
		json_array_append_new(attrs, json_string("size"));
	if (r->attrs & COMPARE_PERMS)
		json_array_append_new(attrs, json_string("perms"));
	if (r->attrs & COMPARE_KIND)
		json_array_append_new(attrs, json_string("kind"));
	json_object_set_new(object, "attributes", attrs);
	json_object_set_new(object, "changed", json_count(r->pages[COMPARE_REAL]));
	json_object_set_new(object, "chance", json_chances(r->pages));
	if (pages) {
		compare_each_run(c, r, add_run, &list);
		json_object_set(object, "runs", list.array);
	}
	json_decref(list.array);
	return object;
}

void compare_print_json(FILE *out, const struct comparison *c, const struct compare_side *a,
			const struct compare_side *b, const struct compare_print *how)
{
	json_t *head = json_object();
	const char *separator = "";

	json_object_set_new(head, "schema", json_string("pagescape.diff/1"));
	json_object_set_new(head, "a", json_side(a, c->was));
	json_object_set_new(head, "b", json_side(b, c->now));
	json_object_set_new(head, "page_size", json_count(UINT64_C(1) << c->a->page_shift));
	json_object_set_new(head, "matched_by", json_string(c->same_layout ? "address" : "identity"));
	json_object_set_new(head, "differ", json_boolean(c->differing));
	json_object_set_new(head, "changed", json_count(c->pages[COMPARE_REAL]));
	json_object_set_new(head, "chance", json_chances(c->pages));
	json_object_set_new(head, "moves", json_moves(c));
	fputc('{', out);
	json_dumpf(head, out, JSON_EMBED | JSON_PRESERVE_ORDER);
	json_decref(head);
	fputs(", \"regions\": [", out);
	for (size_t i = 0; i < c->count; i++) {
		json_t *region;

		if (!compare_differs(&c->regions[i]))
			continue;
		region = json_difference(c, &c->regions[i], how->pages);
		fprintf(out, "%s\n", separator);
		json_dumpf(region, out, JSON_PRESERVE_ORDER);
		json_decref(region);
		separator = ",";
	}
	fputs("\n]}\n", out);
}
