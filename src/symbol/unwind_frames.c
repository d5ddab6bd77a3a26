/* .eh_frame is a row of entries of two kinds, until one of length 0:
 *
 *     14 00 00 00                     length of what follows
 *     00 00 00 00                     0: a CIE, what many functions have in common
 *     01  7a 52 00                    version, augmentation "zR"
 *     01 78 10                        code and data alignment, return address' register
 *     01 1b                           one byte of augmentation: pointers are encoded as 0x1b
 *     ...                             instructions
 *
 *     24 00 00 00                     length
 *     1c 00 00 00                     an FDE: so far before this word its CIE begins
 *     e0 ef ff ff                     where its function begins, encoded as the CIE says
 *     ...
 *
 * See "Exception Frames" in the Linux Standard Base, Core. */
#include "symbol/unwind_frames.h"

#include <stdlib.h>
#include <string.h>

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
	case 0x10: /* relative to its own place */
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

/* Behind a number of seven bits a byte. */
static void skip_leb(const uint8_t *bytes, size_t length, size_t *at)
{
	while (*at < length && bytes[(*at)++] & 0x80)
		;
}

/* How the CIE at `at` encodes the pointers of its FDEs; PE_OMIT if that cannot be known. */
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
			uint8_t encoding = bytes[at++] & 0x8f; /* only how long it is */

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

static bool fits(int64_t distance)
{
	return distance == (int32_t)distance;
}

size_t unwind_frames_read(const uint8_t *bytes, size_t length, uint64_t address,
			  struct unwind_entry **entries)
{
	size_t count = 0, cap = 0, at = 0;
	uint32_t size, id;

	*entries = NULL;
	/* a length of 2^32-1 means that one of eight bytes follows: no section here is so large */
	while (read_word(bytes, length, at, &size) && size >= 4 && size <= length - at - 4 &&
	       read_word(bytes, length, at + 4, &id)) {
		size_t code_at = at + 8;
		uint64_t code;

		if (id && id <= at + 4 &&
		    unwind_read_encoded(bytes, length, pointer_encoding(bytes, length, at + 4 - id), address,
					0, &code_at, &code) &&
		    fits((int64_t)(code - address)) && fits((int64_t)at)) {
			mem_grow(*entries, cap, count + 1);
			(*entries)[count++] = (struct unwind_entry){ (int32_t)(code - address), (int32_t)at };
		}
		at += 4 + (size_t)size;
	}
	if (count)
		qsort(*entries, count, sizeof **entries, by_code);
	return count;
}
