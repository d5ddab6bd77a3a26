#include "export/export_picture.h"

#include <string.h>

static const struct export_view_traits views[] = {
	[EXPORT_VIEW_SCREEN] = { "screen", .of_cells = true, .of_moment = true, .stands = true },
	[EXPORT_VIEW_MAP] = { "map", .of_moment = true, .stands = true },
	[EXPORT_VIEW_TIMELINE] = { "timeline", .stands = true },
	[EXPORT_VIEW_FLAME] = { .name = "flame" },
	[EXPORT_VIEW_GROWTH] = { "growth", .stands = true },
};
_Static_assert(sizeof views / sizeof views[0] == EXPORT_VIEWS, "each view has its row");

const struct export_view_traits *export_view_traits(enum export_view view)
{
	return &views[view];
}

int export_view_parse(const char *name)
{
	for (int i = 0; i < EXPORT_VIEWS; i++)
		if (!strcmp(views[i].name, name))
			return i;
	return -1;
}
