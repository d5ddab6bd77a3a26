/* The table of formats. */
#include "export/exporter.h"

#include <string.h>

#define EXPORTERS(X)                                                                                         \
	X(jsonl)                                                                                             \
	X(csv)                                                                                               \
	X(csv_faults)                                                                                        \
	X(sqlite)                                                                                            \
	X(folded)                                                                                            \
	X(speedscope)                                                                                        \
	X(pprof)                                                                                             \
	X(perfetto)

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
