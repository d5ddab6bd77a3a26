#!/usr/bin/env python3
"""found_forks.py WROTE FAULTS MOST_OPEN: compares the writes that live/forking_target printed with the causes that were
reported of them. None may be another: 1. At most MOST_OPEN percent of the parent's may be unknown or missing: 2."""
import collections
import json
import sys

wrote, faults, most = sys.argv[1], sys.argv[2], float(sys.argv[3])
expected = collections.defaultdict(list)
parent = None
for line in open(wrote):
    words = line.split()
    if len(words) == 3:
        parent = parent or words[0]
        expected[int(words[0]), int(words[1], 16)].append(words[2])
if not expected:
    sys.exit("the target wrote nothing")
reported = collections.defaultdict(list)
for line in open(faults):
    event = json.loads(line)
    if event["event"] == "fault":
        reported[event["pid"], int(event["address"], 16) & ~4095].append((event["cause"], event.get("cause_why")))
wrong = []
low = min(key[1] for key in expected)
counts = collections.Counter()
unknown = collections.Counter()
for key, causes in expected.items():
    got = reported.get(key, [])
    if str(key[0]) == parent:
        counts["all"] += len(causes)
        counts["missing"] += len(causes) - len(got)
        counts["open"] += sum(1 for cause, _ in got if cause == "unknown")
    if len(got) > len(causes) or (len(got) < len(causes) and str(key[0]) == parent):
        wrong.append(f"{key[0]} {key[1]:#x}: {len(got)} faults reported, it had {len(causes)}")
        continue
    for cause, seen in zip(causes, got):
        counts[seen[0]] += 1
        if seen[0] == "unknown":
            unknown[cause, str(key[0]) == parent, (key[1] - low) // (60 * 4096), seen[1]] += 1
        if seen[0] not in (cause, "unknown"):
            wrong.append(f"{key[0]} {key[1]:#x}: {seen[0]}, but it was {cause}")
open_share = 100 * (counts["open"] + counts["missing"]) / counts["all"]
print(f"# {dict(counts)}, {open_share:.2f} % of the parent's open")
for what, count in unknown.items():
    print(f"# {count} unknown: {what}")
for line in wrong[:10]:
    print(f"# {line}")
sys.exit(1 if wrong else 2 if open_share > most else 0)
