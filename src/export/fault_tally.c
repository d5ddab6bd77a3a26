/* Tables of names and counts, the greatest first:
 *
 *     PAGES    MINOR    MAJOR  FUNCTION
 *      2048     2048        0  fill (demo)
 *       112       12        3  memcpy (libc.so.6)
 *
 * Faults come in streaks from one place: a name that is found moves one place towards the
 * beginning, so that the next search is short. */
#include "export/fault_tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/profile.h"

#define ROWS_SHOWN 20

static struct tally_row *find(struct fault_tally *tally, const char *name)
{
	for (size_t i = 0; i < tally->count; i++) {
		struct tally_row row = tally->rows[i];

		if (strcmp(row.name, name) != 0)
			continue;
		if (i == 0)
			return &tally->rows[0];
		tally->rows[i] = tally->rows[i - 1];
		tally->rows[i - 1] = row;
		return &tally->rows[i - 1];
	}
	mem_grow(tally->rows, tally->cap, tally->count + 1);
	tally->rows[tally->count] = (struct tally_row){ .name = mem_strdup(name) };
	return &tally->rows[tally->count++];
}

void fault_tally_add(struct fault_tally *tally, const char *name, const struct event_fault *fault)
{
	struct tally_row *row = find(tally, name);

	row->pages += fault_pages(fault);
	if (fault->major)
		row->major++;
	else
		row->minor++;
}

static int compare(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	uint64_t m = x->minor + x->major, n = y->minor + y->major;

	if (x->pages != y->pages)
		return x->pages < y->pages ? 1 : -1;
	return m != n ? (m < n) - (m > n) : strcmp(x->name, y->name);
}

void fault_tally_print(struct fault_tally *tally, FILE *out, const char *heading)
{
	if (tally->count > 1)
		qsort(tally->rows, tally->count, sizeof *tally->rows, compare);
	fprintf(out, "%9s %8s %8s  %s\n", _("PAGES"), _("MINOR"), _("MAJOR"), heading);
	for (size_t i = 0; i < tally->count && i < ROWS_SHOWN; i++)
		fprintf(out, "%9" PRIu64 " %8" PRIu64 " %8" PRIu64 "  %s\n", tally->rows[i].pages,
			tally->rows[i].minor, tally->rows[i].major, tally->rows[i].name);
	if (tally->count > ROWS_SHOWN)
		fprintf(out, _("%29sand %zu more\n"), "", tally->count - ROWS_SHOWN);
	fputc('\n', out);
}

void fault_tally_fini(struct fault_tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		free(tally->rows[i].name);
	free(tally->rows);
	*tally = (struct fault_tally){ 0 };
}
