/* libiberty does it, piece by piece through a callback.
 *
 * A name of a hundred characters can stand for gigabytes, because it may say "the same as before, twice"
 * again and again. So the callback counts, and jumps out (longjmp) when there is enough: the demangler uses
 * no heap, so nothing leaks. */
#include "symbol/demangle.h"

#ifdef HAVE_LIBIBERTY_DEMANGLE_H
#include <libiberty/demangle.h>
#else
#include <demangle.h>
#endif
#include <setjmp.h>
#include <stdbool.h>
#include <string.h>

#include "base/strbuf.h"

#define MANGLED_MAX 8192
#define NAME_MAX_LEN 16384

struct demangling {
	struct strbuf text;
	jmp_buf too_long;
};

static void take_piece(const char *piece, size_t len, void *context)
{
	struct demangling *d = context;
	if (d->text.len + len > NAME_MAX_LEN)
		longjmp(d->too_long, 1);
	strbuf_add(&d->text, piece, len);
}

typedef int demangler(const char *name, int options, demangle_callbackref, void *context);

/* A separate function, so that the jump clobbers no variables of its caller. */
static bool try(demangler *known, const char *name, struct demangling *d)
{
	strbuf_clear(&d->text);
	return setjmp(d->too_long) == 0 && known(name, DMGL_NO_OPTS, take_piece, d) && d->text.len;
}

char *demangle(const char *name)
{
	struct demangling d = { .text = { 0 } };
	if (name[0] != '_' || (name[1] != 'Z' && name[1] != 'R') || strlen(name) > MANGLED_MAX)
		return NULL;
	if (try(rust_demangle_callback, name, &d) || try(cplus_demangle_v3_callback, name, &d))
		return d.text.text;
	strbuf_fini(&d.text);
	return NULL;
}
