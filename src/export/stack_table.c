#include "export/stack_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

const char *stack_table_region(const struct region *region)
{
	if (!region)
		return "[no region]";
	return *region_name(&region->attr) ? region_name(&region->attr)
					   : region_kind_name((enum region_kind)region->attr.kind);
}

/* --- texts and functions --- */

static uint32_t object_of(struct stack_table *t, const char *raw)
{
	char *name = text_printable_dup(raw, strlen(raw));
	uint32_t number = texts_add(&t->objects, name);

	free(name);
	return number;
}

/* The name is printable, the source raw. */
static uint32_t function_of(struct stack_table *t, const char *name, const char *source)
{
	char *printable = text_printable_dup(source, strlen(source));
	uint32_t hash = hash_two(hash_text(name), hash_text(printable)), number;
	struct hash_iter iter = hash_iter(&t->functions.hash, hash);

	while ((number = hash_next(&iter)) && (strcmp(t->functions.list[number - 1].name, name) != 0 ||
					       strcmp(t->functions.list[number - 1].source, printable) != 0))
		;
	if (number) {
		free(printable);
		return number - 1;
	}
	mem_grow(t->functions.list, t->functions.cap, t->functions.count + 1);
	t->functions.list[t->functions.count++] = (struct table_function){ mem_strdup(name), printable };
	hash_add(&t->functions.hash, hash, (uint32_t)t->functions.count);
	return (uint32_t)t->functions.count - 1;
}

/* --- locations --- */

static bool is_location(const struct stack_table *t, uint32_t index, uint32_t image, uint64_t ip,
			uint32_t function)
{
	const struct table_location *location = &t->locations.list[index];

	return location->ip == ip && location->image == image &&
	       t->lines.list[location->first].function == function;
}

/* The number of a location, index + 1, whose innermost function is that; 0: it is not there yet. */
static uint32_t find_location(const struct stack_table *t, uint32_t image, uint64_t ip, uint32_t function,
			      uint32_t *hash)
{
	struct hash_iter iter;
	uint32_t number;

	*hash = hash_two(ip, (uint64_t)image << 32 | function);
	iter = hash_iter(&t->locations.hash, *hash);
	while ((number = hash_next(&iter)) && !is_location(t, number - 1, image, ip, function))
		;
	return number;
}

static void add_line(struct stack_table *t, uint32_t function, uint32_t line)
{
	mem_grow(t->lines.list, t->lines.cap, t->lines.count + 1);
	t->lines.list[t->lines.count++] = (struct table_line){ function, line };
}

static uint32_t add_location(struct stack_table *t, uint32_t hash, const struct table_location *location)
{
	mem_grow(t->locations.list, t->locations.cap, t->locations.count + 1);
	t->locations.list[t->locations.count++] = *location;
	hash_add(&t->locations.hash, hash, (uint32_t)t->locations.count);
	return (uint32_t)t->locations.count - 1;
}

/* A location that is not code. */
static uint32_t word_location(struct stack_table *t, const char *word)
{
	uint32_t function = function_of(t, word, ""), hash, number = find_location(t, 0, 0, function, &hash);

	if (number)
		return number - 1;
	add_line(t, function, 0);
	return add_location(t, hash,
			    &(struct table_location){ .first = (uint32_t)t->lines.count - 1, .count = 1 });
}

static uint32_t code_location(struct stack_table *t, const struct export_job *job, const struct process *p,
			      uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);
	const struct region *region = ip >> 63 ? NULL : space_find(p->space, ip);
	const struct code_frame *frames = symbol && symbol->count ? symbol->frames : NULL;
	uint32_t image = hash_two((uint64_t)p->pid, p->course.execs), innermost, hash, number;
	struct table_location location = { .ip = ip, .image = image };

	strbuf_clear(&t->text);
	export_names_function(&t->text, p, symbol, ip);
	innermost = function_of(t, t->text.text, frames ? frames[0].source : "");
	number = find_location(t, image, ip, innermost, &hash);
	if (number)
		return number - 1;
	location.object = object_of(t, symbol && *symbol->object ? symbol->object
				       : region                  ? region->attr.path
								 : "");
	if (region) {
		location.start = region->attr.start;
		location.end = region->attr.end;
		location.offset = region->attr.offset;
	}
	location.first = (uint32_t)t->lines.count;
	add_line(t, innermost, frames ? frames[0].line : 0);
	for (size_t i = 1; frames && i < symbol->count; i++) {
		strbuf_clear(&t->text);
		text_printable(&t->text, frames[i].function, strlen(frames[i].function));
		add_line(t, function_of(t, t->text.len ? t->text.text : "[unknown]", frames[i].source),
			 frames[i].line);
	}
	location.count = (uint32_t)t->lines.count - location.first;
	return add_location(t, hash, &location);
}

/* --- sums --- */

static uint32_t process_of(struct stack_table *t, const struct process *p)
{
	struct hash_iter iter = hash_iter(&t->processes.hash, hash_number((uint32_t)p->pid));
	uint32_t exe, number;

	while ((number = hash_next(&iter)))
		if (t->processes.list[number - 1].pid == p->pid)
			return number - 1;
	exe = object_of(t, p->identity.exe ? p->identity.exe : "");
	mem_grow(t->processes.list, t->processes.cap, t->processes.count + 1);
	t->processes.list[t->processes.count++] =
	    (struct table_process){ p->pid,
				    text_printable_dup(p->identity.comm ? p->identity.comm : "",
						       p->identity.comm ? strlen(p->identity.comm) : 0),
				    UINT64_C(1) << p->space->page_shift, exe };
	hash_add(&t->processes.hash, hash_number((uint32_t)p->pid), (uint32_t)t->processes.count);
	return (uint32_t)t->processes.count - 1;
}

static void push(struct stack_table *t, uint32_t location)
{
	mem_grow(t->ids.list, t->ids.cap, t->ids.count + 1);
	t->ids.list[t->ids.count++] = location;
}

/* Pushes the locations of a fault's stack after all others. */
static void push_stack(struct stack_table *t, const struct export_job *job, const struct process *p,
		       const struct event *e, const struct region *region)
{
	struct strbuf word = { 0 };

	if (job->top == EXPORT_TOP_PROCESS) {
		strbuf_printf(&word, "%s-%" PRId32, t->processes.list[process_of(t, p)].name, p->pid);
		push(t, word_location(t, word.text));
	} else if (job->top == EXPORT_TOP_REGION) {
		push(t, word_location(t, t->objects.list[object_of(t, stack_table_region(region))]));
	}
	strbuf_clear(&word);
	export_names_not_whole(&word, &e->stack);
	if (word.len)
		push(t, word_location(t, word.text));
	if (!e->stack.count)
		push(t, code_location(t, job, p, e->fault.ip));
	for (size_t i = e->stack.count; i-- > 0;)
		push(t, code_location(t, job, p, e->stack.ips[i]));
	strbuf_fini(&word);
}

static bool is_sum(const struct stack_table *t, uint32_t index, const struct table_sum *sum)
{
	const struct table_sum *other = &t->sums.list[index];

	return other->process == sum->process && other->region == sum->region && other->count == sum->count &&
	       !memcmp(&t->ids.list[other->first], &t->ids.list[sum->first],
		       sum->count * sizeof *t->ids.list);
}

/* Finds the sum for the locations that were pushed last, or adds it; if it exists, they are popped again. */
static struct table_sum *find_sum(struct stack_table *t, const struct table_sum *sum)
{
	uint32_t hash = hash_two(sum->process, sum->region), number;
	struct hash_iter iter;

	for (size_t i = 0; i < sum->count; i++)
		hash = hash_two(hash, t->ids.list[sum->first + i]);
	iter = hash_iter(&t->sums.hash, hash);
	while ((number = hash_next(&iter)) && !is_sum(t, number - 1, sum))
		;
	if (number) {
		t->ids.count = sum->first;
		return &t->sums.list[number - 1];
	}
	mem_grow(t->sums.list, t->sums.cap, t->sums.count + 1);
	t->sums.list[t->sums.count++] = *sum;
	hash_add(&t->sums.hash, hash, (uint32_t)t->sums.count);
	return &t->sums.list[t->sums.count - 1];
}

void stack_table_add(struct stack_table *t, const struct export_job *job, const struct event *e)
{
	const struct process *p = e->type == EVENT_FAULT ? world_find(job->world, e->pid) : NULL;
	const struct region *region = p ? space_find(p->space, e->fault.address) : NULL;
	struct table_sum sum = { 0 }, *found;

	if (!p)
		return;
	sum.process = process_of(t, p);
	sum.region = object_of(t, stack_table_region(region));
	sum.first = t->ids.count;
	push_stack(t, job, p, e, region);
	sum.count = t->ids.count - sum.first;
	found = find_sum(t, &sum);
	if (e->fault.major)
		found->major++;
	else
		found->minor++;
	found->pages += UINT64_C(1) + e->fault.before + e->fault.after;
}

void stack_table_init(struct stack_table *t)
{
	*t = (struct stack_table){ 0 };
	object_of(t, "");
}

void stack_table_fini(struct stack_table *t)
{
	for (size_t i = 0; i < t->functions.count; i++) {
		free(t->functions.list[i].name);
		free(t->functions.list[i].source);
	}
	for (size_t i = 0; i < t->processes.count; i++)
		free(t->processes.list[i].name);
	texts_fini(&t->objects);
	free(t->functions.list);
	free(t->lines.list);
	free(t->locations.list);
	free(t->sums.list);
	free(t->processes.list);
	free(t->ids.list);
	hash_fini(&t->functions.hash);
	hash_fini(&t->locations.hash);
	hash_fini(&t->sums.hash);
	hash_fini(&t->processes.hash);
	strbuf_fini(&t->text);
}
