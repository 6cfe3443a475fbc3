"""`python -m tests.hulp.kopvectoren`: write docs/kop-vectoren.json, for who signs in another language.

All of it follows from the operations below but the signatures: ECDSA draws a number of its own each time. So a
reader computes everything up to `ondertekend`, and checks `hand` with the key.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from veldboek_client.kop import sections_of, sign_op
from veldboek_client.sleutel import INSCHRIJVING, Sleutel, b64u, jcs

FILE = Path(__file__).parents[2] / "docs" / "kop-vectoren.json"
ORIGIN = "veldboek.example/grootboek/vectoren"
KOP = "veldboek/kop/v1\n"
GEHEIM = int.from_bytes(hashlib.sha256(b"veldboek/vectoren").digest(), "big")
"""The private half of the key, for all to know: never sign anything else with it."""
SLEUTEL = Sleutel(ec.derive_private_key(GEHEIM, ec.SECP256R1()))
CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WAARDEN: list[Any] = [
    {"b": 1, "a": [True, None, "é", "\u20ac", 'aanhaling "en" \\', "regel\neinde\t"], "B": -7},
    {"10": "tien", "2": "twee", "": "leeg", "ö": 9007199254740991},
    [],
]
_ID = "0199f0a0-0000-7000-8000-0000000000{:02}"
_OP = "6f9619ff-8b86-4d01-b42d-00cf4fc964{:02}"
_START = {"benadering": "aangebeld", "situatie": "toegang_verleend", "hoedanigheid": "toezicht"}
_NOTED = {"waargenomenOp": "2026-08-19T23:10:00+02:00", "vastgelegdOp": "2026-08-19T21:12:00.5Z", "oefening": False}


def _op(
    n: int, soort: str, versie: int, onderwerp: dict[str, str], inhoud: dict[str, Any], **more: Any
) -> dict[str, Any]:
    parts = {"opId": _OP.format(n), "deviceSeq": n, "soort": soort, "versie": versie, "onderwerp": onderwerp}
    return {**parts, **_NOTED, "inhoud": inhoud, **more}


_CONTROLE = {"controle": _ID.format(1)}
OPERATIES = [
    _op(1, "controle.gestart", 2, {**_CONTROLE, "locatie": _ID.format(2)}, _START),
    _op(
        2,
        "persoon.aangetroffen",
        2,
        {**_CONTROLE, "persoon": _ID.format(3)},
        {"rol": "klant", "hoedanigheid": "toezicht"},
    ),
    _op(
        3,
        "bevinding.vastgelegd",
        3,
        {**_CONTROLE, "bevinding": _ID.format(4)},
        {
            "code": "aanbod_tegen_betaling",
            "aard": "feit",
            "wijze": "waargenomen",
            "tekst": "Café “Zon”, 2e deur",
            "hoedanigheid": "toezicht",
        },
    ),
    _op(
        4,
        "persoon.aangetroffen",
        2,
        {**_CONTROLE, "persoon": _ID.format(3)},
        {"rol": "sekswerker", "hoedanigheid": "toezicht"},
        corrigeert=_OP.format(2),
        basis=_OP.format(2),
        reden="Verkeerde rol gekozen",
    ),
    _op(5, "doorhaling", 1, _CONTROLE, {"registratie": _OP.format(3), "reden": "dubbel vastgelegd"}),
]
"""A start, a person, words beside the case, a correction (`k` is 2) and a strike (also)."""


def draw(seq: int, section: int) -> bytes:
    """The 32 bytes that stand for what a device draws by chance."""
    return hashlib.sha256(f"veldboek/vectoren/{seq}/{section}".encode()).digest()


def _from(drawn: Iterator[bytes]) -> Callable[[int], bytes]:
    return lambda _size: next(drawn)


def make() -> dict[str, Any]:
    """The whole file."""
    prev: str | None = None
    signed = []
    for op in OPERATIES:
        drawn = iter([draw(op["deviceSeq"], section) for section in range(7)])
        made = sign_op(SLEUTEL, ORIGIN, op, seq=op["deviceSeq"], prev=prev, random=_from(drawn))
        assert made is not None
        signed.append(
            {
                "operatie": {**op, **made.velden},
                "prev": prev,
                "trekkingen": [b64u(draw(op["deviceSeq"], section)) for section in range(7)],
                "secties": {name: part.decode() for name, part in sections_of(op).items()},
                "ondertekend": KOP + jcs(made.velden["kop"]).decode(),
                "kopHash": made.kop_hash,
            }
        )
        prev = made.kop_hash
    return {
        "uitleg": "Voor wie in een andere taal ondertekent (docs/sync.md). De sleutel is openbaar: gebruik hem nooit.",
        "canoniek": [{"waarde": value, "jcs": jcs(value).decode()} for value in WAARDEN],
        "sleutel": {"jwk": SLEUTEL.jwk, "d": b64u(GEHEIM.to_bytes(32, "big")), "sleutelId": SLEUTEL.id},
        "inschrijving": {
            "code": CODE,
            "origin": ORIGIN,
            "ondertekend": (INSCHRIJVING + jcs({"code": CODE, "origin": ORIGIN, "sleutel": SLEUTEL.jwk})).decode(),
            "bewijs": SLEUTEL.prove(CODE, ORIGIN),
        },
        "origin": ORIGIN,
        "operaties": signed,
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(make(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
