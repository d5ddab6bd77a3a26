/* The table of formats. */
#include "export/exporter.h"

#include <string.h>

#define EXPORTERS(X)                                                                                         \
	X(jsonl)                                                                                             \
	X(csv)                                                                                               \
	X(csv_faults)                                                                                        \
	X(csv_left)                                                                                          \
	X(sqlite)                                                                                            \
	X(folded)                                                                                            \
	X(speedscope)                                                                                        \
	X(pprof)                                                                                             \
	X(perfetto)                                                                                          \
	X(pages)                                                                                             \
	X(svg)                                                                                               \
	X(png)                                                                                               \
	X(pdf)                                                                                               \
	X(asciicast)                                                                                         \
	X(html)

#define DECLARE(name) extern const struct exporter export_##name;
EXPORTERS(DECLARE)

#define ENTRY(name) &export_##name,
static const struct exporter *const exporters[] = { EXPORTERS(ENTRY) NULL };

const struct exporter *const *exporter_list(void)
{
	return exporters;
}

const struct exporter *exporter_find(const char *name)
{
	for (size_t i = 0; exporters[i]; i++)
		if (!strcmp(exporters[i]->name, name))
			return exporters[i];
	return NULL;
}

static const char *const views[] = { [VIEW_SCREEN] = "screen",
				     [VIEW_MAP] = "map",
				     [VIEW_TIMELINE] = "timeline",
				     [VIEW_FLAME] = "flame",
				     [VIEW_GROWTH] = "growth" };

const char *export_view_name(enum export_view view)
{
	return views[view];
}

int export_view_parse(const char *name)
{
	for (int i = 0; i < VIEWS; i++)
		if (!strcmp(views[i], name))
			return i;
	return -1;
}

bool exporter_of_screens(const struct exporter *exporter, const struct export_look *look)
{
	return exporter->film || (exporter->takes_look && look->view == VIEW_SCREEN);
}
