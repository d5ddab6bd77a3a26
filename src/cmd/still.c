/* The screen needs a source; what was read before has none. */
#include "cmd/still.h"

#include "base/i18n.h"

static size_t still_poll_fds(struct source *source, struct pollfd *fds, size_t cap)
{
	(void)source;
	(void)fds;
	(void)cap;
	return 0;
}

static uint64_t still_due_ns(struct source *source)
{
	(void)source;
	return UINT64_MAX;
}

static int still_step(struct source *source, struct sink *sink, uint64_t budget_ns, struct err *err)
{
	(void)source;
	(void)sink;
	(void)budget_ns;
	(void)err;
	return 0;
}

static int still_sweep(struct source *source, struct sink *sink, struct err *err)
{
	return still_step(source, sink, 0, err);
}

static void still_focus(struct source *source, int32_t pid, uint64_t first, uint64_t end)
{
	(void)source;
	(void)pid;
	(void)first;
	(void)end;
}

static int still_inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
			 struct page_detail *detail, struct err *err)
{
	(void)source;
	(void)pid;
	(void)page;
	(void)what;
	(void)detail;
	return err_set(err, ERR_UNSUPPORTED, _("a comparison is a still picture"));
}

static void still_locate(struct source *source, int32_t pid, uint64_t address, struct location *location)
{
	(void)source;
	(void)pid;
	(void)address;
	*location = (struct location){
		.file = "", .section = "", .symbol = "", .why = _("a comparison is a still picture")
	};
}

static int still_control(struct source *source, int32_t pid, enum control control,
			 const struct control_arg *arg, struct err *err)
{
	(void)source;
	(void)pid;
	(void)control;
	(void)arg;
	return err_set(err, ERR_UNSUPPORTED, _("a comparison is a still picture"));
}

static void still_destroy(struct source *source)
{
	(void)source;
}

static const struct source_ops still_ops = {
	.poll_fds = still_poll_fds,
	.due_ns = still_due_ns,
	.step = still_step,
	.sweep = still_sweep,
	.focus = still_focus,
	.inspect = still_inspect,
	.locate = still_locate,
	.control = still_control,
	.destroy = still_destroy,
};

struct source *still_source(void)
{
	static struct source still = { &still_ops };

	return &still;
}
