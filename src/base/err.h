/* Errors of the outside world, kept by the caller.
 *
 * A function that can fail takes a `struct err *` last and returns -1 (or NULL) after filling it. The text is
 * one line for a person, translated, already printable, and says what to do if something can be done. Bugs
 * are asserts; running out of memory ends through mem.h; a denied reading is not an error but a state of its
 * own (see event/page.h and event/source_kind.h).
 *
 * Nothing else reports an error: a caller that depends on errno finds it in errnum. There are two exceptions.
 * Where no err can be filled (between fork and exec, in a signal handler), the function leaves errno set, and
 * its header says so. A static function that wraps one system call fails as that call does. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_code {
	ERR_NONE,
	ERR_SYSTEM,      /* a system call failed; errnum says how */
	ERR_DENIED,      /* not permitted; the text names the permission */
	ERR_GONE,        /* the process has ended */
	ERR_NOT_FOUND,   /* no such program, file or process */
	ERR_UNSUPPORTED, /* this kernel, terminal or file cannot do it */
	ERR_OFF,         /* the user switched it off (err_set_off) */
	ERR_INPUT,       /* what was read makes no sense */
	ERR_USAGE,       /* the command line makes no sense: exit status 2 */
};

struct err {
	enum err_code code;
	int errnum;
	char text[512];
};

/* Fills err (which may be NULL) and returns -1. */
int err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set, for something that the user switched off. */
int err_set_off(struct err *err);

/* As err_set, with the code that fits errnum and ": strerror" after the text. */
int err_system(struct err *err, int errnum, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The name of an error number, such as "ENOMEM"; NULL if it is not known. */
const char *err_name(int errnum);

#endif
