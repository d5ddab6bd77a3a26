/* A function by its name, else by the file or the region that it is in. */
#include "export/export_names.h"

#include <inttypes.h>
#include <string.h>

#include "base/path.h"
#include "base/strbuf.h"
#include "base/text.h"

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
	name = path_name(name);
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

static void fold_ip(struct strbuf *out, const struct later_names *names, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);
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
	const char *end = stack->count ? stack_end_name(stack->end) : "";

	if (!stack->count)
		strbuf_puts(out, "[no stack]");
	else if (stack->end == STACK_NOT_SAMPLED)
		strbuf_puts(out, "[stack not sampled]");
	else if (stack->end != STACK_WHOLE)
		strbuf_printf(out, *end ? "[cut: %s]" : "[cut]", end);
}

void export_names_fold_stack(struct strbuf *out, const struct later_names *names, const struct process *p,
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
