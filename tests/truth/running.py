"""Looks at processes that run, against the second reader just before and just after the look. A process that runs
changes during it, so pages fall into kinds, each counted:

  alike      the same entry before and after, and the look says so: most
  moved      the entry changed meanwhile, and the look says what it was before or what it was after
  passed     the entry changed meanwhile, and the look says neither: it saw a state in between
  differs    the same entry before and after, and the look says something else. Either a page left and came back while
             we looked (a page of a file comes back with the same frame), or pagescape is wrong: bounded, and few
  elsewhere  pages of regions that were made, changed or ended meanwhile: nothing to compare with
"""
import json
import os
import subprocess

import second_reader
from second_reader import PRESENT, SWAPPED, FILE, FRAME, PAGE, RESIDENT

MOVING_REGION = 1 << 18  # pages: larger regions are left out
KINDS = ("alike", "moved", "passed", "differs", "elsewhere")


class Moving:
    def __init__(self):
        self.counts = dict.fromkeys(KINDS, 0)
        self.looks = 0
        self.examples = []

    def add(self, other):
        self.looks += other.looks
        self.examples += other.examples
        for kind in KINDS:
            self.counts[kind] += other.counts[kind]

    @property
    def pages(self):
        return sum(self.counts.values())


def remember(pid):
    """Every region's entries, as they are now."""
    process = second_reader.Process(pid)
    try:
        return {(r.start, r.end, r.perms, r.path): (r, process.entries(r.start // PAGE, (r.end - r.start) // PAGE))
                for r in second_reader.read_smaps(pid) if (r.end - r.start) // PAGE <= MOVING_REGION}
    finally:
        process.close()


def group_of_entry(entry):
    """What every state says of an entry: is it there, and is it a page of a file or of shared memory?"""
    if entry & PRESENT:
        return "file" if entry & FILE else "own"
    return "swapped" if entry & SWAPPED else "absent"


GROUPS = {"file": {"file"}, "shm": {"file"}, "copy": {"own"}, "anon": {"own"}, "zero": {"own", "file"},
          "swap": {"swapped", "absent"}, "guard": {"swapped", "absent"}, "reserved": {"absent"}, "cached": {"absent"},
          "unknown": {"absent", "own", "file", "swapped"}}


def compare(pagescape, pid, moving):
    try:
        before = remember(pid)
        out = subprocess.run([pagescape, "snapshot", "--json", "--pages", "-p", str(pid)], capture_output=True, check=False)
        after = remember(pid)
    except OSError:
        return  # ended
    if out.returncode != 0:
        return
    moving.looks += 1
    seen = {(int(r["start"], 16), int(r["end"], 16), r["perms"]): r
            for r in second_reader.mappings(json.loads(out.stdout)["regions"])}
    for key, (region, old) in before.items():
        said, now = seen.get(key[:3]), after.get(key)
        if second_reader.is_special(region):
            continue
        if said and now and len(old) == len(now[1]):
            compare_region(moving, pid, region, said, old, now[1])
        else:
            moving.counts["elsewhere"] += len(old)


def kind_of(state, old, new):
    groups = GROUPS[state]
    if (old ^ new) & (PRESENT | SWAPPED | FILE | FRAME):
        return "moved" if {group_of_entry(old), group_of_entry(new)} & groups else "passed"
    return "alike" if group_of_entry(old) in groups else "differs"


def compare_region(moving, pid, region, said, old, new):
    for run in said["runs"]:
        first = int(run["start"], 16) // PAGE - region.start // PAGE
        for i in range(first, first + run["pages"]):
            kind = kind_of(run["state"], old[i], new[i])
            moving.counts[kind] += 1
            if kind == "differs" and len(moving.examples) < 4:
                moving.examples.append(f"process {pid}, {region.start + i * PAGE:#x} {region.path.decode(errors='replace')}: "
                                       f"{run['state']}, {old[i]:#x} before and after")


def report(moving):
    """Prints the section; True: more differ than may."""
    print(f"\nwhile they ran: {moving.looks} looks, {moving.pages} pages")
    pages = max(moving.pages, 1)
    words = {"alike": "the same before and after the look, and in it",
             "moved": "changed meanwhile; the look says what was before, or after",
             "passed": "changed meanwhile; the look saw a state in between",
             "differs": "the same before and after, not in the look: left and came back",
             "elsewhere": "in regions that were made, changed or ended meanwhile"}
    for kind in KINDS:
        print(f"  {moving.counts[kind]:12} {moving.counts[kind] / pages:9.4%}  {words[kind]}")
    limit = 1e-4
    print(f"  of the fourth kind at most {limit:.4%} are allowed")
    return moving.counts["differs"] > pages * limit
