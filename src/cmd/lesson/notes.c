/* lesson --notes: the speaker's notes in a second terminal. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "cmd/lesson/lecture_position.h"
#include "cmd/lesson/forms.h"
#include "lecture/score.h"
#include "ui/lecture/notes.h"

struct notes_reader {
	char *path;
	struct lecture_position position; /* as it was read last */
};

static void read_page(void *context, struct notes_page *page)
{
	struct notes_reader *r = context;
	struct lecture_position position;
	struct err err;

	if (lecture_position_read(r->path, &position, &err) == 0) {
		lecture_position_fini(&r->position);
		r->position = position;
	}
	if (!r->position.steps)
		return;
	bool on = lecture_position_is_on(&r->position);
	unsigned right, asked;
	score_count(r->position.score, &right, &asked);
	*page = (struct notes_page){
		.lesson = r->position.lesson,
		.title = r->position.title,
		.next = r->position.next,
		.notes = r->position.notes,
		.step = r->position.step,
		.steps = r->position.steps,
		.right = right,
		.asked = asked,
		.began_s = r->position.began,
		.now_s = on ? (int64_t)time(NULL) : r->position.at,
		.asking = r->position.asking,
		.over = !on,
	};
}

int lesson_notes(const struct options *options, int *ended_by, struct err *err)
{
	struct notes_reader r = { .path = lecture_position_path() };
	int result;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		free(r.path);
		return err_set(err, ERR_USAGE, "%s", _("--notes needs a terminal of its own"));
	}
	if (!r.path)
		return err_set(err, ERR_UNSUPPORTED,
			       _("HOME is not set: there is nowhere to keep the lecture's place"));
	result = notes_run(&options->screen.terminal, read_page, &r, err);
	*ended_by = max(result, 0);
	lecture_position_fini(&r.position);
	free(r.path);
	return result < 0 ? -1 : 0;
}
