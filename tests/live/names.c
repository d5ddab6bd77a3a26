/* Names of the code that faults, live. The target writes down from which function and line it
 * touched which page; also stripped, replaced on disk, and with code made at run time. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "live/watching.h"

#define FAULTS_KEPT 100000

static char folder[] = "/tmp/pagescape-names.XXXXXX";

/* Stands before the world: which faults were reported, and whether their code had its name by then. */
struct witness {
	struct sink sink;
	struct watching w;
	struct seen {
		uint64_t address, ip;
		bool named;
	} * seen;
	size_t count, symbols;
};

static void take(struct sink *sink, const struct event *e)
{
	struct witness *t = (struct witness *)sink;
	const struct process *process = world_find(t->w.world, e->pid);
	if (e->type == EVENT_FAULT && t->count < FAULTS_KEPT && process)
		t->seen[t->count++] = (struct seen){ e->fault.address, e->fault.ip,
						     names_find(process->names, e->fault.ip) != NULL };
	t->symbols += e->type == EVENT_SYMBOL;
	world_apply(t->w.world, e);
}

static void step(struct witness *t)
{
	struct pollfd fds[8];
	struct err err = { 0 };
	struct source *s = t->w.source;
	size_t n = s->ops->poll_fds(s, fds, 8);
	uint64_t now = clock_now_ns(), due = s->ops->due_ns(s);
	poll(fds, (nfds_t)n,
	     due <= now                 ? 0
	     : due - now > CLOCK_SECOND ? 1000
					: (int)((due - now) / CLOCK_MS));
	if (s->ops->step(s, &t->sink, 20 * CLOCK_MS, &err) < 0)
		fail_msg("%s", err.text);
}

static void begin(struct witness *t, const char *const argv[], int32_t pid, enum live_names_when when,
		  bool off)
{
	struct live_options o;
	live_options_init(&o);
	o.interval_ns = 5 * CLOCK_MS;
	o.faults = true;
	o.names = when;
	o.reader.off[SOURCE_SYMBOLS] = off;
	*t = (struct witness){ .sink = { .take = take }, .seen = mem_alloc(FAULTS_KEPT * sizeof *t->seen) };
	t->w = watch_begin(&o, argv, pid);
	const struct source_status *faults = &t->w.process->sources[SOURCE_FAULTS];
	if (!faults->ok) {
		printf("faults cannot be seen here: %s\n", faults->why);
		exit(77);
	}
}

static void finish(struct witness *t)
{
	watch_end(&t->w);
	free(t->seen);
}

#define UNTIL(t, condition)                                                                                  \
	for (uint64_t until_ = clock_now_ns() + DEADLINE_NS; !(condition); step(t))                          \
		if (clock_now_ns() > until_)                                                                 \
	fail_msg("never: %s", #condition)

static const char *in_folder(const char *name)
{
	static char path[4][PATH_MAX];
	static unsigned at;
	char *p = path[at++ % 4];
	snprintf(p, PATH_MAX, "%s/%s", folder, name);
	return p;
}

static void run(const char *format, const char *a, const char *b)
{
	char command[3 * PATH_MAX];
	snprintf(command, sizeof command, format, a, b);
	assert_int_equal(system(command), 0);
}

static const char *target_path(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);
	assert_true(n > 0);
	path[n] = '\0';
	strcpy(strrchr(path, '/') + 1, "named");
	return path;
}

/* The last one: the loader may have mapped and left the same place before. */
static const struct seen *fault_at(const struct witness *t, uint64_t address)
{
	for (size_t i = t->count; i > 0; i--)
		if (t->seen[i - 1].address == address)
			return &t->seen[i - 1];
	return NULL;
}

static const struct event_symbol *symbol_of(const struct witness *t, uint64_t address)
{
	const struct seen *fault = fault_at(t, address);
	return fault ? names_find(t->w.process->names, fault->ip) : NULL;
}

/* One line of what the target wrote down, against what the model knows by now. */
static void check_touch(const struct witness *t, uint64_t address, unsigned line, const char *function,
			const char *caller, bool now)
{
	const struct event_symbol *symbol = symbol_of(t, address);
	if (!symbol)
		fail_msg("%s: %s", function,
			 fault_at(t, address) ? "its fault has no name" : "its fault was not reported");
	const struct seen *fault = fault_at(t, address);
	if (now && !(fault && fault->named))
		fail_msg("%s was reported before its name", function);
	assert_int_equal(symbol->count, strcmp(caller, "-") == 0 ? 1 : 2);
	assert_string_equal(symbol->frames[0].function, function);
	assert_int_equal(symbol->frames[0].line, line);
	if (symbol->count == 2)
		assert_string_equal(symbol->frames[1].function, caller);
	if (!line)
		return; /* made at run time: no source, no file */
	assert_non_null(strstr(symbol->frames[0].source, "named.c"));
	assert_non_null(strstr(symbol->object, "named"));
	const char *text = names_line(t->w.process->names, symbol->frames[0].source, line);
	assert_non_null(text);
	assert_non_null(strstr(text, "TOUCH("));
	assert_non_null(names_line(t->w.process->names, symbol->frames[0].source, line - 5));
	assert_non_null(names_line(t->w.process->names, symbol->frames[0].source, line + 5));
}

static int check_touches(const struct witness *t, const char *expected, bool now)
{
	FILE *f = fopen(expected, "r");
	unsigned long long address;
	unsigned line;
	char function[64], caller[64];
	int n = 0;
	assert_non_null(f);
	for (; fscanf(f, "%llx %u %63s %63s", &address, &line, function, caller) == 4; n++)
		check_touch(t, address, line, function, caller, now && strcmp(function, "made_after") != 0);
	fclose(f);
	return n;
}

/* All are there when the end is reported, and are not asked for twice. */
static void check_launched(const char *program, enum live_names_when when, bool by_shell)
{
	struct witness t;
	char command[3 * PATH_MAX];
	/* a third word: no code made at run time */
	const char *const direct[] = { program, in_folder("expected"), "/dev/zero", "-", NULL };
	snprintf(command, sizeof command, "exec %s %s /dev/zero -", program, in_folder("expected"));
	const char *const shell[] = { "/bin/sh", "-c", command, NULL };
	begin(&t, by_shell ? shell : direct, 0, when, false);
	UNTIL(&t, !process_alive(t.w.process));
	assert_int_equal(t.w.process->status_code, 0);
	assert_int_equal(check_touches(&t, in_folder("expected"), when == LIVE_NAMES_NOW), 8);
	if (!by_shell)
		assert_int_equal(t.symbols, names_count(t.w.process->names));
	finish(&t);
}

static void test_now(void **state)
{
	check_launched(target_path(), LIVE_NAMES_NOW, false);
}

static void test_later(void **state)
{
	check_launched(target_path(), LIVE_NAMES_LATER, false);
}

static void test_after_exec(void **state)
{
	check_launched(target_path(), LIVE_NAMES_NOW, true);
	check_launched(target_path(), LIVE_NAMES_LATER, true);
}

/* Programs laid out in memory in other ways. */
static void test_kinds_of_programs(void **state)
{
	static const char *const flags[] = { "-no-pie",
					     "-pie -fPIE",
					     "-static",
					     "-static-pie -fPIE",
					     "-m32",
					     "-no-pie -Wl,-z,noseparate-code",
					     "-Wl,--build-id=none" };
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		char command[2 * PATH_MAX];
		snprintf(command, sizeof command,
			 "gcc -std=gnu11 -D_GNU_SOURCE -O1 -g %s -o %s %s/live/named.c 2>/dev/null", flags[i],
			 in_folder("named-kind"), TESTS_DIR);
		bool built = system(command) == 0;
		if (built && !watch_can_run(in_folder("named-kind")))
			print_message("skipped: this kernel runs no program with %s\n", flags[i]);
		else if (built)
			check_launched(in_folder("named-kind"), LIVE_NAMES_NOW, false);
		else
			print_message("skipped: gcc makes no program with %s here\n", flags[i]);
	}
}

/* A target that waits for a line, and for the end of the pipe before it ends. */
struct waiting {
	pid_t pid;
	int fifo;
};

static struct waiting start(const char *program, bool made_code)
{
	struct waiting target;
	const char *fifo = in_folder("fifo"), *expected = in_folder("expected");
	unlink(fifo);
	unlink(expected);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	target.pid = fork();
	if (target.pid == 0) {
		execl(program, "named", expected, fifo, made_code ? NULL : "-", NULL);
		_exit(127);
	}
	target.fifo = open(fifo, O_WRONLY | O_CLOEXEC); /* waits until it has opened it, too */
	assert_true(target.fifo >= 0);
	return target;
}

static void end(struct waiting *target)
{
	int status;
	char map[64];
	close(target->fifo);
	assert_int_equal(waitpid(target->pid, &status, 0), target->pid);
	assert_int_equal(status, 0);
	snprintf(map, sizeof map, "/tmp/perf-%d.map", (int)target->pid);
	unlink(map);
}

static bool is_written(const char *name)
{
	struct stat st;
	return stat(in_folder(name), &st) == 0 && st.st_size > 0;
}

/* The fault on the first page written down, once its code has a name or a reason for none. */
static const struct event_symbol *first_symbol(struct witness *t)
{
	unsigned long long address = 0;
	const struct event_symbol *symbol = NULL;
	UNTIL(t, is_written("expected"));
	FILE *f = fopen(in_folder("expected"), "r");
	assert_int_equal(fscanf(f, "%llx", &address), 1);
	fclose(f);
	UNTIL(t, (symbol = symbol_of(t, address)));
	return symbol;
}

static void test_made_code(void **state)
{
#ifndef __x86_64__
	skip();
#endif
	for (int when = LIVE_NAMES_LATER; when <= LIVE_NAMES_NOW; when++) {
		struct witness t;
		struct waiting target = start(target_path(), true);
		begin(&t, NULL, target.pid, (enum live_names_when)when, false);
		assert_int_equal(write(target.fifo, "\n", 1), 1);
		UNTIL(&t, is_written("expected"));
		unsigned long long late = 0;
		FILE *f = fopen(in_folder("expected"), "r");
		char line[256];
		while (fgets(line, sizeof line, f))
			if (strstr(line, "made_after"))
				sscanf(line, "%llx", &late);
		fclose(f);
		const struct event_symbol *symbol = NULL;
		UNTIL(&t, (symbol = symbol_of(&t, late)) && symbol->count);
		assert_int_equal(check_touches(&t, in_folder("expected"), when == LIVE_NAMES_NOW), 10);
		finish(&t);
		end(&target);
	}
}

/* Its faults are read after its end: the files are still there. */
static void test_ended(void **state)
{
	struct witness t;
	struct waiting target = start(target_path(), false);
	begin(&t, NULL, target.pid, LIVE_NAMES_LATER, false);
	assert_int_equal(write(target.fifo, "\n", 1), 1);
	end(&target);
	UNTIL(&t, !process_alive(t.w.process));
	assert_int_equal(check_touches(&t, in_folder("expected"), false), 8);
	finish(&t);
}

static void test_stripped(void **state)
{
	struct witness t;
	run("strip -o %s %s", in_folder("stripped"), target_path());
	struct waiting target = start(in_folder("stripped"), false);
	begin(&t, NULL, target.pid, LIVE_NAMES_LATER, false);
	assert_int_equal(write(target.fifo, "\n", 1), 1);
	const struct event_symbol *symbol = first_symbol(&t);
	assert_int_equal(symbol->count, 0);
	assert_string_equal(symbol->section, ".text");
	assert_string_equal(symbol->object, in_folder("stripped"));
	assert_non_null(strstr(symbol->why, "stripped"));
	finish(&t);
	end(&target);
}

/* Another program now has its path: with access to the old file we have its names; without, we
 * say that it was replaced. */
static void test_replaced(void **state)
{
	struct witness t;
	run("cp %s %s", target_path(), in_folder("replaced"));
	struct waiting target = start(in_folder("replaced"), false);
	run("cp /bin/true %s && mv %1$s %s", in_folder("other"), in_folder("replaced"));
	begin(&t, NULL, target.pid, LIVE_NAMES_NOW, false);
	assert_int_equal(write(target.fifo, "\n", 1), 1);
	const struct event_symbol *symbol = first_symbol(&t);
	if (geteuid() == 0) {
		assert_string_equal(symbol->frames[0].function, "touch_one");
	} else {
		assert_int_equal(symbol->count, 0);
		assert_non_null(strstr(symbol->why, "replaced"));
	}
	finish(&t);
	end(&target);
}

/* Replaced by the same file: a package that was installed again. */
static void test_installed_again(void **state)
{
	struct witness t;
	run("cp %s %s", target_path(), in_folder("again"));
	struct waiting target = start(in_folder("again"), false);
	run("cp %s %s.new && mv %2$s.new %2$s", target_path(), in_folder("again"));
	begin(&t, NULL, target.pid, LIVE_NAMES_LATER, false);
	assert_int_equal(write(target.fifo, "\n", 1), 1);
	const struct event_symbol *symbol = first_symbol(&t);
	assert_int_equal(symbol->count, 1);
	assert_string_equal(symbol->frames[0].function, "touch_one");
	finish(&t);
	end(&target);
}

static void test_switched_off(void **state)
{
	struct witness t;
	const char *const direct[] = { target_path(), in_folder("expected"), "/dev/zero", "-", NULL };
	begin(&t, direct, 0, LIVE_NAMES_NOW, true);
	UNTIL(&t, !process_alive(t.w.process));
	assert_int_equal(t.symbols, 0);
	assert_int_equal(names_count(t.w.process->names), 0);
	assert_false(t.w.process->sources[SOURCE_SYMBOLS].ok);
	assert_non_null(strstr(t.w.process->sources[SOURCE_SYMBOLS].why, "switched off"));
	finish(&t);
}

/* The first reading of the clock faults on the vdso, the kernel's code in every process. */
static void test_vdso(void **state)
{
	struct witness t;
	const char *const direct[] = { target_path(), in_folder("expected"), "/dev/zero", "-", NULL };
	begin(&t, direct, 0, LIVE_NAMES_NOW, false);
	UNTIL(&t, !process_alive(t.w.process));
	size_t found = 0, named = 0;
	for (size_t i = 0; i < names_count(t.w.process->names); i++) {
		const struct event_symbol *symbol = names_at(t.w.process->names, i);
		if (strcmp(symbol->object, "[vdso]") == 0) {
			/* what it calls itself has no name there */
			found++;
			named += symbol->count == 1 && strstr(symbol->frames[0].function, "clock_gettime");
		}
	}
	assert_true(named || !found);
	finish(&t);
	if (!found)
		skip();
}

#define PLACE ((void *)UINT64_C(0x123456780000))

/* Makes code in one place, names it, runs it; then something else in the same place. */
static int make_twice(int commands, volatile char *memory)
{
	static const unsigned char code[] = { 0xc6, 0x07, 0x01, 0xc3 }; /* movb $1,(%rdi); ret */
	char path[64], command;
	snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)getpid());
	FILE *map = fopen(path, "w");
	for (int i = 0; map && read(commands, &command, 1) == 1; i++) {
		munmap(PLACE, 4096);
		if (command == 'u')
			continue;
		char *made = mmap(PLACE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		if (made != PLACE)
			return 1;
		memcpy(made, code, sizeof code);
		fprintf(map, "%lx 20 made_%c\n", (unsigned long)(uintptr_t)made, command);
		fflush(map);
		((void (*)(volatile char *))(uintptr_t)made)(memory + i * 4096);
	}
	unlink(path);
	return 0;
}

static const struct event_symbol *named_in_place(const struct witness *t, const char *function)
{
	const struct event_symbol *symbol = names_find(t->w.process->names, (uintptr_t)PLACE);
	return symbol && symbol->count && !strcmp(symbol->frames[0].function, function) ? symbol : NULL;
}

/* An address that is mapped again is asked for again. */
static void test_mapped_anew(void **state)
{
#ifndef __x86_64__
	skip();
#endif
	struct witness t;
	int commands[2], status;
	assert_int_equal(pipe2(commands, O_CLOEXEC), 0);
	char *memory = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(memory, 8 * 4096, MADV_NOHUGEPAGE);
	pid_t pid = fork();
	if (pid == 0) {
		close(commands[1]);
		_exit(make_twice(commands[0], memory));
	}
	begin(&t, NULL, pid, LIVE_NAMES_LATER, false);
	assert_int_equal(write(commands[1], "a", 1), 1);
	UNTIL(&t, named_in_place(&t, "made_a"));
	assert_int_equal(write(commands[1], "u", 1), 1);
	UNTIL(&t, !space_find(t.w.process->space, (uintptr_t)PLACE));
	assert_int_equal(write(commands[1], "b", 1), 1);
	UNTIL(&t, named_in_place(&t, "made_b"));
	finish(&t);
	close(commands[1]);
	close(commands[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	munmap(memory, 8 * 4096);
}

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	run("rm -rf %s%s", folder, "");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_now),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_after_exec),
		cmocka_unit_test(test_kinds_of_programs),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_made_code),
		cmocka_unit_test(test_stripped),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_installed_again),
		cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_vdso),
		cmocka_unit_test(test_mapped_anew),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
