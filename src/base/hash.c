/* Open addressing: an entry is in the slot of its hash, or in the next free slot after it. The table is never
 * more than half full, so searches are short. */
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SIZE_MIN 64

static void put(struct hash *table, uint64_t slot)
{
	size_t at = (size_t)(slot >> 32) & (table->size - 1);

	while (table->slots[at])
		at = (at + 1) & (table->size - 1);
	table->slots[at] = slot;
}

static void grow(struct hash *table)
{
	struct hash old = *table;

	table->size = old.size ? 2 * old.size : SIZE_MIN;
	table->slots = mem_zalloc(table->size * sizeof *table->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i])
			put(table, old.slots[i]);
	free(old.slots);
}

void hash_add(struct hash *table, uint32_t hash, uint32_t number)
{
	if (2 * (table->count + 1) > table->size)
		grow(table);
	put(table, (uint64_t)hash << 32 | number);
	table->count++;
}

void hash_clear(struct hash *table)
{
	if (table->size)
		memset(table->slots, 0, table->size * sizeof *table->slots);
	table->count = 0;
}

void hash_fini(struct hash *table)
{
	free(table->slots);
	*table = (struct hash){ 0 };
}

struct hash hash_copy(const struct hash *table)
{
	struct hash copy = *table;

	copy.slots = mem_copy(table->slots, table->size * sizeof *copy.slots);
	return copy;
}

/* FNV-1a, see http://www.isthe.com/chongo/tech/comp/fnv/ */
uint32_t hash_bytes(const char *bytes, size_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return (uint32_t)(hash ^ hash >> 32);
}

uint32_t hash_text(const char *text)
{
	return hash_bytes(text, strlen(text));
}

uint32_t hash_words(const uint64_t *words, size_t count)
{
	uint64_t hash = count;

	for (size_t i = 0; i < count; i++)
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
	return (uint32_t)(hash ^ hash >> 32);
}
