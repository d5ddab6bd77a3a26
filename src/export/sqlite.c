/* sqlite: a database of what a session has, see sqlite_schema.c. A process has a row for each
 * program that it was, a region one for each way it was; what is so at the end is in page_runs. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "export/event_json.h"
#include "export/exporter.h"
#include "export/sqlite_db.h"

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
	[ADD_STACK] = "INSERT INTO stacks VALUES(NULL, ?, ?, ?)",
	[ADD_FRAME] = "INSERT INTO frames VALUES(?, ?, ?)",
	[ADD_FAULT] = "INSERT INTO faults VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, "
		      "nullif(?, 0))",
	[ADD_CALL] = "INSERT INTO calls VALUES(NULL, ?, ?, ?, ?, ?, CASE WHEN ?7 THEN NULL ELSE ?6 END, "
		     "nullif(?7, 0), nullif(?8, 0))",
	[ADD_MARK] = "INSERT INTO marks VALUES(NULL, ?, ?)",
	[ADD_LOST] = "INSERT INTO lost VALUES(NULL, ?, ?, ?, ?)",
};

/* A process as the program that it is now. */
struct image {
	int32_t pid;
	int64_t row;
	struct stacks stacks;
};

struct sqlite {
	const struct export_job *job;
	struct sqlite_db db;
	struct image *images;
	size_t count, cap;
	const struct event *event; /* being taken */
	struct image *image;       /* of its process */
};

static struct image *find_image(const struct sqlite *s, int32_t pid)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->images[i].pid == pid)
			return &s->images[i];
	return NULL;
}

static void close(void *context)
{
	struct sqlite *s = context;

	for (size_t i = 0; i < s->count; i++)
		stacks_fini(&s->images[i].stacks);
	free(s->images);
	sqlite_db_close(&s->db);
	free(s);
}

static void *open(const struct export_job *job, struct err *err)
{
	struct sqlite *s = mem_zalloc(sizeof *s);
	char time[32];

	s->job = job;
	if (sqlite_db_open(&s->db, job->path, sql, STATEMENTS, err) < 0) {
		close(s);
		return NULL;
	}
	sqlite_db_put(&s->db, ADD_META, "tt", "schema", "pagescape.sqlite/1");
	sqlite_db_put(&s->db, ADD_META, "tt", "from", job->from);
	if (job->wall_ns)
		sqlite_db_put(&s->db, ADD_META, "tt", "time", clock_iso(time, job->wall_ns));
	return s;
}

static void add_process(struct sqlite *s, const struct event *e)
{
	const struct event_process *p = &e->process;
	struct image *image = find_image(s, e->pid);
	struct strbuf command = { 0 };

	for (size_t i = 0; p->argv && p->argv[i]; i++) {
		strbuf_puts(&command, i ? " " : "");
		strbuf_puts(&command, p->argv[i]);
	}
	if (!command.len)
		strbuf_puts(&command, p->comm);
	if (!image) {
		if (!s->count)
			sqlite_db_put(&s->db, ADD_META, "ti", "page_size", INT64_C(1) << p->page_shift);
		mem_grow(s->images, s->cap, s->count + 1);
		image = &s->images[s->count++];
		*image = (struct image){ .pid = e->pid };
	}
	if (image->row && !p->exec) {
		sqlite_db_put(&s->db, UPDATE_PROCESS, "ittt", image->row, command.text, p->comm, p->exe);
	} else {
		if (image->row) {
			sqlite_db_put(&s->db, END_REGIONS, "is", image->row, e->time_ns);
			sqlite_db_put(&s->db, END_PROCESS, "ist", image->row, e->time_ns, "exec");
		}
		stacks_fini(&image->stacks);
		image->row = sqlite_db_put(&s->db, ADD_PROCESS, "iittts", (int64_t)e->pid, (int64_t)p->parent,
					   command.text, p->comm, p->exe, e->time_ns);
	}
	strbuf_fini(&command);
}

static void add_region(struct sqlite *s, const struct event *e)
{
	const struct region_attr *attr = &e->region.attr;
	char perms[5];

	sqlite_db_put(&s->db, ADD_REGION, "iiiitttis", s->image->row, (int64_t)e->region.id,
		      (int64_t)attr->start, (int64_t)attr->end, region_perms_text(perms, attr->perms),
		      region_kind_name(attr->kind), attr->path, (int64_t)attr->offset, e->time_ns);
}

static int64_t region_row(struct sqlite *s, const struct region *region)
{
	return region ? sqlite_db_put(&s->db, FIND_REGION, "ii", s->image->row, (int64_t)region->id) : 0;
}

static int add_change(void *context, const struct page_change *c)
{
	struct sqlite *s = context;
	const struct process *p = world_find(s->job->world, s->event->pid);

	sqlite_db_put(&s->db, ADD_CHANGE, "isii0t", region_row(s, c->region), s->event->time_ns,
		      (int64_t)space_address(p->space, c->first), (int64_t)(c->end - c->first),
		      event_state_name(c->was), page_state_name(page_state(c->now)));
	return 0;
}

static int64_t symbol_row(struct sqlite *s, const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol;
	const struct code_frame *frame;
	static const struct code_frame nothing = { "", "", 0 };
	int64_t row = sqlite_db_put(&s->db, FIND_SYMBOL, "ii", s->image->row, (int64_t)ip);

	if (row)
		return row;
	symbol = export_names_find(s->job->names, p, ip);
	if (!symbol) {
		const struct region *region = space_find(p->space, ip);

		return sqlite_db_put(&s->db, ADD_SYMBOL, "ii0i000i", s->image->row, (int64_t)ip, "",
				     INT64_C(0),
				     ip >> 63 ? "kernel"
				     : region ? region_name(&region->attr)
					      : "",
				     "", "", INT64_C(0));
	}
	/* the function that the code belongs to is the outermost */
	frame = symbol->count ? &symbol->frames[symbol->count - 1] : &nothing;
	row = sqlite_db_put(&s->db, ADD_SYMBOL, "ii0i000i", s->image->row, (int64_t)ip, frame->function,
			    (int64_t)symbol->offset, symbol->object, symbol->section, frame->source,
			    (int64_t)frame->line);
	for (size_t i = 0; i + 1 < symbol->count; i++)
		sqlite_db_put(&s->db, ADD_INLINED, "ii00i", row, (int64_t)i, symbol->frames[i].function,
			      symbol->frames[i].source, (int64_t)symbol->frames[i].line);
	return row;
}

static int64_t stack_row(struct sqlite *s, const struct process *p, const struct event_stack *stack)
{
	uint32_t number = stacks_add(&s->image->stacks, stack);
	int64_t row = 0;

	if (!number)
		return 0;
	row = sqlite_db_put(&s->db, FIND_STACK, "ii", s->image->row, (int64_t)number);
	if (row)
		return row;
	row = sqlite_db_put(&s->db, ADD_STACK, "iii", s->image->row, (int64_t)number, (int64_t)stack->cut);
	for (size_t i = 0; i < stack->count; i++)
		sqlite_db_put(&s->db, ADD_FRAME, "iii", row, (int64_t)i, symbol_row(s, p, stack->ips[i]));
	return row;
}

static void add_fault(struct sqlite *s, const struct event *e, const struct process *p)
{
	const struct event_fault *f = &e->fault;

	sqlite_db_put(&s->db, ADD_FAULT, "isiit00000iiiii", s->image->row, e->time_ns, (int64_t)f->tid,
		      (int64_t)f->address, fault_kind_name(f), fault_access_name(f->access),
		      !f->access    ? ""
		      : f->inferred ? "inferred"
				    : "kernel",
		      fault_cause_name(f->cause), event_state_name(f->was), event_state_name(f->now),
		      (int64_t) !!(f->now & PAGE_HUGE), (int64_t)1 + f->before + f->after,
		      region_row(s, space_find(p->space, f->address)), symbol_row(s, p, f->ip),
		      stack_row(s, p, &e->stack));
}

static void add_call(struct sqlite *s, const struct event *e, const struct process *p)
{
	struct strbuf args = { 0 };

	call_print_args(&args, &e->call);
	sqlite_db_put(&s->db, ADD_CALL, "isittiii", s->image->row, e->time_ns, (int64_t)e->call.tid,
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
	sqlite_db_put(&s->db, END_PROCESS, "ist", s->image->row, e->time_ns,
		      e->status.status == PROCESS_GONE ? "ended" : text);
}

/* Of a process that is known. */
static void take_event(struct sqlite *s, const struct event *e, const struct process *p)
{
	switch (e->type) {
	case EVENT_MAP:
		add_region(s, e);
		break;
	case EVENT_CHANGE:
		sqlite_db_put(&s->db, END_REGION, "iis", s->image->row, (int64_t)e->region.id, e->time_ns);
		add_region(s, e);
		break;
	case EVENT_UNMAP:
		sqlite_db_put(&s->db, END_REGION, "iis", s->image->row, (int64_t)e->region.id, e->time_ns);
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
		sqlite_db_put(&s->db, ADD_MARK, "st", e->time_ns, e->mark.text);
	else if (e->type == EVENT_LOST)
		sqlite_db_put(&s->db, ADD_LOST, "siit", e->time_ns, (int64_t)e->pid, (int64_t)e->lost.count,
			      e->lost.where);
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
		for (uint32_t bit = PAGE_EXCLUSIVE; bit <= PAGE_CACHE_UNKNOWN; bit <<= 1)
			if (run.value & bit)
				strbuf_printf(&flags, "%s%s", flags.len ? " " : "", page_flag_name(bit));
		sqlite_db_put(&s->db, ADD_RUN, "iiitt", row, (int64_t)space_address(p->space, run.first),
			      (int64_t)(run.end - run.first), page_state_name(page_state(run.value)),
			      flags.text);
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
	sqlite_db_run(&s->db, sqlite_db_views);
	sqlite_db_run(&s->db, "COMMIT; ANALYZE");
	if (s->db.failed)
		*err = s->db.err;
	return s->db.failed ? -1 : 0;
}

const struct exporter export_sqlite = {
	.name = "sqlite",
	.help = N_("a database: regions, pages, faults, stacks, symbols"),
	.makes_file = true,
	.open = open,
	.take = take,
	.finish = finish,
	.close = close,
};
