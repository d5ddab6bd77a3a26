/* Two hash tables that only grow: symbols by address, lines by file and number. Texts repeat
 * (paths above all), so each is kept once, in a third. */
#include "model/names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

#define SIZE_MIN 64
#define BYTES_MAX ((size_t)64 << 20) /* of texts and tables: whatever a session claims, no more is kept */

/* A set of strings: each is kept once and stays where it is. */
struct texts {
	char **slots;
	size_t size, count;
};

struct line {
	const char *path; /* in texts */
	uint32_t number;
	char *text;
};

struct names {
	struct event_symbol **symbols; /* as they came; frames owned, texts in `texts` */
	size_t count, cap;
	uint32_t *slots; /* index + 1, by ip */
	size_t size;
	struct line *lines;
	size_t line_count, line_cap;
	uint32_t *line_slots;
	size_t line_size;
	struct texts texts;
	size_t bytes; /* about what all of it takes */
	uint64_t generation;
};

static size_t hash_bytes(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return (size_t)(hash ^ hash >> 32);
}

static size_t hash_number(uint64_t number)
{
	return (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static char **text_slot(const struct texts *t, const char *text)
{
	size_t at = hash_bytes(text) & (t->size - 1);

	while (t->slots[at] && strcmp(t->slots[at], text) != 0)
		at = (at + 1) & (t->size - 1);
	return &t->slots[at];
}

static const char *keep_text(struct names *n, const char *text)
{
	struct texts *t = &n->texts;
	char **slot;

	if (!text || !*text)
		return "";
	if (2 * (t->count + 1) > t->size) {
		struct texts old = *t;

		t->size = old.size ? 2 * old.size : SIZE_MIN;
		t->slots = mem_zalloc(t->size * sizeof *t->slots);
		for (size_t i = 0; i < old.size; i++)
			if (old.slots[i])
				*text_slot(t, old.slots[i]) = old.slots[i];
		free(old.slots);
	}
	slot = text_slot(t, text);
	if (!*slot) {
		*slot = mem_strdup(text);
		n->bytes += strlen(text) + 1 + 2 * sizeof *slot;
		t->count++;
	}
	return *slot;
}

static uint32_t *symbol_slot(const struct names *n, uint64_t ip)
{
	size_t at = hash_number(ip) & (n->size - 1);

	while (n->slots[at] && n->symbols[n->slots[at] - 1]->ip != ip)
		at = (at + 1) & (n->size - 1);
	return &n->slots[at];
}

static size_t hash_line(const char *path, uint32_t number)
{
	return hash_bytes(path) ^ hash_number(number);
}

static uint32_t *line_slot(const struct names *n, const char *path, uint32_t number)
{
	size_t at = hash_line(path, number) & (n->line_size - 1);

	for (; n->line_slots[at]; at = (at + 1) & (n->line_size - 1)) {
		const struct line *line = &n->lines[n->line_slots[at] - 1];

		if (line->number == number && !strcmp(line->path, path))
			break;
	}
	return &n->line_slots[at];
}

struct names *names_create(void)
{
	struct names *n = mem_zalloc(sizeof *n);

	n->size = n->line_size = SIZE_MIN;
	n->slots = mem_zalloc(n->size * sizeof *n->slots);
	n->line_slots = mem_zalloc(n->line_size * sizeof *n->line_slots);
	return n;
}

struct names *names_copy(const struct names *from)
{
	struct names *copy = names_create();

	for (size_t i = 0; i < from->count; i++)
		names_add(copy, from->symbols[i]);
	for (size_t i = 0; i < from->line_count; i++)
		names_add_lines(copy, from->lines[i].path, from->lines[i].number, from->lines[i].text);
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
	for (size_t i = 0; i < n->count; i++)
		free_symbol(n->symbols[i]);
	n->count = 0;
	memset(n->slots, 0, n->size * sizeof *n->slots);
}

void names_destroy(struct names *n)
{
	if (!n)
		return;
	names_clear(n);
	for (size_t i = 0; i < n->line_count; i++)
		free(n->lines[i].text);
	for (size_t i = 0; i < n->texts.size; i++)
		free(n->texts.slots[i]);
	free(n->texts.slots);
	free(n->symbols);
	free(n->slots);
	free(n->lines);
	free(n->line_slots);
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

static void grow_symbols(struct names *n)
{
	n->size *= 2;
	free(n->slots);
	n->slots = mem_zalloc(n->size * sizeof *n->slots);
	for (size_t i = 0; i < n->count; i++)
		*symbol_slot(n, n->symbols[i]->ip) = (uint32_t)i + 1;
}

void names_add(struct names *n, const struct event_symbol *from)
{
	struct event_symbol *symbol;
	uint32_t *slot = symbol_slot(n, from->ip);

	if (n->bytes >= BYTES_MAX)
		return;
	n->generation++;
	symbol = copy_symbol(n, from);
	if (*slot) {
		free_symbol(n->symbols[*slot - 1]);
		n->symbols[*slot - 1] = symbol;
		return;
	}
	mem_grow(n->symbols, n->cap, n->count + 1);
	n->symbols[n->count++] = symbol;
	*slot = (uint32_t)n->count;
	if (2 * n->count > n->size)
		grow_symbols(n);
}

const struct event_symbol *names_find(const struct names *n, uint64_t ip)
{
	uint32_t at = *symbol_slot(n, ip);

	return at ? n->symbols[at - 1] : NULL;
}

static void grow_lines(struct names *n)
{
	n->line_size *= 2;
	free(n->line_slots);
	n->line_slots = mem_zalloc(n->line_size * sizeof *n->line_slots);
	for (size_t i = 0; i < n->line_count; i++)
		*line_slot(n, n->lines[i].path, n->lines[i].number) = (uint32_t)i + 1;
}

static void add_line(struct names *n, const char *path, uint32_t number, const char *text, size_t len)
{
	uint32_t *slot = line_slot(n, path, number);
	char *copy;

	if (n->bytes >= BYTES_MAX)
		return;
	n->bytes += len + 1 + 2 * sizeof *n->lines;
	copy = mem_alloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (*slot) {
		free(n->lines[*slot - 1].text);
		n->lines[*slot - 1].text = copy;
		return;
	}
	mem_grow(n->lines, n->line_cap, n->line_count + 1);
	n->lines[n->line_count++] = (struct line){ path, number, copy };
	*slot = (uint32_t)n->line_count;
	if (2 * n->line_count > n->line_size)
		grow_lines(n);
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
	uint32_t at = *line_slot(n, path, line);

	return at ? n->lines[at - 1].text : NULL;
}

uint64_t names_generation(const struct names *n)
{
	return n->generation;
}

size_t names_count(const struct names *n)
{
	return n->count;
}

const struct event_symbol *names_at(const struct names *n, size_t i)
{
	return n->symbols[i];
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
	const char *base = symbol ? strrchr(symbol->object, '/') : NULL;
	const char *object = !symbol ? "" : base ? base + 1 : symbol->object;

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
