/* The files that hold the figures of a process:
 *
 *   status        VmPTE:\t      48 kB
 *   limits        Max stack size            8388608              unlimited            bytes
 *   numa_maps     7f12a0000000 default anon=5 dirty=5 N0=3 N1=2 kernelpagesize_kB=4
 *   syscall       232 0x5 0x7ffd... 0x20 0xffffffff 0x0 0x0 0x7ffd1c0a7a58 0x7f0b2c8fa0d6
 *   memory.stat   anon 1556480
 *   cgroup        0::/user.slice/app.scope       4:memory:/app
 *   mountinfo     31 23 0:28 /root /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw
 *   mountinfo     35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory */
#include "kern/figures_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

static const char *next_line(const char *at)
{
	const char *newline = strchr(at, '\n');

	return newline ? newline + 1 : at + strlen(at);
}

/* Reads decimal digits; saturates below the values that mean "unknown" and "none". */
static const char *read_number(const char *at, uint64_t *out)
{
	uint64_t number = 0;

	for (; isdigit((unsigned char)*at); at++)
		number =
		    number > (KERNEL_NONE - 10) / 10 ? KERNEL_NONE - 1 : number * 10 + (uint64_t)(*at - '0');
	*out = number;
	return at;
}

bool figures_text_number(const char *text, const char *name, uint64_t *out)
{
	size_t len = strlen(name);

	for (const char *at = text; *at; at = next_line(at)) {
		if (strncmp(at, name, len) != 0 || !strchr(": \t", at[len]) || !at[len])
			continue;
		at += len + strspn(at + len, ": \t");
		if (!isdigit((unsigned char)*at))
			return false;
		at = read_number(at, out);
		if (text_begins(at, " kB"))
			*out = *out > (KERNEL_NONE - 1) / 1024 ? KERNEL_NONE - 1 : *out * 1024;
		return true;
	}
	return false;
}

struct named {
	const char *name;
	enum kernel_figure figure;
};

static void take_all(const char *text, const struct named *list, size_t n, struct kernel_figures *f)
{
	for (size_t i = 0; i < n; i++)
		if (!figures_text_number(text, list[i].name, &f->values[list[i].figure]))
			f->values[list[i].figure] = KERNEL_UNKNOWN;
}

void figures_parse_status(const char *text, struct kernel_figures *f)
{
	static const struct named list[] = {
		{ "VmSize", KERNEL_SIZE },       { "VmRSS", KERNEL_RSS },
		{ "VmHWM", KERNEL_RSS_PEAK },    { "RssShmem", KERNEL_RSS_SHARED },
		{ "VmPTE", KERNEL_PAGE_TABLES }, { "VmLck", KERNEL_LOCKED_SIZE },
		{ "VmPin", KERNEL_PINNED },      { "VmSwap", KERNEL_SWAPPED },
	};

	take_all(text, list, sizeof list / sizeof *list, f);
}

void figures_parse_limits(const char *text, struct kernel_figures *f)
{
	static const char name[] = "Max stack size";

	for (const char *at = text; *at; at = next_line(at)) {
		if (!text_begins(at, name))
			continue;
		at += strlen(name);
		at += strspn(at, " ");
		if (isdigit((unsigned char)*at))
			read_number(at, &f->values[KERNEL_STACK_LIMIT]);
		else if (text_begins(at, "unlimited"))
			f->values[KERNEL_STACK_LIMIT] = KERNEL_NONE;
		return;
	}
}

static uint64_t kib_of_line(const char *line, const char *end)
{
	static const char name[] = " kernelpagesize_kB=";
	const char *found = memmem(line, (size_t)(end - line), name, sizeof name - 1);
	uint64_t kib = 0;

	if (found)
		read_number(found + sizeof name - 1, &kib);
	return kib && kib <= 1 << 24 ? kib : 4;
}

static void add_node(struct kernel_figures *f, uint64_t node, uint64_t pages, uint64_t kib)
{
	size_t cap = f->nodes_count;

	if (node >= f->nodes_count) {
		mem_grow(f->nodes, cap, node + 1);
		memset(f->nodes + f->nodes_count, 0, (node + 1 - f->nodes_count) * sizeof *f->nodes);
		f->nodes_count = node + 1;
	}
	f->nodes[node] += pages * kib * 1024;
}

bool figures_parse_numa(const char *text, struct kernel_figures *f)
{
	const char *next;

	for (const char *at = text; *at; at = next) {
		uint64_t kib, node, pages;

		next = next_line(at);
		kib = kib_of_line(at, next);
		for (const char *word = at; (word = memchr(word, ' ', (size_t)(next - word)));) {
			word++;
			if (*word != 'N' || !isdigit((unsigned char)word[1]))
				continue;
			word = read_number(word + 1, &node);
			if (*word++ != '=' || !isdigit((unsigned char)*word) || node >= FIGURES_NODES_MAX)
				return false;
			word = read_number(word, &pages);
			add_node(f, node, pages, kib);
		}
	}
	return true;
}

bool figures_parse_syscall(const char *text, uint64_t *stack_pointer)
{
	uint64_t numbers[2] = { 0 };
	const char *at = text;

	if (*at != '-' && !isdigit((unsigned char)*at))
		return false;
	for (int n = 0;; n++) { /* the last two are stack pointer and instruction */
		char *end;
		uint64_t number;

		at += strcspn(at, " \n");
		at += strspn(at, " ");
		number = strtoull(at, &end, 16);
		if (end == at) {
			*stack_pointer = numbers[0];
			return n >= 2 && numbers[0];
		}
		numbers[0] = numbers[1];
		numbers[1] = number;
		at = end;
	}
}

/* The path in the line of the hierarchy that has the memory controller: version 1 if there is one, else
 * version 2. */
static const char *cgroup_path(const char *text, bool *legacy)
{
	const char *unified = NULL;

	*legacy = false;
	for (const char *at = text; *at; at = next_line(at)) {
		const char *controllers = strchr(at, ':'), *path, *end = next_line(at);

		path = controllers && controllers < end ? strchr(controllers + 1, ':') : NULL;
		if (!path || path >= end)
			continue;
		if (path == controllers + 1 && *at == '0')
			unified = path + 1;
		for (const char *word = controllers; word < path; word = strpbrk(word + 1, ",:"))
			if (text_begins(word + 1, "memory") && strchr(",:", word[7])) {
				*legacy = true;
				return path + 1;
			}
	}
	return unified;
}

/* A field of mountinfo: spaces and the like are written as \040. */
static void add_unescaped(struct strbuf *out, const char *at, size_t len)
{
	for (const char *end = at + len; at < end; at++) {
		char c = *at;

		if (c == '\\' && end - at >= 4 && at[1] >= '0' && at[1] <= '3' && at[2] >= '0' &&
		    at[2] <= '7' && at[3] >= '0' && at[3] <= '7') {
			c = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
			at += 3;
		}
		strbuf_add(out, &c, 1);
	}
}

/* Is it the mount of the hierarchy? Then root and point are its fields 4 and 5. */
static bool is_mount(const char *line, const char *end, bool legacy, const char *fields[static 3])
{
	const char *at = line, *type, *options;

	for (int i = 0; i < 5; i++) {
		at = memchr(at, ' ', (size_t)(end - at));
		if (!at)
			return false;
		at++;
		if (i >= 2)
			fields[i - 2] = at;
	}
	type = memmem(at, (size_t)(end - at), " - ", 3);
	if (!type)
		return false;
	type += 3;
	if (!legacy)
		return text_begins(type, "cgroup2 ");
	if (!text_begins(type, "cgroup "))
		return false;
	options = memmem(type, (size_t)(end - type), ",memory", 7);
	return options && (options[7] == ',' || options[7] == '\n' || !options[7]);
}

bool figures_find_cgroup(const char *mountinfo, struct memory_cgroup *group)
{
	const char *fields[3], *end;
	struct strbuf root = { 0 };
	bool found = false;

	for (const char *at = mountinfo; *at && !found; at = end) {
		const char *path = group->path.text;

		end = next_line(at);
		if (!is_mount(at, end, group->legacy, fields))
			continue;
		strbuf_clear(&root);
		add_unescaped(&root, fields[0], (size_t)(fields[1] - fields[0]) - 1);
		if (root.len && !strcmp(root.text, "/"))
			strbuf_clear(&root);
		if (root.len && (strncmp(path, root.text, root.len) != 0 || !strchr("/", path[root.len])))
			continue; /* only a part of the hierarchy is mounted there, and ours is not in it */
		strbuf_clear(&group->directory);
		add_unescaped(&group->directory, fields[1], (size_t)(fields[2] - fields[1]) - 1);
		group->top = group->directory.len;
		if (strcmp(path + root.len, "/") != 0)
			strbuf_puts(&group->directory, path + root.len);
		found = true;
	}
	strbuf_fini(&root);
	return found;
}

int figures_parse_cgroup(const char *cgroup, const char *mountinfo, struct memory_cgroup *group,
			 struct err *err)
{
	const char *path = cgroup_path(cgroup, &group->legacy);

	if (!path || *path != '/')
		return err_set(err, ERR_NOT_FOUND, "%s", _("the process is in no memory cgroup"));
	strbuf_clear(&group->path);
	strbuf_add(&group->path, path, strcspn(path, "\n"));
	if (strstr(group->path.text, "/.."))
		return err_set(err, ERR_NOT_FOUND, "%s",
			       _("its memory cgroup lies outside of our cgroup namespace"));
	if (!figures_find_cgroup(mountinfo, group))
		return err_set(err, ERR_NOT_FOUND, "%s", _("its memory cgroup is not mounted here"));
	return 0;
}

void memory_cgroup_fini(struct memory_cgroup *group)
{
	strbuf_fini(&group->path);
	strbuf_fini(&group->directory);
}

void figures_parse_memory_stat(const char *text, bool legacy, struct kernel_figures *f)
{
	static const struct named now[] = {
		{ "anon", KERNEL_CGROUP_ANON },     { "file", KERNEL_CGROUP_FILE },
		{ "shmem", KERNEL_CGROUP_SHARED },  { "file_mapped", KERNEL_CGROUP_MAPPED },
		{ "kernel", KERNEL_CGROUP_KERNEL }, /* Linux 5.18 */
	};
	static const struct named before[] = {
		{ "total_rss", KERNEL_CGROUP_ANON },
		{ "total_cache", KERNEL_CGROUP_FILE },
		{ "total_shmem", KERNEL_CGROUP_SHARED },
		{ "total_mapped_file", KERNEL_CGROUP_MAPPED },
	};

	if (legacy)
		take_all(text, before, sizeof before / sizeof *before, f);
	else
		take_all(text, now, sizeof now / sizeof *now, f);
}
