"""Reads the faults of a session. Written from pagescape-session(5) alone: that page is enough.

    reader.py SESSION     a line a fault: time pid tid address ip major stack...
"""
import struct
import subprocess
import sys

WRAP = (1 << 64) - 1


def unfold(value):
    return -(value + 1) // 2 if value & 1 else value // 2


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        self.at += length
        return Bytes(self.data[self.at - length : self.at])

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self):
        return unfold(self.varint())


class Faults:
    """The columns of one block."""

    def __init__(self, body, page_shift):
        self.unit = body.varint()
        lengths = [body.varint() for _ in range(body.varint())]
        self.column = [body.take(length) for length in lengths]
        self.shift = page_shift
        self.kinds, self.threads, self.ips, self.pages = [], [], [], []
        self.time = self.bit = self.new_ip = self.page = 0
        self.offset, self.same = {}, {}  # of each recent instruction
        self.stacks = []

    def bits(self, count):
        value = 0
        for i in range(count):
            value |= (self.column[7].data[self.bit >> 3] >> (self.bit & 7) & 1) << i
            self.bit += 1
        return value

    def take_time(self):
        byte = self.column[6].byte()
        back = byte == 252
        if back:
            byte = self.column[6].byte()
        if byte < 8:
            value = byte
        else:
            exponent = byte // 4 - 1
            value = ((4 + byte % 4) << exponent) + self.bits(exponent)
        self.time += (-value if back else value) * self.unit

    def recent(self, column, known, take_new):
        byte = self.column[column].byte()
        entry = known.pop(byte - 1) if byte else take_new()
        known.insert(0, entry)
        del known[255:]
        return entry, byte == 0

    def take_new_ip(self):
        self.new_ip = self.new_ip + self.column[9].signed() & WRAP
        return self.new_ip

    def take_ip(self):
        ip, new = self.recent(2, self.ips, self.take_new_ip)
        if new:
            self.offset[ip] = 0
            self.same.pop(ip, None)
        return ip

    def take_address(self, ip):
        byte = self.column[3].byte()
        if byte:
            place, step = divmod(byte - 1, 15)
            self.page = self.pages.pop(place) + unfold(step)
        else:
            self.page += self.column[10].signed()
        self.pages.insert(0, self.page)
        del self.pages[16:]
        offset = self.column[4].byte()
        if offset & 128:
            offset = offset & 127 | self.column[5].varint() << 7
        self.offset[ip] = (offset + self.offset[ip]) % (1 << self.shift)
        return self.page << self.shift | self.offset[ip]

    def take_new_stack(self, ip):
        deltas = self.column[13]
        count, common = deltas.varint() >> 1 & 127, deltas.varint()
        stack, before = [], ip
        for _ in range(count - common):
            before = before + deltas.signed() & WRAP
            stack.append(before)
        if common:
            stack += self.stacks[-1][-common:]
        self.stacks.append(stack)
        return len(self.stacks) - 1

    def take_stack(self, ip):
        what = self.column[12].varint()
        if what == 0:
            return []
        if what == 1:
            self.same[ip] = self.take_new_stack(ip)
        elif what > 2:
            self.same[ip] = what - 3
        return self.stacks[self.same[ip]]

    def take(self):
        news = self.column[8]
        self.take_time()
        (kind, _, _), _ = self.recent(0, self.kinds, lambda: (news.varint(), news.varint(), news.varint()))
        (pid, tid), _ = self.recent(1, self.threads, lambda: (news.varint(), news.varint()))
        ip = self.take_ip()
        address = ip if kind & 2048 else self.take_address(ip)
        if kind & 4096:
            self.column[11].signed()
            self.column[11].signed()
        stack = self.take_stack(ip) if kind & 8192 else []
        print(self.time, pid, tid, hex(address), hex(ip), kind & 1, *map(hex, stack))


def read_records(records, page_shift):
    while records.at < len(records.data):
        number = records.varint()
        records.signed()
        records.signed()
        body = records.take(records.varint())
        if number == 32:
            faults = Faults(body, page_shift)
        elif number == 33:
            for _ in range(body.varint()):
                faults.take()


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    page_shift = data[11]
    at = 32 + struct.unpack_from("<I", data, 12)[0]
    while data[at : at + 4] == b"pgsF":
        kind, _, stored, _ = struct.unpack_from("<HHII", data, at + 4)
        payload = data[at + 48 : at + 48 + stored]
        at += 48 + stored
        if kind == 1:
            raw = subprocess.run(["zstd", "-dqc"], input=payload, stdout=subprocess.PIPE, check=True).stdout
            read_records(Bytes(raw), page_shift)


main()
