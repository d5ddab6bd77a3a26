/* What the watched program wrote to its terminal: the last lines, made harmless.
 *
 * Escape sequences are removed (CSI, OSC, single), carriage return starts the line again, backspace goes
 * back, tabs go to the next multiple of eight; what remains is printable UTF-8. This is not a terminal
 * emulator: the output of a full-screen program looks odd. */
#ifndef MODEL_OUTPUT_H
#define MODEL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTPUT_LINES 1000
#define OUTPUT_LINE_MAX 4096

struct output {
	char **lines;       /* ring of OUTPUT_LINES, printable, terminated */
	size_t count, next; /* the index of the next new one */
	uint64_t bytes;     /* how much was written in all */
	/* the line being written, and where the parser is */
	char *line;
	size_t line_len, line_cap, column;
	bool returned;   /* after a carriage return: the next character clears the line */
	char partial[4]; /* the bytes so far of a character of several bytes */
	size_t partial_len;
	int parse;
};

/* Adds bytes as the program wrote them. */
void output_add(struct output *, const char *bytes, size_t len);
/* Appends bytes that bring an empty output into the same state (by output_add): for keyframes. */
struct strbuf;
void output_write(const struct output *, struct strbuf *);
/* The i-th line from the end; 0 is the one being written (may be empty); NULL beyond. */
const char *output_line(const struct output *, size_t back);
struct output output_copy(const struct output *); /* a deep copy */
void output_fini(struct output *);

#endif
