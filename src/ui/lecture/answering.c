#include "ui/lecture/answering.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/key.h"
#include "ui/line_edit.h"

void answering_fini(struct answering *a)
{
	slide_question_fini(&a->question);
}

static void clear_typed(struct answering *a)
{
	a->typed[0] = '\0';
	a->typed_len = 0;
}

void answering_begin(struct answering *a)
{
	a->answer = (struct lecture_answer){ 0 };
	a->second = false;
	a->choice = 0;
	clear_typed(a);
}

void answering_repeat(struct answering *a, const struct slide_question *question)
{
	struct slide_question *copy = &a->question;

	slide_question_fini(copy);
	copy->kind = question->kind;
	copy->text = mem_strdup(question->text);
	copy->choices = mem_zalloc((question->choice_count + 1) * sizeof *copy->choices);
	for (size_t i = 0; i < question->choice_count; i++)
		copy->choices[copy->choice_count++] = mem_strdup(question->choices[i]);
}

/* What is answered, if it can be taken. */
static bool read_answer(struct answering *a, const struct pointer *pointer, const struct slide *slide)
{
	const struct slide_place *place = pointer_place(pointer, slide);
	char *end;

	switch (a->question.kind) {
	case LESSON_ASK_NUMBER:
		a->answer.number = strtoll(a->typed, &end, 10);
		return end != a->typed && !*end;
	case LESSON_ASK_CHOICE:
		a->answer.choice = a->choice;
		return true;
	case LESSON_ASK_PAGE:
		a->answer.page = place ? place->pages[pointer->page].number : 0;
		return place;
	default:
		return false;
	}
}

bool answering_take(struct answering *a, const struct pointer *pointer, const struct slide *slide)
{
	a->answer.given = read_answer(a, pointer, slide);
	return a->answer.given;
}

bool answering_ask_why(struct answering *a)
{
	if (!a->question.why)
		return false;
	a->second = true;
	clear_typed(a);
	return true;
}

static void choose(struct answering *a, int step)
{
	size_t count = a->question.choice_count;

	if (count)
		a->choice = (a->choice + count + (size_t)step) % count;
}

bool answering_key(struct answering *a, struct pointer *pointer, const struct slide *slide, uint32_t key)
{
	if (!a->second && a->question.kind == LESSON_ASK_NUMBER && key == 'q')
		return false;
	if (a->second || a->question.kind == LESSON_ASK_NUMBER)
		return line_edit(a->typed, sizeof a->typed, &a->typed_len, key) ||
		       (key >= ' ' && key < KEY_CODE_UP);
	if (a->question.kind == LESSON_ASK_PAGE && pointer_key(pointer, slide, key))
		return true;
	if (key == KEY_CODE_UP || key == KEY_CODE_DOWN)
		choose(a, key == KEY_CODE_UP ? -1 : 1);
	else if (key >= '1' && key < '1' + a->question.choice_count)
		a->choice = key - '1';
	else
		return key == ' ';
	return true;
}
