"""soak: watches busy programs for a long time by every way at once, and prints each minute what each
watcher needs. Memory, descriptors and threads must be flat after the first minutes, no block of a
recording may be lost, and every watcher must still be there at the end.

    soak.py PAGESCAPE [--minutes N] [--only "record -f,screen -f"]

What is watched: stress-ng's memory stressors (where installed; else a python that allocates), and a server that
forks a child for each request, with a client that asks it twenty times a second.
"""
import argparse
import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

SERVER = """
import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(64)
held = [bytearray(4096) for _ in range(5000)]
while True:
    c, _ = s.accept()
    if os.fork() == 0:
        for b in held[:500]: b[0] = 1
        c.sendall(b'x' * 1000); os._exit(0)
    c.close()
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except ChildProcessError: pass
"""
BUSY = "while True:\n  x = [bytearray(100000) for _ in range(200)]"
# name, arguments (FILE: its recording), what it watches, whether in a terminal
WATCHERS = (
    ("lines", ["faults"], "busy", False),
    ("record", ["record", "-o", "FILE"], "busy", False),
    ("record -f", ["record", "-f", "-o", "FILE"], "server", False),
    ("screen", [], "busy", True),
    ("screen -f", ["-f"], "server", True),
)
GROWTH = 1.25  # of memory, from a quarter of the time to the end
RECORD_GROWTH = 2.0  # of the recorder, which keeps new names and stacks
MINUTE = 60


def in_terminal(command, environment):
    """The process, and the terminal's other end, which someone must read."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(slave)

    def drain():
        try:
            while os.read(master, 65536):
                pass
        except OSError:
            pass
    threading.Thread(target=drain, daemon=True).start()
    return process


class Watcher:
    def __init__(self, o, name, arguments, target, terminal):
        self.name, self.file = name, None
        if "FILE" in arguments:
            self.file = os.path.join(o.directory, name.replace(" ", "") + ".pgs")
        command = [o.pagescape, *(self.file if a == "FILE" else a for a in arguments), "-p", str(target)]
        environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8")
        self.errors = open(os.path.join(o.directory, name.replace(" ", "") + ".err"), "w+", encoding="utf-8")
        self.process = in_terminal(command, environment) if terminal else subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors, env=environment)
        self.samples = []

    def sample(self):
        """(KiB of memory of its own, descriptors, threads, KiB recorded, processor seconds); None: it has ended."""
        if self.process.poll() is not None:
            return None
        pid = self.process.pid
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
                memory = sum(int(line.split()[1]) for line in f if line.startswith(("Private_", "Swap:")))
            files, threads = len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))
            with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
                words = f.read().rpartition(")")[2].split()
        except OSError:
            return None
        size = os.path.getsize(self.file) // 1024 if self.file else 0
        self.samples.append((memory, files, threads, size, (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")))
        return self.samples[-1]

    def verdict(self):
        """What is wrong, or None."""
        if self.process.poll() is not None:
            self.errors.seek(0)
            return f"ended with status {self.process.returncode}: {self.errors.read().strip()[-200:]}"
        settled = self.samples[len(self.samples) // 4:]
        if len(settled) < 3:
            return None
        first, last = settled[0], settled[-1]
        most = RECORD_GROWTH if self.file else GROWTH
        if last[0] > first[0] * most + 4096:
            return f"memory grew from {first[0]} to {last[0]} KiB"
        # members of a family come and go: each has a dozen
        if last[1] > first[1] + (400 if "-f" in self.name else 4):
            return f"descriptors grew from {first[1]} to {last[1]}"
        return f"threads grew from {first[2]} to {last[2]}" if last[2] > first[2] + 2 else None

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


def ask(path, stop):
    import socket
    while not stop.wait(0.05):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
                while s.recv(4096):
                    pass
        except OSError:
            pass


def check_recording(o, watcher):
    """Whether it opens and is whole: every block is read, for its faults by their stacks."""
    out = subprocess.run([o.pagescape, "export", "folded", watcher.file], capture_output=True, check=False)
    faults = sum(int(line.rpartition(b" ")[2]) for line in out.stdout.splitlines())
    print(f"{watcher.name}: {faults} faults can be read back, exit status {out.returncode} "
          f"{out.stderr.decode(errors='replace').strip()}")
    return [] if out.returncode == 0 and faults else [f"{watcher.name}: its recording cannot be read back"]


def soak(o):
    stop = threading.Event()
    path = os.path.join(o.directory, "socket")
    busy = ["stress-ng", "--quiet", "--vm", "1", "--vm-bytes", "32m", "--vm-ops", "0"] if shutil.which("stress-ng") and o.stress else \
        [sys.executable, "-c", BUSY]
    targets = {"busy": subprocess.Popen(busy, stdout=subprocess.DEVNULL),
               "server": subprocess.Popen([sys.executable, "-c", SERVER, path])}
    threading.Thread(target=ask, args=(path, stop), daemon=True).start()
    time.sleep(1)
    watchers = [Watcher(o, name, arguments, targets[target].pid, terminal)
                for name, arguments, target, terminal in WATCHERS if name in o.only]
    print(f"{'minute':>6} " + " ".join(f"{w.name + ': MiB fds thr cpu s rec MiB':>36}" for w in watchers))
    try:
        for minute in range(1, o.minutes + 1):
            time.sleep(MINUTE)
            cells = []
            for w in watchers:
                s = w.sample()
                cells.append(f"{s[0] / 1024:9.1f} {s[1]:5} {s[2]:4} {s[4]:8.1f} {s[3] / 1024:6.1f}" if s else "ended")
            print(f"{minute:6} " + " ".join(f"{c:>36}" for c in cells), flush=True)
        wrong = [f"{w.name}: {v}" for w in watchers if (v := w.verdict())]
        wrong += [f"{name} has ended" for name, t in targets.items() if t.poll() is not None]
    finally:
        stop.set()
        for w in watchers:
            w.end()
        for t in targets.values():
            t.terminate()
            t.wait()
    for w in watchers:
        if w.file:
            wrong += check_recording(o, w)
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pagescape")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[w[0] for w in WATCHERS],
                        help="names of watchers, with commas between them")
    parser.add_argument("--stress", action="store_true", help="stress-ng instead of a python (its workers are children)")
    o = parser.parse_args()
    o.pagescape = os.path.abspath(o.pagescape)
    if set(o.only) - {w[0] for w in WATCHERS}:
        sys.exit(f"soak: there are {', '.join(w[0] for w in WATCHERS)}")
    with tempfile.TemporaryDirectory(prefix="pagescape-soak", dir="/var/tmp") as o.directory:
        wrong = soak(o)
    for text in wrong:
        print(f"# {text}")
    print("flat, and nothing lost" if not wrong else f"{len(wrong)} watchers are not as they should be")
    return 1 if wrong else 0


sys.exit(main())
