/* Two tables that only grow: symbols by address, lines by file and number. Texts repeat (paths above all), so
 * each is kept once, in a third table. */
#include "model/names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/texts.h"

#define BYTES_MAX ((size_t)64 << 20) /* for texts and tables: no more is kept, whatever a session claims */

struct source_line {
	const char *path; /* in texts */
	uint32_t number;
	char *text;
};

struct names {
	struct event_symbol **symbols; /* in the order in which they came; frames owned, texts in `texts` */
	size_t count, cap;
	struct hash by_ip; /* index + 1 */
	struct source_line *lines;
	size_t line_count, line_cap;
	struct hash by_line; /* index + 1 */
	struct texts texts;
	const struct names *later; /* see names_use */
	size_t bytes;              /* about what all of this takes */
	uint64_t generation;
};

static const char *keep_text(struct names *n, const char *text)
{
	size_t before = n->texts.count;
	uint32_t number;

	if (!text || !*text)
		return "";
	number = texts_add(&n->texts, text);
	if (number == before)
		n->bytes += strlen(text) + 1 + 4 * sizeof text;
	return n->texts.list[number];
}

static uint32_t find_symbol(const struct names *n, uint64_t ip)
{
	struct hash_iter iter = hash_iter(&n->by_ip, hash_number(ip));
	uint32_t number;

	while ((number = hash_next(&iter)) && n->symbols[number - 1]->ip != ip)
		;
	return number;
}

static uint32_t hash_line(const char *path, uint32_t number)
{
	return hash_text(path) ^ hash_number(number);
}

static uint32_t find_line(const struct names *n, const char *path, uint32_t number)
{
	struct hash_iter iter = hash_iter(&n->by_line, hash_line(path, number));
	uint32_t found;

	while ((found = hash_next(&iter))) {
		const struct source_line *line = &n->lines[found - 1];

		if (line->number == number && !strcmp(line->path, path))
			break;
	}
	return found;
}

struct names *names_create(void)
{
	return mem_zalloc(sizeof(struct names));
}

struct names *names_copy(const struct names *from)
{
	struct names *copy = names_create();

	for (size_t i = 0; i < from->count; i++)
		names_add(copy, from->symbols[i]);
	for (size_t i = 0; i < from->line_count; i++)
		names_add_lines(copy, from->lines[i].path, from->lines[i].number, from->lines[i].text);
	copy->later = from->later;
	return copy;
}

static void free_symbol(struct event_symbol *symbol)
{
	free((void *)symbol->frames);
	free(symbol);
}

void names_clear(struct names *n)
{
	n->generation++;
	n->later = NULL;
	for (size_t i = 0; i < n->count; i++)
		free_symbol(n->symbols[i]);
	n->count = 0;
	hash_clear(&n->by_ip);
}

void names_use(struct names *n, const struct names *later)
{
	if (n->later == later)
		return;
	n->later = later;
	n->generation += UINT64_C(1) << 32; /* above anything that the old and the new tables had counted */
}

void names_destroy(struct names *n)
{
	if (!n)
		return;
	names_clear(n);
	for (size_t i = 0; i < n->line_count; i++)
		free(n->lines[i].text);
	texts_fini(&n->texts);
	free(n->symbols);
	free(n->lines);
	hash_fini(&n->by_ip);
	hash_fini(&n->by_line);
	free(n);
}

static struct event_symbol *copy_symbol(struct names *n, const struct event_symbol *from)
{
	struct event_symbol *symbol = mem_alloc(sizeof *symbol);
	struct code_frame *frames = from->count ? mem_alloc(from->count * sizeof *frames) : NULL;

	n->bytes += 2 * sizeof *symbol + from->count * sizeof *frames;
	*symbol = *from;
	symbol->object = keep_text(n, from->object);
	symbol->section = keep_text(n, from->section);
	symbol->why = keep_text(n, from->why);
	for (size_t i = 0; i < from->count; i++)
		frames[i] = (struct code_frame){
			.function = keep_text(n, from->frames[i].function),
			.source = keep_text(n, from->frames[i].source),
			.line = from->frames[i].line,
		};
	symbol->frames = frames;
	return symbol;
}

void names_add(struct names *n, const struct event_symbol *from)
{
	struct event_symbol *symbol;
	uint32_t number = find_symbol(n, from->ip);

	if (n->bytes >= BYTES_MAX)
		return;
	n->generation++;
	symbol = copy_symbol(n, from);
	if (number) {
		free_symbol(n->symbols[number - 1]);
		n->symbols[number - 1] = symbol;
		return;
	}
	mem_grow(n->symbols, n->cap, n->count + 1);
	n->symbols[n->count++] = symbol;
	hash_add(&n->by_ip, hash_number(from->ip), (uint32_t)n->count);
}

const struct event_symbol *names_find(const struct names *n, uint64_t ip)
{
	uint32_t number = find_symbol(n, ip);

	if (!number && n->later)
		return names_find(n->later, ip);
	return number ? n->symbols[number - 1] : NULL;
}

static void add_line(struct names *n, const char *path, uint32_t number, const char *text, size_t len)
{
	uint32_t found = find_line(n, path, number);
	char *copy;

	if (n->bytes >= BYTES_MAX)
		return;
	n->bytes += len + 1 + 2 * sizeof *n->lines;
	copy = mem_alloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (found) {
		free(n->lines[found - 1].text);
		n->lines[found - 1].text = copy;
		return;
	}
	mem_grow(n->lines, n->line_cap, n->line_count + 1);
	n->lines[n->line_count++] = (struct source_line){ path, number, copy };
	hash_add(&n->by_line, hash_line(path, number), (uint32_t)n->line_count);
}

void names_add_lines(struct names *n, const char *path, uint32_t first, const char *text)
{
	const char *kept = keep_text(n, path);

	for (;; first++) {
		size_t len = strcspn(text, "\n");

		add_line(n, kept, first, text, len);
		if (!text[len])
			return;
		text += len + 1;
	}
}

const char *names_line(const struct names *n, const char *path, uint32_t line)
{
	uint32_t found = find_line(n, path, line);

	if (!found && n->later)
		return names_line(n->later, path, line);
	return found ? n->lines[found - 1].text : NULL;
}

uint64_t names_generation(const struct names *n)
{
	return n->generation + (n->later ? n->later->generation : 0);
}

size_t names_count(const struct names *n)
{
	return n->count;
}

const struct event_symbol *names_at(const struct names *n, size_t i)
{
	return n->symbols[i];
}

size_t names_bytes(const struct names *n)
{
	return n->bytes;
}

size_t names_line_count(const struct names *n)
{
	return n->line_count;
}

void names_line_at(const struct names *n, size_t i, const char **path, uint32_t *line, const char **text)
{
	*path = n->lines[i].path;
	*line = n->lines[i].number;
	*text = n->lines[i].text;
}

void names_text(struct strbuf *out, const struct event_symbol *symbol, uint64_t ip)
{
	const char *object = symbol ? path_name(symbol->object) : "";

	if (symbol && symbol->count && *symbol->frames[0].function) {
		strbuf_puts(out, symbol->frames[0].function);
		if (symbol->count == 1)
			strbuf_printf(out, "+0x%" PRIx64, symbol->offset);
	} else if (*object) {
		strbuf_printf(out, "%s%s%s+0x%" PRIx64, object, *symbol->section ? " " : "", symbol->section,
			      symbol->offset);
	} else {
		strbuf_printf(out, "0x%" PRIx64, ip);
	}
}
