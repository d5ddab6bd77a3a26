/* Errors for people: formatted, with the system's message after them, and made printable, because what failed
 * often has a name from outside (a path, an argument). */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"

static enum err_code code_of_errnum(int errnum)
{
	switch (errnum) {
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case ESRCH:
		return ERR_GONE;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case ENOSYS:
	case ENOTTY:
	case EOPNOTSUPP:
		return ERR_UNSUPPORTED;
	default:
		return ERR_SYSTEM;
	}
}

/* The last character may have been cut in two: leave out all of it. */
static void copy_text(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)from[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(to, from, len);
	to[len] = '\0';
}

static void fill(struct err *err, enum err_code code, int errnum, const char *format, va_list args)
{
	char *raw = NULL;
	if (vasprintf(&raw, format, args) < 0)
		raw = NULL;

	struct strbuf text = { 0 };
	text_printable(&text, raw ? raw : format, strlen(raw ? raw : format));
	if (errnum)
		strbuf_printf(&text, ": %s", strerror(errnum));
	if (errnum == EMFILE)
		strbuf_puts(&text, _(" (raise ulimit -n)"));
	err->code = code;
	err->errnum = errnum;
	copy_text(err->text, sizeof err->text, text.text, text.len);
	strbuf_fini(&text);
	free(raw);
}

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
	if (err) {
		va_list args;
		va_start(args, format);
		fill(err, code, 0, format, args);
		va_end(args);
	}
	return -1;
}

int err_set_off(struct err *err)
{
	return err_set(err, ERR_OFF, "%s", _("switched off"));
}

int err_system(struct err *err, int errnum, const char *format, ...)
{
	if (err) {
		va_list args;
		va_start(args, format);
		fill(err, code_of_errnum(errnum), errnum, format, args);
		va_end(args);
	}
	return -1;
}

#ifdef HAVE_STRERRORNAME_NP
const char *err_name(int errnum)
{
	return strerrorname_np(errnum);
}
#else
/* The errors that memory calls can return. */
const char *err_name(int errnum)
{
	static const struct {
		int errnum;
		const char *name;
	} names[] = {
		{ EPERM, "EPERM" },           { EINTR, "EINTR" },   { EBADF, "EBADF" },
		{ EAGAIN, "EAGAIN" },         { ENOMEM, "ENOMEM" }, { EACCES, "EACCES" },
		{ EFAULT, "EFAULT" },         { EBUSY, "EBUSY" },   { EEXIST, "EEXIST" },
		{ ENODEV, "ENODEV" },         { EINVAL, "EINVAL" }, { ENFILE, "ENFILE" },
		{ ETXTBSY, "ETXTBSY" },       { ENOSYS, "ENOSYS" }, { EOVERFLOW, "EOVERFLOW" },
		{ EOPNOTSUPP, "EOPNOTSUPP" },
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].errnum == errnum)
			return names[i].name;
	return NULL;
}
#endif
