/* The list is rebuilt at each reading; kept in between are the selected process, and the first size of
 * each. */
#include "ui/choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

struct choice_first {
	int32_t pid;
	uint64_t started; /* another process may get the pid */
	uint64_t resident;
};

void choice_init(struct choice *c)
{
	*c = (struct choice){ .sort = CHOICE_BY_RESIDENT, .rows = 1 };
	choice_update(c, NULL, 0);
}

void choice_fini(struct choice *c)
{
	free(c->lines);
	free(c->first);
	*c = (struct choice){ 0 };
}

static int compare_numbers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* Sizes: largest first. All else: smallest first. */
static int compare(const void *pa, const void *pb, void *context)
{
	const struct choice_line *la = pa, *lb = pb;
	const struct process_info *a = la->info, *b = lb->info;
	const struct choice *c = context;
	int order = 0;

	switch (c->sort) {
	case CHOICE_BY_USER:
		order = strcmp(a->user, b->user);
		break;
	case CHOICE_BY_RESIDENT:
		order = compare_numbers((int64_t)b->resident, (int64_t)a->resident);
		break;
	case CHOICE_BY_GROWTH:
		order = compare_numbers(lb->growth, la->growth);
		break;
	case CHOICE_BY_VIRTUAL:
		order = compare_numbers((int64_t)b->virtual_size, (int64_t)a->virtual_size);
		break;
	case CHOICE_BY_WATCH:
		order = compare_numbers(a->refused, b->refused);
		break;
	case CHOICE_BY_COMMAND:
		order = strcasecmp(a->command, b->command);
		break;
	case CHOICE_BY_PID:
	case CHOICE_SORTS:
		break;
	}
	return order ? order : compare_numbers(a->pid, b->pid);
}

static bool fits(const struct choice *c, const struct process_info *p)
{
	char pid[16];

	snprintf(pid, sizeof pid, "%d", p->pid);
	return !c->search_len || strcasestr(p->command, c->search) || strcasestr(p->user, c->search) ||
	       !strncmp(pid, c->search, c->search_len);
}

static bool demo_fits(const struct choice *c)
{
	return !c->search_len || strcasestr(_("demo"), c->search) ||
	       strcasestr(_("a program made to be watched"), c->search);
}

static int32_t pid_of(const struct choice *c, int line)
{
	return c->lines[line].info ? c->lines[line].info->pid : CHOICE_DEMO;
}

void choice_show(struct choice *c)
{
	if (c->at < c->top)
		c->top = c->at;
	if (c->at >= c->top + c->rows)
		c->top = c->at - c->rows + 1;
}

void choice_select(struct choice *c, int line)
{
	c->at = clamp(line, 0, (int)c->shown - 1);
	if (c->shown)
		c->selected = pid_of(c, c->at);
	choice_show(c);
}

/* Selects the line of the selected pid; if that is gone, the line that took its place. */
static void find_selected(struct choice *c)
{
	size_t i;

	for (i = 0; i < c->shown; i++)
		if (pid_of(c, (int)i) == c->selected)
			break;
	if (i < c->shown) {
		c->top += (int)i - c->at; /* it stays where it is on the screen */
		c->at = (int)i;
	} else {
		choice_select(c, c->at);
	}
	c->top = clamp(c->top, 0, (int)c->shown - c->rows);
	choice_show(c);
}

static int by_pid(const void *a, const void *b)
{
	const struct choice_first *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int64_t growth_of(const struct choice *c, const struct process_info *p)
{
	const struct choice_first key = { .pid = p->pid };
	const struct choice_first *first =
	    c->first_count ? bsearch(&key, c->first, c->first_count, sizeof *c->first, by_pid) : NULL;

	return first && first->started == p->started ? (int64_t)p->resident - (int64_t)first->resident : 0;
}

/* Forgets those that have ended, and notes new ones. */
static void note_first(struct choice *c)
{
	struct choice_first *fresh = mem_alloc(c->count * sizeof *fresh);

	for (size_t i = 0; i < c->count; i++)
		fresh[i] = (struct choice_first){
			c->list[i].pid,
			c->list[i].started,
			(uint64_t)((int64_t)c->list[i].resident - growth_of(c, &c->list[i])),
		};
	if (c->count)
		qsort(fresh, c->count, sizeof *fresh, by_pid);
	free(c->first);
	c->first = fresh;
	c->first_count = c->count;
}

static void make_lines(struct choice *c)
{
	size_t demo = demo_fits(c);

	mem_grow(c->lines, c->cap, c->count + 1);
	c->shown = demo;
	c->lines[0] = (struct choice_line){ 0 };
	for (size_t i = 0; i < c->count; i++)
		if (fits(c, &c->list[i]))
			c->lines[c->shown++] = (struct choice_line){ &c->list[i], growth_of(c, &c->list[i]) };
	if (c->shown > demo)
		qsort_r(c->lines + demo, c->shown - demo, sizeof *c->lines, compare, c);
	find_selected(c);
}

void choice_update(struct choice *c, const struct process_info *list, size_t count)
{
	c->list = list;
	c->count = count;
	note_first(c);
	make_lines(c);
}

void choice_sort(struct choice *c, int sort)
{
	c->sort = (enum choice_sort)(sort % CHOICE_SORTS);
	make_lines(c);
}

void choice_search(struct choice *c)
{
	make_lines(c);
	choice_select(c, 0);
}

const struct choice_line *choice_selected(const struct choice *c)
{
	return c->at < (int)c->shown ? &c->lines[c->at] : NULL;
}
