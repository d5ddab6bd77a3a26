"""Reads small sessions that claim much (cli/make_claims.c) in every way that the program has, and measures each.

claims.py PAGESCAPE MAKE_CLAIMS SESSION [--kinds A,B] [--ways A,B] [--seconds N] [--table]

SESSION is an honest one, to compare with. A pair of a kind and a way fails if it takes more than 256 MiB or N seconds
of processor time (default 5; of both a fifth more for each MiB of the session), if it ends by a signal or with the
status of a wrong usage, or if it says more than one line, or another than where it stopped reading. A kind fails if all
ways were tried and none says so. A pair that takes twice its time is killed. Prints the pairs that fail, with --table
all, and how many there were."""
import argparse, fcntl, os, pty, re, resource, select, struct, subprocess, sys, tempfile, termios

MIB = 1 << 20
MEMORY = 256 * MIB
# nothing here may eat the machine, as it would without this
ADDRESS_SPACE = 4096 * MIB
CLAIMS = "claims more before byte"
# keyframes that are not read leave only the end that is missing
STOPPED = (CLAIMS, "breaks off at byte", "is damaged or truncated at byte")
# kinds whose files are large enough for what they claim
VOUCHED = ("threads", "family", "symbols-named", "stories")
# what it may say besides
EXPECTED = ("no page fault was recorded", "has no", "there is no", "there are no")
# through the time, and what is drawn at its end
SCREENS = {
    "time": "timeline; goto-time 100000; previous-event; previous-fault; previous-change; previous-look; next-event; quit",
    "events": "zoom-fit; timeline; goto-time 100000; events; biography; stack; next-resident; end; home; quit",
    "functions": "timeline; goto-time 100000; functions; functions-by; fold; kinds; sort; quit",
    "processes": "timeline; goto-time 100000; processes; next-process; beside; frames; quit",
    "together": "timeline; goto-time 100000; held-together; quit",
    "list": "timeline; goto-time 100000; process-list; quit",
}


def words_of_error(program, *args):
    said = subprocess.run([program, *args], capture_output=True, text=True).stderr
    return re.search(r"\(there are (.*)\)$", said.strip()).group(1).split(", ")


def ways(program, honest, out):
    """The name of each way, and what stands behind the program's name; SESSION is the file."""
    said = subprocess.run([program, "export", "--help"], capture_output=True, text=True).stdout
    formats = re.findall(r"^  ([a-z-]+) ", said.split("FORMAT is one of\n")[1].split("\n\n")[0], re.M)
    to = ["-o", out, "--force"]
    for name in formats:
        yield name, ["export", name, "SESSION", *to]
    for view in words_of_error(program, "export", "--view", "nonsense"):
        yield "svg:" + view, ["export", "svg", "--view", view, "SESSION", *to]
    yield "folded:region", ["export", "folded", "--top", "region", "SESSION", *to]
    yield "jsonl:from", ["export", "jsonl", "--from", "0.5", "SESSION", *to]
    yield "snapshot", ["snapshot", "SESSION"]
    yield "snapshot:json", ["snapshot", "--json", "--pages", "SESSION"]
    yield "snapshot:at", ["snapshot", "--at", "0.5", "SESSION"]
    yield "why", ["why", "SESSION"]
    yield "why:json", ["why", "--json", "SESSION"]
    yield "why:markdown", ["why", "--markdown", "SESSION"]
    yield "check", ["check", "resident < 100 GiB", "SESSION"]
    yield "diff", ["diff", "SESSION", honest]
    yield "diff:json", ["diff", "--json", honest, "SESSION"]
    yield "diff:touched", ["diff", "--touched", "SESSION", honest]
    yield "diff:itself", ["diff", "SESSION", "SESSION"]
    yield "lesson:check", ["lesson", "--check", "SESSION"]
    yield "handout", ["lesson", "--handout", out + ".html", "--force", "SESSION"]
    yield "replay", ["replay", "SESSION"]
    for name, commands in SCREENS.items():
        yield "screen:" + name, ["replay", "--no-config", "--do", commands, "SESSION"]
    yield "screen:diff", ["diff", "--screen", "--no-config", "--do", "next-changed; timeline; quit", "SESSION", honest]


def limit(seconds):
    resource.setrlimit(resource.RLIMIT_CPU, (int(2 * seconds), int(2 * seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def run(command, seconds, screen):
    """What it said on its standard error, its status, and what it used. With a terminal if it is a screen."""
    master, output = pty.openpty() if screen else (None, os.open(os.devnull, os.O_RDWR))
    if screen:
        fcntl.ioctl(output, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    with tempfile.TemporaryFile() as err:
        child = subprocess.Popen(command, stdin=output, stdout=output, stderr=err, start_new_session=screen,
                                 env=dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8"),
                                 preexec_fn=lambda: limit(seconds))
        os.close(output)
        while master is not None and select.select([master], [], []):
            try:
                if not os.read(master, 65536):
                    break
            except OSError: # the terminal's other side is closed
                os.close(master)
                master = None
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = 0
        err.seek(0)
        return err.read().decode(errors="replace").splitlines(), status, used


def faults_of(said, status, used, seconds, memory):
    spent = used.ru_utime + used.ru_stime
    if spent > seconds:
        yield "%.1f s of processor time" % spent
    if used.ru_maxrss > memory / 1024:
        yield "%d MiB" % (used.ru_maxrss // 1024)
    if not os.WIFEXITED(status) or os.WEXITSTATUS(status) > 1:
        yield "status %d" % status
    rest = {line for line in said if not any(words in line for words in EXPECTED)}
    if len(rest) > 1 or not all(any(words in line for words in STOPPED) for line in rest):
        yield "says " + " / ".join(said)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pagescape")
    parser.add_argument("make_claims")
    parser.add_argument("session")
    parser.add_argument("--kinds")
    parser.add_argument("--ways")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--table", action="store_true")
    o = parser.parse_args()
    kinds = o.kinds.split(",") if o.kinds else subprocess.check_output([o.make_claims], text=True).split()
    pairs = bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            session, stopped = os.path.join(folder, kind), False
            subprocess.run([o.make_claims, kind, session], check=True)
            share = 1 + os.path.getsize(session) / MIB / 5
            seconds, memory = o.seconds * share, MEMORY * share
            for name, args in ways(o.pagescape, o.session, os.path.join(folder, "out")):
                if o.ways and name not in o.ways.split(","):
                    continue
                command = [o.pagescape] + [session if arg == "SESSION" else arg for arg in args]
                said, status, used = run(command, seconds, name.startswith("screen"))
                found = list(faults_of(said, status, used, seconds, memory))
                stopped |= any(CLAIMS in line for line in said)
                pairs, bad = pairs + 1, bad + bool(found)
                if o.table or found:
                    print("%-7s%-16s%-16s%6.2f s%5d MiB  %s" % ("FAILED" if found else "ok", kind, name,
                          used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, "; ".join(found)), flush=True)
            if not stopped and not o.ways and kind not in VOUCHED:
                bad += 1
                print("FAILED %s: no way says that it claims too much" % kind)
            os.unlink(session)
    print("%d pairs of %d kinds: %d failed" % (pairs, len(kinds), bad))
    sys.exit(1 if bad or not pairs else 0)


main()
