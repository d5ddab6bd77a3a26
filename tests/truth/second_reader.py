"""A second reader of page states, in another language and without a line of pagescape's: it
reads maps, smaps, pagemap, kpageflags and the page cache by itself, asks fincore (files.py), and compares them with what
`pagescape snapshot --json --frames` printed of a process that stands still. Needs root.

The kernel may change a stopped process too (khugepaged, writeback, reclaim, KSM): a page that
differs is read again, by both, and counts as a difference only when it differs each time.
"""
import array
import collections
import ctypes
import json
import os
import re
import subprocess

import files

PAGE = os.sysconf("SC_PAGE_SIZE")
LOOKS = 4  # at a process until a difference counts

# pagemap's entries, Documentation/admin-guide/mm/pagemap.rst
PRESENT, SWAPPED, FILE, GUARD, UFFD_WP, EXCLUSIVE = (1 << b for b in (63, 62, 61, 58, 57, 56))
FRAME = (1 << 55) - 1
SOFT_DIRTY = 1 << 55
# kpageflags
K_REFERENCED, K_DIRTY, K_ANON, K_SWAPBACKED = (1 << b for b in (2, 4, 12, 14))
K_HUGE, K_KSM, K_ZERO, K_MLOCKED = (1 << b for b in (17, 21, 24, 33))
SWAP_TYPE, MARKER, MARKER_POISON = 0x1f, 0x1f, 2 << 5  # swap entries that are marks: offset 2 is poison
RESIDENT = {"file", "copy", "anon", "shm"}


class Region:
    """One entry of smaps."""

    def __init__(self, start, end, perms, offset, device, inode, path):
        self.start, self.end, self.perms, self.offset = start, end, perms, offset
        self.device, self.inode, self.path = device, inode, path
        self.kib = {}
        self.vmflags = set()

    def sums(self):
        return tuple(self.kib.get(k) for k in ("Rss", "Swap", "Locked", "Private_Hugetlb", "Shared_Hugetlb"))


HEAD = re.compile(rb"([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) (\S+) (\d+) *(.*)")


def read_smaps(pid):
    with open(f"/proc/{pid}/smaps", "rb") as f:
        text = f.read()
    regions = []
    for line in text.split(b"\n"):
        head = HEAD.fullmatch(line)
        if head:
            g = head.groups()
            regions.append(Region(int(g[0], 16), int(g[1], 16), g[2].decode(), int(g[3], 16),
                                  g[4].decode(), int(g[5]), g[6]))
        elif line.startswith(b"VmFlags:"):
            regions[-1].vmflags = set(line.decode().split()[1:])
        elif line.endswith(b" kB"):
            key, value, _ = line.split()
            regions[-1].kib[key[:-1].decode()] = int(value)
    return regions


def mappings(regions):
    """The regions of a snapshot, as smaps has them: one that is joined to the one before is a part of it."""
    joined = []
    for region in regions:
        if region.get("joined"):
            joined[-1] |= {"end": region["end"], "runs": joined[-1]["runs"] + region["runs"]}
        else:
            joined.append(dict(region))
    return joined


libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]


def page_cache(pid, region):
    """A byte a page of the region: is the page cache's page there? None: cannot be asked."""
    try:
        fd = os.open(f"/proc/{pid}/map_files/{region.start:x}-{region.end:x}", os.O_RDONLY)
    except OSError:
        return None
    try:
        length = region.end - region.start
        size = os.fstat(fd).st_size - region.offset
        if size <= 0:
            return bytes(length // PAGE)
        asked = min(length, (size + PAGE - 1) // PAGE * PAGE)
        at = libc.mmap(None, asked, 1, 1, fd, region.offset)
        if at in (None, ctypes.c_void_p(-1).value):
            return None
        answer = ctypes.create_string_buffer(asked // PAGE)
        good = libc.mincore(at, asked, answer) == 0
        libc.munmap(at, asked)
        return answer.raw[:asked // PAGE] + bytes((length - asked) // PAGE) if good else None
    finally:
        os.close(fd)


class Process:
    def __init__(self, pid):
        self.pid = pid
        self.pagemap = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY)
        self.kpageflags = os.open("/proc/kpageflags", os.O_RDONLY)

    def close(self):
        os.close(self.pagemap)
        os.close(self.kpageflags)

    def entries(self, first, count):
        values = array.array("Q")
        raw = os.pread(self.pagemap, count * 8, first * 8)
        values.frombytes(raw[:len(raw) // 8 * 8])
        return values

    def kflags(self, frames):
        """The kernel's flags of each frame, read in stretches of neighbours."""
        flags = array.array("Q")
        i, n = 0, len(frames)
        while i < n:
            j = i + 1
            while j < n and frames[j] == frames[j - 1] + 1:
                j += 1
            flags.frombytes(os.pread(self.kpageflags, (j - i) * 8, frames[i] * 8))
            i = j
        return flags


def is_shared_memory(region):
    return region.perms[3] == "s" and (region.path.startswith((b"/dev/zero", b"/memfd:", b"/SYSV", b"/dev/shm/",
                                                              b"/anon_hugepage", b"[anon_shmem")))


def state_of_present(region, entry, k):
    if k & K_ZERO:
        return "zero"
    if k & K_HUGE:
        return "shm" if region.perms[3] == "s" else "anon" if entry & FILE == 0 else None
    if k & K_ANON:
        own = region.inode and not region.path.startswith(b"/dev/zero")
        return "copy" if own else "anon"
    return "shm" if k & K_SWAPBACKED else "file"


def state_of_absent(region, entry, cached):
    """The states that are right: a set, as a swapped page of shared memory leaves no entry."""
    if entry & GUARD:
        return {"guard"}
    if entry & SWAPPED:
        if entry & SWAP_TYPE != MARKER:
            return {"swap"}
        if entry & MARKER_POISON and not entry & UFFD_WP:
            return {"guard"}
    if region.perms.startswith("---"):
        return {"guard"}
    if not region.inode or region.path.startswith(b"/dev/zero") and region.perms[3] == "p":
        return {"reserved"}
    if cached is None:
        return {"reserved", "cached", "swap"} if is_shared_memory(region) else {"reserved", "unknown"}
    if is_shared_memory(region):
        return {"cached", "swap"} if cached & 1 else {"reserved", "swap"}
    return {"cached"} if cached & 1 else {"reserved"}


class Comparison:
    """Of one look: what differs, as {(page): text}; and how many pages were compared."""

    def __init__(self):
        self.differences = collections.OrderedDict()
        self.pages = self.resident = self.cached = self.files = self.files_exact = 0

    def differ(self, where, text):
        if len(self.differences) < 1000:
            self.differences.setdefault(where, text)


# what a page that is not readable by pagemap may be called: regions of raw frames, and vsyscall
def is_special(region):
    return bool({"pf", "io"} & region.vmflags) or region.path in (b"[vsyscall]", b"[vvar]", b"[vvar_vclock]")


def compare_present(c, process, region, run, first, entries):
    frames = [e & FRAME for e in entries]
    flags = run["flags"]
    kflags = process.kflags(frames)
    if len(kflags) != len(frames):
        c.differ(first, "kpageflags is shorter than the frames")
        return
    for i, (entry, k) in enumerate(zip(entries, kflags)):
        page = first + i
        said = run["state"]
        state = state_of_present(region, entry, k)
        if state and said != state:
            c.differ(page, f"{said}, should be {state}: entry {entry:#x}, flags {k:#x}")
        if run.get("pfn") and run["pfn"] + i != frames[i]:
            c.differ(page, f"frame {run['pfn'] + i}, should be {frames[i]}")
        if said == "zero":
            continue
        # of a file's page any reader changes the rest, pagescape itself, which maps the same libraries
        names = [("dirty", bool(k & K_DIRTY)), ("ksm", bool(k & K_KSM)), ("locked", bool(k & K_MLOCKED))]
        if k & K_ANON:
            names += [("exclusive", bool(entry & EXCLUSIVE)), ("shared", not entry & EXCLUSIVE),
                      ("referenced", bool(k & K_REFERENCED))]
        for name, truth in names:
            # of a huge frame the flags stand at its head alone
            if (name in flags) != truth and not (name not in ("exclusive", "shared", "ksm") and
                                                 {"huge", "hugetlb"} & set(flags)) and not k & K_HUGE:
                c.differ(page, f"{said}: {name} {name in flags}, should be {truth}: {entry:#x} {k:#x}")


def compare_absent(c, region, run, first, entries, cached):
    said, ignored = run["state"], ~(SOFT_DIRTY | EXCLUSIVE | FILE)
    offset = first - region.start // PAGE
    if cached is None:
        kinds = {(e & ignored, None) for e in entries}
    else:
        kinds = set(zip((e & ignored for e in entries), cached[offset:offset + len(entries)]))
    right = {kind: state_of_absent(region, *kind) for kind in kinds}
    if all(said in states for states in right.values()):
        return
    for i, entry in enumerate(entries):
        kind = (entry & ignored, None if cached is None else cached[offset + i])
        if said not in right[kind]:
            c.differ(first + i, f"{said}, should be {'/'.join(sorted(right[kind]))}: entry {entry:#x}, cached {kind[1]}")


def compare_run(c, process, region, run, cached, at, count):
    """count pages of the run from page `at`: in stretches of present and absent ones."""
    entries = process.entries(at, count)
    if len(entries) != count:
        c.differ(at, f"{count} pages of {run['state']}, pagemap has {len(entries)} of them")
        return
    i = 0
    while i < count:
        j, present = i + 1, entries[i] & PRESENT
        while j < count and entries[j] & PRESENT == present:
            j += 1
        part = dict(run)
        if run.get("pfn"):
            part["pfn"] = run["pfn"] + (at + i - int(run["start"], 16) // PAGE)
        if present:
            compare_present(c, process, region, part, at + i, entries[i:j])
            c.resident += j - i
        else:
            compare_absent(c, region, part, at + i, entries[i:j], cached)
        i = j


CHUNK = 1 << 18


def compare_region(c, process, region, seen):
    at = region.start // PAGE
    sums = collections.Counter()
    cached = page_cache(process.pid, region) if region.inode else None
    for run in seen["runs"]:
        first, pages = int(run["start"], 16) // PAGE, run["pages"]
        if first != at or pages <= 0:
            c.differ(first, f"the runs have a gap at page {at:#x}")
        at = first + pages
        sums["hugetlb" if "hugetlb" in run["flags"] else run["state"]] += pages
        sums["cached"] += pages * (run["state"] == "cached")
        c.pages += pages
        if run["state"] == "unknown" and is_special(region):
            continue
        for done in range(0, pages, CHUNK):
            compare_run(c, process, region, run, cached, first + done, min(CHUNK, pages - done))
    if at != region.end // PAGE:
        c.differ(at, "the runs end before the region does")
    c.cached += sums["cached"]
    if is_special(region):
        return
    hugetlb = region.kib.get("Private_Hugetlb", 0) + region.kib.get("Shared_Hugetlb", 0)
    for name, mine, kib in (("resident", sum(sums[s] for s in RESIDENT), region.kib["Rss"]),
                            ("swapped", sums["swap"], region.kib["Swap"]),
                            ("hugetlb", sums["hugetlb"], hugetlb)):
        if mine * PAGE // 1024 != kib:
            c.differ((region.start, name), f"{name} {mine * PAGE // 1024} KiB, smaps says {kib}")


def look(pagescape, pid, options):
    """One comparison; None: the process has ended, or changed under our eyes."""
    before = read_smaps(pid)
    out = subprocess.run([pagescape, "snapshot", "--json", "--frames", *options, "-p", str(pid)],
                         capture_output=True, check=False)
    if out.returncode != 0:
        c = Comparison()
        c.differ("snapshot", out.stderr.decode(errors="replace").strip())
        return c
    seen = mappings(json.loads(out.stdout)["regions"])
    c = Comparison()
    if [(r.start, r.end, r.perms) for r in before] != \
            [(int(r["start"], 16), int(r["end"], 16), r["perms"]) for r in seen]:
        c.differ("regions", "the regions are not those of smaps")
        return c
    process = Process(pid)
    try:
        for region, said in zip(before, seen):
            compare_region(c, process, region, said)
        files.compare(c, pid, before, seen)
    finally:
        process.close()
    if [r.sums() for r in before] != [r.sums() for r in read_smaps(pid)]:
        return None
    return c


COUNTS = ("pages", "resident", "cached", "files", "files_exact")


class Result:
    """Of many looks: what was compared, how often a process had to be looked at again, and what differs."""

    def __init__(self):
        self.pages = self.resident = self.cached = self.files = self.files_exact = self.looks = self.again = self.unsteady = 0
        self.differences = []

    def add(self, other):
        for name in COUNTS + ("looks", "again", "unsteady", "differences"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def compare_process(pagescape, pid, result, options=()):
    """Adds the comparison of a stopped process to the result."""
    standing, last = None, None
    for attempt in range(LOOKS):
        c = look(pagescape, pid, options)
        result.again += attempt > 0
        if c is None:
            continue
        last = c
        mine = {(where, text.split(":")[0]): text for where, text in c.differences.items()}
        standing = mine if standing is None else {k: v for k, v in mine.items() if k in standing}
        if not standing:
            break
    if last is None:
        result.unsteady += 1
        return
    result.looks += 1
    for name in COUNTS:
        setattr(result, name, getattr(result, name) + getattr(last, name))
    for (where, _), text in (standing or {}).items():
        result.differences.append((pid, where, text))
