#!/usr/bin/env python3
"""What a parent and its child have in common, by the frames of their pages (root):

    fork_frames.py look PARENT CHILD FILE          writes which frame each has for each private page
    fork_frames.py compare FIRST SECOND JSON       what happened between two looks, against the fork report in JSON

At the first look both have run a little since the fork, at the second the child waits: what they copied before and after is in
the report, too, so it may have some more."""
import json
import os
import struct
import sys

PAGE = os.sysconf("SC_PAGE_SIZE")
SOME = 300  # pages that both write to begin and to end


def private_frames(pid):
    frames = {}
    maps = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY)
    flags = os.open("/proc/kpageflags", os.O_RDONLY)
    for line in open(f"/proc/{pid}/maps"):
        span, perms, *_, = line.split()
        start, end = (int(x, 16) for x in span.split("-"))
        if perms[3] != "p" or start >= 1 << 63:
            continue
        for at, (entry,) in enumerate(struct.iter_unpack("<Q", os.pread(maps, (end - start) // PAGE * 8, start // PAGE * 8))):
            frame = entry & (1 << 55) - 1
            if entry >> 63 and frame:
                flag = struct.unpack("<Q", os.pread(flags, 8, frame * 8))[0]
                if flag >> 12 & 1 and not flag >> 24 & 1:  # anonymous, not the zero page
                    frames[start + at * PAGE] = frame
    return frames


def look(parent, child, file):
    json.dump({"parent": parent, "child": child, "frames": [private_frames(parent), private_frames(child)]}, open(file, "w"))


def compare(first, second, report):
    before, after, report = (json.load(open(f)) for f in (first, second, report))
    fork = next(f for f in report["forks"] if f["pid"] == int(before["child"]))
    parent, child = before["frames"]
    common = [page for page, frame in child.items() if parent.get(page) == frame]
    parent_now, child_now = after["frames"]
    apart = [p for p in common if p in parent_now and p in child_now and parent_now[p] != child_now[p]]
    by_child = sum(child_now[p] != child[p] for p in apart)
    by_parent = sum(parent_now[p] != parent[p] for p in apart)
    print(f"# common {len(common)}, then apart {len(apart)}: child {by_child}, parent {by_parent}")
    named = sum(f["pages"] for f in fork["functions"])
    print("# reported:", {k: v for k, v in fork.items() if isinstance(v, int)}, f"{named} by functions")
    bad = []
    for name, least in (("shared", len(common)), ("copied", len(apart)), ("by_child", by_child), ("by_parent", by_parent)):
        missed = fork["lost"] + fork["unknown"] if name != "shared" else 0
        figure = fork.get(name, 0)  # a lower bound of 0 says nothing, and is left out
        if not least - missed <= figure <= least + SOME:
            bad.append(f"{name} is {figure}, by the frames at least {least}")
    both = fork.get("by_child", 0) + fork.get("by_parent", 0)
    if fork["exact"] and not {"copied", "by_child", "by_parent"} <= fork.keys():
        bad.append("the figures are exact, and some are not there")
    if named > both or named < both * 0.9:
        bad.append(f"functions have {named} pages")
    if len(apart) < 500:
        bad.append("next to nothing was copied: this proves nothing")
    for line in bad:
        print(line)
    return bool(bad)


if sys.argv[1] == "look":
    look(*sys.argv[2:5])
else:
    sys.exit(compare(*sys.argv[2:5]))
