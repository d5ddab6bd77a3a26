"""check-harm: what it costs a process to be watched, and whether it survives its watcher.

    check_harm.py PAGESCAPE VICTIM [cost] [kills] [--kills N] [--pairs N]

cost: the victim alone and watched, in turns, by each way of watching: time, page faults added (none are
allowed), and, as root with tracefs, how long it waited for the lock of its memory map.
kills: pagescape gets SIGKILL, SIGTERM, SIGQUIT, or SIGSTOP and SIGCONT, at moments that chance picks, in
each way of watching, attached and launched. Whom it attached to must go on, unstopped, untraced, every
byte right; a launched program must not be left standing; the terminal must be as it was (SIGKILL leaves
it to the shell); no file may be left but the recording itself.
"""
import argparse
import fcntl
import os
import pty
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

WAYS = {  # arguments before the target, and whether a terminal is needed
    "lines": (["faults"], False),
    "lines, no stacks": (["faults", "--no-stacks"], False),
    "record": (["record", "-o", "FILE", "--force"], False),
    "record, no stacks": (["record", "-o", "FILE", "--force", "--no-stacks"], False),
    "screen": ([], True),
    "screen, no stacks": (["--no-stacks"], True),
    "screen, no faults": (["--no-faults"], True),
    "stepping": (["--do", "step; step; step; step; step; step; continue"], True),
}
COST_WAYS = [w for w in WAYS if w != "stepping"]
KILL_WAYS = ["lines", "record", "screen", "stepping"]
SIGNALS = {"KILL": [signal.SIGKILL], "TERM": [signal.SIGTERM], "QUIT": [signal.SIGQUIT],
           "STOP, CONT": [signal.SIGSTOP, signal.SIGCONT, signal.SIGTERM]}


def temporary_of(directory):
    """Where its watcher makes temporary files: a folder that nobody else uses, so that one left behind is ours."""
    path = os.path.join(directory, "tmp")
    os.makedirs(path, exist_ok=True)
    return path


class Watcher:
    """pagescape, in a terminal of 120 columns and 36 rows where the way needs one."""

    def __init__(self, pagescape, way, target, directory):
        arguments, self.terminal = WAYS[way]
        arguments = [os.path.join(directory, "session.pgs") if a == "FILE" else a for a in arguments]
        self.drain = self.master = self.slave = None
        environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", TMPDIR=temporary_of(directory))
        command = [pagescape, *arguments, *target]
        if not self.terminal:
            self.process = subprocess.Popen(command, cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            return
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.modes = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(command, cwd=directory, env=environment, stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.drain = threading.Thread(target=self.read_all, daemon=True)
        self.drain.start()

    def read_all(self):
        try:
            while os.read(self.master, 65536):
                pass
        except OSError:
            pass

    def watches(self):
        """It has read something of the target: its rings are mapped and it waits, or has begun to draw."""
        try:
            with open(f"/proc/{self.process.pid}/stat", encoding="utf-8", errors="replace") as f:
                waits = f.read().rpartition(")")[2].split()[0] == "S"
            links = [os.readlink(f"/proc/{self.process.pid}/fd/{n}") for n in os.listdir(f"/proc/{self.process.pid}/fd")]
        except OSError:
            return False
        return waits and any(link.endswith("/pagemap") for link in links)

    def is_restored(self):
        return not self.terminal or termios.tcgetattr(self.slave) == self.modes

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def close(self):
        if self.terminal:
            os.close(self.slave)
            os.close(self.master)


def wait_for(what, seconds=20):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def figures(line):
    return {key: float(value) for key, value in re.findall(r"(\w+)=(\d+)", line)}


class LockWaits:
    """How long threads of a process waited for its mmap_lock: an instance in a tracefs that is mounted for
    it, both taken away again."""

    def __init__(self):
        self.mount = tempfile.mkdtemp(prefix="pagescape-tracefs")
        mounted = subprocess.run(["mount", "-t", "tracefs", "none", self.mount], check=False, stderr=subprocess.DEVNULL)
        self.path = None
        if mounted.returncode == 0 and os.path.exists(f"{self.mount}/events/mmap_lock"):
            self.path = f"{self.mount}/instances/pagescape-harm-{os.getpid()}"
            os.mkdir(self.path)

    def write(self, name, text):
        with open(f"{self.path}/{name}", "w", encoding="ascii") as f:
            f.write(text)

    def begin(self, pid):
        if self.path:
            self.write("set_event_pid", str(pid))
            self.write("buffer_size_kb", "16384")
            self.write("trace", "")
            for event in ("start_locking", "acquire_returned"):
                self.write(f"events/mmap_lock/mmap_lock_{event}/enable", "1")

    def end(self):
        """Microseconds; None: cannot be known here."""
        if not self.path:
            return None
        self.write("events/mmap_lock/enable", "0")
        started, waited = {}, 0.0
        with open(f"{self.path}/trace", encoding="utf-8", errors="replace") as f:
            for line in f:
                m = re.search(r"-(\d+)\s+\[\d+\].*?([0-9.]+): mmap_lock_(\w+):", line)
                if m and m.group(3) == "start_locking":
                    started[m.group(1)] = float(m.group(2))
                elif m and m.group(1) in started:
                    waited += float(m.group(2)) - started.pop(m.group(1))
        return waited * 1e6

    def close(self):
        if self.path:
            os.rmdir(self.path)
        subprocess.run(["umount", self.mount], check=False, stderr=subprocess.DEVNULL)
        os.rmdir(self.mount)


def run_victim(o, what, way, locks=None):
    """Its own figures of one run; way None: nobody watches."""
    with tempfile.TemporaryDirectory(prefix="pagescape-harm", dir="/var/tmp") as directory:
        victim = subprocess.Popen([o.victim, *what], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        victim.stdout.readline()
        watcher = way and Watcher(o.pagescape, way, ["-p", str(victim.pid)], directory)
        if watcher and not wait_for(watcher.watches):
            print(f"# {way}: pagescape did not begin (exit status {watcher.process.poll()})")
        if watcher:
            time.sleep(0.3)  # the first picture is drawn: no part of what is measured
        if locks:
            locks.begin(victim.pid)
        answer = figures(victim.communicate(b"go\n")[0].decode())
        answer["lock_us"] = locks.end() if locks else None
        if watcher:
            watcher.end()
            watcher.close()
    return answer


LOADS = {"fresh pages": ["pages", "100000"], "mappings": ["maps", "30000"], "arithmetic": ["work", "200000000"]}


def measure_costs(o):
    failed = 0
    print(f"{'':30} {'time':>7} {'cpu':>7} {'faults added':>13} {'waits for the lock, us (alone)':>31}")
    locks = LockWaits()
    try:
        for load, what in LOADS.items():
            for way in COST_WAYS:
                failed += measure_cost(o, load, what, way, locks)
    finally:
        locks.close()
    return failed


def measure_cost(o, load, what, way, locks):
    ratios, cpu, added = [], [], []
    for _ in range(o.pairs):
        alone, watched = run_victim(o, what, None), run_victim(o, what, way)
        ratios.append(watched["us"] / alone["us"])
        cpu.append(watched["cpu_us"] / max(alone["cpu_us"], 1))
        added.append(watched["minor"] + watched["major"] - alone["minor"] - alone["major"])
    waits = [run_victim(o, what, w, locks)["lock_us"] for w in (way, None)] if locks.path else None
    shown = f"{waits[0]:.0f} ({waits[1]:.0f})" if waits else "unknown"
    # a page of the victim's own that is touched at chance moments (a lazily bound call) may differ by one
    extra = statistics.median(added)
    print(f"{load + ', ' + way:30} {statistics.median(ratios):7.2f} {statistics.median(cpu):7.2f} {extra:13.0f} {shown:>31}",
          flush=True)
    return int(extra > 0)


def state_of(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as f:
            text = f.read()
    except OSError:
        return "gone", 0
    return re.search(r"State:\s+(\S)", text).group(1), int(re.search(r"TracerPid:\s+(\d+)", text).group(1))


def count_of(path):
    try:
        with open(path, encoding="ascii") as f:
            return f.read()
    except OSError:
        return ""


def harm_attached(victim, count):
    """What is wrong with it; None: nothing."""
    before = count_of(count)
    if victim.poll() is not None:
        return f"it ended with status {victim.returncode}"
    if not wait_for(lambda: count_of(count) != before):
        return "it stands still"
    state, tracer = state_of(victim.pid)
    return f"state {state}, tracer {tracer}" if state in "tT" or tracer else None


def of_command(path):
    """Processes whose command line has this word."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if path.encode() in words and b"walk" in words[:3]:
            found.append(int(pid))
    return found


def harm_launched(count):
    """A launched program may end with us or live on; it must not be left standing."""
    def settled():
        return all(state_of(p)[0] not in "tT" and not state_of(p)[1] for p in of_command(count))
    harm = None if wait_for(settled, 5) else f"left standing: {[(p, state_of(p)) for p in of_command(count)]}"
    for pid in of_command(count):
        os.kill(pid, signal.SIGKILL)
    return harm


def kill_once(o, way, launched, name, victim, count, home):
    """One moment: what was harmed, or None."""
    with tempfile.TemporaryDirectory(prefix="at", dir=home) as directory:
        own_count = os.path.join(directory, "count")
        target = ["--", o.victim, "walk", own_count] if launched else ["-p", str(victim.pid)]
        watcher = Watcher(o.pagescape, way, target, directory)
        time.sleep(random.uniform(0, 0.25))  # no synchronisation: any moment will do
        for sig in SIGNALS[name]:
            try:
                os.kill(watcher.process.pid, sig)
            except ProcessLookupError:
                break
            if len(SIGNALS[name]) > 1:
                time.sleep(random.uniform(0, 0.05))
        try:
            watcher.process.wait(15)
        except subprocess.TimeoutExpired:
            watcher.process.kill()
            watcher.process.wait()
            return "pagescape does not end"
        harm = harm_launched(own_count) if launched else harm_attached(victim, count)
        if not harm and name != "KILL" and not watcher.is_restored():
            harm = "the terminal is not as it was"
        watcher.close()
        left = set(os.listdir(directory)) - {"session.pgs", "count", "tmp"} | set(os.listdir(temporary_of(directory)))
        return harm or (left and f"files left: {left}")


def run_kills(o):
    failed = 0
    with tempfile.TemporaryDirectory(prefix="pagescape-harm", dir="/var/tmp") as home:
        count = os.path.join(home, "count")
        victim = subprocess.Popen([o.victim, "walk", count], stdin=subprocess.DEVNULL)
        wait_for(lambda: count_of(count))
        for way in KILL_WAYS:
            for launched in (False, True):
                harms = []
                for i in range(o.kills):
                    name = list(SIGNALS)[i % len(SIGNALS)]
                    harm = kill_once(o, way, launched, name, victim, count, home)
                    if harm:
                        harms.append(f"{name}: {harm}")
                    if victim.poll() is not None:
                        victim = subprocess.Popen([o.victim, "walk", count], stdin=subprocess.DEVNULL)
                print(f"{way + (', launched' if launched else ', attached'):30} {o.kills} moments, {len(harms)} harmed", flush=True)
                for text in harms[:5]:
                    print(f"#   {text}")
                failed += len(harms)
        victim.kill()
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pagescape")
    parser.add_argument("victim")
    parser.add_argument("parts", nargs="*", default=["cost", "kills"])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=5)
    o = parser.parse_args()
    o.pagescape, o.victim = os.path.abspath(o.pagescape), os.path.abspath(o.victim)
    failed = 0
    if "cost" in o.parts:
        failed += measure_costs(o)
    if "kills" in o.parts:
        failed += run_kills(o)
    print("nothing was harmed" if not failed else f"{failed} were harmed")
    return 1 if failed else 0


sys.exit(main())
