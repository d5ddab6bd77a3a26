#include "export/csv_row.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

void csv_add_empty(struct strbuf *row)
{
	strbuf_puts(row, ",");
}

void csv_add_text(struct strbuf *row, const char *bytes)
{
	struct strbuf text = { 0 };

	text_printable(&text, bytes, strlen(bytes));
	if (text.len && strpbrk(text.text, ",\"\n\r")) {
		strbuf_puts(row, "\"");
		for (const char *c = text.text; *c; c++)
			strbuf_add(row, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
		strbuf_puts(row, "\"");
	} else if (text.len) {
		strbuf_puts(row, text.text);
	}
	strbuf_fini(&text);
	csv_add_empty(row);
}

void csv_add_count(struct strbuf *row, uint64_t count)
{
	strbuf_printf(row, "%" PRIu64 ",", count);
}

void csv_add_address(struct strbuf *row, uint64_t address)
{
	strbuf_printf(row, "0x%" PRIx64 ",", address);
}

void csv_add_time(struct strbuf *row, uint64_t ns)
{
	strbuf_printf(row, "%" PRIu64 ".%09" PRIu64 ",", ns / CLOCK_SECOND, ns % CLOCK_SECOND);
}

void csv_end_row(struct strbuf *row, FILE *out)
{
	row->text[row->len - 1] = '\n';
	fwrite(row->text, 1, row->len, out);
	strbuf_clear(row);
}
