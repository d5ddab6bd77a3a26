#!/usr/bin/env python3
"""why_figures.py [--first] PID JSON [TEXT MARKDOWN]: compares the verdict of a process that stands with what this program reads of the
kernel by itself: /proc/PID/smaps, smaps_rollup, status, limits, maps, numa_maps, task/*/syscall and the memory cgroup; as root
also each page's frame (pagemap, kpageflags, kpagecount). Sentences must say these figures, and so must the text and markdown.
--first: the verdict is made when this program has read everything: it says "taken", and goes on after a line on its input.
Prints what differs, then how many comparisons were made."""
import functools
import json
import os
import re
import struct
import sys

PAGE = os.sysconf("SC_PAGE_SIZE")
HEAP = 64 << 20
first = sys.argv[1] == "--first"
pid, path, *texts = sys.argv[2:] if first else sys.argv[1:]
compared, differ = 0, 0


def check(name, said, is_so, most=0):
    """said may be `most` away from what is so; or a text, equal."""
    global compared, differ
    compared += 1
    if said is None or (abs(said - is_so) > most if isinstance(is_so, (int, float)) else said != is_so):
        differ += 1
        print(f"{name} is {said}, not {is_so}")


@functools.lru_cache(None)
def read(name):
    with open(f"/proc/{pid}/{name}") as file:
        return file.read()


def take_regions():
    regions = []
    for line in read("smaps").splitlines():
        head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)", line)
        if head:
            start, end, perms, name = head.groups()
            regions.append({"start": int(start, 16), "end": int(end, 16), "perms": perms, "name": name})
        else:
            key, value = line.split(":", 1)
            regions[-1][key] = value.split() if key == "VmFlags" else int(value.split()[0]) * 1024 if "kB" in value else 0
    return regions


def is_shared_memory(r):
    return r["name"].startswith(("/dev/shm/", "/memfd:", "/SYSV", "/dev/zero", "[anon_shmem:"))


regions = take_regions()


def total(key, among=None):
    return sum(r.get(key, 0) for r in (regions if among is None else among))


def status(key):
    return int(re.search(rf"^{key}:\s+(\d+) kB", read("status"), re.M).group(1)) * 1024


def size(bytes_):
    """As the verdict writes sizes: three digits."""
    value, units = bytes_ / 1024, ["KiB", "MiB", "GiB", "TiB"]
    if bytes_ < 1024:
        return f"{bytes_} B" if bytes_ else "0"
    while value >= 999.5:
        value, units = value / 1024, units[1:]
    places = 0 if units[0] == "KiB" or value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{places}f} {units[0]}"


rss, lazy, swap = total("Rss"), total("LazyFree"), total("Swap")
private = total("Anonymous") - lazy
shm = sum(r["Rss"] - r["Anonymous"] for r in regions if is_shared_memory(r))
own = total("Private_Clean") + total("Private_Dirty")
dirty = sum(min(r["Rss"] - r["Anonymous"], max(0, r["Shared_Dirty"] + r["Private_Dirty"] - r["Anonymous"]))
            for r in regions if not is_shared_memory(r))


def check_amounts():
    parts = verdict["parts"]
    check("from", verdict["from"], "sums")
    check("rss", verdict["rss"], rss)
    rollup = re.search(r"^Rss:\s+(\d+)", read("smaps_rollup"), re.M)
    check("rss, and smaps_rollup", verdict["rss"], int(rollup.group(1)) * 1024)
    check("the parts together", sum(parts.values()), rss)
    check("lazily free", parts["lazily_free"], lazy, 512 << 10)  # the kernel marks them in batches
    check("private", parts["private"], private, 512 << 10 if lazy else 0)
    check("shared memory", parts["shared_memory"], shm)
    check("dirty pages of files", parts["file_dirty"], dirty, 256 << 10)  # the kernel writes them back
    files = rss - private - shm  # others map the same files meanwhile, this program too if the target is a python
    check("own", verdict["own"], own, max(files, 512 << 10))
    check("pss", verdict["pss"], total("Pss"), max(files, 512 << 10))
    check("swap", verdict["swap"], swap)
    check("huge", verdict["huge"], total("AnonHugePages") + total("ShmemPmdMapped") + total("FilePmdMapped"))
    check("locked", verdict["locked"], sum(r["Rss"] for r in regions if "lo" in r["VmFlags"]))
    check("reserved", verdict["reserved"], sum(r["end"] - r["start"] for r in regions))
    check("regions", verdict["regions"], len(read("maps").splitlines()))


def memory_group():
    """The folder, and its file of the charge and of the limit."""
    for line in read("cgroup").splitlines():
        number, kinds, path = line.split(":", 2)
        if "memory" in kinds.split(","):
            return "/sys/fs/cgroup/memory" + path, "memory.usage_in_bytes", "memory.limit_in_bytes"
    path = re.search(r"^0::(.*)", read("cgroup"), re.M).group(1)
    return "/sys/fs/cgroup" + path, "memory.current", "memory.max"


@functools.lru_cache(None)
def group_figures():
    folder, charge, limit = memory_group()
    try:
        return int(open(f"{folder}/{charge}").read()), open(f"{folder}/{limit}").read().strip()
    except OSError:
        return None, None


def check_group():
    charged, most = group_figures()
    figures = verdict["figures"]
    if charged is None:
        check("charge of the cgroup", figures.get("cgroup_charge"), None if "cgroup_charge" in figures else 0)
        return
    check("charge of the cgroup", figures.get("cgroup_charge"), charged, charged // 2 + (64 << 20))
    limited = most != "max" and int(most) < 1 << 60
    check("limit of the cgroup", figures.get("cgroup_limit") or 0, int(most) if limited else 0)


def check_figures():
    figures = verdict["figures"]
    for name, key in (("page_tables", "VmPTE"), ("rss_peak", "VmHWM"), ("size", "VmSize"), ("swapped", "VmSwap"),
                      ("locked_size", "VmLck"), ("pinned", "VmPin")):
        check(name, figures[name], status(key))
    limit = re.search(r"^Max stack size\s+(\S+)", read("limits"), re.M).group(1)
    if limit != "unlimited":
        check("stack_limit", figures["stack_limit"], int(limit))
    check("regions_max", figures["regions_max"], int(open("/proc/sys/vm/max_map_count").read()))
    nodes = {}
    for line in read("numa_maps").splitlines():
        page = int((re.search(r"kernelpagesize_kB=(\d+)", line) or [0, 4])[1]) * 1024
        for node, count in re.findall(r" N(\d+)=(\d+)", line):
            nodes[int(node)] = nodes.get(int(node), 0) + int(count) * page
    for node, bytes_ in nodes.items():
        check(f"on node {node}", verdict["nodes"][node], bytes_, 64 << 10)  # pages on their way to the lists are not counted
    check_group()


@functools.lru_cache(None)
def stack_pointers():
    pointers = []
    for task in os.listdir(f"/proc/{pid}/task"):
        words = read(f"task/{task}/syscall").split()
        if len(words) >= 3:
            pointers.append(int(words[-2], 16))
    return pointers


def owner(kind, name=None):
    return [o for o in verdict["owners"] if o["owner"] == kind and (name is None or o["name"] == name)]


def resident(owners):
    return sum(o["resident"] for o in owners)


def heaps_of_arenas():
    """Regions that begin at a multiple of 64 MiB and end in one whose rest may not be touched, and what may be full ones beside
    them."""
    found = set()
    for r, after in zip(regions, regions[1:]):
        if (not r["name"] and r["perms"] == "rw-p" and after["perms"] == "---p" and not after["name"]
                and r["end"] == after["start"] and r["start"] % HEAP == 0 and after["end"] % HEAP == 0
                and after["end"] - after["start"] < HEAP and r["start"] >= 1 << 36 and r["start"] >> 36 != 0xc):
            found.add(r["start"])
    more = True
    while more:
        more = {r["start"] for r in regions if not r["name"] and r["perms"] == "rw-p" and r["start"] % HEAP == 0
                and r["end"] % HEAP == 0 and r["start"] not in found
                and any(r["start"] == o["end"] or r["end"] == o["start"] for o in regions
                        if o["start"] in found or (o["perms"] == "---p" and any(
                            f["end"] == o["start"] and f["start"] in found for f in regions)))}
        found |= more
    return [r for r in regions if r["start"] in found]


def check_owners():
    check("all owners together", resident(verdict["owners"]), rss)
    named = {}
    for at, r in enumerate(regions):
        if r["name"].startswith("/") and not is_shared_memory(r):
            # the bss behind a file's data is its, too
            after = regions[at + 1] if at + 1 < len(regions) else None
            bss = after and after["start"] == r["end"] and not after["name"] and after["perms"] == "rw-p"
            least, most = named.get(r["name"], (0, 0))
            named[r["name"]] = (least + r["Rss"], most + r["Rss"] + (after["Rss"] if bss else 0))
    for name, (least, most) in named.items():
        said = resident(owner("file", name))
        check(f"{name} (bss or not)", min(max(said, least), most), said)
    check("[stack]", resident(owner("main-stack")), total("Rss", [r for r in regions if r["name"] == "[stack]"]))
    check("[heap]", resident(owner("program-break") + owner("glibc-main-arena")),
          total("Rss", [r for r in regions if r["name"] == "[heap]"]))
    pointers = stack_pointers()
    stacks = [r for r in regions if not r["name"] and r["perms"] == "rw-p" and r["end"] - r["start"] <= 64 << 20
              and any(r["start"] <= sp < r["end"] for sp in pointers)]
    certain = [o for o in owner("thread-stacks") if o["sure"] == "certain"]
    if not owner("go-heap"):  # its first thread's is one of them
        check("stacks that threads stand on", resident(certain), total("Rss", stacks))
        check("how many", sum(o["with_rights"] for o in certain), len(stacks))
    if not owner("v8-heap"):
        heaps = heaps_of_arenas()
        claimed = owner("glibc-arenas") + owner("glibc-heaps-or-anonymous")
        check("heaps of arenas", resident(claimed), total("Rss", heaps))
        check("how many heaps", sum(o.get("heaps", 0) for o in claimed),
              sum(-(-(r["end"] - r["start"]) // HEAP) for r in heaps))
    check("shared memory of owners", resident(owner("shared-memory")), shm)


def word(file, at):
    data = os.pread(file, 8, at * 8)
    return struct.unpack("<Q", data)[0] if len(data) == 8 else 0


@functools.lru_cache(None)
def frames():
    """As root: how much is private memory by each page's frame, and how much of that others map, too. None: not known."""
    anonymous = shared = 0
    try:
        maps, flags, counts = (os.open(p, os.O_RDONLY) for p in (f"/proc/{pid}/pagemap", "/proc/kpageflags", "/proc/kpagecount"))
        for r in regions:
            if r["start"] >= 1 << 63 or r["name"].startswith("[v"):
                continue
            entries = os.pread(maps, (r["end"] - r["start"]) // PAGE * 8, r["start"] // PAGE * 8)
            for (entry,) in struct.iter_unpack("<Q", entries):
                frame = entry & (1 << 55) - 1
                if not entry >> 63 or not frame:
                    continue
                flag = word(flags, frame)
                if flag >> 24 & 1:  # the zero page
                    continue
                if flag >> 12 & 1 and not (is_shared_memory(r)):
                    anonymous += PAGE
                    shared += PAGE if word(counts, frame) > 1 else 0
    except OSError:
        return None
    return (anonymous, shared) if anonymous else None


def check_frames():
    if not frames():
        return
    anonymous, shared = frames()
    check("private, by frames", verdict["parts"]["private"] + verdict["parts"]["lazily_free"], anonymous)
    if not total("AnonHugePages"):
        check("shared since a fork, by frames", verdict["shared_since_fork"], shared, 64 << 10)


def percent(part, whole):
    share = int(100 * part / whole + 0.5)
    return "<1" if part * 100 < whole else ">99" if share == 100 and part < whole else share


def check_sentences():
    fork = verdict["shared_since_fork"]
    figures, parts = verdict["figures"], verdict["parts"]
    best = next((o for o in verdict["owners"] if o["owner"] not in ("file", "glibc-arenas", "unknown")), None)
    arenas = owner("glibc-arenas")
    must = {
        "private": [size(private + shm), f"private memory {size(private)}, shared memory {size(shm)}"],
        "clean-files": [size(parts["file_clean"])],
        "dirty-files": [size(parts["file_dirty"])],
        "lazily-free": [size(parts["lazily_free"])],
        "shared-since-fork": [size(fork), f"RSS {size(rss)}, PSS {size(verdict['pss'])}", size(verdict["own"])],
        "locked": [size(verdict["locked"])],
        "owner": best and [size(best["resident"]), f"{percent(best['resident'], rss)} % of RSS", best["ground"],
                           size(best["reserved"]), f"in {best['regions']} region"],
        "arenas": [size(resident(arenas)), f"in {sum(o.get('heaps', 0) for o in arenas)} heap"],
        "thread-stacks": [f"{sum(o['with_rights'] for o in owner('thread-stacks'))} thread stacks",
                          size(resident(owner("thread-stacks")))],
        "malloc-free": [size(figures.get("malloc_trimmable", 0)), f"{size(figures.get('malloc_used', 0))} in use"],
        "huge": [size(verdict["huge"])],
        "huge-zero": [size(figures.get("huge_zero", 0))],
        "swap": [size(swap)],
        "peak": [size(status("VmHWM")), size(rss)],
        "page-tables": [size(status("VmPTE"))],
        "regions": [str(verdict["regions"]), str(figures["regions_max"])],
        "cgroup": [],
        "nodes": [],
    }
    for sentence in verdict["sentences"]:
        text = sentence["says"] + " | " + sentence["evidence"]
        for words in must.get(sentence["about"]) or []:
            check(f"the sentence \"{text}\"", words if words in text else None, words)


def check_texts(text, markdown):
    """The same figures in words, each behind its label."""
    pairs = {"PSS": verdict["pss"], "USS": verdict["own"], "peak RSS": status("VmHWM"), "in swap": swap,
             "page tables": status("VmPTE"), "virtual size": verdict["reserved"], "private memory": private,
             "shared memory": shm, "clean pages of files": verdict["parts"]["file_clean"]}
    flat = text.replace("\n    ", " ")
    for label, bytes_ in pairs.items():
        found = re.search(rf"^ +{label} +([\d.]+(?: [KMGT]iB)?)", text, re.M)
        near = re.search(rf"^\| (?:&nbsp;)*{label} \| ([^|]*) \|", markdown, re.M)
        moves = label in ("PSS", "USS", "clean pages of files")
        for name, seen in (("text", found), ("markdown", near)):
            said = seen.group(1) if seen else None
            check(f"{label} in {name}", said if not moves or said is None else "", size(bytes_) if not moves else "")
    for sentence in verdict["sentences"]:
        says = sentence["says"][:40]
        check("a sentence in the text", says if says in re.sub(r"\s+", " ", flat) else None, says)
        says = re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", sentence["says"])
        check("a sentence in markdown", says if says in markdown else None, says)


for name in ("smaps_rollup", "status", "maps", "limits", "numa_maps", "cgroup"):
    read(name)
group_figures()
stack_pointers()
frames()
if first:
    print("taken", flush=True)
    sys.stdin.readline()
verdict = json.load(open(path))
check_amounts()
check_figures()
check_owners()
check_frames()
check_sentences()
if texts:
    check_texts(*(open(text).read() for text in texts))
print(f"{compared} comparisons, {differ} differ")
sys.exit(differ > 0 or compared < 30)
