/* .eh_frame is a list of entries of two kinds, up to one of length 0:
 *
 *     14 00 00 00                     length of what follows
 *     00 00 00 00                     0: a CIE, shared by many functions
 *     01  7a 52 00                    version, augmentation "zR"
 *     01 78 10                        code and data alignment, return address' register
 *     01 1b                           one byte of augmentation: pointers are encoded as 0x1b
 *     ...                             instructions
 *
 *     24 00 00 00                     length
 *     1c 00 00 00                     an FDE: its CIE begins this far before this word
 *     e0 ef ff ff                     where its function begins, encoded as the CIE says
 *     ...
 *
 * .debug_frame differs from it: the word that marks a CIE is 2^32-1; an FDE has its CIE's offset in the
 * section; addresses are whole, and not moved to where the program is loaded; a CIE of version 4 has two
 * bytes more.
 *
 * See "Exception Frames" in the Linux Standard Base, Core, and "Call Frame Information" in DWARF 4. */
#include "symbol/unwind_frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"

#define PE_OMIT 0xff

bool unwind_read_encoded(const uint8_t *bytes, size_t length, uint8_t encoding, uint64_t here, uint64_t data,
			 size_t *at, uint64_t *value)
{
	static const uint8_t sizes[16] = { [0] = 8, [2] = 2, [3] = 4, [4] = 8, [10] = 2, [11] = 4, [12] = 8 };
	size_t size = sizes[encoding & 0x0f];
	uint64_t raw = 0;

	if (encoding == PE_OMIT || !size || *at > length || length - *at < size)
		return false;
	memcpy(&raw, bytes + *at, size);
	if (encoding & 8 && size < 8 && raw >> (8 * size - 1))
		raw |= UINT64_MAX << 8 * size;
	switch (encoding & 0x70) {
	case 0x00:
		break;
	case 0x10: /* relative to its own address */
		raw += here + *at;
		break;
	case 0x30:
		raw += data;
		break;
	default:
		return false;
	}
	*at += size;
	*value = raw;
	return true;
}

static bool read_word(const uint8_t *bytes, size_t length, size_t at, uint32_t *word)
{
	if (at > length || length - at < sizeof *word)
		return false;
	memcpy(word, bytes + at, sizeof *word);
	return true;
}

/* Moves past a number of seven bits a byte. */
static void skip_leb(const uint8_t *bytes, size_t length, size_t *at)
{
	while (*at < length && bytes[(*at)++] & 0x80)
		;
}

/* The encoding that the CIE at `at` gives for the pointers of its FDEs; PE_OMIT if that cannot be
 * determined. */
static uint8_t pointer_encoding(const uint8_t *bytes, size_t length, size_t at)
{
	const char *kinds = (const char *)bytes + at + 9;
	uint64_t ignored;

	if (at > length || length - at < 16 || !memchr(kinds, 0, length - at - 9))
		return PE_OMIT;
	uint8_t version = bytes[at + 8];
	if (*kinds == '\0')
		return 0;
	at += 9 + strlen(kinds) + 1;
	skip_leb(bytes, length, &at);
	skip_leb(bytes, length, &at);
	if (version == 1)
		at++;
	else
		skip_leb(bytes, length, &at);
	if (*kinds++ != 'z')
		return PE_OMIT;
	skip_leb(bytes, length, &at);
	for (; *kinds && at < length; kinds++) {
		if (*kinds == 'R')
			return bytes[at];
		if (*kinds == 'L')
			at++;
		else if (*kinds == 'P') {
			uint8_t encoding = bytes[at++] & 0x8f; /* only the length matters */

			if (!unwind_read_encoded(bytes, length, encoding & 0x0f, 0, 0, &at, &ignored))
				return PE_OMIT;
		}
	}
	return 0;
}

static int by_code(const void *a, const void *b)
{
	const struct unwind_entry *x = a, *y = b;

	return (x->code > y->code) - (x->code < y->code);
}

size_t unwind_frames_read(const uint8_t *bytes, size_t length, uint64_t address,
			  struct unwind_entry **entries)
{
	size_t count = 0, cap = 0, at = 0;
	uint32_t size, id;

	*entries = NULL;
	/* a length of 2^32-1 means that an eight-byte length follows: no section here is that large */
	while (read_word(bytes, length, at, &size) && size >= 4 && size <= length - at - 4 &&
	       read_word(bytes, length, at + 4, &id)) {
		size_t code_at = at + 8;
		uint64_t code;

		if (id && id <= at + 4 &&
		    unwind_read_encoded(bytes, length, pointer_encoding(bytes, length, at + 4 - id), address,
					0, &code_at, &code)) {
			mem_grow(*entries, cap, count + 1);
			(*entries)[count++] = (struct unwind_entry){ code, (uint32_t)at };
		}
		at += 4 + (size_t)size;
	}
	if (count)
		qsort(*entries, count, sizeof **entries, by_code);
	return count;
}

/* Converts the CIE at `at`, with `size` bytes after its length; false if it cannot be used. */
static bool convert_cie(uint8_t *bytes, size_t at, uint32_t size)
{
	uint8_t *body = bytes + at + 4, *version = body + 4;

	memset(body, 0, 4);
	if (size < 12 || version[1])
		return false;
	if (*version == 4) {
		uint8_t *widths = version + 2; /* sizes of an address and of a segment */

		if (widths[0] != 8 || widths[1])
			return false;
		memmove(widths, widths + 2, size - 8);
		memset(body + size - 2, 0, 2); /* DW_CFA_nop */
		*version = 3;
	}
	return *version == 1 || *version == 3;
}

/* Sets the FDE's CIE, as an offset from the beginning, and its function's address. */
static uint64_t convert_fde(uint8_t *bytes, size_t at, uint32_t cie, uint64_t distance)
{
	uint32_t back = (uint32_t)at + 4 - cie;
	uint64_t code;

	memcpy(bytes + at + 4, &back, sizeof back);
	memcpy(&code, bytes + at + 8, sizeof code);
	code += distance;
	memcpy(bytes + at + 8, &code, sizeof code);
	return code;
}

size_t unwind_debug_frames_read(uint8_t *bytes, size_t length, uint64_t distance,
				struct unwind_entry **entries)
{
	size_t count = 0, cap = 0;
	uint32_t size, id, cie = UINT32_MAX; /* the last usable CIE */

	*entries = NULL;
	for (size_t at = 0; read_word(bytes, length, at, &size) && size >= 4 && size <= length - at - 4;
	     at += 4 + (size_t)size) {
		if (!read_word(bytes, length, at + 4, &id))
			break;
		if (id == UINT32_MAX) {
			cie = convert_cie(bytes, at, size) ? (uint32_t)at : UINT32_MAX;
		} else if (id == cie && size >= 20) {
			mem_grow(*entries, cap, count + 1);
			(*entries)[count++] =
			    (struct unwind_entry){ convert_fde(bytes, at, cie, distance), (uint32_t)at };
		}
	}
	if (count)
		qsort(*entries, count, sizeof **entries, by_code);
	return count;
}

const struct unwind_entry *unwind_entry_find(const struct unwind_entry *entries, size_t count,
					     uint64_t address)
{
	size_t at;

	bisect(at, 0, count, entries[at].code <= address);
	return at ? &entries[at - 1] : NULL;
}
