/* Choosing: which lines there are, in which order, and which one is selected. The
 * selection is a pid, not a line: a list that is read anew moves under it. */
#include "ui/chooser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/input.h"

void chooser_init(struct chooser *c)
{
	memset(c, 0, sizeof *c);
	c->sort = CHOOSE_BY_RESIDENT;
	c->rows = 1;
	chooser_update(c, NULL, 0);
}

void chooser_fini(struct chooser *c)
{
	free(c->lines);
	memset(c, 0, sizeof *c);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Sizes from the largest on, all else from the smallest. */
static int compare(const void *pa, const void *pb, void *context)
{
	const struct process_info *a = *(const struct process_info *const *)pa;
	const struct process_info *b = *(const struct process_info *const *)pb;
	const struct chooser *c = context;
	int order = 0;

	switch (c->sort) {
	case CHOOSE_BY_USER:
		order = strcmp(a->user, b->user);
		break;
	case CHOOSE_BY_RESIDENT:
		order = compare_numbers(b->resident, a->resident);
		break;
	case CHOOSE_BY_RESERVED:
		order = compare_numbers(b->reserved, a->reserved);
		break;
	case CHOOSE_BY_COMMAND:
		order = strcasecmp(a->command, b->command);
		break;
	case CHOOSE_BY_PID:
	case CHOOSE_SORTS:
		break;
	}
	return order ? order : compare_numbers((uint32_t)a->pid, (uint32_t)b->pid);
}

static bool fits(const struct chooser *c, const struct process_info *p)
{
	char pid[16];

	snprintf(pid, sizeof pid, "%d", p->pid);
	return !c->search_len || strcasestr(p->command, c->search) || strcasestr(p->user, c->search) ||
	       !strncmp(pid, c->search, c->search_len);
}

static int32_t pid_of(const struct chooser *c, int line)
{
	return c->lines[line] ? c->lines[line]->pid : CHOOSER_DEMO;
}

static void show_selected(struct chooser *c)
{
	if (c->at < c->top)
		c->top = c->at;
	if (c->at >= c->top + c->rows)
		c->top = c->at - c->rows + 1;
}

static void select_line(struct chooser *c, int line)
{
	c->at = line >= (int)c->shown ? (int)c->shown - 1 : line;
	if (c->at < 0)
		c->at = 0;
	c->selected = pid_of(c, c->at);
	show_selected(c);
}

/* The line of the selected pid; where it is gone, what stands at its place now. */
static void find_selected(struct chooser *c)
{
	size_t i;

	for (i = 0; i < c->shown; i++)
		if (pid_of(c, (int)i) == c->selected)
			break;
	if (i < c->shown) {
		c->top += (int)i - c->at; /* it stays where it is on the screen */
		c->at = (int)i;
	} else {
		select_line(c, c->at);
	}
	if (c->top > (int)c->shown - c->rows)
		c->top = (int)c->shown - c->rows;
	if (c->top < 0)
		c->top = 0;
	show_selected(c);
}

static void make_lines(struct chooser *c)
{
	size_t i;

	mem_grow(c->lines, c->cap, c->count + 1);
	c->lines[0] = NULL;
	c->shown = 1;
	for (i = 0; i < c->count; i++)
		if (fits(c, &c->list[i]))
			c->lines[c->shown++] = &c->list[i];
	qsort_r(c->lines + 1, c->shown - 1, sizeof *c->lines, compare, c);
	find_selected(c);
}

void chooser_update(struct chooser *c, const struct process_info *list, size_t count)
{
	c->list = list;
	c->count = count;
	make_lines(c);
}

static void sort_by(struct chooser *c, int sort)
{
	c->sort = (enum chooser_sort)(sort % CHOOSE_SORTS);
	make_lines(c);
}

/* The first match is selected while one types: Enter is then all that is left to do. */
static void search_again(struct chooser *c)
{
	make_lines(c);
	select_line(c, c->search_len && c->shown > 1 ? 1 : 0);
}

static void stop_search(struct chooser *c)
{
	c->typing = false;
	c->search_len = 0;
	c->search[0] = '\0';
	make_lines(c);
}

static enum chooser_result choose(struct chooser *c)
{
	const struct process_info *p = c->lines[c->at];

	if (!p || p->watchable)
		return CHOOSER_CHOSEN;
	snprintf(c->message, sizeof c->message,
		 _("process %d of %s may not be watched from here: be that user, or root"), p->pid, p->user);
	return CHOOSER_STAY;
}

static bool moved(struct chooser *c, uint32_t key)
{
	int page = c->rows > 2 ? c->rows - 1 : 1;

	switch (key) {
	case KEY_CODE_UP:
		select_line(c, c->at - 1);
		return true;
	case KEY_CODE_DOWN:
		select_line(c, c->at + 1);
		return true;
	case KEY_CODE_PGUP:
		select_line(c, c->at - page);
		return true;
	case KEY_CODE_PGDN:
		select_line(c, c->at + page);
		return true;
	case KEY_CODE_HOME:
		select_line(c, 0);
		return true;
	case KEY_CODE_END:
		select_line(c, (int)c->shown - 1);
		return true;
	default:
		return false;
	}
}

enum chooser_result chooser_key(struct chooser *c, uint32_t key)
{
	c->message[0] = '\0';
	if (key == KEY_CTRL('C'))
		return CHOOSER_QUIT;
	if (key == '\n')
		return choose(c);
	if (moved(c, key))
		return CHOOSER_STAY;
	if (key == KEY_ESCAPE && !c->typing && !c->search_len)
		return CHOOSER_QUIT;
	if (key == KEY_ESCAPE || (key == KEY_CODE_BACKSPACE && c->typing && !c->search_len))
		stop_search(c);
	else if (c->typing && line_edit(c->search, sizeof c->search, &c->search_len, key))
		search_again(c);
	else if (c->typing)
		return CHOOSER_STAY;
	else if (key == 'q')
		return CHOOSER_QUIT;
	else if (key == '/')
		c->typing = true;
	else if (key == 'o' || key == KEY_CODE_RIGHT)
		sort_by(c, (int)c->sort + 1);
	else if (key == KEY_CODE_LEFT)
		sort_by(c, (int)c->sort + CHOOSE_SORTS - 1);
	return CHOOSER_STAY;
}

enum chooser_result chooser_mouse(struct chooser *c, const struct mouse *mouse)
{
	int line = c->top + mouse->row - CHOOSER_FIRST_ROW, sort = chooser_column_at(mouse->column);

	c->message[0] = '\0';
	if (mouse->what == MOUSE_WHEEL_UP || mouse->what == MOUSE_WHEEL_DOWN) {
		select_line(c, c->at + (mouse->what == MOUSE_WHEEL_UP ? -3 : 3));
	} else if (mouse->row == CHOOSER_FIRST_ROW - 1) {
		if (sort >= 0)
			sort_by(c, sort);
	} else if (line >= c->top && line < (int)c->shown && mouse->row < CHOOSER_FIRST_ROW + c->rows) {
		select_line(c, line);
		if (mouse->what == MOUSE_DOUBLE)
			return choose(c);
	}
	return CHOOSER_STAY;
}
