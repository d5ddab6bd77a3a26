/* lesson --new: a small lesson that works, to start from; its text in English, and in the language in use. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/language.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "cmd/lesson/forms.h"

static const char source[] =
    "/* Asks for 16 pages, and touches 3 of them. */\n"
    "#include <stdio.h>\n"
    "#include <sys/mman.h>\n"
    "#include <unistd.h>\n"
    "\n"
    "char *area; /* at file scope, so that the lesson can name it */\n"
    "\n"
    "int main(void)\n"
    "{\n"
    "\tlong page = sysconf(_SC_PAGESIZE);\n"
    "\n"
    "\tarea = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
    "\tif (area == MAP_FAILED) { /* @asked */\n"
    "\t\tperror(\"mmap\");\n"
    "\t\treturn 1;\n"
    "\t}\n"
    "\tfor (int i = 0; i < 3; i++)\n"
    "\t\tarea[i * 5 * page] = 1;\n"
    "\treturn 0; /* @touched */\n"
    "}\n";

/* The words of the text, of each line once, so that the lesson can be begun in any language that messages are in. */
struct new_words {
	const char *comment, *title, *about;
	const char *asked, *asked_text, *note;
	const char *touched, *question, *why, *explain, *touched_text;
};

static const struct new_words english = {
	.comment = N_("A lesson. pagescape-lesson(5) describes everything that can go here."),
	.title = N_("Asked for, and got"),
	.about = N_("A program asks for 16 pages, and touches 3."),
	.asked = N_("It has asked for 16 pages"),
	/* TRANSLATORS: what stands in braces is filled in by pagescape; forms of a word may follow the figure,
	 * {faults of area|one|few|many}, as many as the language has. It must not begin with a word and a colon. */
	.asked_text = N_("mmap has returned an address. Of the {pages of area} pages, {resident of area} are "
			 "in memory."),
	.note = N_("A line that begins like this is for the speaker: it is not shown."),
	.touched = N_("It has touched 3 of them"),
	.question = N_("It touches 3 of them. How many are in memory then?"),
	.why = N_("Why not all of them?"),
	.explain = N_("A page comes when it is touched: one fault each."),
	.touched_text = N_("There were {faults of area since asked} page faults in this area."),
};

static const char *say(const char *words, bool translated)
{
	return translated ? _(words) : words;
}

/* The text with the facts, or one that translates it. */
static void write_text(struct strbuf *out, bool facts)
{
	const struct new_words *w = &english;

	strbuf_printf(out, "# %s\n", say(w->comment, !facts));
	strbuf_printf(out, "title: %s\n", say(w->title, !facts));
	strbuf_printf(out, "about: %s\n", say(w->about, !facts));
	strbuf_puts(out, facts ? "show: area[16 pages]\n" : "translates: en\n");
	strbuf_printf(out, "\n== asked\ntitle: %s\n", say(w->asked, !facts));
	strbuf_printf(out, "\n%s\n\n> %s\n", say(w->asked_text, !facts), say(w->note, !facts));
	strbuf_puts(out, facts ? "expect: resident of area = 0\n" : "");
	strbuf_printf(out, "\n== touched\ntitle: %s\n", say(w->touched, !facts));
	strbuf_printf(out, "ask number: %s\n", say(w->question, !facts));
	strbuf_puts(out, facts ? "right: resident of area\n" : "");
	strbuf_printf(out, "why: %s\nexplain: %s\n\n%s\n", say(w->why, !facts), say(w->explain, !facts),
		      say(w->touched_text, !facts));
	if (facts)
		strbuf_puts(out, "\n"
				 "expect: resident of area = 3 pages\n"
				 "expect: cause of fault at page 5 of area = zero-fill\n"
				 "expect: reserved of pages 1 to 4 of area = 4 pages\n");
}

static int write_file(int folder, const char *name, const char *content, struct err *err)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	size_t length = strlen(content), done = 0;
	ssize_t written;
	int failed_with;

	if (fd < 0)
		return err_system(err, errno, _("cannot write %s"), name);
	while (done < length && (written = write(fd, content + done, length - done)) > 0)
		done += (size_t)written;
	failed_with = done < length ? errno : 0;
	if (close(fd) < 0 && !failed_with)
		failed_with = errno;
	return failed_with ? err_system(err, failed_with, _("cannot write %s"), name) : 0;
}

/* As a shell reads it as one word. */
static void add_word(struct strbuf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";

	if (!word[strspn(word, plain)]) {
		strbuf_puts(out, word);
		return;
	}
	strbuf_puts(out, "'");
	for (; *word; word++)
		strbuf_printf(out, *word == '\'' ? "'\\%c'" : "%c", *word);
	strbuf_puts(out, "'");
}

/* The language in use, if it is not English; NULL: none. The caller frees. */
static char *other_language(void)
{
	char *code = language_of_messages();

	if (strcmp(code, "en"))
		return code;
	free(code);
	return NULL;
}

static void print_made(const char *path, const char *source_name, const char *translation)
{
	struct strbuf folder = { 0 }, word = { 0 };

	strbuf_printf(&folder, "%s%s", strchr(path, '/') ? "" : "./", path);
	add_word(&word, folder.text);
	if (translation)
		printf(_("%s: %s is the program, en.lesson the text, %s its words in another language. Try: "
			 "pagescape lesson --check %s\n"),
		       path, source_name, translation, word.text);
	else
		printf(_("%s: %s is the program, en.lesson the text. Try: pagescape lesson --check %s\n"),
		       path, source_name, word.text);
	strbuf_fini(&folder);
	strbuf_fini(&word);
}

static int write_one_text(int folder, const char *name, const char *language, struct err *err)
{
	struct strbuf text = { 0 };
	int result;

	write_text(&text, !language);
	result = write_file(folder, name, text.text, err);
	strbuf_fini(&text);
	return result;
}

/* All of its files, or none: what is not whole would be in the way of the next try. */
static int write_files(int folder, const char *source_name, const char *translation, const char *language,
		       struct err *err)
{
	int result = write_file(folder, source_name, source, err);

	if (result == 0)
		result = write_one_text(folder, "en.lesson", NULL, err);
	if (result == 0 && language)
		result = write_one_text(folder, translation, language, err);
	if (result == 0)
		return 0;
	unlinkat(folder, source_name, 0);
	unlinkat(folder, "en.lesson", 0);
	if (language)
		unlinkat(folder, translation, 0);
	return -1;
}

int lesson_write_new(const char *path, struct err *err)
{
	struct strbuf source_name = { 0 }, translation = { 0 };
	char *language;
	int folder, result;

	if (!*path || path[strlen(path) - 1] == '/')
		return err_set(err, ERR_USAGE, _("--new takes the name of a folder, not: %s"),
			       *path ? path : "\"\"");
	if (mkdir(path, 0777) != 0)
		return err_system(err, errno, _("cannot make the folder %s"), path);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return err_system(err, errno, _("cannot make the folder %s"), path);
	language = other_language();
	strbuf_printf(&source_name, "%s.c", path_name(path));
	strbuf_printf(&translation, "%s.lesson", language ? language : "");
	result = write_files(folder, source_name.text, translation.text, language, err);
	close(folder);
	if (result == 0)
		print_made(path, source_name.text, language ? translation.text : NULL);
	else
		rmdir(path);
	strbuf_fini(&source_name);
	strbuf_fini(&translation);
	free(language);
	return result;
}
