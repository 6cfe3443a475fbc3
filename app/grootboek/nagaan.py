"""Does an entry still say what was sealed? Holds a leaf against its row in the kluis; arithmetic only.

What this cannot see, the tree does: a leaf and a kluis row that were forged together agree with each other, but that
leaf no longer has its place under the root.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

import orjson

from app.grootboek.blad import INHOUD, NO_SALT, OORDEEL, PREFIX, SALT_SIZE, SECTIES
from app.grootboek.canoniek import b64u, canonical_of_parsed

_BLAD: Final = frozenset({"v", "kop", "hand", "srv"})
_KOP: Final = frozenset({"v", "origin", "op", "k", "t", "n", "prev", "c"})
_COMMITMENT: Final = 43
"""Characters of base64url for 32 bytes."""
_SLOTS: Final = tuple((name, PREFIX[name], at * SALT_SIZE, (at + 1) * SALT_SIZE) for at, name in enumerate(SECTIES))


def find_leaf_fault(leaf: bytes, op: UUID, origin: str | None) -> str | None:
    """Why `leaf` is not what we seal under `op` in the ledger `origin` (None: any); a fixed Dutch phrase, or None."""
    try:
        blad = orjson.loads(leaf)
        kop = blad["kop"]
        sealed = blad.keys() == _BLAD and kop.keys() == _KOP and blad["srv"].keys() == {"c"}
        if not sealed or canonical_of_parsed(blad) != leaf or len(kop["c"]) != len(INHOUD):
            return "is geen blad van een grootboek"
    except (ValueError, KeyError, TypeError, AttributeError):
        return "is geen blad van een grootboek"
    if kop["op"] != str(op) or origin not in (None, kop["origin"]):
        return "hoort bij een ander kenmerk of een ander grootboek"
    return "noemt een sleutel zonder handtekening" if blad["hand"] is None and kop["t"] is not None else None


def find_vault_fault(leaf: bytes, op: UUID, secties: Sequence[bytes | None], salts: bytes | None) -> str | None:
    """Which of the eight `secties` (in the order of SECTIES, None: absent) does not open its commitment in `leaf`.

    `salts` are their 256 bytes. A fixed Dutch phrase that repeats no content, or None. The signature of a device is
    not verified again: it lies within the leaf, which the tree holds.
    """
    if salts is None or len(salts) != len(SECTIES) * SALT_SIZE:
        return "ontbreken de zouten of een deel ervan"
    blad = orjson.loads(leaf)
    committed = [*blad["kop"]["c"], blad["srv"]["c"]]
    for (name, prefix, start, end), content, sealed in zip(_SLOTS, secties, committed, strict=True):
        salt = salts[start:end]
        if content is None:
            fits = salt == NO_SALT and len(sealed) == _COMMITMENT and name != OORDEEL
        else:
            fits = salt != NO_SALT and b64u(sha256(prefix + op.bytes + salt + content).digest()) == sealed
        if not fits:
            return f"is de sectie {name} anders dan waartoe het blad zich verbond"
    return find_removed(secties)


def find_removed(secties: Sequence[bytes | None]) -> str | None:
    """Which section came, by the verdict, and is no longer there. Verdicts of release 0.1.0 name none unless signed."""
    came = orjson.loads(secties[-1] or b"{}").get("secties", ())
    gone = [name for name, content in zip(SECTIES, secties, strict=True) if content is None and name in came]
    return f"is de sectie {gone[0]} verdwenen" if gone else None
