r"""What a device signs: the KOP of each operation, with commitments to its sections (ontwerp/grootboek.md).

    KOP  = {"v":1, "origin", "op", "k", "t", "n", "prev", "c":[seven commitments]}
    C    = SHA-256("veldboek/sectie/v1\0" || u8(len(name)) || name || 16 bytes of op || 32-byte salt || section)
    hand = ECDSA P-256 over "veldboek/kop/v1\n" || JCS(KOP)

Never the payload itself: whoever keeps a signature over an unsalted payload can guess what was in it. An absent
section has 32 random bytes for commitment and no salt.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from veldboek_client.sleutel import Sleutel, b64u, jcs

SECTIES: Final = ("omslag", "zaak", "tekst", "persoon", "hulp", "melder", "mensenhandel")
ELDERS: Final[Mapping[str, Mapping[str, str]]] = {
    "attendering.gezien": {},
    "bevinding.vastgelegd": {"tekst": "tekst"},
    "bijlage.toegevoegd": {"onderschrift": "tekst"},
    "controle.afgelast": {"tekst": "tekst"},
    "controle.afgerond": {},
    "controle.gepland": {},
    "controle.gestart": {},
    "doorhaling": {"reden": "tekst"},
    "hulp.aangeboden": dict.fromkeys(("aangeboden", "aanvaard", "doorverwezenNaar", "toestemming", "vervolgt"), "hulp"),
    "locatie.vastgelegd": {"plaatsaanduiding": "tekst"},
    "mensenhandelsignaal.opgevolgd": {"zaaknummer": "mensenhandel"},
    "mensenhandelsignaal.overgedragen": {"aan": "mensenhandel"},
    "mensenhandelsignaal.vastgelegd": dict.fromkeys(
        ("soort", "indicatoren", "mogelijkMinderjarig", "tekst"), "mensenhandel"
    ),
    "persoon.aangetroffen": {"rol": "persoon"},
    "quarantaine.beoordeeld": {"reden": "tekst"},
    "rapportage.opgemaakt": {"tekst": "tekst"},
    "rapportage.vastgesteld": {},
    "rapportage.verstrekt": {"gelakteTekst": "tekst"},
    "signaal.beoordeeld": {"tekst": "tekst"},
    "signaal.gemeld": {"tekst": "tekst", "triagetekst": "melder", "advertentie": "melder"},
    "verschil.beoordeeld": {"reden": "tekst"},
    "overtreding.vastgesteld": {},
    "telling.vastgelegd": {
        **dict.fromkeys(("perRol", "regioHerkomst", "leeftijdsband"), "persoon"),
        **dict.fromkeys(("hulp", "hulpAangeboden", "hulpPerSoort", "toestemming"), "hulp"),
    },
}
"""The kinds this app signs: which fields lie elsewhere than in section `zaak`.

An app knows the kinds and versions it writes, so this table belongs to the app. What is not in it goes unsigned.
"""
OPERATIE, CORRECTIE = 1, 2
_HERZIET: Final = frozenset({"doorhaling", "verschil.beoordeeld"})
"""Kinds that change what earlier entries amount to: of class 2, as corrections are."""
_REDEN: Final = "redenCorrectie"
_SALT: Final = 32


class Ondertekend(NamedTuple):
    """What goes with the operation, and the hash of this KOP: the `prev` of the next."""

    velden: dict[str, Any]
    kop_hash: str


def sections_of(op: Mapping[str, Any]) -> dict[str, bytes]:
    """The sections of an operation as it goes over the wire; KeyError for a kind that is not in the table."""
    omslag = {name: op[name] for name in ("soort", "versie", "onderwerp", "waargenomenOp")}
    omslag["oefening"] = op.get("oefening", False)
    optional = ("vastgelegdOp", "corrigeert", "basis", "bijlagen")
    omslag |= {name: op[name] for name in optional if op.get(name)}
    elsewhere = ELDERS[op["soort"]]
    parts: dict[str, dict[str, Any]] = {}
    for name, value in op["inhoud"].items():
        parts.setdefault(elsewhere.get(name, "zaak"), {})[name] = value
    if op.get("reden") is not None:
        secret = "mensenhandel" if op["soort"].startswith("mensenhandelsignaal.") else "tekst"
        parts.setdefault(secret, {})[_REDEN] = op["reden"]
    return {"omslag": jcs(omslag), **{name: jcs(part) for name, part in parts.items()}}


def sign_op(
    sleutel: Sleutel,
    origin: str,
    op: Mapping[str, Any],
    *,
    seq: int,
    prev: str | None,
    random: Callable[[int], bytes] = os.urandom,
) -> Ondertekend | None:
    """The fields `kop`, `hand` and `zouten` of an operation; None for a kind that this app does not sign."""
    if op["soort"] not in ELDERS:
        return None
    sections, ident = sections_of(op), UUID(op["opId"])
    commitments, salts = [], []
    for name in SECTIES:
        drawn, content = random(_SALT), sections.get(name)
        commitments.append(b64u(drawn if content is None else commit(name, ident, drawn, content)))
        salts.append(None if content is None else b64u(drawn))
    changes = op.get("corrigeert") is not None or op["soort"] in _HERZIET
    kop = {
        "v": 1,
        "origin": origin,
        "op": str(ident),
        "k": CORRECTIE if changes else OPERATIE,
        "t": sleutel.id,
        "n": seq,
        "prev": prev,
        "c": commitments,
    }
    written = jcs(kop)
    handtekening = sleutel.sign(b"veldboek/kop/v1\n" + written)
    return Ondertekend({"kop": kop, "hand": handtekening, "zouten": salts}, b64u(hashlib.sha256(written).digest()))


def commit(name: str, op: UUID, salt: bytes, content: bytes) -> bytes:
    """The commitment to the bytes of one section."""
    prefix = b"veldboek/sectie/v1\0" + bytes([len(name)]) + name.encode()
    return hashlib.sha256(prefix + op.bytes + salt + content).digest()
