/* The table of formats. A new one is one file with a `const struct exporter`, and its name in exporters.c. */
#ifndef EXPORT_EXPORTERS_H
#define EXPORT_EXPORTERS_H

#include "export/exporter.h"

/* All of them, NULL-terminated. */
const struct exporter *const *exporters_list(void);
/* The one of that name, or NULL. */
const struct exporter *exporters_find(const char *name);

#endif
