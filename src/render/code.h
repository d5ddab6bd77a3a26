/* How code is named on the screen: functions and places in sources, from the process's names. What comes
 * out is printable. */
#ifndef RENDER_CODE_H
#define RENDER_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "model/world.h"
#include "render/canvas.h"

static inline bool code_in_kernel(uint64_t ip)
{
	return ip >> 63;
}

/* "fill+0x2c"; without a function "libc.so.6 .text+0x1f2", without a name "libc.so.6+0x2b0", without
 * anything "0x7f12..."; "[kernel]". */
void code_add_function(struct strbuf *, const struct process *, uint64_t ip);
/* "demo.c:14"; nothing if it is not known. */
void code_add_source(struct strbuf *, const struct code_frame *);
/* "00:11.913" */
void code_add_time(struct strbuf *, uint64_t ns);
/* "minor write fault (inferred)", "major fault" if the access is not known; brief: "minor write (inferred)",
 * "major". Translated. */
void code_add_fault(struct strbuf *out, const struct event_fault *, bool brief);
/* The function of a fault, in few words. For one within a system call, the caller as well, if the stack
 * has it: "[kernel] < read+0x1a". */
void code_add_toucher(struct strbuf *, const struct process *, const struct event_fault *, uint32_t stack);
/* Appends a name in at most `columns` columns. One that is too long loses its arguments first, then what is
 * in angle brackets, then its beginning: "std::vector<>::push_back". */
void code_add_short(struct strbuf *, const char *name, int columns, int ascii);
/* Draws source text with its line marked: at most `around` lines before and after it, as far as their text is
 * known, from a row and a column on, without their common indentation. Returns the next row. */
int code_draw_source(struct area, int row, int column, const struct names *, const struct code_frame *at,
		     uint32_t around);

#endif
