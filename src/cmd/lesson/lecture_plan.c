#include "cmd/lesson/lecture_plan.h"

#include <stdlib.h>

#include "base/mem.h"

void lecture_plan_add(struct lecture_plan *p, struct lesson_folder *f, char *name, size_t number)
{
	mem_grow(p->lessons, p->lesson_cap, p->lesson_count + 1);
	p->lessons[p->lesson_count] = (struct planned_lesson){ f, name, number };
	for (size_t i = 0; i < f->lesson->step_count; i++) {
		mem_grow(p->steps, p->cap, p->count + 1);
		mem_grow(p->entries, p->entry_cap, p->count + 1);
		p->steps[p->count] = (struct planned_step){ p->lesson_count, i };
		p->entries[p->count++] =
		    (struct lecture_entry){ f->name, f->lesson->steps[i].title.text, i == 0 };
	}
	p->lesson_count++;
}

void lecture_plan_fini(struct lecture_plan *p)
{
	for (size_t i = 0; i < p->lesson_count; i++)
		lesson_folder_close(p->lessons[i].folder);
	free(p->lessons);
	free(p->steps);
	free(p->entries);
	*p = (struct lecture_plan){ 0 };
}

struct planned_lesson *lecture_plan_lesson(const struct lecture_plan *p, size_t number)
{
	return &p->lessons[p->steps[number < p->count ? number : 0].lesson];
}

const char *lecture_plan_title_after(const struct lecture_plan *p, size_t number)
{
	return number + 1 < p->count ? p->entries[number + 1].title : "";
}

char **lecture_plan_names(const struct lecture_plan *p)
{
	char **names = mem_zalloc((p->lesson_count + 1) * sizeof *names);

	for (size_t i = 0; i < p->lesson_count; i++)
		names[i] = p->lessons[i].name;
	return names;
}

int lecture_plan_lose(struct lecture_plan *p, const struct err *failure, struct err *err)
{
	size_t lesson = p->steps[p->next].lesson;

	while (p->next < p->count && p->steps[p->next].lesson == lesson)
		p->next++;
	err_set(err, failure->code, "%s: %s", p->lessons[lesson].folder->name, failure->text);
	p->lost = *err;
	return -1;
}
