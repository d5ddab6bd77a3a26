/* Processes that --cgroup or --name selected, but that are not watched, and why. */
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
		int32_t pid; /* 0: all others, for lack of room; then it is the last entry */
		char *why;   /* translated, printable */
	} * list;
	size_t count, cap;
};

/* A callback for struct family_choice; the context is a struct left_out. */
void left_out_add(void *context, int32_t pid, const struct err *);
/* Prints them on standard error, only some if there are many. */
void left_out_print(const struct left_out *);
/* The list as a member of a JSON object: "left_out": [{"pid": 12, "why": "..."}]. */
void left_out_print_json(FILE *, const struct left_out *);
/* Appends one line for the screen; nothing if there are none. */
void left_out_words(const struct left_out *, struct strbuf *);
void left_out_fini(struct left_out *);

#endif
