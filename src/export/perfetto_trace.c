#include "export/perfetto_trace.h"

#include <inttypes.h>
#include <string.h>

#include "export/protobuf.h"

#define SEQUENCE 1      /* all packets come from one writer */
#define STATE_CLEARED 1 /* TracePacket.SequenceFlags */
#define NEEDS_STATE 2

void perfetto_trace_write(struct perfetto_trace *t, Perfetto__TracePacket *packet)
{
	Perfetto__Trace trace = PERFETTO__TRACE__INIT;

	packet->has_trusted_packet_sequence_id = packet->has_sequence_flags = 1;
	packet->trusted_packet_sequence_id = SEQUENCE;
	packet->sequence_flags = t->begun ? NEEDS_STATE : STATE_CLEARED;
	t->begun = true;
	trace.n_packet = 1;
	trace.packet = &packet;
	strbuf_clear(&t->bytes);
	protobuf_append(&t->bytes, &trace.base);
	fwrite(t->bytes.text, 1, t->bytes.len, t->out);
}

/* The number of a key, from 1 on; *is_new: it was not there before. */
static uint64_t number_of(struct texts *keys, const char *key, bool *is_new)
{
	size_t before = keys->count;
	uint32_t number = texts_add(keys, key);

	*is_new = number == before;
	return (uint64_t)number + 1;
}

static void write_data(struct perfetto_trace *t, Perfetto__InternedData *data)
{
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	packet.interned_data = data;
	perfetto_trace_write(t, &packet);
}

static void write_name(struct perfetto_trace *t, enum perfetto_names kind, uint64_t iid, char *text)
{
	Perfetto__InternedData data = PERFETTO__INTERNED_DATA__INIT;
	Perfetto__InternedName name = PERFETTO__INTERNED_NAME__INIT, *list[] = { &name };
	Perfetto__InternedString string = PERFETTO__INTERNED_STRING__INIT, *strings[] = { &string };

	name.has_iid = string.has_iid = string.has_str = 1;
	name.iid = string.iid = iid;
	name.name = text;
	string.str.data = (uint8_t *)text;
	string.str.len = strlen(text);
	data.n_event_categories = kind == PERFETTO_CATEGORY;
	data.n_event_names = kind == PERFETTO_EVENT;
	data.n_debug_annotation_names = kind == PERFETTO_ARGUMENT;
	data.n_debug_annotation_string_values = kind == PERFETTO_VALUE;
	data.n_function_names = kind == PERFETTO_FUNCTION;
	data.event_categories = data.event_names = data.debug_annotation_names = list;
	data.debug_annotation_string_values = data.function_names = strings;
	write_data(t, &data);
}

uint64_t perfetto_trace_name(struct perfetto_trace *t, enum perfetto_names kind, const char *text)
{
	bool is_new;
	uint64_t iid = number_of(&t->names[kind], text, &is_new);

	if (is_new)
		write_name(t, kind, iid, t->names[kind].list[iid - 1]);
	return iid;
}

uint64_t perfetto_trace_frame(struct perfetto_trace *t, uint64_t function, uint32_t line)
{
	Perfetto__InternedData data = PERFETTO__INTERNED_DATA__INIT;
	Perfetto__Frame frame = PERFETTO__FRAME__INIT, *list[] = { &frame };
	char key[48];
	bool is_new;

	snprintf(key, sizeof key, "%" PRIx64 ":%" PRIx32, function, line);
	frame.iid = number_of(&t->frames, key, &is_new);
	if (!is_new)
		return frame.iid;
	frame.has_iid = frame.has_function_name_id = 1;
	frame.function_name_id = function;
	frame.has_line_number = line != 0;
	frame.line_number = line;
	data.n_frames = 1;
	data.frames = list;
	write_data(t, &data);
	return frame.iid;
}

uint64_t perfetto_trace_callstack(struct perfetto_trace *t, uint64_t *frames, size_t count)
{
	Perfetto__InternedData data = PERFETTO__INTERNED_DATA__INIT;
	Perfetto__Callstack stack = PERFETTO__CALLSTACK__INIT, *list[] = { &stack };
	struct strbuf key = { 0 };
	bool is_new;

	for (size_t i = 0; i < count; i++)
		strbuf_printf(&key, "%" PRIx64 ",", frames[i]);
	stack.iid = number_of(&t->callstacks, key.len ? key.text : "", &is_new);
	strbuf_fini(&key);
	if (!is_new)
		return stack.iid;
	stack.has_iid = 1;
	stack.n_frame_ids = count;
	stack.frame_ids = frames;
	data.n_callstacks = 1;
	data.callstacks = list;
	write_data(t, &data);
	return stack.iid;
}

void perfetto_trace_fini(struct perfetto_trace *t)
{
	for (int i = 0; i < PERFETTO_NAMES; i++)
		texts_fini(&t->names[i]);
	texts_fini(&t->frames);
	texts_fini(&t->callstacks);
	strbuf_fini(&t->bytes);
}
