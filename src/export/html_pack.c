#include "export/html_pack.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/i18n.h"
#include "export/json.h"
#include "export/protobuf.h"

void pack_init(struct pack *p)
{
	*p = (struct pack){ .columns = json_object() };
}

void pack_fini(struct pack *p)
{
	json_decref(p->columns);
	strbuf_fini(&p->bytes);
}

static void end_column(struct pack *p)
{
	if (p->name)
		json_object_set_new(p->columns, p->name,
				    json_pack("[I, I, I]", (json_int_t)p->from,
					      (json_int_t)(p->bytes.len - p->from), (json_int_t)p->numbers));
	p->name = NULL;
}

void pack_begin(struct pack *p, const char *name)
{
	end_column(p);
	p->name = name;
	p->from = p->bytes.len;
	p->numbers = 0;
}

void pack_number(struct pack *p, uint64_t number)
{
	char bytes[10];
	size_t n = 0;

	do {
		bytes[n++] = (char)((number & 127) | (number > 127 ? 128 : 0));
		number >>= 7;
	} while (number);
	strbuf_add(&p->bytes, bytes, n);
	p->numbers++;
}

void pack_signed(struct pack *p, int64_t number)
{
	pack_number(p, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}

int pack_write(struct pack *p, json_t *head, FILE *out, struct err *err)
{
	struct strbuf all = { 0 }, text = { 0 };
	char *packed = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&packed, &len);
	int result = -1;

	if (!memory)
		return err_set(err, ERR_SYSTEM, "%s", _("there is no memory"));
	end_column(p);
	json_object_set(head, "columns", p->columns);
	json_append(&text, head, JSON_COMPACT);
	for (int i = 0; i < 4; i++)
		strbuf_add(&all, (const char[]){ (char)(text.len >> 8 * i & 255) }, 1);
	strbuf_add(&all, text.text, text.len);
	if (p->bytes.len)
		strbuf_add(&all, p->bytes.text, p->bytes.len);
	result = protobuf_print_gzip(memory, all.text, all.len, err);
	if (fclose(memory) == 0 && result == 0)
		base64_write(out, (const unsigned char *)packed, len);
	free(packed);
	strbuf_fini(&all);
	strbuf_fini(&text);
	return result;
}
