/* lesson --notes: the speaker's notes in a second terminal. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/lecture_position.h"
#include "cmd/lesson.h"
#include "lecture/score.h"
#include "ui/lecture/notes.h"

struct reader {
	char *path;
	struct lecture_position place; /* as it was read last */
};

static void read_page(void *context, struct notes_page *page)
{
	struct reader *r = context;
	struct lecture_position place;
	struct err err;

	if (lecture_position_read(r->path, &place, &err) == 0) {
		lecture_position_fini(&r->place);
		r->place = place;
	}
	if (!r->place.steps)
		return;
	bool on = lecture_position_is_on(&r->place);
	unsigned right, asked;
	score_count(r->place.score, &right, &asked);
	*page = (struct notes_page){
		.lesson = r->place.lesson,
		.title = r->place.title,
		.next = r->place.next,
		.notes = r->place.notes,
		.step = r->place.step,
		.steps = r->place.steps,
		.right = right,
		.asked = asked,
		.began_s = r->place.began,
		.now_s = on ? (int64_t)time(NULL) : r->place.at,
		.asking = r->place.asking,
		.over = !on,
	};
}

int lesson_notes(const struct options *options, int *ended_by, struct err *err)
{
	struct reader r = { .path = lecture_position_path() };
	int result;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		free(r.path);
		return err_set(err, ERR_USAGE, "%s", _("--notes needs a terminal of its own"));
	}
	if (!r.path)
		return err_set(err, ERR_UNSUPPORTED,
			       _("HOME is not set: there is nowhere to keep the lecture's place"));
	result = notes_run(&options->screen.terminal, read_page, &r, err);
	*ended_by = result > 0 ? result : 0;
	lecture_position_fini(&r.place);
	free(r.path);
	return result < 0 ? -1 : 0;
}
