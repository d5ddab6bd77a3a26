/* A screen before a made-up process, for tests of commands and keys: its source only records requests. */
#ifndef TESTS_DESK_H
#define TESTS_DESK_H

#include "check.h"

#include "screens/scene_builder.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/key.h"
#include "ui/update.h"

#define HEAP UINT64_C(0x55d2c1f0a)
#define ANON UINT64_C(0x7f1200000)
#define LIBC UINT64_C(0x7f1213400)
#define STACK UINT64_C(0x7ffd3b0d0)

struct fake {
	struct source source; /* first */
	int asked;            /* enum control; -1: nothing */
	char sent[64];
	struct control_step step;
	struct control_pages pages;
	uint64_t inspected;
	bool refuses;
};

struct desk {
	struct stage stage;
	struct fake fake;
	struct ui ui;
};

/* For cmocka; *state is the desk. */
int desk_set_up(void **state);
int desk_tear_down(void **state);
#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_set_up, desk_tear_down)

/* What the screen does before each picture. */
void desk_update(struct desk *);
/* Runs commands; they must be there. */
void desk_run(struct desk *, const char *text);
/* Presses the keys of a text, or one key; then updates. */
void desk_type(struct desk *, const char *text);
void desk_press(struct desk *, uint32_t key);
/* A fault of the process's happens now, at the instruction. */
void desk_fault(struct desk *, uint64_t page, enum fault_cause, uint64_t ip);

#endif
