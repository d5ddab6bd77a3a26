/* All that a world knows, as text: equal worlds give equal text. */
#ifndef TESTS_WORLD_DUMP_H
#define TESTS_WORLD_DUMP_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "model/world.h"

static inline void dump_stack(struct strbuf *out, const struct process *p, uint32_t number)
{
	struct event_stack stack = stacks_get(&p->stacks, number);

	for (size_t i = 0; i < stack.count; i++)
		strbuf_printf(out, " %" PRIx64, stack.ips[i]);
	strbuf_printf(out, " %d %zu\n", stack.end, stack.deduced);
}

static inline void dump_fault(struct strbuf *out, const struct process *p, uint64_t time_ns,
			      const struct event_fault *f, uint32_t stack)
{
	strbuf_printf(out, "%" PRIu64 " at %" PRIx64 " by %" PRIx64 " tid %d %d%d%d%d was %x now %x -%u +%u",
		      time_ns, f->address, f->ip, f->tid, f->major, f->inferred, f->access, f->cause, f->was,
		      f->now, f->before, f->after);
	dump_stack(out, p, stack);
}

static inline void dump_region(struct strbuf *out, const struct region *r)
{
	strbuf_printf(out,
		      "region %" PRIu64 " born %" PRIu64 " died %" PRIu64 " %" PRIx64 "-%" PRIx64
		      " perms %d kind %d offset %" PRIx64 " inode %" PRIu64 " dev %u:%u %d%d %s\n",
		      r->id, r->born_ns, r->died_ns, r->attr.start, r->attr.end, r->attr.perms, r->attr.kind,
		      r->attr.offset, r->attr.inode, r->attr.dev_major, r->attr.dev_minor, r->attr.hugetlb,
		      r->attr.device, r->attr.path);
}

static inline void dump_runs(struct strbuf *out, const char *what, const struct runs *runs)
{
	struct runs_iter iter = runs_iter(runs, 0, RUNS_END);
	struct run run;

	while (runs_next(&iter, &run))
		strbuf_printf(out, "%s %" PRIx64 "-%" PRIx64 " %x\n", what, run.first, run.end, run.value);
}

static inline int dump_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts lines by their text. */
static inline void dump_sorted(struct strbuf *out, char **lines, size_t count)
{
	if (count)
		qsort(lines, count, sizeof *lines, dump_compare);
	for (size_t i = 0; i < count; i++) {
		strbuf_puts(out, lines[i]);
		free(lines[i]);
	}
	free(lines);
}

static inline void dump_stories(struct strbuf *out, const struct process *p)
{
	char **lines = NULL;
	size_t count = 0, cap = 0;

	for (size_t i = 0; i < p->faults.stories.count; i++) {
		const struct story *s = &p->faults.stories.slots[i];
		struct strbuf line = { 0 };

		if (!stories_has(&p->faults.stories, i))
			continue;
		strbuf_printf(&line, "story %016" PRIx64 " ", p->faults.stories.keys[i] - 1);
		dump_fault(&line, p, s->time_ns, &s->fault, s->stack);
		mem_grow(lines, cap, count + 1);
		lines[count++] = line.text;
	}
	dump_sorted(out, lines, count);
}

static inline void dump_names(struct strbuf *out, const struct process *p)
{
	char **lines = NULL;
	size_t count = 0, cap = 0;
	const char *path, *text;
	uint32_t number;

	for (size_t i = 0; i < names_count(p->names); i++) {
		const struct event_symbol *s = names_at(p->names, i);
		struct strbuf line = { 0 };

		strbuf_printf(&line, "name %" PRIx64 " %s %s %" PRIx64 " %s", s->ip, s->object, s->section,
			      s->offset, s->why);
		for (size_t j = 0; j < s->count; j++)
			strbuf_printf(&line, " %s %s %u", s->frames[j].function, s->frames[j].source,
				      s->frames[j].line);
		strbuf_puts(&line, "\n");
		mem_grow(lines, cap, count + 1);
		lines[count++] = line.text;
	}
	for (size_t i = 0; i < names_line_count(p->names); i++) {
		struct strbuf line = { 0 };

		names_line_at(p->names, i, &path, &number, &text);
		strbuf_printf(&line, "line %s:%u %s\n", path, number, text);
		mem_grow(lines, cap, count + 1);
		lines[count++] = line.text;
	}
	dump_sorted(out, lines, count);
}

static inline void dump_profile(struct strbuf *out, const struct process *p)
{
	char **lines = NULL;
	size_t cap = 0;

	mem_grow(lines, cap, p->faults.profile.count + 1);
	for (size_t i = 0; i < p->faults.profile.count; i++) {
		const struct profile_entry *h = &p->faults.profile.entries[i];
		struct strbuf line = { 0 };

		strbuf_printf(&line, "profile %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64, h->ip, h->minor,
			      h->major, h->pages);
		dump_stack(&line, p, h->stack);
		lines[i] = line.text;
	}
	dump_sorted(out, lines, p->faults.profile.count);
	strbuf_printf(out, "image %" PRIu64 " %" PRIu64 " stops %u\n", p->faults.image, p->calls.image,
		      p->stop.count);
}

static inline void dump_logs(struct strbuf *out, const struct process *p)
{
	strbuf_printf(out, "faults %" PRIu64 " calls %" PRIu64 "\n", p->faults.log.end, p->calls.end);
	for (uint64_t i = p->faults.log.begin; i < p->faults.log.end; i++) {
		const struct fault_entry *f = fault_log_at(&p->faults.log, i);

		strbuf_printf(out, "fault %" PRIu64 " ", i);
		dump_fault(out, p, f->time_ns, &f->fault, f->stack);
	}
	for (uint64_t i = p->calls.begin; i < p->calls.end; i++) {
		const struct call_entry *c = calls_at(&p->calls, i);

		strbuf_printf(out, "call %" PRIu64 " %" PRIu64 " %d %" PRIx64 " %d %" PRIx64 " %" PRIx64 " ",
			      i, c->time_ns, c->call.tid, c->call.result, c->call.error, c->call.start,
			      c->call.end);
		call_print(out, &c->call, CALL_ARGS);
		dump_stack(out, p, c->stack);
	}
	for (uint64_t i = p->departures.begin; i < p->departures.end; i++) {
		const struct departure *d = departures_at(&p->departures, i);

		strbuf_printf(out, "left %" PRIu64 " %" PRIu64 " %" PRIx64 "-%" PRIx64 " %x %x %d %d %d %d\n",
			      i, d->time_ns, d->left.first, d->left.end, d->left.was, d->left.now,
			      d->left.reason, d->left.reason == LEFT_CALL ? (int)d->left.call : -1,
			      d->left.tid, d->left.kind);
	}
	for (size_t i = 0; history_at(&p->history, i); i++) {
		const struct sample *s = history_at(&p->history, i);

		strbuf_printf(out, "sample %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
			      s->time_ns, s->resident, s->minor, s->major, s->quiet_ns);
	}
	strbuf_printf(out, "output %" PRIu64 "\n", p->output.bytes);
	for (size_t i = 0; output_line(&p->output, i); i++)
		strbuf_printf(out, "- %s\n", output_line(&p->output, i));
}

static inline void dump_forked(struct strbuf *out, const struct process *p)
{
	const struct forked *f = &p->forked;
	const struct forked_figures *n = &f->figures;
	char **lines = NULL;
	size_t cap = 0;

	strbuf_printf(out, "forked %d %d%d%d %" PRIu64 " %" PRIu64 " rest %" PRIu64 " %" PRIu64, f->stage,
		      f->whole, f->vfork, f->known, f->forked_ns, f->looked_ns, f->rest, f->lost_early);
	strbuf_printf(out, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		      n->shared, n->copied, n->by_child, n->by_parent, n->unknown, n->given_up);
	if (f->pages)
		dump_runs(out, "common", f->pages);
	mem_grow(lines, cap, f->copier_count + 1);
	for (size_t i = 0; i < f->copier_count; i++) {
		const struct forked_copier *c = &f->copiers[i];
		struct strbuf line = { 0 };

		strbuf_printf(&line, "copier %" PRIx64 " %" PRIu64 " %d %s %s\n", c->ip, c->pages, c->parent,
			      c->function ? c->function : "-", c->function ? c->object : "-");
		lines[i] = line.text;
	}
	dump_sorted(out, lines, f->copier_count);
}

static inline void dump_figures(struct strbuf *out, const struct process_figures *p)
{
	const struct kernel_figures *f = &p->read;

	strbuf_printf(out, "figures %d %" PRIu64 " %s", p->known, p->time_ns, f->cgroup ? f->cgroup : "-");
	for (int i = 0; i < KERNEL_FIGURES; i++)
		strbuf_printf(out, " %" PRIu64, f->values[i]);
	for (int i = 0; i < FIGURE_GROUPS; i++)
		strbuf_printf(out, " %s", f->why[i] ? f->why[i] : "-");
	for (size_t i = 0; i < f->sums_count; i++)
		strbuf_printf(out, " %" PRIx64 "-%" PRIx64 " %d %" PRIu64 " %" PRIu64, f->sums[i].start,
			      f->sums[i].end, f->sums[i].kind, f->sums[i].rss, f->sums[i].private_dirty);
	for (size_t i = 0; i < f->stacks_count; i++)
		strbuf_printf(out, " %d %" PRIx64, f->stacks[i].tid, f->stacks[i].address);
	for (size_t i = 0; i < f->nodes_count; i++)
		strbuf_printf(out, " %" PRIu64, f->nodes[i]);
	strbuf_puts(out, "\n");
}

static inline void dump_process(struct strbuf *out, const struct process *p)
{
	strbuf_printf(out,
		      "process %d born %" PRIu64
		      " %s %s bits %d %d uid %u parent %d execs %u changed %" PRIu64 " lost %" PRIu64
		      " %" PRIu64 " %" PRIu64 "\n",
		      p->pid, p->course.born_ns, p->identity.comm, p->identity.exe, p->identity.bits,
		      p->identity.address_bits, p->identity.uid, p->parent, p->course.execs,
		      p->course.changed_ns, p->course.lost, p->course.unseen, p->course.unseen_faults);
	for (size_t i = 0; p->identity.argv[i]; i++)
		strbuf_printf(out, "arg %s\n", p->identity.argv[i]);
	strbuf_printf(out, "status %d %d stop %d", p->status, p->status_code, p->stop.known);
	if (p->stop.known)
		strbuf_printf(out, " %d %d", p->stop.why, p->stop.tid);
	strbuf_printf(
	    out, "\ncounters %d %" PRIu64 " %" PRIu64 " base %" PRIu64 " %" PRIu64 " threads %u state %d\n",
	    p->counters.known, p->counters.now.minor, p->counters.now.major, p->counters.first.minor,
	    p->counters.first.major, p->counters.now.threads, p->counters.now.state);
	for (int i = 0; i < SOURCE_KINDS; i++)
		if (p->sources[i].known)
			strbuf_printf(out, "source %d %d %s\n", i, p->sources[i].ok, p->sources[i].why);
	strbuf_printf(out, "page %" PRIx64 " changed %" PRIu64 "\n", p->space->changed_page,
		      p->space->changed_ns);
	for (size_t i = 0; i < p->space->count; i++)
		dump_region(out, p->space->regions[i]);
	for (size_t i = 0; i < p->space->ghost_count; i++)
		dump_region(out, p->space->ghosts[i]);
	dump_runs(out, "pages", p->space->pages);
	dump_runs(out, "since", p->space->since);
	dump_runs(out, "began", p->space->began);
	strbuf_printf(out, "began %d %" PRIu64 "\n", p->course.began, p->course.began_resident);
	strbuf_printf(out, "threads ended %zu dropped %" PRIu64 "\n", p->threads.ended, p->threads.dropped);
	for (size_t i = 0; i < p->threads.count; i++) {
		const struct thread *t = &p->threads.list[i];

		strbuf_printf(out,
			      "thread %d begun %" PRIu64 " ended %d %" PRIu64 " faults %" PRIu64 " %" PRIu64
			      " %s\n",
			      t->tid, t->begun_ns, t->ended, t->ended_ns, t->minor, t->major, t->name);
	}
	dump_figures(out, &p->figures);
	dump_stories(out, p);
	dump_names(out, p);
	dump_profile(out, p);
	dump_logs(out, p);
	dump_forked(out, p);
}

/* The caller frees the text. */
static inline char *world_dump(const struct world *w)
{
	struct strbuf out = { 0 };

	strbuf_printf(&out, "now %" PRIu64 " dropped %" PRIu64 "\n", w->now_ns, w->dropped);
	for (size_t i = 0; i < w->marks.count; i++)
		strbuf_printf(&out, "mark %" PRIu64 " %d %s\n", w->marks.items[i].time_ns,
			      w->marks.items[i].pid, w->marks.items[i].text);
	for (size_t i = 0; i < w->count; i++)
		dump_process(&out, w->processes[i]);
	return out.text;
}

/* Prints where two dumps begin to differ. */
static inline void world_dump_check(const char *expected, const char *got)
{
	size_t at = 0, line = 0;

	while (expected[at] && expected[at] == got[at])
		if (expected[at++] == '\n')
			line = at;
	if (expected[at] != got[at])
		fail_msg("expected: %.*s\n     got: %.*s", (int)strcspn(expected + line, "\n"),
			 expected + line, (int)strcspn(got + line, "\n"), got + line);
}

#endif
