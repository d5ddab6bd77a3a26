/* The JSON of faults, fast: as event_json gives it, for programs that fault faster than objects are built. */
#ifndef EXPORT_FAULT_JSON_H
#define EXPORT_FAULT_JSON_H

#include "base/strbuf.h"
#include "export/event_json.h"

#define FAULT_JSON_KEPT 2048

struct fault_json {
	struct event_names names;
	struct fault_tail {
		bool known;
		const struct process *process;
		uint64_t ip, region;
		uint64_t regions, names; /* generations */
		uint64_t *ips;           /* of the stack */
		size_t count;
		bool cut;
		struct strbuf text;
	} tails[FAULT_JSON_KEPT];
};

void fault_json_init(struct fault_json *, const struct event_names *);
void fault_json_fini(struct fault_json *);
/* Adds the object of an EVENT_FAULT, without a newline. */
void fault_json_add(struct fault_json *, struct strbuf *out, const struct event *, const struct process *);

#endif
