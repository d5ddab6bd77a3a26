/* A lesson's folder: its texts, its C source, and its program.
 *
 *     promise/
 *         promise.c     the program, with marks
 *         en.lesson     the text, with the facts
 *         ru.lesson     the words in another language
 *
 * Its program is the file of the same name without ".c", in the folder or where those of installed lessons
 * are; if that is missing or older than the source, the source is compiled into a temporary folder, by $CC or
 * cc, with -O0 -g. */
#ifndef LESSON_LESSON_FOLDER_H
#define LESSON_LESSON_FOLDER_H

#include "lesson/lesson.h"
#include "lesson/lesson_marks.h"

/* A text in the folder. */
struct lesson_file {
	char *name; /* "en.lesson"; owned, as the text */
	char *text;
	size_t length;
};

struct lesson_folder {
	char *path;        /* of the folder; NULL: of a recording */
	char *name;        /* of the lesson: the folder's */
	char *source_name; /* "promise.c" */
	char *source;      /* its text, owned */
	size_t source_length;
	struct lesson_marks marks;
	struct lesson *lesson;     /* with the words of the requested language, if it has them */
	struct lesson_file *files; /* all texts, sorted by name */
	size_t file_count, file_cap;
	char *languages;                    /* "en ru": those that it has, the one with the facts first */
	char *program;                      /* path of the program; NULL before lesson_folder_build */
	struct temporary_folder *temporary; /* of a program that was compiled; NULL: none */
};

/* Opens a lesson: the folder itself if the name has a slash in it, else below one of `roots`
 * (NULL-terminated). `language` is a code such as "ru"; NULL: the locale's. All texts are read and checked,
 * whatever the language. The caller ends it with lesson_folder_close. NULL with ERR_NOT_FOUND, or ERR_INPUT
 * with "FILE:LINE: ...". */
struct lesson_folder *lesson_folder_open(const char *name, const char *const *roots, const char *language,
					 struct err *);
/* The same for texts and a source from elsewhere: the files are taken over, even if this fails. */
struct lesson_folder *lesson_folder_of_files(const char *name, struct lesson_file *files, size_t count,
					     const struct lesson_file *source, const char *language,
					     struct err *err);
void lesson_folder_close(struct lesson_folder *); /* NULL is fine; removes what was temporary */

/* Finds or compiles the program. `built` (may be NULL) is a folder of lesson programs by name. 0, or -1 with
 * ERR_INPUT and the compiler's message, or ERR_NOT_FOUND if there is no compiler. */
int lesson_folder_build(struct lesson_folder *, const char *built, struct err *);

/* The names of the lessons below the roots, each once: of each root those in its file "order" (a name a line)
 * in that order, then the others by name; NULL-terminated, the caller frees each and all. A folder is a
 * lesson if it has a *.lesson file. */
char **lesson_folder_list(const char *const *roots);

#endif
