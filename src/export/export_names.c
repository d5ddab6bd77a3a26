/* A table of names for each program that each process ran: an address means something else after exec.
 * The first name of an address is kept; the world has the later ones when they apply. */
#include "export/export_names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

struct image {
	int32_t pid;
	unsigned execs;
	uint32_t last; /* of the first image of a process: number of its last one */
	struct names *names;
};

/* The number of an image; 0: there is none. */
static uint32_t number_of(const struct export_names *n, int32_t pid, unsigned execs)
{
	struct hash_iter iter = hash_iter(&n->by_image, hash_two((uint64_t)pid, execs));
	uint32_t number;

	while ((number = hash_next(&iter)) &&
	       (n->images[number - 1].pid != pid || n->images[number - 1].execs != execs))
		;
	return number;
}

/* The first image of a process; NULL: there is none. */
static struct image *first_of(const struct export_names *n, int32_t pid)
{
	struct hash_iter iter = hash_iter(&n->by_pid, hash_number((uint64_t)pid));
	uint32_t number;

	while ((number = hash_next(&iter)) && n->images[number - 1].pid != pid)
		;
	return number ? &n->images[number - 1] : NULL;
}

/* The last one of a process: the others are done with. */
static struct image *find(const struct export_names *n, int32_t pid)
{
	const struct image *first = first_of(n, pid);

	return first ? &n->images[first->last - 1] : NULL;
}

static void add(struct export_names *n, int32_t pid, unsigned execs)
{
	struct image *first;
	uint32_t number;

	mem_grow(n->images, n->cap, n->count + 1);
	n->images[n->count++] = (struct image){ pid, execs, 0, names_create() };
	number = (uint32_t)n->count;
	hash_add(&n->by_image, hash_two((uint64_t)pid, execs), number);
	if (!first_of(n, pid))
		hash_add(&n->by_pid, hash_number((uint64_t)pid), number);
	first = first_of(n, pid);
	first->last = number;
}

static void take(struct sink *sink, const struct event *e)
{
	struct export_names *n = (struct export_names *)sink;
	struct image *image;

	if (e->type != EVENT_PROCESS && e->type != EVENT_SYMBOL)
		return;
	image = find(n, e->pid);
	if (e->type == EVENT_PROCESS && !image) {
		n->processes++;
		add(n, e->pid, e->process.exec);
	} else if (e->type == EVENT_PROCESS && e->process.exec) {
		add(n, e->pid, image->execs + 1);
	} else if (e->type == EVENT_SYMBOL && image && !names_find(image->names, e->symbol.ip)) {
		names_add(image->names, &e->symbol);
	}
}

void export_names_init(struct export_names *n)
{
	*n = (struct export_names){ .sink = { .take = take } };
}

void export_names_fini(struct export_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		names_destroy(n->images[i].names);
	free(n->images);
	hash_fini(&n->by_image);
	hash_fini(&n->by_pid);
	*n = (struct export_names){ 0 };
}

const struct event_symbol *export_names_find(const struct export_names *n, const struct process *process,
					     uint64_t ip)
{
	const struct event_symbol *symbol = names_find(process->names, ip);

	uint32_t number = symbol ? 0 : number_of(n, process->pid, process->course.execs);

	return number ? names_find(n->images[number - 1].names, ip) : symbol;
}

void export_names_function(struct strbuf *out, const struct process *process,
			   const struct event_symbol *symbol, uint64_t ip)
{
	const struct region *region;
	const char *name;

	if (symbol && symbol->count && *symbol->frames[0].function) {
		text_printable(out, symbol->frames[0].function, strlen(symbol->frames[0].function));
		return;
	}
	if (ip >> 63) {
		strbuf_puts(out, "[kernel]");
		return;
	}
	region = space_find(process->space, ip);
	name = symbol && *symbol->object ? symbol->object : region ? region_name(&region->attr) : "unknown";
	name = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	if (*name == '[') {
		text_printable(out, name, strlen(name));
		return;
	}
	strbuf_puts(out, "[");
	text_printable(out, *name ? name : "anon", strlen(*name ? name : "anon"));
	strbuf_puts(out, "]");
}

void export_names_fold(struct strbuf *out, const char *name)
{
	if (out->len)
		strbuf_puts(out, ";");
	for (const char *c = name; *c; c++)
		strbuf_add(out, *c == ';' ? ":" : c, 1);
}

void export_names_fold_process(struct strbuf *out, const struct process *p)
{
	struct strbuf name = { 0 };

	text_printable(&name, p->identity.comm, strlen(p->identity.comm));
	strbuf_printf(&name, "-%" PRId32, p->pid);
	export_names_fold(out, name.text);
	strbuf_fini(&name);
}

static void fold_ip(struct strbuf *out, const struct export_names *names, const struct process *p,
		    uint64_t ip)
{
	const struct event_symbol *symbol = export_names_find(names, p, ip);
	struct strbuf name = { 0 };

	for (size_t i = symbol ? symbol->count : 0; i-- > 1;) {
		strbuf_clear(&name);
		text_printable(&name, symbol->frames[i].function, strlen(symbol->frames[i].function));
		export_names_fold(out, name.len ? name.text : "[unknown]");
	}
	strbuf_clear(&name);
	export_names_function(&name, p, symbol, ip);
	export_names_fold(out, name.text);
	strbuf_fini(&name);
}

void export_names_not_whole(struct strbuf *out, const struct event_stack *stack)
{
	const char *why = stack->count ? stack_end_name(stack->end) : "";

	if (!stack->count)
		strbuf_puts(out, "[no stack]");
	else if (stack->end == STACK_NOT_SAMPLED)
		strbuf_puts(out, "[stack not sampled]");
	else if (stack->end != STACK_WHOLE)
		strbuf_printf(out, *why ? "[cut: %s]" : "[cut]", why);
}

void export_names_fold_stack(struct strbuf *out, const struct export_names *names, const struct process *p,
			     const struct event *e)
{
	struct strbuf word = { 0 };

	export_names_not_whole(&word, &e->stack);
	if (word.len)
		export_names_fold(out, word.text);
	strbuf_fini(&word);
	if (!e->stack.count)
		fold_ip(out, names, p, e->fault.ip);
	for (size_t i = e->stack.count; i--;)
		fold_ip(out, names, p, e->stack.ips[i]);
}
