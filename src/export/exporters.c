#include "export/exporters.h"

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

const struct exporter *const *exporters_list(void)
{
	return exporters;
}

const struct exporter *exporters_find(const char *name)
{
	for (size_t i = 0; exporters[i]; i++)
		if (!strcmp(exporters[i]->name, name))
			return exporters[i];
	return NULL;
}
