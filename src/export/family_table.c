/* As text:
 *
 *   Processes, each as it was when last looked at:
 *     PID      OF   RESIDENT  OWN SINCE FORK        PSS
 *    5943           64.1 MiB         784 KiB   25.2 MiB  python3 prefork.py
 *    6074    5943   64.1 MiB        32.9 MiB   43.4 MiB  python3 prefork.py
 *    6080    5943   64.0 MiB        1.61 MiB   19.9 MiB  python3 prefork.py, ended
 *    6081    5943          -               -          -  python3 prefork.py, ended: never looked at
 *   those that run    128 MiB        33.7 MiB   68.6 MiB
 *
 * Shared memory counts in the resident memory of each process, and once in the sum of PSS. */
#include "export/family_table.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "export/json.h"
#include "verdict/amounts.h"
#include "verdict/words.h"

#define ROWS_SHOWN 40
#define NAME_COLUMNS 30
#define COLUMNS 79

/* In bytes; KERNEL_UNKNOWN if it is not known. `own` is private memory that no other process maps: what it
 * copied or allocated since the fork, or what the others copied. It comes from the kernel's sums, else from
 * the account of the fork. */
struct sizes {
	uint64_t rss, own, pss;
};

/* Are the kernel's sums newer than anything else that is known? A copy does not change their size. */
static bool sums_are_last(const struct process *p)
{
	const struct fault_log *log = &p->faults.log;
	const struct fault_entry *last = log->end ? fault_log_at(log, log->end - 1) : NULL;

	return p->figures.time_ns >= p->course.changed_ns && (!last || p->figures.time_ns >= last->time_ns);
}

/* Why it is not known what is resident; NULL if it is known, at least for some pages. */
static const char *why_unknown(const struct process *p)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	struct runs_iter iter = runs_iter(p->space->pages, 0, RUNS_END);
	struct run run;

	space_add_counts(p->space, counts);
	for (int state = PAGE_NONE + 1; state < PAGE_STATES; state++)
		if (state != PAGE_UNKNOWN && counts[state])
			return NULL;
	while (counts[PAGE_UNKNOWN] && runs_next(&iter, &run))
		if (page_state(run.value) == PAGE_UNKNOWN)
			return page_why_text(page_why(run.value));
	return process_alive(p) ? _("not looked at yet") : _("never looked at");
}

static struct sizes sizes_of(const struct process *p)
{
	struct amounts amounts;
	struct sizes sizes;
	uint64_t own, private_bytes;

	amounts_take(&amounts, p);
	if (!amounts.from_sums && why_unknown(p))
		return (struct sizes){ KERNEL_UNKNOWN, KERNEL_UNKNOWN, KERNEL_UNKNOWN };
	private_bytes = amounts.parts[AMOUNT_PRIVATE];
	sizes = (struct sizes){ amounts.rss, KERNEL_UNKNOWN, amounts.pss };
	if (amounts.from_sums && sums_are_last(p))
		sizes.own = private_bytes - min(private_bytes, amounts.fork);
	else if (!p->course.lost && forked_own(&p->forked, p->space, &own))
		sizes.own = own << p->space->page_shift;
	return sizes;
}

static void add(uint64_t *sum, uint64_t part)
{
	*sum = *sum >= KERNEL_NONE || part >= KERNEL_NONE ? KERNEL_UNKNOWN : *sum + part;
}

static void put_size(struct strbuf *line, uint64_t bytes, int columns)
{
	char size[WORDS_SIZE];

	text_right(line, bytes < KERNEL_NONE ? words_size(size, bytes) : "-", columns);
}

static void put_sizes(struct strbuf *line, const struct sizes *s)
{
	put_size(line, s->rss, 11);
	put_size(line, s->own, 16);
	put_size(line, s->pss, 11);
}

static void put_pid(struct strbuf *line, int32_t pid)
{
	char text[16] = "";

	if (pid)
		snprintf(text, sizeof text, "%" PRId32, pid);
	text_right(line, text, 8);
}

/* "python3 prefork.py", printable, cut. */
static void put_name(struct strbuf *line, const struct process *p)
{
	struct strbuf words = { 0 }, printable = { 0 };

	for (size_t i = 0; p->identity.argv && p->identity.argv[i]; i++)
		strbuf_printf(&words, "%s%s", i ? " " : "", p->identity.argv[i]);
	if (!words.len)
		strbuf_puts(&words, p->identity.comm);
	text_printable(&printable, words.text ? words.text : "", words.len);
	strbuf_puts(line, "  ");
	text_fit(line, printable.text ? printable.text : "", NAME_COLUMNS, TEXT_CUT_RIGHT, 0);
	strbuf_fini(&words);
	strbuf_fini(&printable);
}

static void print_line(FILE *out, struct strbuf *line)
{
	fprintf(out, "%s\n", line->text ? line->text : "");
	strbuf_clear(line);
}

static void print_titles(FILE *out, struct strbuf *line)
{
	fprintf(out, "%s\n", _("Processes, each as it was when last looked at:"));
	text_right(line, _("PID"), 8);
	text_right(line, _("OF"), 8);
	text_right(line, _("RESIDENT"), 11);
	text_right(line, _("OWN SINCE FORK"), 16);
	text_right(line, _("PSS"), 11);
	print_line(out, line);
}

static void print_process(FILE *out, struct strbuf *line, const struct process *p, const struct sizes *s)
{
	put_pid(line, p->pid);
	put_pid(line, p->parent);
	put_sizes(line, s);
	put_name(line, p);
	if (!process_alive(p))
		strbuf_puts(line, _(", ended"));
	if (s->rss >= KERNEL_NONE)
		strbuf_printf(line, ": %s", why_unknown(p));
	print_line(out, line);
}

/* The processes that were not watched. */
struct unseen_count {
	uint64_t processes, faults;
};

static struct unseen_count count_unseen(const struct world *world)
{
	struct unseen_count unseen = { 0 };

	for (size_t i = 0; i < world->count; i++) {
		unseen.processes += world->processes[i]->course.unseen;
		unseen.faults += world->processes[i]->course.unseen_faults;
	}
	return unseen;
}

static void print_unseen(FILE *out, const struct world *world)
{
	struct unseen_count unseen = count_unseen(world);
	struct strbuf words = { 0 }, lines = { 0 };

	if (!unseen.processes)
		return;
	strbuf_printf(&words,
		      ngettext("%" PRIu64 " process was not watched: it came and went between two looks, or "
			       "could not be read",
			       "%" PRIu64 " processes were not watched: they came and went between two "
			       "looks, or could not be read",
			       (unsigned long)unseen.processes),
		      unseen.processes);
	if (unseen.faults)
		strbuf_printf(&words,
			      ngettext("; %" PRIu64 " fault of theirs was counted",
				       "; %" PRIu64 " faults of theirs were counted",
				       (unsigned long)unseen.faults),
			      unseen.faults);
	text_wrap(&lines, words.text, 0, 0, COLUMNS);
	fprintf(out, "%s\n", lines.text);
	strbuf_fini(&words);
	strbuf_fini(&lines);
}

static void print_table(FILE *out, const struct world *world)
{
	struct strbuf line = { 0 };
	struct sizes sum = { 0 };
	size_t alive = 0;

	print_titles(out, &line);
	for (size_t i = 0; i < world->count; i++) {
		const struct process *p = world->processes[i];
		struct sizes sizes = sizes_of(p);

		if (process_alive(p)) {
			alive++;
			add(&sum.rss, sizes.rss);
			add(&sum.own, sizes.own);
			add(&sum.pss, sizes.pss);
		}
		if (i < ROWS_SHOWN)
			print_process(out, &line, p, &sizes);
	}
	if (world->count > ROWS_SHOWN)
		fprintf(out, _("%16sand %zu more\n"), "", world->count - ROWS_SHOWN);
	if (alive > 1) {
		text_right(&line, _("those that run"), 16);
		put_sizes(&line, &sum);
		strbuf_puts(&line, _("  what they have in common counts once in PSS"));
		print_line(out, &line);
	}
	strbuf_fini(&line);
}

void family_table_print(FILE *out, const struct world *world)
{
	if (world->count > 1)
		print_table(out, world);
	print_unseen(out, world);
}

const struct process *family_table_largest(const struct world *world, uint64_t *rss)
{
	const struct process *largest = NULL;

	for (size_t i = 0; i < world->count; i++) {
		struct sizes sizes = sizes_of(world->processes[i]);

		if (sizes.rss < KERNEL_NONE && (!largest || sizes.rss > *rss)) {
			largest = world->processes[i];
			*rss = sizes.rss;
		}
	}
	return largest;
}

void family_table_set_unseen(json_t *object, const struct world *world)
{
	struct unseen_count unseen = count_unseen(world);
	json_t *counts;

	if (!unseen.processes)
		return;
	counts = json_object();
	json_object_set_new(counts, "processes", json_from_count(unseen.processes));
	json_object_set_new(counts, "faults", json_from_count(unseen.faults));
	json_object_set_new(object, "unseen", counts);
}

static void set_size(json_t *object, const char *name, uint64_t bytes)
{
	if (bytes < KERNEL_NONE)
		json_object_set_new(object, name, json_from_count(bytes));
}

json_t *family_table_json(const struct world *world)
{
	json_t *list = json_array();

	for (size_t i = 0; i < world->count; i++) {
		const struct process *p = world->processes[i];
		struct sizes sizes = sizes_of(p);
		json_t *object = json_object();

		json_object_set_new(object, "pid", json_integer(p->pid));
		if (p->parent)
			json_object_set_new(object, "parent", json_integer(p->parent));
		json_object_set_new(object, "comm", json_from_text(p->identity.comm));
		json_object_set_new(object, "ended", json_boolean(!process_alive(p)));
		set_size(object, "rss", sizes.rss);
		set_size(object, "own_since_fork", sizes.own);
		set_size(object, "pss", sizes.pss);
		if (sizes.rss >= KERNEL_NONE)
			json_object_set_new(object, "unknown", json_string(why_unknown(p)));
		json_array_append_new(list, object);
	}
	return list;
}
