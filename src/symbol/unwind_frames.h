/* A search table for .eh_frame, for files that have none: static programs. */
#ifndef SYMBOL_UNWIND_FRAMES_H
#define SYMBOL_UNWIND_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As in .eh_frame_hdr: where a function begins and where its description is, both from the beginning
 * of .eh_frame. */
struct unwind_entry {
	int32_t code, description;
};

/* One number of .eh_frame or .eh_frame_hdr at bytes[*at], encoded as DW_EH_PE_... says; moves *at
 * behind it. `here` is the address of bytes[0], `data` what data-relative numbers count from. False
 * if it is cut off, or of a kind that does not occur there. */
bool unwind_read_encoded(const uint8_t *bytes, size_t length, uint8_t encoding, uint64_t here, uint64_t data,
			 size_t *at, uint64_t *value);

/* Reads a whole .eh_frame that begins at `address`. Returns how many functions it describes, and
 * *entries, sorted, which the caller frees. Reading ends at what makes no sense. */
size_t unwind_frames_read(const uint8_t *bytes, size_t length, uint64_t address,
			  struct unwind_entry **entries);

#endif
