/* A position-independent program is loaded at addresses other than those in its file: by the difference
 * between where its first segment is and where the file has it. */
#include "lesson/program_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/lesson.h"
#include "lesson/lesson_marks.h"
#include "lesson/text_file.h"
#include "symbol/debug_lookup.h"
#include "symbol/elf.h"

struct program_facts {
	int32_t pid;
	struct source *source;
	const struct world *world;
	char *path;
	struct elf_file *elf;        /* NULL: it cannot be read, see err */
	struct debug_lookup *lookup; /* the same */
	struct err err;
	struct page_detail *detail;   /* as last read */
	struct known_variable *known; /* as last read: for when the process has ended */
	size_t known_count, known_cap;
};

struct known_variable {
	int32_t pid;
	char *name; /* owned */
	struct expect_variable value;
};

struct program_facts *program_facts_create(const char *program, const char *shown, int32_t pid,
					   struct source *source, const struct world *world)
{
	struct program_facts *f = mem_zalloc(sizeof *f);
	int fd = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	f->pid = pid;
	f->source = source;
	f->world = world;
	f->path = mem_strdup(shown);
	f->detail = mem_zalloc(sizeof *f->detail);
	if (fd < 0) {
		err_system(&f->err, errno, _("cannot read %s"), shown);
		return f;
	}
	f->elf = elf_file_open(fd, &f->err);
	if (f->elf)
		f->lookup = debug_lookup_open(fd, &f->err);
	else
		close(fd);
	return f;
}

void program_facts_destroy(struct program_facts *f)
{
	if (!f)
		return;
	debug_lookup_close(f->lookup);
	elf_file_close(f->elf);
	for (size_t i = 0; i < f->known_count; i++)
		free(f->known[i].name);
	free(f->known);
	free(f->path);
	free(f->detail);
	free(f);
}

static int no_debug(const struct program_facts *f, struct err *err)
{
	return err_set(err, f->err.code, _("lines and variables of %s are not known: %s"), f->path,
		       f->err.text);
}

int program_facts_has(struct program_facts *f, const char *name, struct err *err)
{
	struct debug_variable v;

	return f->lookup ? debug_lookup_variable(f->lookup, name, &v, err) : no_debug(f, err);
}

/* What to add to the file's addresses. */
static int find_bias(const struct program_facts *f, const struct process *p, uint64_t *bias, struct err *err)
{
	uint64_t offset, vaddr, mask = (UINT64_C(1) << p->space->page_shift) - 1;

	if (!elf_file_first_load(f->elf, &offset, &vaddr))
		return err_set(err, ERR_INPUT, _("%s has nothing to load"), f->path);
	for (size_t i = 0; i < p->space->count; i++) {
		const struct region_attr *a = &p->space->regions[i]->attr;
		if (p->identity.exe && region_is_of_file(a, p->identity.exe) &&
		    a->offset == (offset & ~mask)) {
			*bias = a->start - (vaddr & ~mask);
			return 0;
		}
	}
	return err_set(err, ERR_NOT_FOUND, _("%s is not what process %d runs"), f->path, (int)p->pid);
}

int program_facts_line(struct program_facts *f, const char *file, unsigned line, uint64_t *address,
		       struct err *err)
{
	const struct process *p = world_find(f->world, f->pid);
	uint64_t bias;

	if (!f->lookup)
		return no_debug(f, err);
	if (!p || find_bias(f, p, &bias, err) < 0 ||
	    debug_lookup_line(f->lookup, file, line, address, err) < 0)
		return -1;
	*address += bias;
	return 0;
}

#define SOURCES_MAX 1000

/* A look for a mark through the sources. */
struct mark_search {
	const char *mark;
	char *file; /* the source that has it; NULL: not found yet; owned */
	unsigned line, sources;
	struct err wrong; /* that it cannot be called so, or is there twice */
};

static void search_source(void *context, const char *name, const char *path)
{
	struct mark_search *s = context;
	struct lesson_marks marks;
	size_t length;

	if (s->file || !*path || ++s->sources > SOURCES_MAX)
		return;
	char *text = text_file_read(path, &length, NULL);
	if (!text)
		return;
	lesson_marks_read(&marks, text, length);
	const struct lesson_mark *found = lesson_marks_find(&marks, s->mark);
	if (found) {
		s->file = mem_strdup(name);
		s->line = found->line;
		lesson_marks_judge(&marks, found, name, &s->wrong);
	}
	lesson_marks_fini(&marks);
	free(text);
}

/* "demo.c:14" */
static bool is_line(const char *mark, struct mark_search *s)
{
	const char *colon = strrchr(mark, ':');
	char *end;
	unsigned long line = colon ? strtoul(colon + 1, &end, 10) : 0;

	if (!line || line > UINT32_MAX || *end || colon == mark)
		return false;
	s->file = mem_strndup(mark, (size_t)(colon - mark));
	s->line = (unsigned)line;
	return true;
}

int program_facts_mark(struct program_facts *f, const char *mark, uint64_t *address, struct err *err)
{
	struct mark_search s = { .mark = mark };
	int result = 0;

	if (!f->lookup)
		return no_debug(f, err);
	if (!is_line(mark, &s))
		debug_lookup_files(f->lookup, search_source, &s);
	if (!s.file)
		return err_set(err, ERR_NOT_FOUND,
			       _("there is no mark %s in the sources of %s: expected a comment /* @%s */"),
			       mark, f->path, mark);
	if (s.wrong.code)
		result = err_set(err, s.wrong.code, "%s", s.wrong.text);
	if (result == 0)
		result = program_facts_line(f, s.file, s.line, address, err);
	free(s.file);
	return result;
}

int program_facts_unmarked(struct program_facts *f, const char *taken, struct err *err)
{
	struct mark_search s = { .mark = taken };

	if (f->lookup)
		debug_lookup_files(f->lookup, search_source, &s);
	free(s.file);
	return s.wrong.code ? err_set(err, s.wrong.code, "%s", s.wrong.text) : 0;
}

static int page(void *context, int32_t pid, uint64_t number, bool bytes, const struct page_detail **detail,
		struct err *err)
{
	struct program_facts *f = context;

	*detail = f->detail;
	return f->source->ops->inspect(f->source, pid, number, bytes ? INSPECT_BYTES : INSPECT_PAGE,
				       f->detail, err);
}

/* Would an untouched page read as zeroes, having no file behind it? */
static bool reads_as_zero(const struct process *p, uint64_t address)
{
	const struct region *r = space_find(p->space, address);
	enum page_state state = page_state(runs_at(p->space->pages, space_page(p->space, address)).value);

	return r &&
	       (page_state_zeroes(state) || (page_state_untouched(state) &&
					     (r->attr.kind == REGION_BSS || r->attr.kind == REGION_HEAP ||
					      r->attr.kind == REGION_ANON || r->attr.kind == REGION_STACK)));
}

static int read_byte(struct program_facts *f, const struct process *p, uint64_t address, uint8_t *byte,
		     struct err *err)
{
	const struct page_detail *d;
	size_t at = address & ((UINT64_C(1) << p->space->page_shift) - 1);

	if (page(f, p->pid, space_page(p->space, address), true, &d, err) < 0)
		return -1;
	if (at < d->bytes_len)
		*byte = d->bytes[at];
	else if (reads_as_zero(p, address))
		*byte = 0;
	else
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       d->bytes_refused ? d->bytes_why : _("its page is not in memory"));
	return 0;
}

/* A number of the process's byte order, which is ours. */
static int read_number(struct program_facts *f, const struct process *p, const struct debug_variable *v,
		       uint64_t address, int64_t *out, struct err *err)
{
	uint8_t bytes[8] = { 0 };

	for (size_t i = 0; i < v->size; i++)
		if (read_byte(f, p, address + i, &bytes[i], err) < 0)
			return -1;
	if (v->is_signed && v->size < sizeof bytes && bytes[v->size - 1] & 0x80)
		memset(bytes + v->size, 0xff, sizeof bytes - v->size);
	memcpy(out, bytes, sizeof bytes);
	return 0;
}

static struct known_variable *find_known(const struct program_facts *f, int32_t pid, const char *name)
{
	for (size_t i = 0; i < f->known_count; i++)
		if (f->known[i].pid == pid && !strcmp(f->known[i].name, name))
			return &f->known[i];
	return NULL;
}

static void remember(struct program_facts *f, int32_t pid, const char *name,
		     const struct expect_variable *value)
{
	struct known_variable *known = find_known(f, pid, name);

	if (!known) {
		mem_grow(f->known, f->known_cap, f->known_count + 1);
		known = &f->known[f->known_count++];
		*known = (struct known_variable){ .pid = pid, .name = mem_strdup(name) };
	}
	known->value = *value;
}

static int read_variable(void *context, int32_t pid, const char *name, struct expect_variable *out,
			 struct err *err)
{
	struct program_facts *f = context;
	const struct process *p = world_find(f->world, pid);
	struct debug_variable v;
	struct err failure = { 0 };
	uint64_t bias;

	*out = (struct expect_variable){ 0 };
	if (!f->lookup)
		return no_debug(f, err);
	if (debug_lookup_variable(f->lookup, name, &v, err) < 0)
		return -1;
	if (!p || find_bias(f, p, &bias, err) < 0)
		return -1;
	out->address = v.vaddr + bias;
	out->size = v.size;
	out->points = v.pointer;
	if ((!v.pointer && !v.number) || !v.size || v.size > sizeof out->value)
		return 0;
	if (read_number(f, p, &v, out->address, &out->value, &failure) < 0)
		return err_set(err, failure.code, _("the value of %s is not known: %s"), name, failure.text);
	out->has_value = true;
	return 0;
}

static int common(void *context, int32_t a, int32_t b, uint64_t number, uint8_t *out, struct err *err)
{
	struct program_facts *f = context;

	if (!f->source->ops->compare)
		return err_set(err, ERR_UNSUPPORTED, "%s", _("processes cannot be compared here"));
	return f->source->ops->compare(f->source, a, b, number, 1, out, err);
}

static int variable(void *context, int32_t pid, const char *name, struct expect_variable *out,
		    struct err *err)
{
	struct program_facts *f = context;
	const struct process *p = world_find(f->world, pid);
	const struct known_variable *known = find_known(f, pid, name);

	if (p && !process_alive(p)) {
		if (!known)
			return err_set(err, ERR_GONE,
				       _("the value of %s is not known: the process has ended"), name);
		*out = known->value;
		return 0;
	}
	if (read_variable(context, pid, name, out, err) < 0)
		return -1;
	remember(f, pid, name, out);
	return 0;
}

static int byte(void *context, int32_t pid, uint64_t address, uint8_t *out, struct err *err)
{
	struct program_facts *f = context;
	const struct process *p = world_find(f->world, pid);

	if (!p || !process_alive(p))
		return err_set(err, ERR_GONE, "%s", _("the process has ended"));
	return read_byte(f, p, address, out, err);
}

static int take_figure(const struct detail_figure *figure, uint64_t *out, struct err *err)
{
	*out = figure->value;
	return figure->known ? 0 : err_set(err, ERR_DENIED, "%s", figure->refused ? figure->why : "");
}

static int frame(void *context, int32_t pid, uint64_t number, uint64_t *out, struct err *err)
{
	const struct page_detail *d;

	if (page(context, pid, number, false, &d, err) < 0)
		return -1;
	return take_figure(&d->frame, out, err);
}

static int mappings(void *context, int32_t pid, uint64_t number, uint64_t *out, struct err *err)
{
	const struct page_detail *d;

	if (page(context, pid, number, false, &d, err) < 0)
		return -1;
	return take_figure(&d->mapcount, out, err);
}

const struct expect_facts_ops program_facts_ops = {
	.variable = variable, .byte = byte, .frame = frame, .mappings = mappings, .common = common
};
