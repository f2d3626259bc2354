"""Checks a govledger log without a line of govledger: written from ledger/tlog/FORMAT.md alone.

    verify.py bundle FILE.govbundle            --key VKEY [--policy FILE]
    verify.py tiles DIR                        --key VKEY [--policy FILE]
    verify.py receipt FILE.tlog-proof FILE.entry --key VKEY [--policy FILE]
    verify.py evidence FILE                    --key VKEY [--policy FILE]

A log that has exchanged its key has had several: --key may be given once for each.
Section numbers in comments are FORMAT.md's. The rules of governance are not executed here: that is
`govledger audit`. Prints one JSON object and exits with 0, or says what is wrong and exits with 1.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import re
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """What is checked is not as it must be."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


# Conventions: base64 in its canonical spelling; Ed25519 checked strictly.


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Wrong(f"not base64: {text!r}") from error
    need(base64.b64encode(data).decode() == text, f"not canonical base64: {text!r}")
    return data


def decimal(text):
    need(re.fullmatch(r"0|[1-9][0-9]*", text), f"not a decimal number: {text!r}")
    number = int(text)
    need(number < 1 << 64, f"too large: {text!r}")
    return number


P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def is_small_order(encoded):
    """Whether a point's encoding is of small order (or no point): eight times it is the identity."""
    y = int.from_bytes(encoded, "little") & ((1 << 255) - 1)
    if y >= P:
        y -= P
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if x * x % P != x2:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != x2:
        return True
    for _ in range(3):
        k = D * x * x * y * y % P
        x, y = 2 * x * y * pow(1 + k, P - 2, P) % P, (y * y + x * x) * pow(1 - k, P - 2, P) % P
    return (x, y) == (0, 1)


KEYS = {}


def verify(key, signature, message):
    need(len(key) == 32 and len(signature) == 64, "a key has 32 bytes and a signature 64")
    if key not in KEYS:
        need(not is_small_order(key), "a key of small order")
        KEYS[key] = Ed25519PublicKey.from_public_bytes(key)
    need(not is_small_order(signature[:32]), "a signature whose R is of small order")
    try:
        KEYS[key].verify(signature, message)
    except InvalidSignature:
        raise Wrong("a signature does not hold") from None


# 1: actions. 3: entries.


def read_entry(data):
    """An entry's fields, from bytes that are its one encoding."""
    at = 0

    def take(count):
        nonlocal at
        need(at + count <= len(data), "an entry is cut short")
        at += count
        return data[at - count : at]

    def u64():
        return struct.unpack("<Q", take(8))[0]

    need(len(data) <= 65_535, "an entry is too long")
    need(struct.unpack("<H", take(2))[0] == 1, "an entry of another version")
    entry = {"ledger": take(u64()).decode(), "index": u64(), "recorded_at": u64(), "previous": take(32)}
    need(re.fullmatch(r"[a-z0-9-]{1,40}", entry["ledger"]), "no ledger's id")
    count = u64()
    need(1 <= count <= 16, "an entry has 1 to 16 signatures")
    entry["signatures"] = [(take(32), take(64)) for _ in range(count)]
    entry["action"] = take(u64())
    need(at == len(data), "bytes follow an entry's action")
    keys = [key for key, _ in entry["signatures"]]
    need(len(set(keys)) == len(keys), "a key signs twice")
    for key, signature in entry["signatures"]:
        verify(key, signature, b"govledger/action/v1\n" + entry["action"])
    return entry


def fields(message):
    """The fields of a protobuf message, number to values: varints as numbers, the rest as bytes."""
    found, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            need(at < len(message) and shift < 70, "no protobuf")
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        tag = varint()
        kind = tag & 7
        if kind == 0:
            value = varint()
        else:
            length = varint() if kind == 2 else {1: 8, 5: 4}.get(kind)
            need(length is not None and at + length <= len(message), "no protobuf")
            value = message[at : at + length]
            at += length
        found.setdefault(tag >> 3, []).append(value)
    return found


# 4 and 7: chain and tree.


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Log:
    """Entries, one after another, and the tree over them by its right edge."""

    def __init__(self, ledger=None):
        self.ledger, self.size, self.leaf, self.time, self.edge = ledger, 0, bytes(32), 0, []
        self.signatures, self.origin = 0, None
        # The keys of each use, and from which size on: section 8.
        self.lines = {"record": [], "checkpoint": []}
        self.roots, self.wanted = {}, set()

    def key_at(self, size):
        """What the checkpoint of that size is checked with."""
        key = [key for since, key in self.lines["checkpoint"] if since <= size][-1]
        return log_key(self.origin, key)

    def vkeys(self):
        return [log_key(self.origin, key)["vkey"] for _, key in self.lines["checkpoint"]]

    def rotate(self, entry):
        for payload in fields(entry["action"]).get(117, []):
            found = fields(payload)
            old, new = found[1][0], found[2][0]
            signed = [key for key, _ in entry["signatures"]]
            need(old in signed and new in signed, "a rotation without both keys' signatures")
            for line in self.lines.values():
                if line[-1][1] == old:
                    line.append((self.size + 1, new))
                    return
            raise Wrong("a rotation of a key that is not in force")

    def add(self, data):
        entry, where = read_entry(data), f"entry {self.size}"
        self.ledger = self.ledger or entry["ledger"]
        need(entry["ledger"] == self.ledger, f"{where} is another ledger's")
        need(entry["index"] == self.size, f"{where} says it is {entry['index']}")
        need(entry["previous"] == self.leaf, f"{where} does not follow the one before")
        need(entry["recorded_at"] >= self.time, f"{where} was recorded before the one before")
        if self.size == 0:
            founded = founding(entry["action"])
            self.origin = founded["origin"]
            for use, line in self.lines.items():
                line.append((0, founded[use]))
        else:
            self.rotate(entry)
        self.leaf, self.time = leaf_hash(data), entry["recorded_at"]
        self.signatures += len(entry["signatures"])
        self.push(self.leaf)

    def push(self, hash_):
        self.size += 1
        # As many subtrees join as the size has trailing zero bits.
        size = self.size
        while size % 2 == 0:
            hash_ = node_hash(self.edge.pop(), hash_)
            size //= 2
        self.edge.append(hash_)
        if self.size in self.wanted:
            self.roots[self.size] = self.root()

    def root(self):
        root = None
        for hash_ in reversed(self.edge):
            root = hash_ if root is None else node_hash(hash_, root)
        return hashlib.sha256(b"").digest() if root is None else root


def founding(action):
    """What the founding action names: section 8, `the log's own keys`."""
    payload = fields(action).get(100)
    need(payload, "the first entry founds no ledger")
    found = fields(payload[0])
    return {"origin": found[2][0].decode(), "record": found[3][0], "checkpoint": found[4][0]}


def check_inclusion(leaf, index, size, proof, root):
    """RFC 9162 2.1.3.2."""
    need(index < size, "the tree has no such leaf")
    fn, sn, hash_ = index, size - 1, leaf
    for sibling in proof:
        need(sn > 0, "the proof is too long")
        if fn % 2 == 1 or fn == sn:
            hash_ = node_hash(sibling, hash_)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and hash_ == root, "the proof does not lead to the root")


def check_consistency(old, old_root, new, new_root, proof):
    """RFC 9162 2.1.4.2; the empty tree is a prefix of every tree."""
    need(old <= new, "the older tree is larger")
    if old in (0, new):
        need(not proof, "the proof is too long")
        need(old_root == (new_root if old else hashlib.sha256(b"").digest()), "another root")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    need(path, "the proof is too short")
    fn, sn = old - 1, new - 1
    while fn % 2 == 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for sibling in path[1:]:
        need(sn > 0, "the proof is too long")
        if fn % 2 == 1 or fn == sn:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, sibling)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and first == old_root and second == new_root, "the proof does not lead there")


# 8 and 9: keys, notes, checkpoints, cosignatures. 16: policies.


def read_vkey(text):
    parts = text.split("+", 2)
    need(len(parts) == 3, f"not a verifier key: {text}")
    name, key_id, material = parts[0], parts[1], unbase64(parts[2])
    digest = hashlib.sha256(name.encode() + b"\n" + material).digest()
    need(digest[:4].hex() == key_id, f"the key id is not that of {text}")
    return {"name": name, "id": digest[:4], "kind": material[0], "key": material[1:], "vkey": text}


def read_note(data):
    text = data.decode()
    need(not re.search(r"[\x00-\x09\x0b-\x1f]", text), "a control character in a note")
    need("\n\n" in text and text.endswith("\n"), "no signed note")
    body, lines = text[: text.rindex("\n\n") + 1], text[text.rindex("\n\n") + 2 :]
    signatures = []
    for line in lines[:-1].split("\n"):
        found = re.fullmatch(r"— (\S+) (\S+)", line)
        need(found, "not a signature line")
        raw = unbase64(found[2])
        signatures.append((found[1], raw[:4], raw[4:]))
    need(1 <= len(signatures) <= 100, "a note has 1 to 100 signatures")
    return body, signatures


def signers(body, signatures, known):
    """The known keys that signed, each with its time if it is a witness's. A bad one refuses all."""
    held = {}
    for name, key_id, signature in signatures:
        for key in known:
            if (key["name"], key["id"]) != (name, key_id):
                continue
            if key["kind"] == 1:
                verify(key["key"], signature, body.encode())
                held[key["vkey"]] = None
            elif key["kind"] == 4:
                need(len(signature) == 72, "a cosignature has 72 bytes")
                (time,) = struct.unpack(">Q", signature[:8])
                message = f"cosignature/v1\ntime {time}\n{body}".encode()
                verify(key["key"], signature[8:], message)
                held[key["vkey"]] = time
    return held


def read_checkpoint(data, key, witnesses):
    body, signatures = read_note(data)
    held = signers(body, signatures, [key, *witnesses])
    need(key["vkey"] in held, "the checkpoint is not signed by the log's key")
    lines = body.split("\n")
    need(len(lines) == 4 and lines[3] == "", "a checkpoint has three lines")
    need(lines[0] == key["name"] and key["kind"] == 1, "another log's checkpoint")
    root = unbase64(lines[2])
    need(len(root) == 32, "a root has 32 bytes")
    return decimal(lines[1]), root, {vkey: time for vkey, time in held.items() if vkey != key["vkey"]}


class Policy:
    """C2SP tlog-policy."""

    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        members = set()
        for line in text.split("\n"):
            words = line.replace("\t", " ").split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "log":
                self.logs.append(words[1])
            elif words[0] == "witness":
                self.new(words[1])
                self.witnesses[words[1]] = read_vkey(words[2])
            elif words[0] == "group":
                self.new(words[1])
                names = words[3:]
                for name in names:
                    need(self.known(name) and name not in members, f"not to be a member: {name}")
                    members.add(name)
                count = {"all": len(names), "any": 1}.get(words[2]) or decimal(words[2])
                need(1 <= count <= len(names), "a threshold beyond the members")
                self.groups[words[1]] = (count, names)
            elif words[0] == "quorum":
                need(self.quorum is None, "two quorum lines")
                need(words[1] == "none" or self.known(words[1]), "an unknown quorum")
                self.quorum = words[1]
            else:
                raise Wrong(f"no policy line: {line}")
        need(self.quorum, "no quorum line")

    def known(self, name):
        return name in self.witnesses or name in self.groups

    def new(self, name):
        need(name != "none" and not self.known(name), f"the name {name} is taken")

    def met(self, held, name=None):
        name = name or self.quorum
        if name == "none":
            return True
        if name in self.witnesses:
            return self.witnesses[name]["vkey"] in held
        count, names = self.groups[name]
        return sum(self.met(held, member) for member in names) >= count


class Trust:
    """What the checker brings: the log's keys, and perhaps a policy."""

    def __init__(self, vkeys, policy):
        self.keys = [read_vkey(vkey) for vkey in vkeys]
        need(len({key["name"] for key in self.keys}) == 1, "the keys are not of one log")
        self.policy = Policy(pathlib.Path(policy).read_text()) if policy else None
        if self.policy and self.policy.logs:
            need(set(vkeys) & set(self.policy.logs), "the policy does not name this log")

    def checkpoints(self, notes, log):
        """Signed by the log's key in force at each one's size; the first is of all entries."""
        witnesses = list(self.policy.witnesses.values()) if self.policy else []
        ours = all(key["vkey"] in log.vkeys() for key in self.keys)
        need(ours, "the entries name another log's key")
        told_ = []
        for data in notes:
            size, root, held = read_checkpoint(data, log.key_at(announced(data)), witnesses)
            need(log.roots.get(size) == root, "the entries do not lead to a checkpoint's root")
            told_.append((size, root, held))
        need(log.size == told_[0][0], f"{log.size} entries, but the checkpoint says {told_[0][0]}")
        if self.policy:
            met = any(self.policy.met(held) for _, _, held in told_)
            need(met, "pending witnesses: the quorum has not cosigned")
        size, root, _ = told_[0]
        return size, root, max((held for _, _, held in told_), key=len)

    def checkpoint(self, data):
        """By a key given alone: what a receipt bears."""
        size, root, held = self.opened(data)
        if self.policy:
            need(self.policy.met(held), "pending witnesses: the quorum has not cosigned")
        return size, root, held

    def opened(self, data):
        """A checkpoint for what it says, whoever cosigned it."""
        witnesses = list(self.policy.witnesses.values()) if self.policy else []
        named = [(name, key_id) for name, key_id, _ in read_note(data)[1]]
        signing = [key for key in self.keys if (key["name"], key["id"]) in named]
        return read_checkpoint(data, (signing or self.keys)[0], witnesses)


def announced(data):
    """The size a checkpoint says, not believed yet."""
    lines = read_note(data)[0].split("\n")
    need(len(lines) == 4, "a checkpoint has three lines")
    return decimal(lines[1])


def log_key(origin, key):
    """The verifier key of a log's origin and public key."""
    material = b"\1" + key
    key_id = hashlib.sha256(origin.encode() + b"\n" + material).digest()[:4]
    return read_vkey(f"{origin}+{key_id.hex()}+{base64.b64encode(material).decode()}")


# 15: bundles. 12: their entries lie as in a block's body.


def block_entries(body):
    entries, at = [], 0
    while at < len(body):
        need(at + 4 <= len(body), "a cut block")
        (length,) = struct.unpack_from("<I", body, at)
        need(1 <= length <= 65_535 and at + 4 + length <= len(body), "a cut block")
        entries.append(body[at + 4 : at + 4 + length])
        at += 4 + length
    need(1 <= len(entries) <= 1000 and len(body) <= 524_288, "a block has 1 to 1,000 entries")
    return entries


def check_bundle(path, trust):
    digest, log, state = hashlib.sha256(), None, "ledger"
    notes, last = [], None
    keys = []
    with open(path, "rb") as file:

        def take(count):
            data = file.read(count)
            need(len(data) == count, "the bundle is cut short")
            return data

        preamble = take(10)
        need(preamble == b"\x89GOVBND\n\x01\x00", "no bundle of version 1")
        digest.update(preamble)
        while True:
            header = take(5)
            kind, length = header[0], struct.unpack("<I", header[1:])[0]
            need(1 <= length <= 1 << 20, "a record of an impossible length")
            body = take(length)
            if kind == 0:
                need(state in ("keys", "entries") and keys, "the end stands too early")
                need(body == digest.digest(), "the digest at the end is another")
                break
            digest.update(header + body)
            if (kind, state) == (1, "ledger"):
                log, state = Log(body.decode()), "checkpoint"
            elif (kind, state) == (2, "checkpoint"):
                notes, state = [body], "keys"
                log.wanted.add(announced(body))
            elif (kind, state) == (2, "keys") and not keys and len(notes) == 1:
                need(announced(body) < announced(notes[0]), "the second checkpoint is not smaller")
                notes.append(body)
                log.wanted.add(announced(body))
            elif (kind, state) == (3, "keys"):
                keys.append(read_vkey(body.decode()))
            elif kind == 4 and state in ("keys", "entries") and keys:
                state, entries = "entries", block_entries(body)
                if last:
                    room = last[0] < 1000 and last[1] + 4 + len(entries[0]) <= 524_288
                    need(not room, "an entry belongs to the record before")
                last = len(entries), len(body)
                for entry in entries:
                    log.add(entry)
            else:
                raise Wrong(f"a record of kind {kind} where it does not belong")
        need(file.read(1) == b"", "bytes follow the end")
    size, root, held = trust.checkpoints(notes, log)
    named = [key["vkey"] for key in keys if key["kind"] == 1]
    need(named == log.vkeys(), "the bundle names other keys than its entries")
    need(all(key["kind"] == 1 for key in keys[: len(named)]), "a witness's key before the log's")
    return told(log, size, root, held)


# 10: tiles.


def tile_path(kind, index, width):
    digits = str(index)
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{kind}/{name}" + (f".p/{width}" if width < 256 else "")


def read_tile(directory, kind, index, width):
    """A tile, or the full one it has become part of."""
    for wide in (width, 256):
        path = directory / tile_path(kind, index, wide)
        if path.is_file():
            return path.read_bytes()
    raise Wrong(f"{tile_path(kind, index, width)} is missing")


def tile_entries(data, count):
    entries, at = [], 0
    while len(entries) < count:
        need(at + 2 <= len(data), "a cut bundle of entries")
        (length,) = struct.unpack_from(">H", data, at)
        need(at + 2 + length <= len(data), "a cut bundle of entries")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries


def check_tiles(path, trust):
    directory, log = pathlib.Path(path), Log()
    checkpoint = (directory / "checkpoint").read_bytes()
    size = announced(checkpoint)
    log.wanted.add(size)
    below = []
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        entries = tile_entries(read_tile(directory, "entries", index, width), width)
        hashes = read_tile(directory, 0, index, width)[: width * 32]
        for at, entry in enumerate(entries):
            log.add(entry)
            need(hashes[at * 32 : at * 32 + 32] == log.leaf, f"leaf {index * 256 + at} is another's")
        need(len(hashes) == width * 32, "a cut tile")
        below.append(hashes)
    size, root, held = trust.checkpoints([checkpoint], log)
    # Each level above: a hash for each full tile below, the root over its 256.
    level = 1
    while any(len(tile) == 8192 for tile in below):
        tops = [top(tile) for tile in below if len(tile) == 8192]
        above = []
        for index in range((len(tops) + 255) // 256):
            wanted = b"".join(tops[index * 256 : index * 256 + 256])
            found = read_tile(directory, level, index, len(wanted) // 32)[: len(wanted)]
            need(found == wanted, f"tile {index} of level {level} is another's")
            above.append(found)
        below, level = above, level + 1
    return told(log, size, root, held) | {"levels": level}


def top(tile):
    hashes = [tile[at : at + 32] for at in range(0, len(tile), 32)]
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


# 11: offline proofs.


def check_receipt(path, entry_path, trust):
    data, entry = pathlib.Path(path).read_bytes(), pathlib.Path(entry_path).read_bytes()
    need(b"\n\n" in data, "no offline proof")
    head, note = data.split(b"\n\n", 1)
    lines = head.decode().split("\n")
    need(lines.pop(0) == "c2sp.org/tlog-proof@v1", "no offline proof of version 1")
    if lines and lines[0].startswith("extra "):
        unbase64(lines.pop(0)[6:])
    need(lines and lines[0].startswith("index "), "no index line")
    index, proof = decimal(lines[0][6:]), [unbase64(line) for line in lines[1:]]
    need(len(proof) <= 63 and all(len(hash_) == 32 for hash_ in proof), "not a proof's hashes")
    size, root, held = trust.checkpoint(note)
    check_inclusion(leaf_hash(entry), index, size, proof, root)
    read = read_entry(entry)
    need(read["index"] == index, "the entry says that it stands elsewhere")
    return {"ledger": read["ledger"], "index": index, "size": size, "cosigned": len(held)}


# 17: evidence.


def check_evidence(path, trust):
    data = pathlib.Path(path).read_bytes()
    if data.startswith(b"\x89GOVBND\n"):
        raise Wrong("a bundle: whether its log follows is for who executes the rules")
    lines = data.decode().split("\n")
    need(lines.pop() == "" and lines.pop(0) == "govledger/evidence/v1", "no evidence of version 1")
    lines = [line.split(" ", 1) for line in lines]
    need(all(len(line) == 2 for line in lines), "a line has a key and a value")

    def one(key):
        need(lines and lines[0][0] == key, f"not a line of {key}")
        return lines.pop(0)[1]

    def hashes(key):
        found = []
        while lines and lines[0][0] == key:
            found.append(unbase64(lines.pop(0)[1]))
        need(len(found) <= 63 and all(len(hash_) == 32 for hash_ in found), "not a proof's hashes")
        return found

    kind = one("kind")
    size, root, held = trust.opened(unbase64(one("checkpoint")))
    if kind == "fork":
        new, new_root, _ = trust.opened(unbase64(one("checkpoint")))
        other, proof = unbase64(one("root")), hashes("proof")
        check_consistency(size, other, new, new_root, proof)
        need(other != root, "nothing is proven: both are of one history")
        told_ = {"size": size}
    elif kind == "rollback":
        after, _, _ = trust.opened(unbase64(one("checkpoint")))
        need(after < size, "nothing is proven: the second is not smaller")
        told_ = {"before": size, "after": after}
    else:
        need(kind == "time", f"no kind of evidence: {kind}")
        entry, inclusion = unbase64(one("entry")), hashes("inclusion")
        read, larger, larger_root = read_entry(entry), size, root
        if lines:
            larger, larger_root, _ = trust.opened(unbase64(one("checkpoint")))
            check_consistency(size, root, larger, larger_root, hashes("proof"))
        check_inclusion(leaf_hash(entry), read["index"], larger, inclusion, larger_root)
        apart = [read["recorded_at"] - 1000 * time for time in held.values()]
        if read["index"] < size:
            need(any(ms > 300_000 for ms in apart), "nothing is proven: no witness disagrees")
        else:
            need(any(ms < -300_000 for ms in apart), "nothing is proven: no witness disagrees")
        told_ = {"index": read["index"]}
    need(not lines, "lines follow the end")
    return {"proven": kind} | told_


def told(log, size, root, held):
    return {
        "ledger": log.ledger,
        "entries": size,
        "root": root.hex(),
        "signatures": log.signatures,
        "cosigned": len(held),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["bundle", "tiles", "receipt", "evidence"])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--key", required=True, action="append")
    parser.add_argument("--policy")
    args = parser.parse_args()
    check = {
        "bundle": check_bundle,
        "tiles": check_tiles,
        "receipt": check_receipt,
        "evidence": check_evidence,
    }[args.what]
    try:
        print(json.dumps(check(*args.paths, Trust(args.key, args.policy))))
    except (Wrong, UnicodeDecodeError) as wrong:
        print(f"wrong: {wrong}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
