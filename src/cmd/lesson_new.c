/* lesson --new: a small lesson that works, to start from. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "cmd/lesson.h"

static const char source[] =
    "/* Asks for 16 pages, and touches 3 of them. */\n"
    "#include <stdio.h>\n"
    "#include <sys/mman.h>\n"
    "\n"
    "#define PAGE 4096\n"
    "\n"
    "char *area; /* at file scope, so that the lesson can name it */\n"
    "\n"
    "int main(void)\n"
    "{\n"
    "\tarea = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
    "\tif (area == MAP_FAILED) { /* @asked */\n"
    "\t\tperror(\"mmap\");\n"
    "\t\treturn 1;\n"
    "\t}\n"
    "\tfor (int i = 0; i < 3; i++)\n"
    "\t\tarea[i * 5 * PAGE] = 1;\n"
    "\treturn 0; /* @touched */\n"
    "}\n";

static const char text[] =
    "# A lesson. pagescape-lesson(5) describes everything that can stand here.\n"
    "title: Asked for, and got\n"
    "about: A program asks for 16 pages, and touches 3.\n"
    "show: area[16 pages]\n"
    "\n"
    "== asked\n"
    "title: It has asked for 16 pages\n"
    "\n"
    "mmap has returned an address. Of the {pages of area} pages, {resident of area} are in memory.\n"
    "\n"
    "> A line that begins like this is for the speaker: it is not shown.\n"
    "expect: resident of area = 0\n"
    "\n"
    "== touched\n"
    "title: It has touched 3 of them\n"
    "ask number: How many are in memory now?\n"
    "right: resident of area\n"
    "why: Why not all of them?\n"
    "explain: A page comes when it is touched: one fault each.\n"
    "\n"
    "There were {faults of area since asked} page faults in this area.\n"
    "\n"
    "expect: resident of area = 3 pages\n"
    "expect: cause of fault at page 5 of area = zero-fill\n"
    "expect: reserved of pages 1 to 4 of area = 4 pages\n";

static int write_file(int folder, const char *name, const char *content, struct err *err)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	size_t length = strlen(content);
	ssize_t written;

	if (fd < 0)
		return err_system(err, errno, _("cannot write %s"), name);
	written = write(fd, content, length);
	if (close(fd) == 0 && written == (ssize_t)length)
		return 0;
	return err_system(err, written < 0 ? errno : ENOSPC, _("cannot write %s"), name);
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

static void print_made(const char *path, const char *source_name)
{
	struct strbuf folder = { 0 }, word = { 0 };

	strbuf_printf(&folder, "%s%s", strchr(path, '/') ? "" : "./", path);
	add_word(&word, folder.text);
	printf(_("%s: %s is the program, en.lesson the text. Try: pagescape lesson --check %s\n"), path,
	       source_name, word.text);
	strbuf_fini(&folder);
	strbuf_fini(&word);
}

int lesson_write_new(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	struct strbuf source_name = { 0 };
	int folder, result;

	if (!*(slash ? slash + 1 : path))
		return err_set(err, ERR_USAGE, _("--new takes the name of a folder, not: %s"),
			       *path ? path : "\"\"");
	if (mkdir(path, 0777) != 0)
		return err_system(err, errno, _("cannot make the folder %s"), path);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return err_system(err, errno, _("cannot make the folder %s"), path);
	strbuf_printf(&source_name, "%s.c", slash ? slash + 1 : path);
	result = write_file(folder, source_name.text, source, err);
	if (result == 0)
		result = write_file(folder, "en.lesson", text, err);
	if (result < 0) { /* what is not whole would be in the way of the next try */
		unlinkat(folder, source_name.text, 0);
		unlinkat(folder, "en.lesson", 0);
		rmdir(path);
	}
	close(folder);
	if (result == 0)
		print_made(path, source_name.text);
	strbuf_fini(&source_name);
	return result;
}
