/* Processes that were meant by --cgroup or --name and are not watched, and why. */
#ifndef CMD_LEFT_OUT_H
#define CMD_LEFT_OUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Starts from zeroes. */
struct left_out {
	struct left_out_process {
		int32_t pid; /* 0: all others, for lack of room; the last one then */
		char *why;   /* translated, printable */
	} * list;
	size_t count, cap;
};

/* Of struct family_choice; the context is a struct left_out. */
void left_out_add(void *context, int32_t pid, const struct err *);
/* Says it on standard error, of some of them where they are many. */
void left_out_print(const struct left_out *);
/* The list as a member of a JSON object: "left_out": [{"pid": 12, "why": "..."}]. */
void left_out_print_json(FILE *, const struct left_out *);
/* One line for the screen; "" where there are none. */
void left_out_words(const struct left_out *, struct strbuf *);
void left_out_fini(struct left_out *);

#endif
