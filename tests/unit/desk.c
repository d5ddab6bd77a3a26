#include "desk.h"

#include <stdio.h>
#include <string.h>

static int fake_control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
			struct err *err)
{
	struct fake *fake = (struct fake *)source;

	assert_int_equal(pid, STAGE_PID);
	fake->asked = (int)what;
	if (what == CONTROL_STEP)
		fake->step = arg->step;
	if (what == CONTROL_EVICT && arg->pages.done) {
		fake->pages = arg->pages;
		arg->pages.done->before.states[PAGE_ANON] = 9;
		arg->pages.done->after.states[PAGE_ANON] = 2;
		arg->pages.done->after.states[PAGE_SWAP] = 7;
	}
	if (what == CONTROL_SEND)
		snprintf(fake->sent, sizeof fake->sent, "%.*s", (int)arg->len, arg->bytes);
	return fake->refuses ? err_set(err, ERR_DENIED, "not allowed") : 0;
}

/* Each time it is asked it knows more. */
static int fake_inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
			struct page_detail *detail, struct err *err)
{
	struct fake *fake = (struct fake *)source;

	*detail =
	    (struct page_detail){ .page = page, .entry = { .known = true, .value = ++fake->inspected } };
	return 0;
}

static const struct source_ops fake_ops = { .control = fake_control, .inspect = fake_inspect };

void desk_update(struct desk *d)
{
	d->ui.shown.now_ns = d->stage.world->now_ns;
	ui_update(&d->ui, 36, 120);
}

int desk_set_up(void **state)
{
	static const char *const argv[] = { "./demo", "64", NULL };
	static struct desk desk;

	memset(&desk, 0, sizeof desk);
	stage_init(&desk.stage, argv);
	stage_build_demo(&desk.stage);
	desk.stage.process->identity.launched = false;
	desk.fake = (struct fake){ .source = { &fake_ops }, .asked = -1 };
	ui_init(&desk.ui, desk.stage.world, &desk.fake.source, STAGE_PID, theme_list()[0]);
	desk.ui.view.press.key = commands_key;
	desk.ui.view.grid.zoom_auto = false;
	desk_update(&desk);
	*state = &desk;
	return 0;
}

int desk_tear_down(void **state)
{
	struct desk *d = *state;

	ui_fini(&d->ui);
	stage_fini(&d->stage);
	return 0;
}

void desk_run(struct desk *d, const char *text)
{
	struct err err = { 0 };

	d->ui.view.message.text[0] = '\0';
	d->ui.view.message.bad = false;
	assert_int_equal(commands_run_text(&d->ui, text, &err), 0);
	desk_update(d);
}

void desk_type(struct desk *d, const char *text)
{
	for (; *text; text++)
		input_key(&d->ui, (unsigned char)*text);
	desk_update(d);
}

void desk_press(struct desk *d, uint32_t key)
{
	input_key(&d->ui, key);
	desk_update(d);
}

void desk_fault(struct desk *d, uint64_t page, enum fault_cause cause, uint64_t ip)
{
	const uint64_t ips[] = { ip, 0x55d2c0a51200 };
	struct event e = { .type = EVENT_FAULT, .pid = STAGE_PID, .time_ns = d->stage.now_ns };

	e.fault = (struct event_fault){
		.address = page << 12, .ip = ip, .tid = 4242, .cause = cause, .now = PAGE_ANON
	};
	e.stack = (struct event_stack){ ips, 2, STACK_WHOLE, 0 };
	world_apply(d->stage.world, &e);
}
