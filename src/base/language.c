/* For gettext, LANGUAGE takes precedence over the locale, except in the locale C. So a language is chosen by
 * LANGUAGE in our own environment, and by a locale other than C; C.UTF-8, which nearly every machine has,
 * will do. */
#include "base/language.h"

#include <dirent.h>
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

#define CODE_MAX 8 /* letters; those of ISO 639 have two or three */

extern char **environ;

static const char *catalogues;
static char **inherited; /* NULL: the environment is as it was */

bool language_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static bool is_c(const char *locale)
{
	return !locale || !strcmp(locale, "C") || !strcmp(locale, "POSIX");
}

static size_t code_length(const char *locale)
{
	return strcspn(locale, "_.@:");
}

/* The locale that the environment names, in POSIX's order; NULL: none. */
static const char *wanted_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return value;
	}
	return NULL;
}

static bool says_utf8(const char *locale)
{
	const char *codeset = strchr(locale, '.');

	return codeset && (!strncasecmp(codeset, ".utf-8", 6) || !strncasecmp(codeset, ".utf8", 5));
}

/* Sets a category to the first of these locales that exists here and is UTF-8. */
static bool use_utf8(int category)
{
	static const char *const names[] = { "C.UTF-8", "C.utf8", "en_US.UTF-8" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (setlocale(category, names[i]))
			return true;
	return false;
}

/* Sets LANGUAGE. Programs that we launch must not find it in their environment, so the original one is
 * kept. */
static void set_language(const char *code)
{
	if (!inherited) {
		size_t count = 0;

		while (environ && environ[count])
			count++;
		inherited = mem_alloc((count + 1) * sizeof *inherited);
		for (size_t i = 0; i <= count; i++)
			inherited[i] = environ ? environ[i] : NULL;
	}
	setenv("LANGUAGE", code, 1);
}

/* Does without a locale that is not generated on this machine: its name still shows the language, and that it
 * is UTF-8. */
static void do_without(const char *locale)
{
	const char *list = getenv("LANGUAGE");
	char *code;

	if (!says_utf8(locale) || !use_utf8(LC_ALL) || (list && *list))
		return;
	code = mem_strndup(locale, code_length(locale));
	if (!is_c(code))
		set_language(code);
	free(code);
}

void language_begin(const char *directory)
{
	const char *wanted = wanted_locale();

	catalogues = directory;
	if (!setlocale(LC_ALL, "") && wanted)
		do_without(wanted);
	setlocale(LC_NUMERIC, "C");
	if (!language_is_utf8())
		setlocale(LC_MESSAGES, "C");
	bindtextdomain(PACKAGE, directory);
	textdomain(PACKAGE);
}

static bool is_code(const char *code)
{
	size_t length = code_length(code);

	if (length < 2 || length > CODE_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((code[i] < 'a' || code[i] > 'z') && (code[i] < 'A' || code[i] > 'Z'))
			return false;
	return true;
}

int language_choose(const char *code, struct err *err)
{
	char *language;

	if (!is_code(code))
		return err_set(err, ERR_USAGE, _("not a language code: %.60s"), code);
	language = mem_strndup(code, code_length(code));
	set_language(language);
	free(language);
	if ((!language_is_utf8() && !use_utf8(LC_CTYPE)) ||
	    (is_c(setlocale(LC_MESSAGES, NULL)) && !use_utf8(LC_MESSAGES)))
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("choosing a language needs a UTF-8 locale, and this machine has none, not "
				 "even C.UTF-8"));
	textdomain(PACKAGE); /* makes gettext forget what it has looked up */
	return 0;
}

char *language_code(void)
{
	const char *locale = setlocale(LC_MESSAGES, NULL), *list = getenv("LANGUAGE");

	if (is_c(locale))
		return mem_strdup("en");
	if (list && *list)
		locale = list;
	else if (text_begins(locale, "C."))
		return mem_strdup("en");
	return mem_strndup(locale, code_length(locale));
}

/* Reads the header of the catalogue in use, which is the translation of "". */
char *language_of_messages(void)
{
	static const char nothing[] = "", field[] = "\nLanguage: ";
	const char *head = gettext(nothing), *at = *head ? strstr(head, field) : NULL;

	at = at ? at + strlen(field) : "en";
	return mem_strndup(at, strcspn(at, " \n"));
}

bool language_is_there(const char *code)
{
	struct strbuf path = { 0 };
	bool there;

	if (!is_code(code))
		return false;
	if (code_length(code) == 2 && text_begins(code, "en"))
		return true;
	strbuf_printf(&path, "%s/%.*s/LC_MESSAGES/" PACKAGE ".mo", catalogues ? catalogues : "",
		      (int)code_length(code), code);
	there = access(path.text, R_OK) == 0;
	strbuf_fini(&path);
	return there;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int has_messages(const struct dirent *entry)
{
	return language_is_there(entry->d_name) && strcmp(entry->d_name, "en");
}

void language_list(struct strbuf *out)
{
	struct dirent **entries;
	int count = catalogues ? scandir(catalogues, &entries, has_messages, by_name) : -1;

	strbuf_puts(out, "en");
	for (int i = 0; i < count; i++) {
		strbuf_printf(out, " %s", entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

char **language_environment(void)
{
	return inherited ? inherited : environ;
}
