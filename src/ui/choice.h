/* The list of processes to choose from: its lines, their order, the selected one. */
#ifndef UI_CHOICE_H
#define UI_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/process_info.h"

enum choice_sort {
	CHOICE_BY_PID,
	CHOICE_BY_USER,
	CHOICE_BY_RESIDENT,
	CHOICE_BY_GROWTH,
	CHOICE_BY_VIRTUAL,
	CHOICE_BY_WATCH,
	CHOICE_BY_COMMAND,
	CHOICE_SORTS,
};

#define CHOICE_DEMO 0 /* the pid of the line for the demo */
#define CHOICE_TEXT 128

struct choice_line {
	const struct process_info *info; /* NULL: the demo, always first */
	int64_t growth;                  /* bytes resident, more than when it was first on the list */
};

struct choice {
	const struct process_info *list; /* the caller's, until the next choice_update */
	size_t count;
	struct choice_line *lines; /* those that match the search, sorted */
	size_t shown, cap;
	struct choice_first *first; /* how large each was when it was first on the list, by pid */
	size_t first_count, first_cap;
	enum choice_sort sort;
	char search[CHOICE_TEXT];
	size_t search_len;
	int32_t selected; /* pid */
	int at, top;      /* its line, and the first line on the screen */
	int rows;         /* lines on the screen; the owner sets it */
};

/* An empty list. */
void choice_init(struct choice *);
void choice_fini(struct choice *);
/* Replaces the list by a new one, sorted by pid; the selected process stays selected. */
void choice_update(struct choice *, const struct process_info *list, size_t count);
void choice_sort(struct choice *, int sort); /* beyond the last: the first */
/* The search text has changed: selects the first match, so that only Enter is left to press. */
void choice_search(struct choice *);
/* Selects a line, or the nearest one if there is none with this number. */
void choice_select(struct choice *, int line);
/* Scrolls to the selected line. */
void choice_show(struct choice *);
/* The selected line; NULL: nothing matches the search. */
const struct choice_line *choice_selected(const struct choice *);

#endif
