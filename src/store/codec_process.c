#include "store/codec_process.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/codec_bits.h"

/* The model's numbers are the file's: if they are ever renumbered, they have to be translated here. */
_Static_assert(PROCESS_RUNNING == 0 && PROCESS_STOPPED == 1 && PROCESS_PAUSED == 2 && PROCESS_ZOMBIE == 3 &&
		   PROCESS_EXITED == 4 && PROCESS_KILLED == 5 && PROCESS_GONE == 6,
	       "statuses are the file's");
_Static_assert(STOP_ASKED == 0 && STOP_FAULT == 1 && STOP_CALL == 2 && STOP_EXEC == 3 && STOP_CODE == 4 &&
		   STOP_EXIT == 5,
	       "reasons to stand are the file's");

enum { PROCESS_LAUNCHED = 1, PROCESS_EXEC = 2, PROCESS_UNRUN = 4, PROCESS_VFORK = 8 };

/* Where figures come from, by meaning and not by the name on some system: pagescape-session(5) has the list.
 * The numbers are the file's for ever. */
static const uint8_t source_codes[SOURCE_KINDS] = {
	[SOURCE_MAPS] = 0,         /* regions */
	[SOURCE_PAGEMAP] = 1,      /* page states */
	[SOURCE_PAGEMAP_SCAN] = 2, /* page states by range */
	[SOURCE_PAGE_CACHE] = 3,   /* page cache residency */
	[SOURCE_FRAMES] = 4,       /* frame numbers */
	[SOURCE_KPAGEFLAGS] = 5,   /* frame flags */
	[SOURCE_KPAGECOUNT] = 6,   /* frame map counts */
	[SOURCE_COUNTERS] = 7,     /* counters of the process */
	[SOURCE_SMAPS] = 8,        /* sums by region */
	[SOURCE_BYTES] = 9,        /* bytes of memory */
	[SOURCE_SYMBOLS] = 10,     /* names of code */
	[SOURCE_FAULTS] = 11,      /* faults */
	[SOURCE_STACKS] = 12,      /* stacks of faults */
	[SOURCE_ACCESS] = 13,      /* kinds of access */
};

void process_coder_reset(struct process_coder *c)
{
	c->minor = c->major = 0;
}

void process_coder_fini(struct process_coder *c)
{
	free(c->argv);
	*c = (struct process_coder){ 0 };
}

void process_put_process(struct process_coder *c, unsigned page_shift, struct strbuf *out,
			 const struct event *e)
{
	const struct event_process *p = &e->process;
	size_t n = 0;

	while (p->argv && p->argv[n])
		n++;
	bytes_put_varint(out, (p->launched || p->recorded_launch ? PROCESS_LAUNCHED : 0u) |
				  (p->exec ? PROCESS_EXEC : 0u) | (p->unrun ? PROCESS_UNRUN : 0u) |
				  (p->vfork ? PROCESS_VFORK : 0u));
	bytes_put_varint(out, (uint64_t)p->bits);
	bytes_put_varint(out, (uint64_t)p->address_bits);
	bytes_put_varint(out, p->uid);
	bytes_put_text(out, p->comm);
	bytes_put_text(out, p->exe);
	bytes_put_varint(out, n);
	for (size_t i = 0; i < n; i++)
		bytes_put_text(out, p->argv[i]);
	bytes_put_varint(out, (uint64_t)p->parent);
	if (p->parent)
		bytes_put_varint(out, p->forked_ns);
}

void process_get_process(struct process_coder *c, unsigned page_shift, struct cursor *in, struct event *e)
{
	struct event_process *p = &e->process;
	uint64_t flags = bytes_get_varint(in), n;

	p->launched = flags & PROCESS_LAUNCHED;
	p->exec = flags & PROCESS_EXEC;
	p->unrun = flags & PROCESS_UNRUN;
	p->vfork = flags & PROCESS_VFORK;
	p->bits = (int)bytes_get_bounded(in, 64);
	p->address_bits = (int)bytes_get_bounded(in, 64);
	p->uid = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	p->comm = bytes_get_text(in);
	p->exe = bytes_get_text(in);
	p->page_shift = page_shift;
	n = bytes_get_bounded(in, CODER_ARGS_MAX);
	mem_grow(c->argv, c->argv_cap, n + 1);
	for (uint64_t i = 0; i < n; i++)
		c->argv[i] = bytes_get_text(in);
	c->argv[n] = NULL;
	p->argv = c->argv;
	p->parent = (int32_t)bytes_get_bounded(in, INT32_MAX);
	if (in->at < in->end) /* later than the rest: not in older files */
		p->forked_ns = bytes_get_varint(in);
}

void process_put_status(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->status.status);
	bytes_put_signed(out, e->status.code);
}

void process_get_status(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->status.status = (enum process_status)bytes_get_bounded(in, PROCESS_GONE);
	e->status.code = (int)bytes_get_signed(in);
}

void process_put_counters(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_signed(out, (int64_t)(e->counters.minor - c->minor));
	bytes_put_signed(out, (int64_t)(e->counters.major - c->major));
	bytes_put_varint(out, e->counters.threads);
	bytes_put_varint(out, (unsigned char)e->counters.state);
	c->minor = e->counters.minor;
	c->major = e->counters.major;
}

void process_get_counters(struct process_coder *c, struct cursor *in, struct event *e)
{
	c->minor += (uint64_t)bytes_get_signed(in);
	c->major += (uint64_t)bytes_get_signed(in);
	e->counters.minor = c->minor;
	e->counters.major = c->major;
	e->counters.threads = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	e->counters.state = (char)bytes_get_bounded(in, '~'); /* a letter, or 0: not known */
	if (e->counters.state && e->counters.state <= ' ')
		in->bad = true;
}

void process_put_output(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	if (e->output.len)
		strbuf_add(out, e->output.bytes, e->output.len);
}

void process_get_output(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->output.bytes = (const char *)in->at;
	e->output.len = (size_t)(in->end - in->at);
}

void process_put_source(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, source_codes[e->source.kind]);
	bytes_put_varint(out, e->source.ok);
	bytes_put_text(out, e->source.why);
	bytes_put_varint(out, e->source.partial);
}

/* SOURCE_KINDS for one of a later version, which the model ignores. */
static enum source_kind source_of_code(uint64_t code)
{
	int kind = 0;

	while (kind < SOURCE_KINDS && source_codes[kind] != code)
		kind++;
	return (enum source_kind)kind;
}

void process_get_source(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->source.kind = source_of_code(bytes_get_varint(in));
	e->source.ok = bytes_get_bounded(in, 1);
	e->source.why = bytes_get_text(in);
	if (in->at < in->end)
		e->source.partial = bytes_get_bounded(in, 1);
	else /* an older file: there is a text if something is missing */
		e->source.partial = e->source.ok && *e->source.why;
}

void process_put_mark(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_text(out, e->mark.text);
}

void process_get_mark(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->mark.text = bytes_get_text(in);
}

void process_put_lost(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->lost.count);
	bytes_put_text(out, lost_name(e->lost.what));
}

void process_get_lost(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->lost.count = bytes_get_varint(in);
	e->lost.what = lost_parse(bytes_get_text(in));
}

void process_put_stop(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->stop.why);
	bytes_put_varint(out, (uint64_t)e->stop.tid);
	if (e->stop.why == STOP_CODE)
		bytes_put_varint(out, e->stop.address);
}

void process_get_stop(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->stop.why = (enum stop_why)bytes_get_bounded(in, STOP_KINDS - 1);
	e->stop.tid = codec_get_tid(in);
	if (e->stop.why == STOP_CODE)
		e->stop.address = bytes_get_varint(in);
}

void process_put_thread(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, (uint64_t)e->thread.tid);
	bytes_put_varint(out, e->thread.ended);
	bytes_put_text(out, e->thread.name);
	bytes_put_varint(out, e->thread.minor);
	bytes_put_varint(out, e->thread.major);
}

void process_get_thread(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->thread.tid = codec_get_tid(in);
	e->thread.ended = bytes_get_bounded(in, 1);
	e->thread.name = bytes_get_text(in);
	e->thread.minor = bytes_get_varint(in);
	e->thread.major = bytes_get_varint(in);
}

void process_put_past(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_past *p = &e->past;

	bytes_put_varint(out, p->execs);
	bytes_put_varint(out, p->changed_ns);
	bytes_put_varint(out, p->changed_page);
	bytes_put_varint(out, p->page_changed_ns);
	bytes_put_varint(out, p->faults);
	bytes_put_varint(out, p->calls);
	bytes_put_varint(out, p->output);
	bytes_put_varint(out, p->resident);
	bytes_put_varint(out, p->minor);
	bytes_put_varint(out, p->major);
	bytes_put_varint(out, p->image_faults);
	bytes_put_varint(out, p->image_calls);
	bytes_put_varint(out, p->stops);
	bytes_put_varint(out, p->dropped);
	bytes_put_varint(out, p->threads_dropped);
	bytes_put_varint(out, p->departures);
}

void process_get_past(struct process_coder *c, struct cursor *in, struct event *e)
{
	struct event_past *p = &e->past;

	p->execs = bytes_get_bounded(in, UINT32_MAX);
	p->changed_ns = bytes_get_varint(in);
	p->changed_page = bytes_get_bounded(in, RUNS_END - 1);
	p->page_changed_ns = bytes_get_varint(in);
	p->faults = bytes_get_bounded(in, INT64_MAX);
	p->calls = bytes_get_bounded(in, INT64_MAX);
	p->output = bytes_get_varint(in);
	p->resident = bytes_get_varint(in);
	p->minor = bytes_get_varint(in);
	p->major = bytes_get_varint(in);
	p->image_faults = bytes_get_varint(in);
	p->image_calls = bytes_get_varint(in);
	p->stops = bytes_get_bounded(in, UINT32_MAX);
	p->dropped = bytes_get_varint(in);
	p->threads_dropped = bytes_get_varint(in);
	if (in->at < in->end) /* not in older files */
		p->departures = bytes_get_bounded(in, INT64_MAX);
}

void process_put_sample(struct process_coder *c, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->sample.resident);
	bytes_put_varint(out, e->sample.minor);
	bytes_put_varint(out, e->sample.major);
	bytes_put_varint(out, e->sample.quiet_ns);
}

void process_get_sample(struct process_coder *c, struct cursor *in, struct event *e)
{
	e->sample.resident = bytes_get_varint(in);
	e->sample.minor = bytes_get_varint(in);
	e->sample.major = bytes_get_varint(in);
	e->sample.quiet_ns = bytes_get_varint(in);
}
