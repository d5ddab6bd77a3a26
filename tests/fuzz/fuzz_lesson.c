/* The text of a lesson, and the source with its marks: any bytes are refused with file and line, or give
 * a lesson that matches itself and whose words can be filled in. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "lesson/lesson.h"
#include "lesson/lesson_marks.h"
#include "lesson/lesson_parse.h"
#include "lesson/lesson_words.h"

static void fill(const struct lesson *l)
{
	struct world *world = world_create();
	struct moments moments = { 0 };
	struct expect_facts facts = { .world = world, .pid = 1, .moments = &moments };
	struct strbuf out = { 0 };

	for (size_t i = 0; i < l->step_count; i++) {
		lesson_words_fill(&out, l->steps[i].title.text, &l->steps[i].figures, &facts);
		if (l->steps[i].text.text)
			lesson_words_fill(&out, l->steps[i].text.text, &l->steps[i].figures, &facts);
		assert(l->steps[i].pass >= 1 && lesson_step_shows(l, &l->steps[i]));
	}
	strbuf_fini(&out);
	world_destroy(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct err err = { 0 };
	struct lesson *l = lesson_parse("en.lesson", bytes, size, &err);
	struct lesson_marks marks;

	if (l) {
		assert(l->title.text && l->step_count);
		assert(lesson_match(l, l, &err) == 0);
		fill(l);
	} else {
		assert(err.code == ERR_INPUT && !strncmp(err.text, "en.lesson:", 10));
	}
	lesson_destroy(l);
	if (lesson_marks_parse(&marks, "m.c", bytes, size, &err) < 0) {
		assert(!strncmp(err.text, "m.c:", 4));
		return 0;
	}
	for (size_t i = 0; i < marks.count; i++)
		assert(lesson_marks_find(&marks, marks.list[i].name) == &marks.list[i]);
	lesson_marks_fini(&marks);
	return 0;
}
