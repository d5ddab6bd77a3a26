"""Each page fault that `pagescape faults` prints against what perf records of the same process at the
same time: both must have the same ones, by thread, address and instruction, as often."""
import collections
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

LINE = re.compile(r"\s*(\d+)\s+([0-9]+\.[0-9]+):\s+(?:minor-faults|major-faults):\s+([0-9a-f]+)\s+([0-9a-f]+)")


def perf_faults(path, since):
    """Those from that time on, CLOCK_MONOTONIC seconds."""
    out = subprocess.run(["perf", "script", "-i", path, "-F", "tid,time,event,addr,ip", "--ns"],
                         capture_output=True, text=True, check=True).stdout
    found = collections.Counter()
    for line in out.splitlines():
        m = LINE.match(line)
        if m and float(m.group(2)) >= since:
            found[(int(m.group(1)), int(m.group(3), 16), int(m.group(4), 16))] += 1
    return found


def our_faults(path):
    found, lost = collections.Counter(), 0
    with open(path, encoding="utf-8") as f:
        for line in f:
            event = json.loads(line)
            if event["event"] == "fault" and event["kind"] in ("minor", "major"):
                found[(event["tid"], int(event["address"], 16), int(event["ip"], 16))] += 1
            elif event["event"] == "summary":
                lost = event["lost"]
    return found, lost


def wait_for(what, seconds=20):
    """What it returned once it was true; None: it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(0.02)
    return None


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return f.read()
    except OSError:
        return b""


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        children = [int(p) for p in f.read().split()]
    return children[0] if children and command_of(children[0]).startswith(b"bash\0-c\0read") else None


def watches(pid):
    """It has mapped its rings, and waits for what comes."""
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as f:
            mapped = "perf_event" in f.read()
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            return mapped and f.read().rpartition(")")[2].split()[0] == "S"
    except OSError:
        return False


def watch(pagescape, arguments, directory):
    """Runs the program under both. It waits for a line, so that both watch before it begins.
    Returns the two counters and how many faults pagescape lost; a text: why there are none."""
    ours, theirs, said = (os.path.join(directory, n) for n in ("ours", "theirs", "said"))
    with open(said, "w", encoding="ascii") as err, open(ours, "w", encoding="ascii") as out:
        peer = subprocess.Popen(["perf", "record", "-q", "-e", "minor-faults,major-faults", "-c", "1", "-d", "-m", "16M",
                                 "-k", "CLOCK_MONOTONIC", "-o", theirs, "--",
                                 "bash", "-c", 'read line; exec "$@"', "bash", *arguments],
                                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=err)
        pid = wait_for(lambda: child_of(peer.pid))
        if not pid:
            peer.kill()
            return "the program did not begin"
        watcher = subprocess.Popen([pagescape, "faults", "--json", "--no-stacks", "-f", "-p", str(pid)], stdout=out, stderr=err)
        ready = wait_for(lambda: watches(watcher.pid))
        since = time.monotonic()
        peer.communicate(b"go\n")
        watcher.wait()
    with open(said, encoding="utf-8") as f:
        words = f.read().strip()
    if not ready or watcher.returncode or peer.returncode:
        return f"exit status {watcher.returncode}, perf's {peer.returncode}: {words}"
    return perf_faults(theirs, since), *our_faults(ours)


def compare_one(pagescape, name, arguments):
    """0: the same."""
    with tempfile.TemporaryDirectory(prefix="pagescape-faults", dir="/var/tmp") as directory:
        answer = watch(pagescape, arguments, directory)
    if isinstance(answer, str):
        print(f"# faults of {name}: {answer}")
        return 1
    other, mine, lost = answer
    missing, extra = other - mine, mine - other
    print(f"faults of {name}: {sum(mine.values())} here, {sum(other.values())} in perf; {sum(missing.values())} only in "
          f"perf, {sum(extra.values())} only here, {lost} lost")
    for which, keys in (("perf", missing), ("pagescape", extra)):
        for thread, address, ip in list(keys)[:4]:
            print(f"#   only in {which}: thread {thread}, address {address:#x}, instruction {ip:#x}")
    return 1 if sum(missing.values()) > lost or sum(extra.values()) else 0


def compare(pagescape, shapes):
    """How many programs differ."""
    if not shutil.which("perf"):
        print("# faults: perf is not installed here")
        return 0
    programs = {"shapes": [shapes, "huge", "memfd", "sysv", "device", "rights", "stack"],
                "threads": [shapes, "threads"],
                "python3": ["python3", "-c", "x = [str(i) for i in range(300000)]"],
                "gcc": ["gcc", "--version"],
                "sort": ["sort", "-R", "-S", "64M", "/proc/self/maps"]}
    return sum(compare_one(pagescape, name, arguments) for name, arguments in programs.items()
               if shutil.which(arguments[0]))
