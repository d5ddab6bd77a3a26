#include "render/sharing_words.h"

#include <string.h>

#include "base/i18n.h"
#include "base/path.h"
#include "base/text.h"

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
	const char *name = path_name(o->path);

	if (!*name)
		name = region_kind_name(o->kind);
	text_printable(out, name, strlen(name));
	if (o->copies)
		strbuf_puts(out, _(", copies"));
}
