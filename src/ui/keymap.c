/* Users bind few keys, so they are searched one by one. */
#include "ui/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/key.h"

void keymap_fini(struct keymap *map)
{
	for (size_t i = 0; i < map->count; i++)
		free(map->bindings[i].commands);
	free(map->bindings);
	*map = (struct keymap){ 0 };
}

static struct key_binding *find(const struct keymap *map, uint32_t key)
{
	for (size_t i = 0; map && i < map->count; i++)
		if (map->bindings[i].key == key)
			return &map->bindings[i];
	return NULL;
}

void keymap_bind(struct keymap *map, uint32_t key, uint32_t stands_for, const char *commands)
{
	struct key_binding *binding = find(map, key);

	if (!binding) {
		mem_grow(map->bindings, map->cap, map->count + 1);
		binding = &map->bindings[map->count++];
		*binding = (struct key_binding){ .key = key };
	}
	free(binding->commands);
	binding->stands_for = stands_for;
	binding->commands = commands ? mem_strdup(commands) : NULL;
}

uint32_t keymap_translate(const struct keymap *map, uint32_t key, const char **commands)
{
	const struct key_binding *binding = find(map, key);

	*commands = NULL;
	if (!binding)
		return key;
	if (binding->stands_for)
		return binding->stands_for;
	*commands = binding->commands;
	return KEY_NONE_YET;
}

uint32_t keymap_key(const struct keymap *map, const char *commands, const uint32_t *keys, size_t n, size_t i)
{
	for (size_t k = 0; map && k < map->count; k++) {
		const char *does = map->bindings[k].commands;

		if (does && !strcmp(does, commands) && i-- == 0)
			return map->bindings[k].key;
	}
	for (size_t k = 0; k < n && keys[k]; k++)
		if (!find(map, keys[k]) && i-- == 0)
			return keys[k];
	return 0;
}
