"""A client that knows nothing of govledger but its .proto files and FORMAT.md.

Generates its stubs with grpcio-tools, enrols a person with a key of their own, and checks the receipt:
leaf, inclusion proof and the checkpoint's signature. Then submits what must be refused. Prints one JSON
object; any surprise is an exception.

    client.py PROTO_DIR SERVER LEDGER KEY_PEM PERSON BODY OFFICE
"""

import base64
import hashlib
import importlib
import json
import os
import struct
import sys
import tempfile
import time

import grpc
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from grpc_tools import protoc

FILES = ["action", "record", "audit", "query"]


def generated(proto_dir):
    """The modules protoc makes of the .proto files."""
    out = tempfile.mkdtemp()
    paths = [f"governance/v1/{name}.proto" for name in FILES]
    args = ["protoc", f"-I{proto_dir}", f"--python_out={out}", f"--grpc_python_out={out}", *paths]
    if protoc.main(args) != 0:
        raise RuntimeError("protoc failed")
    sys.path.insert(0, out)
    return {name: importlib.import_module(f"governance.v1.{name}_pb2") for name in FILES} | {
        f"{name}_grpc": importlib.import_module(f"governance.v1.{name}_pb2_grpc") for name in FILES
    }


def uuid7(at_ms):
    raw = bytearray(at_ms.to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return bytes(raw)


def public(key):
    return key.public_key().public_bytes_raw()


def signed(pb, action, keys):
    data = action.SerializeToString()
    message = b"govledger/action/v1\n" + data
    return pb["record"].SubmitRequest(
        action=data,
        signatures=[pb["record"].Signature(key=public(k), signature=k.sign(message)) for k in keys],
    )


def root_from_inclusion(leaf, index, size, proof):
    """RFC 9162, section 2.1.3.2."""
    fn, sn, node = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise ValueError("the proof is too long")
        if fn & 1 or fn == sn:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while fn & 1 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ValueError("the proof is too short")
    return node


def opened_checkpoint(note, vkey):
    """Origin, size and root of a signed note, once its signature is checked."""
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key)
    body, _, signatures = note.partition(b"\n\n")
    body += b"\n"
    for line in signatures.decode().splitlines():
        dash, signer, blob = line.split(" ")
        blob = base64.b64decode(blob)
        if dash == "\u2014" and signer == name and blob[:4].hex() == key_id:
            assert key[0] == 1, "not an Ed25519 key"
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(blob[4:], body)
            origin, size, root = body.decode().splitlines()
            return origin, int(size), base64.b64decode(root)
    raise ValueError("the note has no signature of this key")


def entry_action(entry):
    """The action bytes of an entry, by FORMAT.md."""
    version, ledger_len = struct.unpack_from("<HQ", entry, 0)
    assert version == 1
    at = 10 + ledger_len + 8 + 8 + 32
    (count,) = struct.unpack_from("<Q", entry, at)
    at += 8 + count * 96
    (length,) = struct.unpack_from("<Q", entry, at)
    assert at + 8 + length == len(entry)
    return entry[at + 8 :]


def reason_of(call):
    """Status code and google.rpc.ErrorInfo reason of a call that must fail."""
    try:
        call()
    except grpc.RpcError as error:
        details = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
        return error.code().name, details
    raise AssertionError("accepted what must be refused")


def main(proto_dir, server, ledger, key_path, person, body, office):
    pb = generated(proto_dir)
    with open(key_path, "rb") as file:
        clerk = serialization.load_pem_private_key(file.read(), None)
    assert isinstance(clerk, Ed25519PrivateKey)
    channel = grpc.insecure_channel(server)
    record = pb["record_grpc"].RecordServiceStub(channel)
    audit = pb["audit_grpc"].AuditServiceStub(channel)
    query = pb["query_grpc"].QueryServiceStub(channel)

    (about,) = [
        one
        for one in query.ListLedgers(pb["query"].ListLedgersRequest()).ledgers
        if one.ledger == ledger
    ]
    now = int(time.time() * 1000)
    newcomer = Ed25519PrivateKey.generate()
    action = pb["action"].Action(
        ledger=ledger,
        genesis=about.genesis,
        id=uuid7(now),
        actor=person,
        capacity=pb["action"].Capacity(body=body, office=office),
        client_time_ms=now,
        not_after_ms=now + 60_000,
        person_enrolled=pb["action"].PersonEnrolled(
            person="python-newcomer", keys=[public(newcomer)]
        ),
    )
    request = signed(pb, action, [clerk, newcomer])
    first = record.Submit(request)
    again = record.Submit(request)
    assert not first.already_recorded and again.already_recorded
    assert (first.receipt.index, first.receipt.leaf) == (again.receipt.index, again.receipt.leaf)

    got = record.GetReceipt(
        pb["record"].GetReceiptRequest(ledger=ledger, index=first.receipt.index)
    )
    leaf = hashlib.sha256(b"\x00" + got.entry).digest()
    assert leaf == first.receipt.leaf and entry_action(got.entry) == request.action
    for receipt in (first.receipt, got.receipt):
        origin, size, root = opened_checkpoint(receipt.checkpoint, about.verifier_key)
        assert origin == about.origin
        assert root_from_inclusion(leaf, receipt.index, size, receipt.inclusion_proof) == root

    entries = [
        entry
        for part in audit.ListEntries(pb["audit"].ListEntriesRequest(ledger=ledger))
        for entry in part.entries
    ]
    assert entries[first.receipt.index] == got.entry
    previous = bytes(32)
    for entry in entries:
        at = 10 + struct.unpack_from("<Q", entry, 2)[0] + 16
        assert entry[at : at + 32] == previous, "the chain is broken"
        previous = hashlib.sha256(b"\x00" + entry).digest()

    altered = pb["record"].SubmitRequest(
        action=request.action[:-1] + bytes([request.action[-1] ^ 1]),
        signatures=request.signatures,
    )
    # Another action: the same bytes again would get their first receipt, whoever signs them.
    action.id = uuid7(now)
    action.person_enrolled.person = "python-alone"
    alone = signed(pb, action, [clerk])
    refusals = {
        "altered": reason_of(lambda: record.Submit(altered)),
        "alone": reason_of(lambda: record.Submit(alone)),
        "garbage": reason_of(lambda: record.Submit(pb["record"].SubmitRequest(action=b"\xff\xff"))),
    }
    print(
        json.dumps(
            {
                "index": first.receipt.index,
                "entries": len(entries),
                "refusals": {
                    name: [code, details.decode("utf-8", "replace")]
                    for name, (code, details) in refusals.items()
                },
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
