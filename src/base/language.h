/* The language of messages, and where their catalogues are.
 *
 * gettext goes by the locale. That is not enough here, for three reasons. A locale that the environment names
 * (LC_ALL=ru_RU.UTF-8) is often not generated on a machine, but messages need only its language and that it
 * is UTF-8, so these are used alone. A language can be chosen in any locale (language_choose). And in a
 * locale that is not UTF-8 messages are in English, because all text inside this program is UTF-8. Numbers
 * are written with a point in every locale, because programs read them too.
 *
 * Like gettext's, this state belongs to the process. */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Takes locale and language from the environment. `directory`, which must stay valid, is what
 * bindtextdomain(3) takes: it contains ru/LC_MESSAGES/pagescape.mo. Call it first of all, while there is only
 * one thread. */
void language_begin(const char *directory);

/* Chooses the language of messages from now on, whatever the environment says: "ru", "ru_RU" or "en". If it
 * has no catalogue, messages are in English. Returns 0, or -1 with ERR_USAGE (not the code of a language) or
 * ERR_UNSUPPORTED (no locale of this machine can show it). */
int language_choose(const char *code, struct err *);

/* The code of the language that messages should be in: "ru" for "ru_RU.UTF-8"; "en" if none is set. The
 * caller frees it. */
char *language_code(void);

/* The code of the language that messages are in, "en" where no catalogue is used. The caller frees. */
char *language_of_messages(void);

/* Is there a catalogue for it? English always counts as present. */
bool language_is_there(const char *code);
/* Does the locale write UTF-8? */
bool language_is_utf8(void);

/* Appends the codes of all languages that have a catalogue: "en ru". */
void language_list(struct strbuf *);

/* The environment that we were started with; programs that we launch get this one. */
char **language_environment(void);

#endif
