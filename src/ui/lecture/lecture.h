/* A lecture on the screen: slides, one for each step that the program came to, and the questions between
 * them. What has passed is shown from slides; only the last one is live.
 *
 * This part has the order of things and what the audience sees, without a terminal: ui/lecture/lecture_keys.h
 * has the keys, ui/lecture/lecture_run.h the loop. The lesson itself is run behind struct lecture_driver. */
#ifndef UI_LECTURE_LECTURE_H
#define UI_LECTURE_LECTURE_H

#include <poll.h>

#include "base/err.h"
#include "event/source.h"
#include "lecture/draw.h"
#include "lecture/score.h"
#include "ui/lecture/answering.h"
#include "ui/lecture/fault_player.h"
#include "ui/lecture/lecture_act.h"
#include "ui/lecture/lecture_windows.h"
#include "ui/lecture/pointer.h"

/* Runs the lesson; its functions get `context`. */
struct lecture_driver {
	/* Starts towards the next step. False: there is no other; err says why if the last one was not
	 * reached. */
	bool (*go)(void *context, struct err *);
	/* The question that is asked before it, with the figures as they are now; kind LESSON_ASK_NOTHING: none. The caller
	 * frees it. */
	void (*ask)(void *context, struct slide_question *);
	/* As struct source_ops have them. */
	size_t (*poll_fds)(void *context, struct pollfd *, size_t cap);
	uint64_t (*due_ns)(void *context);
	/* 1: it is there, and sets *slide, which is the caller's and has its number; 0: on its way; -1 with
	 * err: it will not get there, and `go` leads to the next lesson, if any. */
	int (*step)(void *context, struct slide **, struct err *);
	/* The plan: all steps in order, those to come too. Slides have its numbers. */
	size_t (*contents)(void *context, const struct lecture_entry **);
	/* The words around a slide: the lesson's title and its source. */
	void (*around)(void *context, size_t number, const char **title, struct lecture_source *);
	/* The slide is shown now, with the score (see lecture/score.h). */
	void (*shown)(void *context, const struct slide *, const char *score);
	/* Applies a control to pages of the program, or of its child with this number, that is stopped at the
	 * slide; updates the slide's pages. NULL: it cannot. */
	int (*act)(void *context, enum control, unsigned child, const struct control_pages *, struct slide *,
		   struct err *);
	bool recorded; /* nothing runs: all of it is a recording */
	void *context;
};

/* The slides that the program came to. */
struct lecture_seen {
	struct slide **slides;          /* owned */
	struct lecture_answer *answers; /* to the question of each */
	size_t count, cap;
	size_t at; /* that is shown; count is 0 before the first */
};

struct lecture {
	const struct lecture_driver *driver;
	bool asking; /* questions are asked at all */
	struct lecture_seen seen;
	struct score score; /* of the whole plan */
	enum lecture_phase phase;
	bool blank;
	bool again; /* the question of the shown slide is asked again */
	struct answering answering;
	struct pointer pointer;
	struct fault_player faults;
	enum lecture_window window;
	int window_at;          /* scroll position, or the chosen entry */
	size_t target;          /* jumping to this step, counted from 1, without questions; 0: no */
	struct lecture_act act; /* waiting for confirmation */
	bool leaving;           /* q was pressed once */
	bool quit;
	const struct err *unsaved; /* why its place is not kept, if it has a code; NULL: it is kept */
	char message[400];
};

/* A lecture before its first slide; `asking`: questions are asked. */
void lecture_init(struct lecture *, const struct lecture_driver *, bool asking);
void lecture_fini(struct lecture *);
/* Goes to the first step and, if `number` is not 0, on to that one, without questions. `score` (may be NULL)
 * is that of the lecture that is resumed there. */
void lecture_begin(struct lecture *, size_t number, const char *score);
/* Shows a message in the last line, until the next key. */
void lecture_say(struct lecture *, const char *text);
/* The slide of that number in the plan; SIZE_MAX: it was not seen yet. */
size_t lecture_find(const struct lecture *, size_t number);
/* The slide that the audience sees; NULL: none yet. */
const struct slide *lecture_shown(const struct lecture *);
/* To the next slide, or the next step of the program, asking first; to the one before; to the first and the last one that
 * were seen. While faults are played, forward ends that. */
void lecture_forward(struct lecture *);
void lecture_back(struct lecture *);
void lecture_first(struct lecture *);
void lecture_last(struct lecture *);
/* To step `number` of the plan, before or after the one shown; closes the window. */
void lecture_jump(struct lecture *, size_t number);
/* Shows the faults on the way to the slide one by one, or ends that. now_ns: CLOCK_MONOTONIC. */
void lecture_play_faults(struct lecture *, uint64_t now_ns);
/* Asks the question of the slide again, if it has one. */
void lecture_ask_again(struct lecture *);
/* Is a question being asked? */
bool lecture_asks(const struct lecture *);
/* A key while a question is being asked. False: not one of its keys. */
bool lecture_question_key(struct lecture *, uint32_t key);
/* Is it too busy for anything else? Shows a message if so. */
bool lecture_is_busy(struct lecture *);
/* The window that is open over the slide, as it is drawn. */
struct lecture_window_view lecture_window(const struct lecture *);
/* After each wait, while it is on its way, or faults are shown one by one. now_ns: CLOCK_MONOTONIC. */
void lecture_tick(struct lecture *, uint64_t now_ns);
/* When lecture_tick wants to be called; UINT64_MAX: never. */
uint64_t lecture_due_ns(const struct lecture *);
/* Draws everything. False: some words did not fit. */
bool lecture_show(const struct lecture *, struct area);

#endif
