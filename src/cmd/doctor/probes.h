/* The doctor's probes. Each adds its findings; being denied is a finding, not an error. */
#ifndef CMD_DOCTOR_PROBES_H
#define CMD_DOCTOR_PROBES_H

#include "cmd/doctor/findings.h"
#include "kern/reader.h"

/* The kernel, our rights, and settings of the kernel that matter. */
void probe_system(struct findings *);
void probe_terminal(struct findings *);
/* Each source of data, on a process. Returns 0, or -1 with err if there is no such process, or it has no
 * memory. */
int probe_process(struct findings *, enum finding_group, int32_t pid, const struct reader_options *,
		  struct err *);
/* Events of page faults, and what comes with them, on pagescape itself. */
void probe_faults(struct findings *, const struct reader_options *);
/* What recording them costs, on pagescape itself. */
void probe_cost(struct findings *, const struct reader_options *);
/* Whether a process can be paused, and stopped at each of its faults, on children. */
void probe_stepping(struct findings *);

#endif
