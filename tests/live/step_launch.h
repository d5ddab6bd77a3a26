/* The program of step_target.c, launched in a role and stepped: what all tests of stepping share. */
#ifndef TESTS_STEP_LAUNCH_H
#define TESTS_STEP_LAUNCH_H

#include <stdio.h>

#include "live/step_target.h"
#include "live/stepper.h"

/* no count: one */
#define FAULT(...) ((struct control_step){ .kind = STEP_FAULT, __VA_ARGS__ })
#define CALL() ((struct control_step){ .kind = STEP_CALL })

/* The program that is stepped. */
static inline const char *step_target(void)
{
	static char path[4096];
	const char *folder = getenv("BUILDDIR");
	snprintf(path, sizeof path, "%s/live/step_target", folder ? folder : ".");
	return path;
}

/* In a role, held before its first instruction. */
static inline struct stepper *launch_with(const char *role, const char *mode, bool stacks)
{
	struct stepper *t =
	    stepper_begin_with((const char *[]){ step_target(), role, mode, NULL }, 0, stacks);
	struct source_status *faults = &t->w.process->sources[SOURCE_FAULTS];
	if (!faults->ok && !strstr(faults->why ? faults->why : "", "user mode only")) {
		fprintf(stderr, "skipped: faults: %s\n", faults->why ? faults->why : "?");
		exit(77);
	}
	STEPPER_UNTIL(t, t->stopped);
	assert_int_equal(t->why, STOP_EXEC);
	assert_int_equal(t->w.process->status, PROCESS_PAUSED);
	return t;
}

static inline struct stepper *launch(const char *role, const char *mode)
{
	return launch_with(role, mode, false);
}

/* The same, run until it waits for a line; then paused, with the line sent. */
static inline struct stepper *to_line(struct stepper *t, const char *word)
{
	stepper_resume(t);
	STEPPER_UNTIL(t, watch_output_has(&t->w, word));
	stepper_pause(t);
	STEPPER_UNTIL(t, t->stopped);
	assert_int_equal(t->why, STOP_ASKED);
	stepper_line(t);
	return t;
}

static inline struct stepper *launch_to_line(const char *role, const char *mode, const char *word)
{
	return to_line(launch(role, mode), word);
}

static inline bool all_stand(int32_t pid)
{
	char command[256];
	snprintf(command, sizeof command, "! grep -hv ') t ' /proc/%d/task/*/stat >&2", (int)pid);
	return system(command) == 0;
}

static inline void ends_with(struct stepper *t, int status)
{
	stepper_resume(t);
	STEPPER_UNTIL(t, !process_alive(t->w.process));
	assert_int_equal(t->w.process->status, PROCESS_EXITED);
	assert_int_equal(t->w.process->status_code, status);
	stepper_end(t);
}

static inline const struct stepper_call *step_call(struct stepper *t)
{
	assert_true(stepper_step(t, CALL()));
	assert_int_equal(t->why, STOP_CALL);
	assert_int_equal(t->calls, 1);
	assert_int_equal(t->call[0].tid, t->tid);
	return &t->call[0];
}

#define CALLED(t, want_name, want_error, ...)                                                                \
	do {                                                                                                 \
		char args_[256];                                                                             \
		const struct stepper_call *c_ = step_call(t);                                                \
		snprintf(args_, sizeof args_, __VA_ARGS__);                                                  \
		assert_string_equal(c_->name, want_name);                                                    \
		assert_string_equal(c_->args, args_);                                                        \
		assert_int_equal(c_->error, want_error);                                                     \
	} while (0)

static inline bool mapped(const struct stepper *t, uint64_t address)
{
	return space_find(t->w.process->space, address) != NULL;
}

#endif
