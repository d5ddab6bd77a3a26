#include "model/own_code.h"

#include <string.h>

#include "base/text.h"

/* Where a system keeps its programs and libraries. */
static const char *const system_paths[] = { "/usr",  "/lib",       "/lib32",     "/lib64", "/libx32", "/bin",
					    "/sbin", "/nix/store", "/gnu/store", "/snap",  NULL };
static const char *const local_paths[] = { "/usr/local", NULL };
/* Where compilers keep the sources that come with them. */
static const char *const library_sources[] = {
	"/usr/include", "/usr/lib", "/usr/local/include", "/usr/local/go", "/usr/share/go", "/rustc", NULL
};
/* Prefixes of the names of code that an engine (V8) made for itself. */
static const char *const engine_names[] = { "Builtin:", "BytecodeHandler:", "Stub:", "Handler:", NULL };

/* Is it the directory, or inside it? */
static bool is_below(const char *path, const char *directory, size_t len)
{
	while (len > 1 && directory[len - 1] == '/')
		len--;
	return len && !strncmp(path, directory, len) &&
	       (directory[len - 1] == '/' || path[len] == '/' || path[len] == '\0');
}

static bool is_in(const char *path, const char *const *list)
{
	for (; *list; list++)
		if (is_below(path, *list, strlen(*list)))
			return true;
	return false;
}

static bool is_systems(const char *path)
{
	return is_in(path, system_paths) && !is_in(path, local_paths);
}

static bool is_named(const char *path, const char *paths)
{
	size_t len;

	for (; *paths; paths += len + (paths[len] == ':')) {
		len = strcspn(paths, ":");
		if (is_below(path, paths, len))
			return true;
	}
	return false;
}

/* Is it something other than a file with a path? */
static bool made_at_run_time(const char *object)
{
	return !*object || text_begins(object, "[anon") || text_begins(object, "/memfd:") ||
	       text_begins(object, "/dev/zero");
}

/* The source file that a perf map's name ends with: "py::load:/home/ann/load.py", "JS:*f file:///srv/a.js:1". */
static const char *script_of(const char *name)
{
	for (const char *c = name; *c; c++)
		if ((*c == ' ' || *c == ':') && c[1] == '/') {
			c++;
			while (c[1] == '/')
				c++;
			return c;
		}
	return NULL;
}

static enum own_code of_run_time(const char *paths, const char *name)
{
	const char *script = script_of(name);

	if (paths)
		return script && is_named(script, paths) ? OWN_SCRIPT : OWN_NONE;
	if (script)
		return is_systems(script) ? OWN_NONE : OWN_SCRIPT;
	for (size_t i = 0; engine_names[i]; i++)
		if (text_begins(name, engine_names[i]))
			return OWN_NONE;
	return strstr(name, " node:") || strstr(name, ":<frozen ") ? OWN_NONE : OWN_FILE;
}

static enum own_code of_file(const char *paths, const char *exe, const char *object)
{
	if (paths)
		return is_named(object, paths) ? OWN_FILE : OWN_NONE;
	if (object[0] != '/')
		return OWN_NONE;
	if (!is_systems(object))
		return OWN_FILE;
	return !strcmp(object, exe) ? OWN_EXECUTABLE : OWN_NONE;
}

static enum own_code of_frame(const char *paths, enum own_code file, const struct code_frame *frame)
{
	if (paths)
		return file || is_named(frame->source, paths) ? OWN_FILE : OWN_NONE;
	return is_in(frame->source, library_sources) ? OWN_NONE : file;
}

enum own_code own_code_at(const char *paths, const struct process *p, const struct event_symbol *symbol,
			  uint64_t ip, size_t *frame)
{
	const struct region *region = ip >> 63 ? NULL : space_find(p->space, ip);
	const char *object = symbol && *symbol->object ? symbol->object : region ? region->attr.path : "";
	const char *exe = p->identity.exe ? p->identity.exe : "";
	bool named = symbol && symbol->count;
	enum own_code file, own = OWN_NONE;

	*frame = 0;
	if (ip >> 63 || (!region && !named))
		return OWN_NONE;
	if (made_at_run_time(object))
		return of_run_time(paths, named ? symbol->frames[0].function : "");
	file = of_file(paths, exe, object);
	if (!named)
		return file;
	for (size_t i = 0; !own && i < symbol->count; i++) {
		own = of_frame(paths, file, &symbol->frames[i]);
		*frame = own ? i : 0;
	}
	return own;
}

static const struct event_symbol *names_of(void *context, const struct process *p, uint64_t ip)
{
	(void)context;
	return names_find(p->names, ip);
}

struct own_frame own_code_find(const char *paths, const struct process *p, uint64_t ip,
			       const struct event_stack *stack, own_code_names *names, void *context)
{
	struct own_frame best = { 0 };

	if (!names)
		names = names_of;
	for (size_t i = 0; i < (stack->count ? stack->count : 1) && best.own < OWN_SCRIPT; i++) {
		uint64_t at = stack->count ? stack->ips[i] : ip;
		size_t frame;
		enum own_code own = own_code_at(paths, p, names(context, p, at), at, &frame);

		if (own > best.own)
			best = (struct own_frame){ own, i, frame };
	}
	return best;
}
