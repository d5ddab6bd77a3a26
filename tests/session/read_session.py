#!/usr/bin/env python3
"""read_session.py FILE: a reader of pagescape sessions written from pagescape-session(5) alone.

Takes every block and record apart to the last byte, except the columns of faults, and complains
about anything that the manual page does not explain. Prints how many records of each type there
are, keyframes and notes separately, and a line for each region mapped. Unpacks with the zstd program.
"""
import struct
import subprocess
import sys

NAMES = {1: "process", 2: "status", 3: "counters", 4: "map", 5: "change", 6: "unmap", 7: "pages", 8: "output",
         9: "source", 10: "mark", 11: "lost", 12: "tick", 14: "symbol", 15: "lines", 16: "call",
         17: "stop", 18: "thread", 19: "past", 20: "story", 21: "sample", 22: "profile",
         23: "forked", 24: "copier", 25: "figures", 26: "began", 27: "left",
         32: "columns", 33: "faults", 34: "stories"}


def crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
        table.append(n)
    return table


TABLE = crc_table()


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 255]
    return crc ^ 0xffffffff


def need(ok, what):
    if not ok:
        sys.exit("read_session.py: " + what)


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def more(self):
        return self.at < len(self.data)

    def varint(self):
        value = shift = 0
        while True:
            need(self.more(), "a number breaks off")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self):
        value = self.varint()
        return -(value >> 1) - 1 if value & 1 else value >> 1

    def text(self):
        end = self.data.index(0, self.at)
        text = self.data[self.at:end]
        self.at = end + 1
        return text.decode("utf-8", "replace")

    def take(self, n):
        self.at += n
        return self.data[self.at - n:self.at]


class Block:
    """The records of one block; differences begin at 0."""

    def __init__(self, payload, page_shift, sink):
        self.bytes, self.shift, self.sink = Bytes(payload), page_shift, sink
        self.time = self.pid = self.region_end = self.page_end = 0
        self.minor = self.major = self.symbol_ip = 0
        self.story = dict(ip=0, tid=0, kind=0, was=0, now=0, before=0, after=0)
        self.story_end = self.last_ip = self.copier_ip = self.left_end = 0
        while self.bytes.more():
            self.record()

    def record(self):
        b = self.bytes
        kind = b.varint()
        self.time += b.signed()
        self.pid += b.signed()
        body = Bytes(b.take(b.varint()))
        need(kind in NAMES, "a record of type %d" % kind)
        fields = getattr(self, "read_" + NAMES[kind])(body)
        need(not body.more(), "%s has more than the manual page says" % NAMES[kind])
        self.sink(NAMES[kind], self.time, self.pid, fields)

    def stack(self, b):
        what = b.varint()
        if what != 1:  # the stacks given before, in columns too, are not kept here
            return []
        count, common, ip, ips = b.varint(), b.varint(), self.last_ip, []
        for _ in range((count >> 1 & 127) - common):
            ip += b.signed()
            ips.append(ip & (1 << 64) - 1)
        return ips

    def read_process(self, b):
        fields = [b.varint() for _ in range(4)] + [b.text(), b.text()]
        fields.append([b.text() for _ in range(b.varint())])
        fields.append(b.varint())
        if b.more():
            fields.append(b.varint())
        return fields

    def read_status(self, b):
        return b.varint(), b.signed()

    def read_counters(self, b):
        self.minor += b.signed()
        self.major += b.signed()
        return self.minor, self.major, b.varint(), b.varint()

    def read_map(self, b):
        b.varint()
        first = (self.region_end >> self.shift) + b.signed()
        end = first + b.varint()
        for _ in range(7):
            b.varint()
        self.region_end = end << self.shift
        return first << self.shift, end << self.shift, b.text()

    read_change = read_unmap = read_map

    def read_pages(self, b):
        n = b.varint()
        if n:
            self.page_end += b.signed()
        for _ in range(n):
            self.page_end += b.varint()
            need(b.varint() & 15 <= 10, "a state that there is not")

    def read_output(self, b):
        return b.take(len(b.data))

    def read_source(self, b):
        source, there, why = b.varint(), b.varint(), b.text()
        return source, there, why, b.varint() if b.more() else 0

    def read_mark(self, b):
        return b.text()

    def read_lost(self, b):
        return b.varint(), b.text()

    def read_tick(self, b):
        pass

    def read_symbol(self, b):
        self.symbol_ip += b.signed()
        fields = [self.symbol_ip, b.text(), b.text(), b.varint(), b.text()]
        return fields + [(b.text(), b.text(), b.varint()) for _ in range(b.varint())]

    def read_lines(self, b):
        return b.text(), b.varint(), b.text()

    def read_call(self, b):
        return (b.varint(), b.varint(), [b.varint() for _ in range(b.varint())], b.varint(), b.varint(),
                self.stack(b))

    def read_stop(self, b):
        return b.varint(), b.varint()

    def read_thread(self, b):
        return b.varint(), b.varint(), b.text(), b.varint(), b.varint()

    def read_past(self, b):
        fields = [b.varint() for _ in range(15)]
        if b.more():
            fields.append(b.varint())
        return fields

    def read_story(self, b):
        bits, s = b.varint(), self.story
        first = self.story_end + b.signed()
        address = (first << self.shift) + b.signed()
        pages = b.varint() if bits & 32 else 1
        if bits & 1:
            s["ip"] += b.signed()
        if bits & 2:
            s["tid"] = b.varint()
        if bits & 4:
            s["kind"] = b.varint()
        if bits & 8:
            s["was"], s["now"] = b.varint(), b.varint()
        if bits & 16:
            s["before"], s["after"] = b.varint(), b.varint()
        self.story_end = first + pages
        self.last_ip = s["ip"]
        return first, pages, address, dict(s), self.stack(b)

    def read_profile(self, b):
        rest = b.varint()
        self.last_ip += b.signed()
        return rest, self.last_ip, [b.varint() for _ in range(3)], self.stack(b)

    def read_forked(self, b):
        fields = [b.varint() for _ in range(11)]
        for _ in range(b.varint()):
            fields.append((b.varint(), b.varint(), b.varint()))
        return fields

    def read_copier(self, b):
        flags = b.varint()
        self.copier_ip += b.signed()
        return flags, self.copier_ip, b.varint(), b.text(), b.text()

    def read_figures(self, b):
        figures = [(b.varint(), b.varint()) for _ in range(b.varint())]
        whys = [(b.varint(), b.text()) for _ in range(b.varint())]
        cgroup = b.text()
        sums = []
        for _ in range(b.varint()):
            region = [b.signed(), b.varint(), b.varint(), b.varint()]
            mask = b.varint()
            sums.append(region + [b.varint() for bit in range(12) if mask >> bit & 1])
            need(mask < 1 << 12, "sums of a region that are not in the manual page")
        threads = [(b.varint(), b.varint()) for _ in range(b.varint())]
        return figures, whys, cgroup, sums, threads, [b.varint() for _ in range(b.varint())]

    def read_began(self, b):
        return [b.varint(), b.varint()] + [(b.varint(), b.varint()) for _ in range(b.varint())]

    def read_left(self, b):
        first = self.left_end + b.signed()
        self.left_end = first + b.varint()
        return [first, self.left_end] + [b.varint() for _ in range(6)]

    def read_columns(self, b):
        unit, n = b.varint(), b.varint()
        b.take(sum(b.varint() for _ in range(n)))
        return unit

    def read_faults(self, b):
        return b.varint()

    read_stories = read_faults

    def read_sample(self, b):
        return [b.varint() for _ in range(4)]


def unpack(data, size):
    raw = subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout
    need(len(raw) == size, "a payload has another size than its head says")
    return raw


def read_head(data):
    need(data[:8] == bytes.fromhex("89504753 0d0a1a0a"), "no session")
    version, order, shift, n, wall, texts_crc, crc = struct.unpack_from("<HBBIQII", data, 8)
    need(version == 1 and order in (1, 2) and 12 <= shift <= 24, "a head that there cannot be")
    need(crc == crc32c(data[:28]) and texts_crc == crc32c(data[32:32 + n]), "the head's sums are wrong")
    need(data[32:32 + n].count(b"\0") >= 4, "texts are missing")
    return shift, 32 + n


def main():
    data = open(sys.argv[1], "rb").read()
    shift, at = read_head(data)
    counts, maps, keys = {}, [], []
    while at < len(data):
        if data[at:at + 8] == b"PGSEND\r\n":
            index, crc = struct.unpack_from("<QI", data, at + 8)
            need(crc == crc32c(data[at:at + 16]) and data[index:index + 4] == b"pgsF", "the foot is wrong")
            at += 20
            continue
        magic, kind, flags, stored, size, events, zero, first, last, sum_, crc = \
            struct.unpack_from("<4sHHIIIIQQII", data, at)
        payload = data[at + 48:at + 48 + stored]
        need(magic == b"pgsF" and crc == crc32c(data[at:at + 44]) and sum_ == crc32c(payload) and zero == 0,
             "a block's head is wrong at %d" % at)
        raw, seen = unpack(payload, size), []

        def sink(name, time, pid, fields):
            many = name in ("faults", "stories")
            where = {1: "", 2: "key ", 4: "notes "}[kind] + ("story" if name == "stories" else name)
            counts[where] = counts.get(where, 0) + 1
            if many:
                counts[where] += fields - 1
                seen.extend([None] * fields)
            elif name != "columns":
                need(first <= time <= last, "a time beyond its block's")
                seen.append(time)
            if where == "map":
                maps.append("map %d 0x%x 0x%x %s" % (pid, fields[0], fields[1], fields[2]))

        if kind == 3:
            b = Bytes(raw)
            offset = time = 0
            found = []
            for _ in range(b.varint()):
                offset += b.varint()
                time += b.varint()
                found.append(offset)
            need(found == keys and not b.more(), "the index does not name the keyframes")
        elif kind == 5:
            need(size == 0, "a block that fills has something in it")
        else:
            if kind == 2 and flags & 1:
                keys.append(at)
            Block(raw, shift, sink)
            need(len(seen) == events, "a block has another number of events than its head says")
        at += 48 + stored
    for name in sorted(counts):
        print("%s: %d" % (name, counts[name]))
    print("\n".join(maps))


main()
