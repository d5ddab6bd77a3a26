/* The language of messages, and where their catalogues are.
 *
 * gettext goes by the locale. Three things make that too little here, and are mended:
 * a locale that the environment names (LC_ALL=ru_RU.UTF-8) is often not generated on a machine, though
 * messages in its language need nothing of it: its UTF-8 and its language are then taken alone;
 * a language can be chosen in any locale (language_choose);
 * a locale that is not UTF-8 has its messages in English, as all text inside this program is UTF-8.
 * Numbers are written with a point in every locale: they are read by programs, too.
 *
 * One place of a process keeps this, as gettext does: its state belongs to the process. */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Takes locale and language from the environment. `directory`, which must stay, is what bindtextdomain(3)
 * takes: it has ru/LC_MESSAGES/pagescape.mo. Call it first of all, with one thread only. */
void language_begin(const char *directory);

/* Makes it the language of messages from now on, whatever the environment says: "ru", "ru_RU" or "en". One
 * that has no catalogue leaves messages in English. Returns 0; or -1 with ERR_USAGE where it is no
 * code of a language, ERR_UNSUPPORTED where this machine has no locale that can show it. */
int language_choose(const char *code, struct err *);

/* The code of the language that messages are wanted in: of "ru_RU.UTF-8" "ru"; "en" where none is. The caller
 * frees. */
char *language_code(void);

/* Are there messages in it? English there always are. */
bool language_is_there(const char *code);

/* Appends the codes of all of them: "en ru". */
void language_list(struct strbuf *);

/* The environment as it was given to us: what a program that is started from here gets. */
char **language_environment(void);

#endif
