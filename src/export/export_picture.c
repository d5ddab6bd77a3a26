#include "export/export_picture.h"

#include <string.h>

static const char *const views[] = { [EXPORT_VIEW_SCREEN] = "screen",
				     [EXPORT_VIEW_MAP] = "map",
				     [EXPORT_VIEW_TIMELINE] = "timeline",
				     [EXPORT_VIEW_FLAME] = "flame",
				     [EXPORT_VIEW_GROWTH] = "growth" };

const char *export_view_name(enum export_view view)
{
	return views[view];
}

int export_view_parse(const char *name)
{
	for (int i = 0; i < EXPORT_VIEWS; i++)
		if (!strcmp(views[i], name))
			return i;
	return -1;
}
