#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool texts_find(const struct texts *t, const char *text, uint32_t *number)
{
	struct hash_iter iter = hash_iter(&t->hash, hash_text(text));
	uint32_t found;

	while ((found = hash_next(&iter)) && strcmp(t->list[found - 1], text) != 0)
		;
	*number = found - 1;
	return found;
}

uint32_t texts_add(struct texts *t, const char *text)
{
	uint32_t number;

	if (texts_find(t, text, &number))
		return number;
	mem_grow(t->list, t->cap, t->count + 1);
	t->list[t->count++] = mem_strdup(text);
	hash_add(&t->hash, hash_text(text), (uint32_t)t->count);
	return (uint32_t)t->count - 1;
}

void texts_fini(struct texts *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->list[i]);
	free(t->list);
	hash_fini(&t->hash);
	*t = (struct texts){ 0 };
}
