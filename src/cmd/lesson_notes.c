/* lesson --notes: the speaker's notes in a second terminal. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/lecture_place.h"
#include "cmd/lesson.h"
#include "ui/lecture/notes.h"

struct follower {
	char *path;
	struct lecture_place place; /* as it was read last */
};

static void read_page(void *context, struct notes_page *page)
{
	struct follower *f = context;
	struct lecture_place place;
	struct err err;

	if (lecture_place_read(f->path, &place, &err) == 0) {
		lecture_place_fini(&f->place);
		f->place = place;
	}
	if (!f->place.steps)
		return;
	bool on = lecture_place_is_on(&f->place);
	*page = (struct notes_page){
		.lesson = f->place.lesson,
		.title = f->place.title,
		.next = f->place.next,
		.notes = f->place.notes,
		.step = f->place.step,
		.steps = f->place.steps,
		.right = f->place.right,
		.asked = f->place.asked,
		.began_s = f->place.began,
		.now_s = on ? (int64_t)time(NULL) : f->place.at,
		.asking = f->place.asking,
		.over = !on,
	};
}

int lesson_notes(const struct options *options, int *ended_by, struct err *err)
{
	struct follower f = { .path = lecture_place_path() };
	int result;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		free(f.path);
		return err_set(err, ERR_USAGE, "%s", _("--notes needs a terminal of its own"));
	}
	if (!f.path)
		return err_set(err, ERR_UNSUPPORTED,
			       _("HOME is not set: there is nowhere to keep the lecture's place"));
	result = notes_run(&options->screen.terminal, read_page, &f, err);
	*ended_by = result > 0 ? result : 0;
	lecture_place_fini(&f.place);
	free(f.path);
	return result < 0 ? -1 : 0;
}
