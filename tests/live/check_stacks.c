/* check_stacks EXPECTED PROGRAM ARG...: runs it, and compares the stacks of its faults with what
 * the program writes down in EXPECTED (see stacks.c). Prints a line a case; exit 77 where
 * faults cannot be seen here. */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "symbol/elf.h"
#include "live/live.h"

#define FILES 64

struct seen {
	uint64_t address;
	bool begins_there; /* the stack's first instruction is the fault's */
	enum stack_end end;
	char *names; /* " touch main": in order */
};

static struct seen *seen;
static size_t seen_count, seen_cap;
static uint64_t lost;
static struct {
	char *path;
	struct elf_file *elf;
} files[FILES];
static struct world *world;
static const char *program;

static struct elf_file *open_elf(const char *path)
{
	struct err err;
	size_t i = 0;
	int fd;

	while (i < FILES - 1 && files[i].path && strcmp(files[i].path, path) != 0)
		i++;
	if (!files[i].path) {
		files[i].path = mem_strdup(path);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		files[i].elf = fd < 0 ? NULL : elf_file_open(fd, &err);
		if (fd >= 0)
			close(fd);
	}
	return files[i].elf;
}

/* The function of the program that holds the address; "*" in another file, "?" for none. */
static const char *name_of(const struct space *space, uint64_t ip)
{
	const struct region *region = space_find(space, ip);
	struct elf_symbol symbol;
	struct elf_file *elf;
	uint64_t vaddr;

	if (!region || !*region->attr.path)
		return "?";
	if (strcmp(region->attr.path, program) != 0)
		return "*";
	elf = open_elf(region->attr.path);
	if (!elf || !elf_file_address(elf, ip - region->attr.start + region->attr.offset, &vaddr) ||
	    !elf_file_symbol(elf, vaddr, &symbol) || vaddr - symbol.address >= symbol.size)
		return "?";
	return symbol.name;
}

static void take(struct sink *sink, const struct event *e)
{
	const struct process *process = world_find(world, e->pid);
	struct strbuf names = { 0 };

	if (e->type == EVENT_LOST)
		lost += e->lost.count;
	if (e->type == EVENT_FAULT) {
		bool kernel = e->fault.ip >> 63;

		if (kernel)
			strbuf_puts(&names, " [kernel]");
		for (size_t i = 0; i < e->stack.count; i++)
			strbuf_printf(&names, " %s", name_of(process->space, e->stack.ips[i]));
		mem_grow(seen, seen_cap, seen_count + 1);
		seen[seen_count++] =
		    (struct seen){ e->fault.address,
				   e->stack.count && (kernel || e->stack.ips[0] == e->fault.ip), e->stack.end,
				   names.text ? names.text : mem_strdup("") };
	}
	world_apply(world, e);
}

static void run(char **argv)
{
	struct sink sink = { .take = take };
	struct live_options options;
	struct err err = { 0 };
	int32_t pid;

	live_options_init(&options);
	options.faults = options.stacks = true;
	world = world_create();
	struct source *source = live_launch(argv, 24, 80, &options, world, &pid, &err);
	if (!source || source->ops->sweep(source, &sink, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	const struct source_status *faults = &world->processes[0]->sources[SOURCE_FAULTS];
	if (!faults->ok) {
		printf("faults cannot be seen here: %s\n", faults->why);
		source->ops->control(source, pid, CONTROL_END, NULL, NULL);
		source->ops->destroy(source);
		exit(77);
	}
	while (process_alive(world->processes[0])) {
		struct pollfd fds[8];
		size_t n = source->ops->poll_fds(source, fds, 8);
		uint64_t now = clock_now_ns(), due = source->ops->due_ns(source);

		poll(fds, (nfds_t)n, due > now ? (int)((due - now) / CLOCK_MS) : 0);
		if (source->ops->step(source, &sink, 20 * CLOCK_MS, &err) < 0)
			break;
	}
	source->ops->destroy(source);
}

static size_t word_length(const char *text)
{
	return *text ? strcspn(text + 1, " ") + 1 : 0;
}

static bool same_word(const char *a, const char *b)
{
	size_t length = word_length(a);

	return length && length == word_length(b) && !strncmp(a, b, length);
}

/* Whether `got` begins with the words of `want`. "*" stands for one or more functions that the
 * program does not know, "[switched]" for where another stack begins. A stack may only be cut after a function
 * that a signal interrupted: the kernel puts more there than is sampled. */
static bool agrees(const char *want, const struct seen *t)
{
	const char *got = t->names;

	for (bool interrupted = false; *want;) {
		if (same_word(want, " [switched]"))
			return !*got && t->end == STACK_SWITCHED;
		if (!*got)
			return t->end != STACK_WHOLE && interrupted;
		interrupted |= same_word(want, " first_instruction");
		bool any = same_word(want, " *");
		if (!any && !same_word(want, got))
			return false;
		want += word_length(want);
		got += word_length(got);
		while (any && *got && !same_word(want, got))
			got += word_length(got);
	}
	return true;
}

static bool check_line(char *line)
{
	char *rest;
	uint64_t address = strtoull(line, &rest, 16);
	const struct seen *found = NULL;

	rest[strcspn(rest, "\n")] = '\0';
	for (size_t i = 0; i < seen_count && !found; i++)
		if (seen[i].address == address)
			found = &seen[i];
	if (!found && !strncmp(rest, " [kernel]", 9) && *world->processes[0]->sources[SOURCE_FAULTS].why) {
		printf("ok -%s # SKIP faults within system calls cannot be seen here\n", rest);
		return true;
	}
	bool good = found && found->begins_there && agrees(rest, found);
	printf("%s -%.60s\n", good ? "ok" : "not ok", rest);
	if (!good)
		printf("# want%s\n# seen%s%s%s\n", rest, found ? found->names : " nothing",
		       found && found->end != STACK_WHOLE ? " (cut)" : "",
		       found && !found->begins_there ? " (not from the instruction on)" : "");
	return good;
}

int main(int argc, char **argv)
{
	char line[4096];
	int bad = 0, lines = 0;

	if (argc < 3)
		return 2;
	program = realpath(argv[2], NULL);
	run(argv + 2);
	FILE *expected = fopen(argv[1], "r");
	for (; expected && fgets(line, sizeof line, expected); lines++)
		bad += !check_line(line);
	if (lines < 8 || lost) {
		printf("not ok - %d lines, %" PRIu64 " lost\n", lines, lost);
		bad++;
	}
	for (size_t i = 0; i < seen_count; i++)
		free(seen[i].names);
	free(seen);
	for (size_t i = 0; i < FILES; i++) {
		elf_file_close(files[i].elf);
		free(files[i].path);
	}
	world_destroy(world);
	free((char *)program);
	if (expected)
		fclose(expected);
	return bad > 0;
}
