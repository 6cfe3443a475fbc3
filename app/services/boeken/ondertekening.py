"""Signed operations: whether `hand` fits `kop`, and `kop` fits what was sent. Pure, but for one read.

A device signs KOP, which holds commitments and no content. So four things are held against each other: the
signature and the enrolled key; the KOP and this device, ledger, op and number; the commitments and the sections
under the given salts; and, remembered but never refused, `prev` and the device's KOP before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.access.sleutels import is_signed
from app.grootboek.blad import INHOUD, NO_SALT, SALT_SIZE, commitment, kop
from app.grootboek.canoniek import NietCanoniek, b64u, canonical, unb64u
from app.problems import HandtekeningOntbreekt
from app.services.kluis.operatie import Ondertekend, Operatie, hash_of
from app.services.kluis.verzegelen import sections_of
from app.vocabulary import Code, Klasse, Vlag

KOP_DOMEIN = b"veldboek/kop/v1\n"
"""Before JCS(KOP): a signature made for this is good for nothing else."""
_SALTS = TypeAdapter(list[str | None])


class _Kop(BaseModel):
    """The KOP as a device sends it; `kop()` of the ledger judges the rest."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    v: int
    origin: str
    op: str
    k: int
    t: str
    n: int
    prev: str | None
    c: list[str]


@dataclass(slots=True)
class Ondertekenaar:
    """The device that sends: its key if it has one, whether it promised to sign, and its KOPs around this batch."""

    sleutel_id: str | None = None
    punt: bytes | None = None
    belofte: bool = False
    koppen: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    """deviceSeq → (hash of its KOP, its prev), for signed entries only."""


async def load_signer(raw: Any, toestel: UUID | None, seqs: Iterable[int]) -> Ondertekenaar:
    """The key of the device, and of its entries next to `seqs` what a chain needs."""
    row = await raw.fetchrow(
        "SELECT t.ondertekent, s.sleutel_id, s.punt FROM lees.toestel t"
        " LEFT JOIN bedrijf.toestelsleutel s ON s.toestel = t.id WHERE t.id = $1",
        toestel,
    )
    if row is None:
        return Ondertekenaar()
    signer = Ondertekenaar(row["sleutel_id"], row["punt"], row["ondertekent"])
    beside = sorted({n for seq in seqs for n in (seq - 1, seq + 1)})
    if signer.punt is not None and beside:
        for entry in await raw.fetch(
            "SELECT device_seq, leaf FROM bedrijf.sync_op JOIN grootboek.entry USING (pos)"
            " WHERE toestel = $1 AND device_seq = ANY($2)",
            toestel,
            beside,
        ):
            found = orjson.loads(entry["leaf"])
            if found["hand"] is not None:
                signer.koppen[entry["device_seq"]] = (hash_of(found["kop"]), found["kop"]["prev"])
    return signer


def check(operatie: Operatie, signer: Ondertekenaar, origin: str, *, online: bool) -> tuple[str, ...]:
    """Judge the signature on a readable operation, and give the flags that follow.

    What holds is kept with the operation. What does not, or is missing though the device promised it, makes the
    operation one that is kept exactly as it came. Online work is never signed, so it is refused from a device that
    promised: raises HandtekeningOntbreekt.
    """
    if not operatie.carries_hand:
        if signer.belofte and online:
            raise HandtekeningOntbreekt("Verstuur dit ondertekend via /v1/sync/push, of meld u aan zonder toestel.")
        if signer.belofte:
            operatie.keep_as_sent(Code.HANDTEKENING_ONGELDIG)
        return ()
    signed = verify(operatie, signer, origin, sections_of(operatie, None))
    if signed is None:
        operatie.keep_as_sent(Code.HANDTEKENING_ONGELDIG)
        return ()
    operatie.ondertekend = signed
    return (Vlag.KETEN_GEBROKEN.value,) if note_link(signer, signed) else ()


def verify(operatie: Operatie, signer: Ondertekenaar, origin: str, sections: dict[str, bytes]) -> Ondertekend | None:
    """The signature on a readable operation if everything fits, otherwise None. `sections` are the device's."""
    e, act = operatie.envelop, operatie.act
    assert e is not None  # noqa: S101  # only readable ones are signed
    assert act is not None  # noqa: S101
    if signer.punt is None:
        return None
    try:
        sent = _Kop.model_validate(e.kop)
        salts, handtekening = read_salts(e.zouten), unb64u(e.hand) if isinstance(e.hand, str) else b""
        made = kop(
            origin,
            e.op_id,
            int(Klasse.CORRECTIE if e.corrigeert else act.klasse),
            signer.sleutel_id,
            e.device_seq,
            None if sent.prev is None else unb64u(sent.prev),
            [unb64u(each) for each in sent.c],
        )
        fits = commits(made, salts, e.op_id, sections)
    except (ValidationError, NietCanoniek, ValueError):
        return None
    if e.device_seq is None or sent.model_dump() != made or not fits:
        return None
    if not is_signed(signer.punt, handtekening, KOP_DOMEIN + canonical(made)):
        return None
    return Ondertekend(made, handtekening, salts, sections)


def read_salts(value: Any) -> bytes:
    """The seven salts as one row of bytes, NO_SALT for null. Raises ValueError, NietCanoniek."""
    parts = [NO_SALT if text is None else unb64u(text) for text in _SALTS.validate_python(value, strict=True)]
    given = [salt for salt in parts if salt != NO_SALT]
    if len(parts) != len(INHOUD) or any(len(salt) != SALT_SIZE for salt in parts) or len(set(given)) < len(given):
        raise ValueError("seven salts of 32 bytes, no two alike")
    return b"".join(parts)


def commits(made: dict[str, Any], salts: bytes, op: UUID, sections: dict[str, bytes]) -> bool:
    """Whether the commitments are those of `sections` under `salts`: a section has a salt or is absent."""
    for at, (name, committed) in enumerate(zip(INHOUD, made["c"], strict=True)):
        salt, content = salts[at * SALT_SIZE : (at + 1) * SALT_SIZE], sections.get(name)
        if (content is None) != (salt == NO_SALT):
            return False
        if content is not None and b64u(commitment(name, op, salt, content)) != committed:
            return False
    return True


def note_link(signer: Ondertekenaar, signed: Ondertekend) -> bool:
    """Add a KOP to the chain; whether a break shows between it and its neighbours, as far as those are known."""
    seq: int = signed.kop["n"]
    signer.koppen[seq] = (signed.kop_hash, signed.prev)
    before, after = signer.koppen.get(seq - 1), signer.koppen.get(seq + 1)
    return (before is not None and signed.prev != before[0]) or (after is not None and after[1] != signed.kop_hash)
