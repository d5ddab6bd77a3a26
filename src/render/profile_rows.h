/* The lines of the functions panel: the counts of model/profile.h added up by function name. */
#ifndef RENDER_PROFILE_ROWS_H
#define RENDER_PROFILE_ROWS_H

#include "model/profile_tree.h"
#include "model/world.h"

struct profile_rows {
	struct profile_tree tree;
	uint32_t *order; /* of the lines: indexes of the tree's nodes */
	size_t count, cap;
	uint32_t *opened; /* paths of nodes below which the tree is shown, too */
	size_t opened_count, opened_cap;
	/* what it was made from */
	const struct process *process;
	uint64_t faults;
	uint64_t names; /* their generation */
	enum profile_by by;
	uint64_t due_ns; /* when it may be made again: what is costly is made less often */
	bool pending;    /* there is news, but it is not due yet */
};

/* Brings the lines up to date. own: as own_code_at's `paths`, always the same. Starts from zeroes. */
void profile_rows_update(struct profile_rows *, const struct process *, enum profile_by, const char *own,
			 uint64_t now_ns);
void profile_rows_fini(struct profile_rows *);

/* The node of a line, which must be there. */
const struct profile_node *profile_rows_at(const struct profile_rows *, size_t line);
/* Opens what is below a line, or closes it. Returns whether that changes the picture. */
bool profile_rows_open(struct profile_rows *, size_t line, bool open);
/* The parent of a line; the line itself if it is at the top. */
size_t profile_rows_above(const struct profile_rows *, size_t line);

#endif
