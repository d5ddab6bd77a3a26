#include "cmd/left_out.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "export/json.h"

#define PRINTED_MAX 8

void left_out_add(void *context, int32_t pid, const struct err *err)
{
	struct left_out *l = context;

	mem_grow(l->list, l->cap, l->count + 1);
	l->list[l->count++] = (struct left_out_process){ pid, mem_strdup(err->text) };
}

/* How many of them have a pid. */
static size_t named(const struct left_out *l)
{
	return l->count - (l->count && !l->list[l->count - 1].pid);
}

void left_out_print(const struct left_out *l)
{
	size_t count = named(l), shown = min(count, PRINTED_MAX);

	for (size_t i = 0; i < shown; i++)
		fprintf(stderr, _("pagescape: not watched: %s\n"), l->list[i].why);
	if (shown < count)
		fprintf(stderr, _("pagescape: not watched: %zu more\n"), count - shown);
	if (count < l->count)
		fprintf(stderr, "pagescape: %s\n", l->list[count].why);
}

void left_out_print_json(FILE *out, const struct left_out *l)
{
	json_t *object = json_object(), *list = json_array();

	for (size_t i = 0; i < l->count; i++) {
		json_t *one = json_object();

		if (l->list[i].pid)
			json_object_set_new(one, "pid", json_integer(l->list[i].pid));
		json_object_set_new(one, "why", json_from_text(l->list[i].why));
		json_array_append_new(list, one);
	}
	json_object_set_new(object, "left_out", list);
	json_print(out, object, JSON_EMBED);
}

void left_out_words(const struct left_out *l, struct strbuf *out)
{
	size_t count = named(l);

	if (count == 1)
		strbuf_printf(out, _("not watched: %s"), l->list[0].why);
	else if (count)
		strbuf_printf(out, _("%zu are not watched: %s"), count, l->list[0].why);
	if (count && count < l->count)
		strbuf_puts(out, "; ");
	if (count < l->count)
		strbuf_puts(out, l->list[count].why);
}

void left_out_fini(struct left_out *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->list[i].why);
	free(l->list);
	*l = (struct left_out){ 0 };
}
