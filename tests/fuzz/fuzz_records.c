/* The records within a block, behind all checksums: whatever they say, the model takes it, and
 * it can be drawn, printed, and sent again as events that give the same picture. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>

#include "export/family_table.h"
#include "export/fork_report.h"
#include "export/lines.h"
#include "export/snapshot_json.h"
#include "export/snapshot_table.h"
#include "export/verdict_json.h"
#include "export/verdict_text.h"
#include "store/codec.h"
#include "store/keyframe.h"
#include "ui/view/screen.h"
#include "ui/view/screen_parts.h"
#include "ui/view/views.h"

static void print_all(const struct world *world, FILE *out)
{
	static const struct snapshot_options how = { .pages = true, .columns = 80 };

	for (size_t i = 0; i < world->count; i++) {
		struct verdict verdict;

		snapshot_print_table(out, world->processes[i], &how);
		snapshot_print_json(out, world->processes[i], "", &how);
		verdict_init(&verdict, world, world->processes[i], world->now_ns, KERNEL_NONE);
		verdict_print_text(out, &verdict, 80);
		verdict_print_json(out, &verdict, NULL, NULL, "");
		verdict_fini(&verdict);
	}
	family_table_print(out, world);
	fork_report_print(out, world, NULL);
}

/* One of the tabs: all of them would take long. */
static const struct view_ops *choose_tab(size_t number)
{
	size_t n = 0;

	while (views[n])
		n++;
	return views[number % n];
}

static void draw(const struct world *world, const struct process *p, int zoom, size_t tab)
{
	struct view view;
	struct layout layout;
	struct region_rows list = { 0 };
	struct canvas canvas;
	struct screen_parts parts;
	struct scene scene = { .world = world,
			       .process = p,
			       .view = &view,
			       .layout = &layout,
			       .list = &list,
			       .now_ns = world->now_ns };

	view_init(&view, views, p->pid);
	view_show(&view, choose_tab(tab));
	layout_init(&layout);
	view.rows = 40;
	view.columns = 120;
	view.grid.zoom = zoom;
	screen_parts(&parts, &view);
	region_rows_update(&list, p->space, &view.regions.filter, view.regions.sort, view.regions.fold);
	layout_update(&layout, p->space, view.pid, &view.regions.filter, view.grid.zoom, parts.grid.columns);
	canvas_init(&canvas, view.rows, view.columns, 0);
	scene_find_page(&scene);
	screen_draw(&canvas, &scene);
	canvas_fini(&canvas);
	region_rows_fini(&list);
	layout_fini(&layout);
	view_fini(&view);
}

static void send_again(const struct world *world)
{
	struct world *again = world_create();

	keyframe_send(world, &again->sink);
	assert(again->count == world->count);
	for (size_t i = 0; i < world->count; i++)
		assert(runs_length(again->processes[i]->space->pages) ==
		       runs_length(world->processes[i]->space->pages));
	world_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct coder coder = { .page_shift = CODER_SHIFT_MIN };
	struct cursor in = { .at = data, .end = data + size };
	struct world *world = world_create();
	FILE *out = fopen("/dev/null", "w");
	struct lines lines;
	struct fanout fanout;
	struct event e;

	if (!out)
		exit(99);
	lines_init(&lines, out, world);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, &lines.sink);
	while (coder_get(&coder, &in, &e) > 0)
		sink_send(&fanout.sink, &e);
	lines_fini(&lines);
	print_all(world, out);
	for (size_t i = 0; i < world->count; i++) {
		draw(world, world->processes[i], 0, size);
		draw(world, world->processes[i], 12, size + 1);
	}
	send_again(world);
	fclose(out);
	coder_fini(&coder);
	world_destroy(world);
	return 0;
}
