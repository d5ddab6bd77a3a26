"""Each page fault that `pagescape faults` prints against what perf says of the same process at the same time: perf
record by thread, address and instruction, and `perf trace -F all` by thread, kind (minor or major) and where. All
three must have the same ones, as often.

perf trace names most addresses by file and offset: such a fault is matched by the file's name and the place in its page.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

import workloads

LINE = re.compile(r"\s*(\d+)\s+([0-9]+\.[0-9]+):\s+(?:minor-faults|major-faults):\s+([0-9a-f]+)\s+([0-9a-f]+)")
TRACE = re.compile(r"\s*([0-9.]+) \(.*\): .*/(\d+) (maj|min)fault \[.*\] => (?:(.*)@)?0x([0-9a-f]+) \(..\)")
KINDS = {"maj": "major", "min": "minor"}


GAP = 2.5  # seconds that the program waits for its line, with all watching


def after_wait(first, faults):
    """Those since the thread `first` went on after its wait for the line, with everybody watching: a peer begins before
    we do. faults: (seconds, thread, ...), in order."""
    last = None
    for i, fault in enumerate(faults):
        if fault[1] == first:
            if last is not None and fault[0] - last > GAP / 2:
                return faults[i:]
            last = fault[0]
    return faults


def record_faults(path, first):
    """{(thread, address, instruction): how often}"""
    out = subprocess.run(["perf", "script", "-i", path, "-F", "tid,time,event,addr,ip", "--ns"],
                         capture_output=True, text=True, check=False)
    if out.returncode:
        raise RuntimeError(f"perf script: {out.stderr.strip()[-300:]}")
    found = [(float(m.group(2)), int(m.group(1)), int(m.group(3), 16), int(m.group(4), 16))
             for m in map(LINE.match, out.stdout.splitlines()) if m]
    return collections.Counter(fault[1:] for fault in after_wait(first, found))


def trace_faults(path, first):
    """[(thread, kind, file or None, address or offset)], and how many perf trace lost."""
    found, lost = [], 0
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            m = TRACE.match(line)
            if m:
                found.append((float(m.group(1)) / 1000, int(m.group(2)), KINDS[m.group(3)], m.group(4), int(m.group(5), 16)))
            elif line.startswith("LOST"):
                lost += int(line.split()[1])
    return [fault[1:] for fault in after_wait(first, found)], lost


def our_faults(path):
    """[(thread, kind, address, instruction, path of the region)], and how many pagescape lost."""
    found, lost = [], 0
    with open(path, encoding="utf-8") as f:
        for line in f:
            event = json.loads(line)
            if event["event"] == "fault" and event["kind"] in ("minor", "major"):
                found.append((event["tid"], event["kind"], int(event["address"], 16), int(event["ip"], 16),
                              event.get("region", {}).get("path", "")))
            elif event["event"] == "summary":
                lost = event["lost"]
    return found, lost


def file_key(thread, kind, path, offset):
    name = "[vdso]" if os.path.basename(path).startswith("perf-vdso") else os.path.basename(path)
    return thread, kind, name, offset % 4096


def against_trace(mine, theirs):
    """Faults that only perf trace has, and that only we have: by address first, then by file and place in the page."""
    left = collections.Counter((t, kind, address) for t, kind, address, _, _ in mine)
    by_file, only_theirs = [], []
    for thread, kind, path, value in theirs:
        if left[thread, kind, value] > 0:
            left[thread, kind, value] -= 1
        elif path:
            by_file.append(file_key(thread, kind, path, value))
        else:
            only_theirs.append((thread, kind, hex(value)))
    ours = collections.Counter()
    paths = {(t, kind, address): path for t, kind, address, _, path in mine}
    for (thread, kind, address), count in left.items():
        ours[file_key(thread, kind, paths.get((thread, kind, address), ""), address)] += count
    theirs = collections.Counter(by_file)
    return only_theirs + list((theirs - ours).elements()), list((ours - theirs).elements())


def wait_for(what, seconds=20):
    """What it returned once it was true; None: it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(0.02)
    return None


def watches(pid):
    """It has mapped its rings, and waits for what comes."""
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as f:
            mapped = "perf_event" in f.read()
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            return mapped and f.read().rpartition(")")[2].split()[0] == "S"
    except OSError:
        return False


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        children = [int(p) for p in f.read().split()]
    return children[0] if children and command_of(children[0]).startswith(b"bash\0-c\0read") else None


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return f.read()
    except OSError:
        return b""


def watch(pagescape, arguments, directory, peer):
    """Runs the program under a peer and us. It waits for a line, so that both watch before it begins. Returns its process
    number; a text: why nothing was seen."""
    with open(os.path.join(directory, "said"), "w", encoding="ascii") as err, \
            open(os.path.join(directory, "ours"), "w", encoding="ascii") as out:
        theirs = subprocess.Popen([*peer, "--", "bash", "-c", 'read line; exec "$@"', "bash", *arguments], cwd=directory,
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=err)
        pid = wait_for(lambda: child_of(theirs.pid))
        if not pid:
            theirs.kill()
            return "the program did not begin"
        ours = subprocess.Popen([pagescape, "faults", "--json", "--no-stacks", "-f", "-p", str(pid)], stdout=out, stderr=err)
        ready = wait_for(lambda: watches(ours.pid))
        time.sleep(GAP)
        theirs.communicate(b"go\n")
        ours.wait()
    if ready and ours.returncode == 0 and theirs.returncode == 0:
        return pid
    with open(os.path.join(directory, "said"), encoding="utf-8") as f:
        return f"ready {bool(ready)}, exit statuses {ours.returncode}, {theirs.returncode}: {f.read().strip()[-300:]}"


# perf record and perf trace cannot watch at once: with both on one process, perf script cannot read what perf record wrote
RECORD = ["perf", "record", "-q", "-e", "minor-faults,major-faults", "-c", "1", "-d", "-m", "16M", "-o", "theirs"]
TRACER = ["perf", "trace", "-F", "all", "--no-syscalls", "-T", "-m", "4096", "-o", "theirs"]


def with_record(ours, theirs, first):
    """(how many in perf record, how many it lost, only there, only here)"""
    recorded = record_faults(theirs, first)
    mine = collections.Counter((thread, address, ip) for thread, _, address, ip, _ in ours)
    only_theirs, only_ours = (list((a - b).elements()) for a, b in ((recorded, mine), (mine, recorded)))
    return recorded.total(), 0, *([(t, hex(a), hex(i)) for t, a, i in keys] for keys in (only_theirs, only_ours))


def with_trace(ours, theirs, first):
    traced, lost = trace_faults(theirs, first)
    return len(traced), lost, *against_trace(ours, traced)


def compare_one(pagescape, name, arguments, peer, compare_with):
    """1: they differ."""
    with tempfile.TemporaryDirectory(prefix="pagescape-faults", dir="/var/tmp") as directory:
        workloads.write_inputs(directory)
        first = watch(pagescape, arguments, directory, peer)
        if isinstance(first, str):
            print(f"# faults of {name}, with perf {peer[1]}: {first}")
            return 1
        ours, lost = our_faults(os.path.join(directory, "ours"))
        count, their_lost, only_theirs, only_ours = compare_with(ours, os.path.join(directory, "theirs"), first)
    print(f"{name:12} {'perf ' + peer[1]:12} {len(ours):8} {lost:6} {count:8} {their_lost:6} {len(only_theirs):11} {len(only_ours):9}",
          flush=True)
    for who, keys in (("perf", only_theirs), ("pagescape", only_ours)):
        for key in keys[:4]:
            print(f"#   only in {who}: {' '.join(map(str, key))}")
    return int(len(only_theirs) > lost or len(only_ours) > their_lost)


def compare(pagescape, shapes, shapes32):
    """How many programs differ."""
    if not shutil.which("perf"):
        print("# perf is not installed here")
        return 0
    print("\nfaults, against perf record and perf trace -F all")
    programs = {"shapes": [shapes, "huge", "memfd", "sysv", "device", "rights", "stack"],
                "leaving": [shapes, "leaving", "merged", "locked"],
                "threads": [shapes, "threads"],
                "32 bits": [shapes32, "memfd", "rights", "stack"],
                "bash": ["bash", "-c", "for i in $(seq 2000); do x+=$i; y=$(echo $i); [ $i -lt 60 ] || break; done"],
                "python3": ["python3", "-c", "x = [str(i) for i in range(300000)]"],
                "perl": ["perl", "-e", "my %h; $h{$_} = 'x' x 40 for 1 .. 50000"],
                "gcc": ["gcc", "-O1", "-c", "-o", "source.o", "source.c"],
                "sqlite3": ["sqlite3", "new.db", workloads.SQL.replace("300000", "30000")],
                "node": ["node", "-e", "let a = []; for (let i = 0; i < 1e5; i++) a.push({i})"],
                "java": ["java", "-Xmx64m", "-version"],
                "gdb": ["gdb", "-q", "-batch", "-ex", "info functions main", "bash"],
                "stress-ng": ["stress-ng", "--quiet", "--vm", "1", "--vm-bytes", "16m", "--vm-ops", "2000"],
                "sort": ["sort", "-R", "-S", "64M", "source.c"]}
    print(f"{'program':12} {'peer':12} {'here':>8} {'lost':>6} {'there':>8} {'lost':>6} {'only there':>11} {'only here':>9}")
    return sum(compare_one(pagescape, name, arguments, peer, compare_with)
               for name, arguments in programs.items() if shutil.which(arguments[0])
               for peer, compare_with in ((RECORD, with_record), (TRACER, with_trace)))
