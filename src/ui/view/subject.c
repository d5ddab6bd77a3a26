/* The page under the cursor and what is known of it. */
#include "ui/view/subject.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"

/* The neighbours of a gap. */
static void find_neighbours(struct subject *s, const struct space *space)
{
	size_t next = space_find_index(space, s->address);
	s->above = next < space->count ? space->regions[next] : NULL;
	s->below = next > 0 ? space->regions[next - 1] : NULL;
}

bool subject_find(struct subject *s, const struct scene *scene)
{
	if (!scene->process || !scene->process->space)
		return false;
	const struct space *space = scene->process->space;
	*s = (struct subject){ .page = scene->view->grid.cursor };
	s->address = space_address(space, s->page);
	s->region = space_find(space, s->address);
	s->word = runs_at(space->pages, s->page).value;
	s->since_ms = runs_at(space->since, s->page).value;
	if (!s->region)
		find_neighbours(s, space);
	if (!scene->detail || scene->detail->page != s->page)
		return true;
	s->detail = scene->detail;
	/* asked a moment after the model's reading: the same state, with more flags, is better */
	if (page_state(s->detail->word) == page_state(s->word) || page_state(s->word) == PAGE_UNKNOWN)
		s->word = s->detail->word;
	return true;
}

void subject_ends(const struct scene *scene, int end)
{
	if (scene->ends && end > scene->ends->detail)
		scene->ends->detail = end;
}

const char *subject_address(char buf[static 24], const struct scene *scene, uint64_t address)
{
	snprintf(buf, 24, "0x%0*" PRIx64, scene->process && scene->process->bits == 32 ? 8 : 12, address);
	return buf;
}

int subject_label(struct area a, int row, const char *label)
{
	const char *const labels[] = { _("PAGE"), _("PLACE"), _("WHO"), _("CAUSE"), _("WHY"), _("NEXT") };
	int width = 0;
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		int columns = text_columns(labels[i]);
		width = columns > width ? columns : width;
	}
	struct pen pen = PEN(INK_ACCENT);
	pen.style = STYLE_BOLD;
	area_text(a, row, 1, pen, label);
	return width + 3;
}
