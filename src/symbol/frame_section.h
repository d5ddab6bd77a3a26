/* The unwind information of a file in a section that has no search table: .debug_frame, or .eh_frame. */
#ifndef SYMBOL_FRAME_SECTION_H
#define SYMBOL_FRAME_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbol/unwind_frames.h"

struct frame_section {
	struct unwind_entry *entries; /* by code */
	size_t count;
	/* .debug_frame converted to .eh_frame; NULL: the program has the section in its memory */
	uint8_t *bytes;
	size_t length;
	uint64_t address; /* the section's address; for `bytes`, the caller sets it */
};

/* Reads whichever there is, .eh_frame only if `eh_frame` is set; count stays 0 if there is none that can be
 * used. The file stays the caller's, and open. The program is loaded `distance` above the addresses in the
 * file. */
void frame_section_read(struct frame_section *, int fd, uint64_t distance, bool eh_frame);
void frame_section_fini(struct frame_section *);

#endif
