#include "symbol/unwind_code.h"

#include <string.h>

#include "base/hash.h"
#include "base/minmax.h"
#include "symbol/unwind_tables.h"

void unwind_code_flush(struct unwind_code *c)
{
	memset(c->pages, 0, sizeof c->pages);
}

/* Copies from a page that was read before, unless there was nothing yet: there may be something by now. */
static size_t copy_kept(const struct unwind_code_page *page, uint64_t address, uint8_t *bytes, size_t size)
{
	size_t at = address % UNWIND_CODE_BYTES;
	bool any = false;

	if (page->address != address - at || at >= page->length)
		return 0;
	size = min(page->length - at, size);
	memcpy(bytes, page->bytes + at, size);
	for (size_t i = 0; i < size; i++)
		any |= bytes[i];
	return any ? size : 0;
}

ptrdiff_t unwind_code_read(struct unwind_code *c, uint64_t address, uint8_t *bytes, size_t size)
{
	uint64_t start = address - address % UNWIND_CODE_BYTES;
	struct unwind_code_page *page = &c->pages[hash_number(start) & (UNWIND_CODE_PAGES - 1)];
	ptrdiff_t length = unwind_tables_code(c->tables, address, bytes, size);
	size_t copied;

	if (length >= 0 || !c->files.code)
		return length;
	if ((copied = copy_kept(page, address, bytes, size)))
		return (ptrdiff_t)copied;
	length = c->files.code(c->files.context, address, bytes, size);
	if (length > 0) {
		ptrdiff_t all = c->files.code(c->files.context, start, page->bytes, UNWIND_CODE_BYTES);

		page->address = start;
		page->length = all > 0 ? (size_t)all : 0;
	}
	return length;
}
