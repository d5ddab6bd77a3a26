/* One line for the user. */
#ifndef UI_VIEW_MESSAGE_H
#define UI_VIEW_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#define MESSAGE_TEXT 256

struct message {
	char text[MESSAGE_TEXT]; /* "": there is none */
	bool bad;
	uint64_t clock_ns; /* CLOCK_MONOTONIC, as the loop saw it last */
	uint64_t end_ns;   /* when it goes away by itself; 0: not before a key */
};

/* A message goes away by itself after a few seconds, a complaint stays until the next key. */
void message_say(struct message *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void message_complain(struct message *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void message_print(struct message *, bool bad, const char *format, va_list);
void message_clear(struct message *);
/* Keeps it until the next key, too. */
void message_keep(struct message *);
bool message_is_over(const struct message *, uint64_t clock_ns);

#endif
