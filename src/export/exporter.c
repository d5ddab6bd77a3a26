/* The table of formats. A new one is a file of its own and a line here (and in the header). */
#include "export/exporter.h"

#include <string.h>

static const struct exporter *const exporters[] = {
	&export_jsonl, &export_csv, &export_csv_faults, &export_sqlite, &export_folded, NULL,
};

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
