/* The keys that a user has bound to other commands.
 *
 * The keys of the table of commands (ui/commands.h) and of the tabs are the default. A binding assigns
 * commands to a key, or disables it. If it assigns a single command by its bare name, the key acts as that
 * command's default key everywhere: on the screen, in windows over it, in the list of processes.
 * commands_bind makes bindings; this part knows only keys. */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

struct key_binding {
	uint32_t key;        /* see ui/key.h */
	uint32_t stands_for; /* the default key of the one command; 0: there is none */
	char *commands;      /* owned, as --do takes them; NULL: the key does nothing */
};

/* All zero: every key has its default. Functions take NULL for that, too. */
struct keymap {
	struct key_binding *bindings;
	size_t count, cap;
};

void keymap_fini(struct keymap *);
/* Binds a key; a binding that it had is replaced. Copies the commands. */
void keymap_bind(struct keymap *, uint32_t key, uint32_t stands_for, const char *commands);
/* What a key stands for: itself, another one, or KEY_NONE_YET with *commands to run, NULL for none. */
uint32_t keymap_translate(const struct keymap *, uint32_t key, const char **commands);
/* The i-th key that does what `commands` do, 0 after the last: those that were bound to it, then of the
 * default keys (at most n, 0 ends them) those that still do it. */
uint32_t keymap_key(const struct keymap *, const char *commands, const uint32_t *keys, size_t n, size_t i);

#endif
