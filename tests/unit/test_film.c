/* A film can be ended before its end. */
#include "base/clock.h"
#include "export/exporters.h"
#include "unit/check.h"

/* Screens that count how often they are asked for, and interrupt after some. */
struct counted {
	struct export_screens base; /* first */
	struct canvas canvas;
	int asked, stop_after;
};

static bool stop;

static bool stopped(void)
{
	return stop;
}

static const struct canvas *at(struct export_screens *base, uint64_t time_ns, struct err *err)
{
	struct counted *s = (struct counted *)base;

	(void)time_ns;
	(void)err;
	stop = ++s->asked == s->stop_after;
	return &s->canvas;
}

static int film_of(uint64_t end_ns, uint64_t bytes, int stop_after)
{
	struct counted s = { .base = { .at = at, .end_ns = end_ns, .bytes = bytes },
			     .stop_after = stop_after };
	const struct exporter *exporter = exporters_find("asciicast");
	struct export_picture picture = { .columns = 8, .rows = 2, .theme = theme_find("dark"), .speed = 1 };
	struct export_job job = {
		.from = "film", .picture = &picture, .screens = &s.base, .stopped = stopped
	};
	struct err err = { 0 };
	void *context;

	canvas_init(&s.canvas, 2, 8, 0);
	job.out = fopen("/dev/null", "w");
	assert_non_null(job.out);
	context = exporter->open(&job, &err);
	assert_non_null(context);
	assert_int_equal(exporter->finish(context, &err), 0);
	exporter->close(context);
	fclose(job.out);
	canvas_fini(&s.canvas);
	return s.asked;
}

static int film(int stop_after)
{
	return film_of(10 * CLOCK_SECOND, 0, stop_after);
}

/* A small file may claim to last for ever. */
static void test_pictures(void **state)
{
	(void)state;
	assert_int_equal(film_of(600 * CLOCK_SECOND, 0, 0), 6001);
	assert_in_range(film_of(3600 * CLOCK_SECOND, 0, 0), 5900, 6001);
	assert_in_range(film_of(UINT64_MAX / 2, 8192, 0), 6000, 6009);
	assert_int_equal(film_of(3600 * CLOCK_SECOND, UINT64_C(1) << 26, 0), 36001);
	assert_in_range(film_of(UINT64_MAX / 2, UINT64_C(1) << 40, 0), 35900, 36001);
}

static void test_stop(void **state)
{
	(void)state;
	assert_int_equal(film(3), 3);
	assert_true(film(0) > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_stop), cmocka_unit_test(test_pictures) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
