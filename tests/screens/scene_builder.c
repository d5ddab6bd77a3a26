#include "unit/check.h"

#include "screens/scene_builder.h"
#include "ui/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void apply(struct stage *s, struct event *e)
{
	e->time_ns = s->now_ns;
	e->pid = STAGE_PID;
	world_apply(s->world, e);
}

void stage_init(struct stage *s, const char *const *argv)
{
	struct event e = { .type = EVENT_PROCESS };

	memset(s, 0, sizeof *s);
	s->world = world_create();
	s->next_id = 1;
	e.process = (struct event_process){ .argv = argv,
					    .comm = "demo",
					    .exe = "/usr/bin/demo",
					    .bits = 64,
					    .page_shift = 12,
					    .address_bits = 48,
					    .uid = 1000,
					    .launched = true };
	apply(s, &e);
	s->process = world_find(s->world, STAGE_PID);
	view_init(&s->view, views, STAGE_PID);
	s->view.press.key = commands_key;
	layout_init(&s->layout);
	stage_faults(s, 0, 0);
}

void stage_fini(struct stage *s)
{
	layout_fini(&s->layout);
	region_rows_fini(&s->list);
	process_order_fini(&s->order);
	canvas_fini(&s->canvas);
	view_fini(&s->view);
	pair_fini(&s->pair);
	world_destroy(s->world);
}

void stage_at(struct stage *s, uint64_t ms)
{
	s->now_ns = ms * 1000000;
}

static uint8_t perms_of(const char *text)
{
	return (uint8_t)((text[0] == 'r' ? REGION_READ : 0) | (text[1] == 'w' ? REGION_WRITE : 0) |
			 (text[2] == 'x' ? REGION_EXEC : 0) | (text[3] == 's' ? REGION_MAY_SHARE : 0));
}

uint64_t stage_map(struct stage *s, uint64_t start, uint64_t pages, const char *perms, enum region_kind kind,
		   const char *path)
{
	struct event e = { .type = EVENT_MAP };

	e.region.id = s->next_id++;
	e.region.attr = (struct region_attr){ .start = start,
					      .end = start + (pages << 12),
					      .perms = perms_of(perms),
					      .kind = (uint8_t)kind,
					      .path = path };
	if (path[0] == '/') /* a file's number: any, the same for the same path */
		for (const char *p = path; *p; p++)
			e.region.attr.inode = e.region.attr.inode * 31 + (unsigned char)*p;
	apply(s, &e);
	stage_pages(s, start, pages, page_word(PAGE_RESERVED, 0));
	return e.region.id;
}

void stage_resize(struct stage *s, uint64_t id, uint64_t start, uint64_t pages)
{
	struct event e = { .type = EVENT_CHANGE };
	struct region_attr old = space_find_id(s->process->space, id)->attr;
	uint64_t end = start + (pages << 12);

	e.region.id = id;
	e.region.attr = old;
	e.region.attr.start = start;
	e.region.attr.end = end;
	apply(s, &e); /* frees the old path: only its numbers are used from here on */
	if (start < old.start)
		stage_pages(s, start, (old.start - start) >> 12, page_word(PAGE_RESERVED, 0));
	if (end > old.end)
		stage_pages(s, old.end, (end - old.end) >> 12, page_word(PAGE_RESERVED, 0));
}

void stage_unmap(struct stage *s, uint64_t id)
{
	struct event e = { .type = EVENT_UNMAP };

	e.region.id = id;
	e.region.attr = space_find_id(s->process->space, id)->attr;
	apply(s, &e);
}

void stage_pages(struct stage *s, uint64_t address, uint64_t pages, uint32_t word)
{
	struct run tile = { address >> 12, (address >> 12) + pages, word };
	struct event e = { .type = EVENT_PAGES };

	e.pages.tiles = &tile;
	e.pages.n = 1;
	apply(s, &e);
}

void stage_faults(struct stage *s, uint64_t minor, uint64_t major)
{
	struct event e = { .type = EVENT_COUNTERS };

	e.counters = (struct event_counters){ .minor = minor, .major = major, .threads = 1, .state = 'R' };
	apply(s, &e);
}

void stage_status(struct stage *s, enum process_status status, int code)
{
	struct event e = { .type = EVENT_STATUS };

	e.status.status = status;
	e.status.code = code;
	apply(s, &e);
}

void stage_source(struct stage *s, enum source_kind kind, bool ok, const char *why)
{
	struct event e = { .type = EVENT_SOURCE };

	e.source.kind = kind;
	e.source.ok = ok;
	e.source.why = why;
	apply(s, &e);
}

void stage_output(struct stage *s, const char *text)
{
	struct event e = { .type = EVENT_OUTPUT };

	e.output.bytes = text;
	e.output.len = strlen(text);
	apply(s, &e);
}

void stage_tick(struct stage *s)
{
	struct event e = { .type = EVENT_TICK };

	apply(s, &e);
}

static void keep_cursor_in_sight(struct stage *s, int rows)
{
	int64_t row;
	int column;

	if (!layout_find(&s->layout, s->view.grid.cursor, &row, &column))
		return;
	if (row < s->view.grid.top)
		s->view.grid.top = row;
	if (row >= s->view.grid.top + rows)
		s->view.grid.top = row - rows + 1;
}

static void apply_to(struct stage *s, int32_t pid, struct event *e)
{
	e->time_ns = s->now_ns;
	e->pid = pid;
	world_apply(s->world, e);
}

struct process *stage_fork(struct stage *s, int32_t pid)
{
	const struct space *space = s->process->space;
	struct event e = { .type = EVENT_PROCESS };
	struct runs_iter iter;
	struct run run;

	e.process = (struct event_process){ .argv = (const char *const *)s->process->identity.argv,
					    .comm = s->process->identity.comm,
					    .exe = s->process->identity.exe,
					    .bits = 64,
					    .page_shift = 12,
					    .address_bits = 48,
					    .uid = 1000,
					    .parent = STAGE_PID };
	apply_to(s, pid, &e);
	for (size_t i = 0; i < space->count; i++) {
		e = (struct event){ .type = EVENT_MAP };
		e.region.id = space->regions[i]->id;
		e.region.attr = space->regions[i]->attr;
		apply_to(s, pid, &e);
	}
	iter = runs_iter(space->pages, 0, RUNS_END);
	while (runs_next(&iter, &run)) {
		e = (struct event){ .type = EVENT_PAGES, .pages = { &run, 1 } };
		if (run.value != PAGE_NONE)
			apply_to(s, pid, &e);
	}
	return world_find(s->world, pid);
}

void stage_thread(struct stage *s, int32_t pid, int32_t tid, const char *name, bool ended)
{
	struct event e = { .type = EVENT_THREAD, .thread = { .tid = tid, .name = name, .ended = ended } };

	apply_to(s, pid, &e);
}

void stage_pair(struct stage *s, int32_t child)
{
	pair_init(&s->pair, s->process, world_find(s->world, child));
	s->view.pair = true;
}

void stage_compare(struct stage *s, const struct aligned *al)
{
	pair_init_aligned(&s->pair, al);
	s->view.pair = s->view.compared = true;
	s->view.regions.sort = REGION_SORT_DIFFERENCE;
	s->list.aligned = al;
	s->process = (struct process *)&al->sides[ALIGNED_B];
}

void stage_draw(struct stage *s, int rows, int columns)
{
	struct screen_parts parts;

	s->view.rows = rows;
	s->view.columns = columns;
	screen_parts(&parts, &s->view);
	region_rows_update(&s->list, s->view.compared ? s->pair.both : s->process->space,
			   &s->view.regions.filter, s->view.regions.sort, s->view.regions.fold);
	if (parts.grid.columns) {
		layout_update(&s->layout, s->view.pair ? s->pair.both : s->process->space, s->view.pid,
			      &s->view.regions.filter, s->view.grid.zoom, parts.grid.columns);
		keep_cursor_in_sight(s, parts.grid.rows);
	}
	s->scene.pair = s->view.pair ? &s->pair : NULL;
	s->scene.world = s->view.compared ? s->pair.aligned->stage : s->world;
	s->scene.process = s->process;
	s->scene.view = &s->view;
	s->scene.layout = &s->layout;
	process_order_update(&s->order, s->scene.world, s->view.pid);
	s->scene.list = &s->list;
	s->scene.order = &s->order;
	s->scene.now_ns = s->now_ns;
	scene_find_page(&s->scene);
	s->view.tabs.shown->rows = parts.tab.rows;
	if (s->view.tabs.shown->ops->update) {
		struct scene own = scene_of_tab(&s->scene, s->view.tabs.shown);

		s->view.tabs.shown->ops->update(s->view.tabs.shown, &own);
	}
	canvas_fini(&s->canvas);
	canvas_init(&s->canvas, rows, columns, s->ascii);
	s->canvas.mono = s->mono;
	screen_draw(&s->canvas, &s->scene);
}

void stage_tab(struct stage *s, const char *name)
{
	struct tab *tab = tabs_named(&s->view.tabs, name);

	assert_non_null(tab);
	tabs_show(&s->view.tabs, tab);
}

static char *read_golden(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t len = 0;

	if (!in)
		return NULL;
	if (getdelim(&text, &len, '\0', in) < 0) {
		free(text);
		text = NULL;
	}
	fclose(in);
	return text;
}

static void write_golden(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	if (!out)
		fail_msg("cannot write %s", path);
	fputs(text, out);
	fclose(out);
}

/* Prints the first line that differs. */
static void compare_pictures(const char *name, const char *seen, const char *golden)
{
	size_t at = 0;
	int line = 1;

	while (seen[at] && seen[at] == golden[at]) {
		line += seen[at] == '\n';
		at++;
	}
	if (seen[at] == golden[at])
		return;
	fputs(seen, stderr);
	fail_msg("%s: line %d is not as in golden/%s.txt (GENERATE=1 writes it anew)", name, line, name);
}

void canvas_check(const struct canvas *canvas, const char *name)
{
	char path[4096], *seen = NULL, *golden;
	size_t len = 0;
	FILE *out = open_memstream(&seen, &len);

	assert_non_null(out);
	canvas_print(canvas, out, 1);
	fclose(out);
	snprintf(path, sizeof path, "%s/screens/golden/%s.txt", TESTS_DIR, name);
	if (getenv("GENERATE")) {
		write_golden(path, seen);
	} else {
		golden = read_golden(path);
		if (!golden)
			fail_msg("%s is missing; GENERATE=1 writes it", path);
		compare_pictures(name, seen, golden);
		free(golden);
	}
	free(seen);
}

void stage_check(struct stage *s, int rows, int columns, const char *name)
{
	stage_draw(s, rows, columns);
	canvas_check(&s->canvas, name);
}
