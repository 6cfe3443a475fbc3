r"""The leaf of the ledger, fixed for ever: `tests/grootboek/golden_leaf.json` never changes.

    leaf = JCS {"v":1, "kop":KOP, "hand":<base64url signature>|null, "srv":{"c":<C of section oordeel>}}
    KOP  = {"v":1, "origin", "op", "k", "t", "n", "prev", "c":[the seven commitments in the order of SECTIES]}
    C = SHA-256("veldboek/sectie/v1\0" || u8(len(name)) || name || 16 bytes op || 32 bytes salt || content)

A leaf holds commitments only: without the salts it says nothing about content, and destroying a salt destroys
the link for good. An absent section has 32 random bytes for commitment, which nobody can tell from a present
one.

`salts` is 8 × 32 bytes, in the order of SECTIES, oordeel last. 32 zero bytes stand for "no salt": the section
is absent.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson

from app.grootboek.canoniek import b64u, canonical_of_parsed, unb64u

SECTIES: Final = ("omslag", "zaak", "tekst", "persoon", "hulp", "melder", "mensenhandel", "oordeel")
INHOUD: Final = SECTIES[:7]  # what the writer commits to; `oordeel` is the server's
OORDEEL: Final = SECTIES[7]
SALT_SIZE: Final = 32
NO_SALT: Final = bytes(SALT_SIZE)

PREFIX: Final = {name: b"veldboek/sectie/v1\0" + bytes([len(name)]) + name.encode() for name in SECTIES}
_CONTENT_NAMES: Final = frozenset(INHOUD)
_CLASSES: Final = range(1, 7)


@dataclass(frozen=True, slots=True)
class Blad:
    """A sealed entry: `leaf` for the tree, `salts` (256 bytes) for the kluis, `commitments` (8 × 32)."""

    leaf: bytes
    salts: bytes
    commitments: tuple[bytes, ...]


def commitment(section: str, op: UUID, salt: bytes, content: bytes) -> bytes:
    """The 32-byte commitment C to `content`, the stored bytes of `section`, under a 32-byte random `salt`.

    KeyError for a name outside SECTIES; ValueError for a salt of another length or for NO_SALT.
    """
    if len(salt) != SALT_SIZE or salt == NO_SALT:
        raise ValueError("a salt is 32 random bytes")
    return sha256(PREFIX[section] + op.bytes + salt + content).digest()


def kop(  # the order of the fields in the leaf
    origin: str,
    op: UUID,
    k: int,
    t: str | None,
    n: int | None,
    prev: bytes | None,
    commitments: Sequence[bytes],
) -> dict[str, Any]:
    """Build KOP: what a device signs. `commitments` are the seven of INHOUD, without oordeel, 32 bytes each.

    `k` is the class 1..6, `t` the key id of the device, `n` its deviceSeq, `prev` the SHA-256 of its previous
    JCS(KOP). ValueError unless the shapes hold and `op` is an RFC 9562 version 4 UUID: any other would carry
    a time.
    """
    op_text = str(op)
    if op_text[14] != "4" or op_text[19] not in "89ab":
        raise ValueError("op is not a version 4 UUID")
    if k not in _CLASSES:
        raise ValueError("k is not one of the six classes")
    if prev is not None and len(prev) != sha256().digest_size:
        raise ValueError("prev is not a SHA-256 hash")
    if len(commitments) != len(INHOUD) or any(len(each) != sha256().digest_size for each in commitments):
        raise ValueError("a kop holds seven commitments of 32 bytes")
    return {
        "v": 1,
        "origin": origin,
        "op": op_text,
        "k": k,
        "t": t,
        "n": n,
        "prev": None if prev is None else b64u(prev),
        "c": [b64u(each) for each in commitments],
    }


def leaf(kop: Mapping[str, Any], handtekening: bytes | None, oordeel_commitment: bytes) -> bytes:
    """Build the leaf; `handtekening` is the device's raw signature over its kop, None where nobody signed."""
    return canonical_of_parsed(
        {
            "v": 1,
            "kop": kop,
            "hand": None if handtekening is None else b64u(handtekening),
            "srv": {"c": b64u(oordeel_commitment)},
        }
    )


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf), RFC 6962 §2.1."""
    return sha256(b"\x00" + leaf).digest()


def seal(  # the order of the fields in the leaf
    origin: str,
    op: UUID,
    k: int,
    t: str | None,
    n: int | None,
    prev: bytes | None,
    secties: Mapping[str, bytes],
    oordeel: bytes,
    random: Callable[[int], bytes] = os.urandom,
) -> Blad:
    """Commit to the present `secties` (name → stored bytes) and to `oordeel`, and build the unsigned leaf.

    `random` is called once, for 256 bytes. A section not in the mapping is absent: its 32 random bytes become
    the commitment, and its slot in `salts` is NO_SALT. Empty bytes are present. ValueError for a name outside
    INHOUD.
    """
    _refuse_unknown(secties)
    drawn = random(len(SECTIES) * SALT_SIZE)
    present = {**secties, OORDEEL: oordeel}
    salts, commitments = [], []
    for name, salt in zip(SECTIES, _slots(drawn), strict=True):
        content = present.get(name)
        salts.append(NO_SALT if content is None else salt)
        commitments.append(salt if content is None else commitment(name, op, salt, content))
    head = kop(origin, op, k, t, n, prev, commitments[:-1])
    return Blad(leaf(head, None, commitments[-1]), b"".join(salts), tuple(commitments))


def seal_signed(
    kop: Mapping[str, Any],
    handtekening: bytes,
    salts: bytes,
    oordeel: bytes,
    random: Callable[[int], bytes] = os.urandom,
) -> Blad:
    """Build the leaf around what a device signed: `kop` and `handtekening` as they are, seven `salts` (224 bytes).

    Only the oordeel is ours, under a salt of ours. Whether the kop fits the content was judged before.
    """
    salt = random(SALT_SIZE)
    ours = commitment(OORDEEL, UUID(kop["op"]), salt, oordeel)
    theirs = tuple(unb64u(each) for each in kop["c"])
    return Blad(leaf(kop, handtekening, ours), salts + salt, (*theirs, ours))


def same_content(leaf: bytes, salts: bytes, op: UUID, secties: Mapping[str, bytes]) -> bool:
    """Whether `secties` is what `leaf` commits to under the stored `salts`: the test for a repeated op.

    A section must be present or absent on both sides. The oordeel is not compared. A section whose salt was
    destroyed (zeroed) reads as absent: content can no longer be compared then, so ask first whether it was
    destroyed. ValueError for salts that are not 256 bytes or a name outside INHOUD.
    """
    _refuse_unknown(secties)
    slots = _slots(salts)
    head = orjson.loads(leaf)["kop"]
    if head["op"] != str(op):
        return False
    for name, salt, stored in zip(INHOUD, slots[:-1], head["c"], strict=True):
        content = secties.get(name)
        if (content is None) != (salt == NO_SALT):
            return False
        if content is not None and commitment(name, op, salt, content) != unb64u(stored):
            return False
    return True


def _slots(salts: bytes) -> list[bytes]:
    if len(salts) != len(SECTIES) * SALT_SIZE:
        raise ValueError("salts are 8 times 32 bytes")
    return [salts[at : at + SALT_SIZE] for at in range(0, len(salts), SALT_SIZE)]


def _refuse_unknown(secties: Mapping[str, bytes]) -> None:
    if not secties.keys() <= _CONTENT_NAMES:
        raise ValueError("a section outside the seven")
