/* A hash table that finds entries of an array by a key.
 *
 * The array is the caller's. The table holds each entry's number and the hash of its key. Only the caller can
 * check whether an entry is the right one:
 *
 *     static uint32_t find(const struct names *n, const char *name)
 *     {
 *         struct hash_iter iter = hash_iter(&n->hash, hash_text(name));
 *         uint32_t number;
 *
 *         while ((number = hash_next(&iter)) && strcmp(n->list[number - 1].name, name) != 0)
 *             ;
 *         return number;
 *     }
 *
 * Numbers begin at 1, often as an index plus one, so that 0 means "none". Entries cannot be removed one by
 * one, only all at once, so the table does not suit caches. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Zeroes are an empty table. */
struct hash {
	uint64_t *slots; /* hash << 32 | number; 0: free */
	size_t size;     /* of slots: a power of two, or 0 */
	size_t count;
};

/* Adds a number, not 0, under a hash. The caller has made sure that it is not there yet. */
void hash_add(struct hash *, uint32_t hash, uint32_t number);
void hash_clear(struct hash *);             /* keeps the memory */
void hash_fini(struct hash *);              /* it can be used again */
struct hash hash_copy(const struct hash *); /* a deep copy */

/* Iterates over the numbers stored under one hash. Nothing may be added meanwhile. */
struct hash_iter {
	const struct hash *table;
	size_t at;
	uint32_t hash;
};

static inline struct hash_iter hash_iter(const struct hash *table, uint32_t hash)
{
	return (struct hash_iter){ table, hash, hash };
}

/* The next one; 0 when there are no more. */
static inline uint32_t hash_next(struct hash_iter *iter)
{
	const struct hash *table = iter->table;

	while (table->size) {
		uint64_t slot = table->slots[iter->at++ & (table->size - 1)];

		if (!slot || (uint32_t)(slot >> 32) == iter->hash)
			return (uint32_t)slot;
	}
	return 0;
}

/* Hashes of keys. They may change from one version to the next, so they must not be stored in files. */
static inline uint32_t hash_number(uint64_t number)
{
	return (uint32_t)((number ^ number >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* Of a key in two parts. */
static inline uint32_t hash_two(uint64_t one, uint64_t other)
{
	return hash_number(one ^ other * UINT64_C(0xff51afd7ed558ccd));
}

/* Of a text, and of bytes. */
uint32_t hash_text(const char *text);
uint32_t hash_bytes(const char *bytes, size_t len);
uint32_t hash_words(const uint64_t *words, size_t count);

#endif
