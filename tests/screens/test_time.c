/* The screen of a replay: its timeline with course, place and marks; and the list of marks. */
#include "unit/check.h"

#include <string.h>

#include "base/clock.h"
#include "model/marks.h"
#include "screens/scene_builder.h"
#include "ui/view/overlays.h"

#define POINTS 200

struct recording {
	struct stage stage;
	struct time_status at;
	struct time_point course[POINTS];
	struct marks marks;
};

/* A hundred seconds: memory grows, is given back halfway, and grows again. */
static void begin(struct recording *r)
{
	static const char *const argv[] = { "./demo", "64", NULL };

	memset(r, 0, sizeof *r);
	stage_init(&r->stage, argv);
	stage_build_demo(&r->stage);
	stage_at(&r->stage, 40000);
	r->at = (struct time_status){ .begin_ns = CLOCK_SECOND,
				      .now_ns = 40 * CLOCK_SECOND,
				      .end_ns = 101 * CLOCK_SECOND,
				      .events = 5000,
				      .at_event = 2000,
				      .speed = 1,
				      .speed_of = 10,
				      .playing = true,
				      .end_text = "" };
	for (uint64_t i = 0; i < POINTS; i++)
		r->course[i] = (struct time_point){ CLOCK_SECOND + i * CLOCK_SECOND / 2, (i % 100) * 10 + 50,
						    i * i, i / 50 };
	marks_add(&r->marks, 11 * CLOCK_SECOND, STAGE_PID, "");
	marks_add(&r->marks, 40 * CLOCK_SECOND, STAGE_PID, "the cache is warm");
	marks_add(&r->marks, 90 * CLOCK_SECOND, STAGE_PID,
		  "hostile \033[2J and much longer than any window that is opened for a list of marks can "
		  "show in one");
	r->stage.scene.timeline.time = &r->at;
	r->stage.scene.timeline.course = r->course;
	r->stage.scene.timeline.course_count = POINTS;
	r->stage.scene.timeline.marks = &r->marks;
}

static void end(struct recording *r)
{
	marks_fini(&r->marks);
	stage_fini(&r->stage);
}

static void timeline(void **state)
{
	struct recording r;

	begin(&r);
	stage_check(&r.stage, 24, 80, "time-80x24");
	stage_check(&r.stage, 36, 120, "time-120x36");
	r.stage.view.focus = VIEW_FOCUS_TIMELINE;
	r.at.playing = false;
	stage_check(&r.stage, 36, 120, "time-standing");
	r.at.in_gap = true;
	stage_check(&r.stage, 36, 120, "time-damaged");
	stage_check(&r.stage, 24, 80, "time-damaged-80x24");
	r.at.in_gap = false;
	r.at.now_ns = r.at.end_ns;
	r.at.at_end = true;
	r.at.end = TIME_END_CLOSED;
	r.at.end_text = "the recording ends here";
	stage_check(&r.stage, 24, 80, "time-end");
	r.stage.ascii = 1;
	stage_check(&r.stage, 24, 80, "time-ascii");
	for (int i = 0; i < r.stage.canvas.rows * r.stage.canvas.columns; i++)
		assert_in_range(r.stage.canvas.cells[i].ch, 0x20, 0x7e);
	end(&r);
}

/* Whether the replay stands and whether the process was paused are two things. */
static void paused_process(void **state)
{
	struct recording r;

	begin(&r);
	stage_status(&r.stage, PROCESS_PAUSED, 0);
	r.at.playing = false;
	stage_check(&r.stage, 12, 120, "time-standing-paused");
	end(&r);
}

static void list_of_marks(void **state)
{
	struct recording r;

	begin(&r);
	r.stage.view.overlay.ops = &overlay_marks;
	r.stage.view.overlay.scroll = 1;
	stage_check(&r.stage, 24, 80, "time-marks");
	for (int i = 0; i < 60; i++)
		marks_add(&r.marks, (uint64_t)(50 + i / 2) * CLOCK_SECOND, STAGE_PID, "one of many");
	r.stage.view.overlay.scroll = 40;
	stage_check(&r.stage, 24, 80, "time-marks-many");
	r.stage.view.overlay.scroll = 1000;
	stage_check(&r.stage, 12, 40, "time-marks-small");
	marks_fini(&r.marks);
	r.stage.scene.timeline.time = NULL;
	stage_check(&r.stage, 24, 80, "time-marks-none");
	for (int rows = 1; rows < 40; rows += 3)
		for (int columns = 1; columns < 140; columns += 7)
			stage_draw(&r.stage, rows, columns);
	end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timeline),
		cmocka_unit_test(paused_process),
		cmocka_unit_test(list_of_marks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
