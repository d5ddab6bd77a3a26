#include "render/sharing_words.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

size_t sharing_together(const struct sharing *s)
{
	size_t count = 0;

	while (count < s->rows_count && s->rows[count].holders & (s->rows[count].holders - 1))
		count++;
	return count;
}

uint64_t sharing_sum(const struct sharing *s, const struct sharing_row *row)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->count; i++)
		sum += row->held[i];
	return sum;
}

uint64_t sharing_alone(const struct sharing *s, size_t process)
{
	uint64_t alone = 0;

	for (size_t i = sharing_together(s); i < s->rows_count; i++)
		alone += s->rows[i].holders == UINT64_C(1) << process ? s->rows[i].once : 0;
	return alone;
}

void sharing_add_holders(struct strbuf *out, const struct sharing *s, const struct sharing_row *row)
{
	size_t shown = 0, count = 0;

	for (size_t i = 0; i < s->count; i++)
		count += sharing_is_held_by(row, i);
	if (count == s->count && count > 3) {
		strbuf_printf(out, _("all %zu"), count);
		return;
	}
	for (size_t i = 0; i < s->count && shown < 3; i++)
		if (sharing_is_held_by(row, i))
			strbuf_printf(out, "%s%d", shown++ ? " " : "", (int)s->pids[i]);
	if (count > shown)
		strbuf_printf(out, " +%zu", count - shown);
}

void sharing_add_object(struct strbuf *out, const struct sharing_object *o)
{
	const char *slash = strrchr(o->path, '/'), *name = slash && slash[1] ? slash + 1 : o->path;

	if (!*name)
		name = region_kind_name(o->kind);
	text_printable(out, name, strlen(name));
	if (o->copies)
		strbuf_puts(out, _(", copies"));
}
