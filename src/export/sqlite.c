/* sqlite: a database with the tables that pagescape(1) documents. A process has a row for each program that
 * it ran, a region a row for each form that it had; the pages at the end are in page_runs.
 *
 * Addresses are 64 bits, which SQLite's integers make negative above the middle; the views have them as
 * text. All text is printable (base/text.h), as it is in "csv", so that tables can be joined. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "export/database_file.h"
#include "export/event_json.h"
#include "export/exporter.h"

/* The tables are made before anything is added, */
static const char tables[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;CREATE TABLE processes(process INTEGER "
    "PRIMARY KEY, pid INTEGER NOT NULL, parent INTEGER, command TEXT, comm TEXT, exe TEXT, time REAL NOT "
    "NULL, ended REAL, status TEXT);CREATE TABLE regions(region INTEGER PRIMARY KEY, process INTEGER NOT "
    "NULL REFERENCES processes, id INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, perms "
    "TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, offset INTEGER NOT NULL, since REAL NOT NULL, "
    "until REAL);CREATE INDEX regions_by_id ON regions(process, until, id);CREATE TABLE page_changes(change "
    "INTEGER PRIMARY KEY, region INTEGER NOT NULL REFERENCES regions, time REAL NOT NULL, start INTEGER "
    "NOT NULL, pages INTEGER NOT NULL, was TEXT, now TEXT NOT NULL);CREATE TABLE page_runs(run INTEGER "
    "PRIMARY KEY, "
    "region INTEGER NOT NULL REFERENCES regions, start INTEGER NOT NULL, pages INTEGER NOT NULL, state TEXT "
    "NOT NULL, flags TEXT NOT NULL);CREATE TABLE symbols(symbol INTEGER PRIMARY KEY, process INTEGER NOT "
    "NULL REFERENCES processes, ip INTEGER NOT NULL, function TEXT, offset INTEGER, object TEXT, section "
    "TEXT, source TEXT, line INTEGER, UNIQUE(process, ip));CREATE TABLE inlined(symbol INTEGER NOT NULL "
    "REFERENCES symbols, depth INTEGER NOT NULL, function TEXT, source TEXT, line INTEGER, PRIMARY "
    "KEY(symbol, depth)) WITHOUT ROWID;CREATE TABLE stacks(stack INTEGER PRIMARY KEY, process INTEGER NOT "
    "NULL REFERENCES processes, number INTEGER NOT NULL, cut INTEGER NOT NULL, cut_why TEXT, deduced INTEGER "
    "NOT NULL, UNIQUE(process, number));CREATE TABLE frames(stack INTEGER NOT NULL REFERENCES stacks, depth "
    "INTEGER NOT NULL, symbol INTEGER NOT NULL REFERENCES symbols, PRIMARY KEY(stack, depth)) WITHOUT "
    "ROWID;CREATE TABLE faults(fault INTEGER PRIMARY KEY, process INTEGER NOT NULL REFERENCES processes, "
    "time REAL NOT NULL, tid INTEGER NOT NULL, address INTEGER NOT NULL, kind TEXT NOT NULL, access TEXT, "
    "access_from TEXT, cause TEXT, cause_from TEXT, cause_why TEXT, was TEXT, now TEXT, huge INTEGER NOT "
    "NULL, pages INTEGER NOT NULL, region INTEGER REFERENCES regions, symbol INTEGER NOT NULL REFERENCES "
    "symbols, stack INTEGER REFERENCES stacks);CREATE TABLE calls(call INTEGER PRIMARY KEY, process INTEGER "
    "NOT NULL REFERENCES processes, time REAL NOT NULL, tid INTEGER NOT NULL, name TEXT NOT NULL, args TEXT "
    "NOT NULL, result INTEGER, errno INTEGER, stack INTEGER REFERENCES stacks);CREATE TABLE "
    "departures(departure INTEGER PRIMARY KEY, region INTEGER NOT NULL REFERENCES regions, time REAL NOT "
    "NULL, start INTEGER NOT NULL, pages INTEGER NOT NULL, was TEXT NOT NULL, now TEXT, reason TEXT NOT "
    "NULL, reason_from TEXT, call TEXT, tid INTEGER);CREATE TABLE marks(mark INTEGER PRIMARY KEY, time REAL "
    "NOT NULL, text "
    "TEXT NOT NULL);CREATE TABLE lost(lost INTEGER PRIMARY KEY, time REAL NOT NULL, pid INTEGER NOT NULL, "
    "count INTEGER NOT NULL, what TEXT NOT NULL);";

/* the views when everything was added. */
static const char views[] =
    "CREATE INDEX faults_by_time ON faults(time);CREATE INDEX faults_by_region ON faults(region);CREATE "
    "INDEX faults_by_symbol ON faults(symbol);CREATE INDEX faults_by_stack ON faults(stack);CREATE INDEX "
    "frames_by_symbol ON frames(symbol);CREATE INDEX page_changes_by_region ON page_changes(region, "
    "time);CREATE INDEX page_runs_by_region ON page_runs(region);CREATE VIEW fault_list AS SELECT f.fault, "
    "f.time, p.pid, f.tid, f.kind, f.access, f.cause, printf('0x%x', f.address) AS address, f.was, f.now, "
    "f.pages, r.kind AS region_kind, r.path, s.function, s.source, s.line, f.stack FROM faults f JOIN "
    "processes p USING(process) JOIN symbols s USING(symbol) LEFT JOIN regions r ON r.region = "
    "f.region;CREATE VIEW region_list AS SELECT r.region, p.pid, printf('0x%x', r.start) AS start, "
    "printf('0x%x', r.end) AS end, r.perms, r.kind, r.path, r.since, r.until FROM regions r JOIN processes p "
    "USING(process);CREATE VIEW stack_list AS SELECT stack, group_concat(name, ';') AS functions FROM "
    "(SELECT f.stack, coalesce(s.function, '[' || s.object || ']', printf('0x%x', s.ip)) AS name FROM frames "
    "f JOIN symbols s USING(symbol) ORDER BY f.stack, f.depth DESC) GROUP BY stack;";

enum statement {
	ADD_META,
	ADD_PROCESS,
	END_REGIONS,
	UPDATE_PROCESS,
	END_PROCESS,
	ADD_REGION,
	END_REGION,
	FIND_REGION,
	ADD_CHANGE,
	ADD_RUN,
	FIND_SYMBOL,
	ADD_SYMBOL,
	ADD_INLINED,
	FIND_STACK,
	ADD_STACK,
	ADD_FRAME,
	ADD_FAULT,
	ADD_CALL,
	ADD_DEPARTURE,
	ADD_MARK,
	ADD_LOST,
	STATEMENTS,
};

static const char *const sql[STATEMENTS] = {
	[ADD_META] = "INSERT INTO meta VALUES(?, ?)",
	[ADD_PROCESS] = "INSERT INTO processes VALUES(NULL, ?, nullif(?, 0), ?, ?, ?, ?, NULL, NULL)",
	[UPDATE_PROCESS] = "UPDATE processes SET command = ?2, comm = ?3, exe = ?4 WHERE process = ?1",
	[END_PROCESS] = "UPDATE processes SET ended = ?2, status = ?3 WHERE process = ?1",
	[END_REGIONS] = "UPDATE regions SET until = ?2 WHERE process = ?1 AND until IS NULL",
	[ADD_REGION] = "INSERT INTO regions VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
	[END_REGION] = "UPDATE regions SET until = ?3 WHERE process = ?1 AND id = ?2 AND until IS NULL",
	[FIND_REGION] = "SELECT region FROM regions WHERE process = ? AND id = ? AND until IS NULL",
	[ADD_CHANGE] = "INSERT INTO page_changes VALUES(NULL, ?, ?, ?, ?, ?, ?)",
	[ADD_RUN] = "INSERT INTO page_runs VALUES(NULL, ?, ?, ?, ?, ?)",
	[FIND_SYMBOL] = "SELECT symbol FROM symbols WHERE process = ? AND ip = ?",
	[ADD_SYMBOL] = "INSERT INTO symbols VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0))",
	[ADD_INLINED] = "INSERT INTO inlined VALUES(?, ?, ?, ?, nullif(?, 0))",
	[FIND_STACK] = "SELECT stack FROM stacks WHERE process = ? AND number = ?",
	[ADD_STACK] = "INSERT INTO stacks VALUES(NULL, ?, ?, ?, ?, ?)",
	[ADD_FRAME] = "INSERT INTO frames VALUES(?, ?, ?)",
	[ADD_FAULT] =
	    "INSERT INTO faults VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, "
	    "nullif(?, 0))",
	[ADD_CALL] = "INSERT INTO calls VALUES(NULL, ?, ?, ?, ?, ?, CASE WHEN ?7 THEN NULL ELSE ?6 END, "
		     "nullif(?7, 0), nullif(?8, 0))",
	[ADD_DEPARTURE] = "INSERT INTO departures VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0))",
	[ADD_MARK] = "INSERT INTO marks VALUES(NULL, ?, ?)",
	[ADD_LOST] = "INSERT INTO lost VALUES(NULL, ?, ?, ?, ?)",
};

struct db {
	struct database_file file;
	sqlite3_stmt *statements[STATEMENTS];
	bool failed;
	struct err err;
};

static void failed(struct db *s)
{
	if (!s->failed)
		database_file_fail(&s->file, &s->err);
	s->failed = true;
}

/* Runs SQL without values. Does nothing once something has failed. */
static void db_run(struct db *s, const char *text)
{
	if (!s->failed && sqlite3_exec(s->file.db, text, NULL, NULL, NULL) != SQLITE_OK)
		failed(s);
}

/* Opens a file, makes the tables and prepares the statements. */
static int db_open(struct db *s, struct err *err)
{
	if (database_file_open(&s->file, err) < 0)
		return -1;
	/* an unfinished file is removed, so it need not be repairable */
	db_run(s, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
	db_run(s, tables);
	for (size_t i = 0; i < STATEMENTS && !s->failed; i++)
		if (sqlite3_prepare_v2(s->file.db, sql[i], -1, &s->statements[i], NULL) != SQLITE_OK)
			failed(s);
	if (s->failed && err)
		*err = s->err;
	return s->failed ? -1 : 0;
}

static void bind_text(sqlite3_stmt *statement, int i, const char *bytes, bool empty_is_null)
{
	if (!*bytes && empty_is_null)
		sqlite3_bind_null(statement, i);
	else
		sqlite3_bind_text(statement, i, text_printable_dup(bytes, strlen(bytes)), -1, free);
}

/* Runs a statement with values: i an int64_t, s a uint64_t of nanoseconds as seconds, t a text, 0 a text that
 * is NULL where it is empty. Returns the row that was added or, for a query, the first column; 0: there is
 * none. */
static int64_t db_put(struct db *s, int number, const char *types, ...)
{
	sqlite3_stmt *statement = s->statements[number];
	int64_t row = 0;
	va_list values;
	int result;

	if (s->failed)
		return 0;
	va_start(values, types);
	for (int i = 0; types[i]; i++)
		if (types[i] == 'i')
			sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
		else if (types[i] == 's')
			sqlite3_bind_double(statement, i + 1, (double)va_arg(values, uint64_t) / 1e9);
		else
			bind_text(statement, i + 1, va_arg(values, const char *), types[i] == '0');
	va_end(values);
	result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		row = sqlite3_column_int64(statement, 0);
	else if (result == SQLITE_DONE && !sqlite3_stmt_readonly(statement))
		row = sqlite3_last_insert_rowid(s->file.db);
	else if (result != SQLITE_DONE)
		failed(s);
	sqlite3_reset(statement);
	return row;
}

static void db_close(struct db *s)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->statements[i]);
	database_file_fini(&s->file);
	*s = (struct db){ 0 };
}

/* A process, as the program that it runs now. */
struct sqlite_image {
	int32_t pid;
	int64_t row;
	struct stacks stacks;
};

struct sqlite {
	const struct export_job *job;
	struct db db;
	struct sqlite_image *images;
	size_t count, cap;
	struct hash by_pid;         /* numbers of images, from 1 on */
	const struct event *event;  /* being taken */
	struct sqlite_image *image; /* of its process */
};

static struct sqlite_image *find_image(const struct sqlite *s, int32_t pid)
{
	struct hash_iter iter = hash_iter(&s->by_pid, hash_number((uint32_t)pid));
	uint32_t number;

	while ((number = hash_next(&iter)) && s->images[number - 1].pid != pid)
		;
	return number ? &s->images[number - 1] : NULL;
}

static void close(void *context)
{
	struct sqlite *s = context;

	for (size_t i = 0; i < s->count; i++)
		stacks_fini(&s->images[i].stacks);
	free(s->images);
	hash_fini(&s->by_pid);
	db_close(&s->db);
	free(s);
}

static void *open(const struct export_job *job, struct err *err)
{
	struct sqlite *s = mem_zalloc(sizeof *s);
	char time[32];

	s->job = job;
	if (db_open(&s->db, err) < 0) {
		close(s);
		return NULL;
	}
	db_put(&s->db, ADD_META, "tt", "schema", "pagescape.sqlite/1");
	db_put(&s->db, ADD_META, "tt", "from", job->from);
	if (job->wall_ns)
		db_put(&s->db, ADD_META, "tt", "time", clock_iso(time, job->wall_ns));
	return s;
}

static void add_process(struct sqlite *s, const struct event *e)
{
	const struct event_process *p = &e->process;
	struct sqlite_image *image = find_image(s, e->pid);
	struct strbuf command = { 0 };

	for (size_t i = 0; p->argv && p->argv[i]; i++) {
		strbuf_puts(&command, i ? " " : "");
		strbuf_puts(&command, p->argv[i]);
	}
	if (!command.len)
		strbuf_puts(&command, p->comm);
	if (!image) {
		if (!s->count)
			db_put(&s->db, ADD_META, "ti", "page_size", INT64_C(1) << p->page_shift);
		mem_grow(s->images, s->cap, s->count + 1);
		image = &s->images[s->count++];
		*image = (struct sqlite_image){ .pid = e->pid };
		hash_add(&s->by_pid, hash_number((uint32_t)e->pid), (uint32_t)s->count);
	}
	if (image->row && !p->exec) {
		db_put(&s->db, UPDATE_PROCESS, "ittt", image->row, command.text, p->comm, p->exe);
	} else {
		if (image->row) {
			db_put(&s->db, END_REGIONS, "is", image->row, e->time_ns);
			db_put(&s->db, END_PROCESS, "ist", image->row, e->time_ns, "exec");
		}
		stacks_fini(&image->stacks);
		image->row = db_put(&s->db, ADD_PROCESS, "iittts", (int64_t)e->pid, (int64_t)p->parent,
				    command.text, p->comm, p->exe, e->time_ns);
	}
	strbuf_fini(&command);
}

static void add_region(struct sqlite *s, const struct event *e)
{
	const struct region_attr *attr = &e->region.attr;
	char perms[5];

	db_put(&s->db, ADD_REGION, "iiiitttis", s->image->row, (int64_t)e->region.id, (int64_t)attr->start,
	       (int64_t)attr->end, region_perms_text(perms, attr->perms), region_kind_name(attr->kind),
	       attr->path, (int64_t)attr->offset, e->time_ns);
}

static int64_t region_row(struct sqlite *s, const struct region *region)
{
	return region ? db_put(&s->db, FIND_REGION, "ii", s->image->row, (int64_t)region->id) : 0;
}

static int add_change(void *context, const struct page_change *c)
{
	struct sqlite *s = context;
	const struct process *p = world_find(s->job->world, s->event->pid);

	db_put(&s->db, ADD_CHANGE, "isii0t", region_row(s, c->region), s->event->time_ns,
	       (int64_t)space_address(p->space, c->first), (int64_t)(c->end - c->first),
	       event_state_name(c->was), page_state_name(page_state(c->now)));
	return 0;
}

static int64_t symbol_row(struct sqlite *s, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol;
	const struct code_frame *frame;
	static const struct code_frame nothing = { "", "", 0 };
	int64_t row = db_put(&s->db, FIND_SYMBOL, "ii", s->image->row, (int64_t)ip);

	if (row)
		return row;
	symbol = names_find(p->names, ip);
	if (!symbol) {
		const struct region *region = space_find(p->space, ip);

		return db_put(&s->db, ADD_SYMBOL, "ii0i000i", s->image->row, (int64_t)ip, "", INT64_C(0),
			      ip >> 63 ? "kernel"
			      : region ? region_name(&region->attr)
				       : "",
			      "", "", INT64_C(0));
	}
	/* the function that the code belongs to is the outermost */
	frame = symbol->count ? &symbol->frames[symbol->count - 1] : &nothing;
	row = db_put(&s->db, ADD_SYMBOL, "ii0i000i", s->image->row, (int64_t)ip, frame->function,
		     (int64_t)symbol->offset, symbol->object, symbol->section, frame->source,
		     (int64_t)frame->line);
	for (size_t i = 0; i + 1 < symbol->count; i++)
		db_put(&s->db, ADD_INLINED, "ii00i", row, (int64_t)i, symbol->frames[i].function,
		       symbol->frames[i].source, (int64_t)symbol->frames[i].line);
	return row;
}

static int64_t stack_row(struct sqlite *s, const struct process *p, const struct event_stack *stack)
{
	uint32_t number = stacks_add(&s->image->stacks, stack);
	int64_t row = 0;

	if (!number)
		return 0;
	row = db_put(&s->db, FIND_STACK, "ii", s->image->row, (int64_t)number);
	if (row)
		return row;
	row = db_put(&s->db, ADD_STACK, "iiiti", s->image->row, (int64_t)number,
		     (int64_t)stack_is_cut(stack->end), stack_end_name(stack->end), (int64_t)stack->deduced);
	for (size_t i = 0; i < stack->count; i++)
		db_put(&s->db, ADD_FRAME, "iii", row, (int64_t)i, symbol_row(s, p, stack->ips[i]));
	return row;
}

static void add_fault(struct sqlite *s, const struct event *e, const struct process *p)
{
	const struct event_fault *f = &e->fault;

	db_put(&s->db, ADD_FAULT, "isiit0000000iiiii", s->image->row, e->time_ns, (int64_t)f->tid,
	       (int64_t)f->address, fault_kind_name(f), fault_access_name(f->access),
	       !f->access    ? ""
	       : f->inferred ? "inferred"
			     : "kernel",
	       fault_cause_name(f->cause), fault_cause_from(f), fault_why_text(f->why),
	       event_state_name(f->was), event_state_name(f->now), (int64_t) !!(f->now & PAGE_HUGE),
	       (int64_t)1 + f->before + f->after, region_row(s, space_find(p->space, f->address)),
	       symbol_row(s, p, f->ip), stack_row(s, p, &e->stack));
}

static void add_call(struct sqlite *s, const struct event *e, const struct process *p)
{
	struct strbuf args = { 0 };

	call_print_args(&args, &e->call);
	db_put(&s->db, ADD_CALL, "isittiii", s->image->row, e->time_ns, (int64_t)e->call.tid,
	       call_name(e->call.kind), args.text, (int64_t)e->call.result, (int64_t)e->call.error,
	       stack_row(s, p, &e->stack));
	strbuf_fini(&args);
}

static void add_status(struct sqlite *s, const struct event *e)
{
	char text[32];

	if (e->status.status < PROCESS_EXITED)
		return;
	snprintf(text, sizeof text, e->status.status == PROCESS_EXITED ? "exit %d" : "signal %d",
		 e->status.code);
	db_put(&s->db, END_PROCESS, "ist", s->image->row, e->time_ns,
	       e->status.status == PROCESS_GONE ? "ended" : text);
}

static void add_departure(void *context, const struct event_left *left)
{
	struct sqlite *s = context;
	const struct process *p = world_find(s->job->world, s->event->pid);
	uint64_t address = space_address(p->space, left->first);

	db_put(&s->db, ADD_DEPARTURE, "isiit0t00i", region_row(s, space_find(p->space, address)),
	       s->event->time_ns, (int64_t)address, (int64_t)(left->end - left->first),
	       event_state_name(left->was), event_state_name(left->now), left_reason_name(left->reason),
	       left_reason_from(left->reason), left->reason == LEFT_CALL ? call_name(left->call) : "",
	       (int64_t)left->tid);
}

/* Of a process that is known. */
static void take_event(struct sqlite *s, const struct event *e, const struct process *p)
{
	departures_each(p->space, &p->calls, e, add_departure, s);
	switch (e->type) {
	case EVENT_MAP:
		add_region(s, e);
		break;
	case EVENT_CHANGE:
		db_put(&s->db, END_REGION, "iis", s->image->row, (int64_t)e->region.id, e->time_ns);
		add_region(s, e);
		break;
	case EVENT_UNMAP:
		db_put(&s->db, END_REGION, "iis", s->image->row, (int64_t)e->region.id, e->time_ns);
		break;
	case EVENT_PAGES:
		page_changes_each(p->space, e, add_change, s);
		break;
	case EVENT_FAULT:
		add_fault(s, e, p);
		break;
	case EVENT_CALL:
		add_call(s, e, p);
		break;
	case EVENT_STATUS:
		add_status(s, e);
		break;
	default:
		break;
	}
}

static int take(void *context, const struct event *e, struct err *err)
{
	struct sqlite *s = context;
	const struct process *p = world_find(s->job->world, e->pid);

	s->event = e;
	if (e->type == EVENT_PROCESS)
		add_process(s, e);
	else if (e->type == EVENT_MARK)
		db_put(&s->db, ADD_MARK, "st", e->time_ns, e->mark.text);
	else if (e->type == EVENT_LOST)
		db_put(&s->db, ADD_LOST, "siit", e->time_ns, (int64_t)e->pid, (int64_t)e->lost.count,
		       lost_name(e->lost.what));
	s->image = find_image(s, e->pid);
	if (p && s->image)
		take_event(s, e, p);
	if (s->db.failed)
		*err = s->db.err;
	return s->db.failed ? -1 : 0;
}

static void add_runs(struct sqlite *s, const struct process *p, const struct region *r)
{
	struct runs_iter iter =
	    runs_iter(p->space->pages, region_first(p->space, r), region_end(p->space, r));
	int64_t row = region_row(s, r);
	struct strbuf flags = { 0 };
	struct run run;

	while (row && runs_next(&iter, &run)) {
		strbuf_clear(&flags);
		strbuf_puts(&flags, "");
		for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_FLAG_LAST; bit <<= 1)
			if (page_flags(run.value) & bit)
				strbuf_printf(&flags, "%s%s", flags.len ? " " : "", page_flag_name(bit));
		db_put(&s->db, ADD_RUN, "iiitt", row, (int64_t)space_address(p->space, run.first),
		       (int64_t)(run.end - run.first), page_state_name(page_state(run.value)), flags.text);
	}
	strbuf_fini(&flags);
}

static int finish(void *context, struct err *err)
{
	struct sqlite *s = context;

	for (size_t i = 0; i < s->job->world->count; i++) {
		const struct process *p = s->job->world->processes[i];

		s->image = find_image(s, p->pid);
		for (size_t j = 0; s->image && j < p->space->count; j++)
			add_runs(s, p, p->space->regions[j]);
	}
	db_run(&s->db, views);
	db_run(&s->db, "COMMIT; ANALYZE");
	if (s->db.failed)
		*err = s->db.err;
	return s->db.failed ? -1 : database_file_copy(&s->db.file, s->job->out, err);
}

const struct exporter export_sqlite = {
	.name = "sqlite",
	.help = N_("a database: regions, pages, faults, stacks, symbols"),
	.binary = true,
	.open = open,
	.before = take,
	.finish = finish,
	.close = close,
};
