/* Search tables for .eh_frame, for files that have none, and for .debug_frame. */
#ifndef SYMBOL_UNWIND_FRAMES_H
#define SYMBOL_UNWIND_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a function begins, and where its description does, counted from the beginning of the section. */
struct unwind_entry {
	uint64_t code;
	uint32_t description;
};

/* Reads one number of .eh_frame or .eh_frame_hdr at bytes[*at] in a DW_EH_PE_... encoding; moves *at past it.
 * `here` is the address of bytes[0], `data` what data-relative numbers count from. False if it is cut off, or
 * has an encoding that does not occur there. */
bool unwind_read_encoded(const uint8_t *bytes, size_t length, uint8_t encoding, uint64_t here, uint64_t data,
			 size_t *at, uint64_t *value);

/* Reads a whole .eh_frame that begins at `address`. Returns how many functions it describes, and *entries,
 * sorted, which the caller frees. Reading ends at the first malformed entry. */
size_t unwind_frames_read(const uint8_t *bytes, size_t length, uint64_t address,
			  struct unwind_entry **entries);

/* The same for a .debug_frame, which is turned into an .eh_frame in place; the program is loaded `distance`
 * above the addresses in it. */
size_t unwind_debug_frames_read(uint8_t *bytes, size_t length, uint64_t distance,
				struct unwind_entry **entries);
/* The last of the entries that begins at or below an address; NULL: none. */
const struct unwind_entry *unwind_entry_find(const struct unwind_entry *, size_t count, uint64_t address);

#endif
