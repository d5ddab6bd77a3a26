#include "symbol/known_code.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

#define KNOWN_MAX 16384

struct known_symbol {
	uint64_t at; /* in the file */
	struct event_symbol symbol;
};

struct known_code {
	struct known_symbol *list;
	size_t count, cap;
	struct hash by_offset;
};

struct known_code *known_code_create(void)
{
	return mem_zalloc(sizeof(struct known_code));
}

static void free_symbol(struct event_symbol *symbol)
{
	for (size_t i = 0; i < symbol->count; i++) {
		free((char *)symbol->frames[i].function);
		free((char *)symbol->frames[i].source);
	}
	free((void *)symbol->frames);
	free((char *)symbol->section);
	free((char *)symbol->why);
}

void known_code_destroy(struct known_code *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->count; i++)
		free_symbol(&k->list[i].symbol);
	free(k->list);
	hash_fini(&k->by_offset);
	free(k);
}

static bool may_have_text(const struct event_symbol *symbol)
{
	for (size_t i = 0; i < symbol->count; i++)
		if (symbol->frames[i].source[0] == '/')
			return true;
	return false;
}

static struct event_symbol copy(const struct event_symbol *from)
{
	struct event_symbol symbol = *from;
	struct code_frame *frames = symbol.count ? mem_alloc(symbol.count * sizeof *frames) : NULL;
	for (size_t i = 0; i < symbol.count; i++)
		frames[i] = (struct code_frame){ mem_strdup(from->frames[i].function),
						 mem_strdup(from->frames[i].source), from->frames[i].line };
	symbol.ip = 0;
	symbol.object = "";
	symbol.frames = frames;
	symbol.section = mem_strdup(from->section);
	symbol.why = mem_strdup(from->why);
	return symbol;
}

void known_code_add(struct known_code *k, uint64_t offset, const struct event_symbol *symbol)
{
	if (k->count == KNOWN_MAX || may_have_text(symbol) || known_code_find(k, offset))
		return;
	mem_grow(k->list, k->cap, k->count + 1);
	k->list[k->count++] = (struct known_symbol){ offset, copy(symbol) };
	hash_add(&k->by_offset, hash_number(offset), (uint32_t)k->count);
}

const struct event_symbol *known_code_find(const struct known_code *k, uint64_t offset)
{
	struct hash_iter iter = hash_iter(&k->by_offset, hash_number(offset));
	for (uint32_t number; (number = hash_next(&iter));)
		if (k->list[number - 1].at == offset)
			return &k->list[number - 1].symbol;
	return NULL;
}
