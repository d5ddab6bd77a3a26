/* Does code belong to the watched program itself, or to a library that it uses? And which of the program's
 * own functions caused a fault that happened in malloc or memcpy?
 *
 * That follows from the file that is mapped at an address, the program's executable, and the paths of the
 * sources. Own code is
 *
 *   script      code made at run time that its perf map names with a source file outside the
 *               system ("py::load:/home/ann/load.py")
 *   file        the executable, and libraries that lie outside the system's directories (/usr except
 *               /usr/local; /lib; /bin; ...); other code made at run time
 *   executable  the executable, where it came with the system: /usr/bin/sort
 *
 * except functions with sources in the compiler's or the system's directories, such as /usr/include/c++: a
 * template of the standard library is not own code, whatever file it ended up in. On a stack the innermost
 * function of the best class counts, in the order above: in an interpreter it is the script's function, in a
 * system program with a plug-in it is the plug-in's.
 *
 * If directories are named, own code is what they contain, files or sources, and nothing else. */
#ifndef MODEL_OWN_CODE_H
#define MODEL_OWN_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/process.h"

/* In ascending order of preference. */
enum own_code { OWN_NONE, OWN_EXECUTABLE, OWN_FILE, OWN_SCRIPT };

/* Whose code is at an address. `symbol` is what is known of it, or NULL. *frame is set to its innermost own
 * function: 0 if the code has no name. `paths`: directories or files, separated by colons; NULL: none were
 * named. */
enum own_code own_code_at(const char *paths, const struct process *, const struct event_symbol *symbol,
			  uint64_t ip, size_t *frame);

/* Finds what is at an address of code, or NULL. */
typedef const struct event_symbol *own_code_names(void *context, const struct process *, uint64_t ip);

/* The stack frame of own code. */
struct own_frame {
	enum own_code own; /* OWN_NONE: there is none */
	size_t at;         /* index of the address; 0 if no stack was taken */
	size_t frame;      /* of the functions at its address */
};

/* The stack frame of own code that caused a fault at `ip`. The stack may be empty. names: NULL for the process's
 * own. */
struct own_frame own_code_find(const char *paths, const struct process *, uint64_t ip,
			       const struct event_stack *, own_code_names *names, void *context);

#endif
