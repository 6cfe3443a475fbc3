"""Seen before? An id decides nothing by itself: the same content is a repeat, other content is a branch beside it."""

from collections.abc import Sequence
from uuid import UUID

import orjson

from app.grootboek.blad import same_content
from app.services.boeken.boeking import NO_ID, Bewaard, Boeking, Uitslag
from app.services.boeken.oordeel import Oordeel, Waarom, quarantine
from app.services.kluis.operatie import Operatie
from app.services.kluis.toevoegen import SyncOp
from app.services.kluis.verzegelen import raw_sections, sections_of, stored_kenmerken
from app.vocabulary import Code, Status

_SELECT = f"SELECT {', '.join(SyncOp._fields)} FROM bedrijf.sync_op WHERE"  # noqa: S608  # our own names


async def find_earlier(b: Boeking, operaties: Sequence[Operatie]) -> None:
    """Read the first outcomes of all ids and sequence numbers in the batch, and what is stored of them."""
    ops = sorted({o.op for o in operaties if o.op is not None})
    also = [NO_ID] if any(o.op is None for o in operaties) else []
    seqs = [o.device_seq for o in operaties if o.device_seq is not None] if b.actor.toestel else []
    found = await b.raw.fetch(
        f"{_SELECT} op = ANY($1) UNION {_SELECT} botst_met = ANY($2) AND functionaris = $5"
        f" UNION {_SELECT} toestel = $3 AND device_seq = ANY($4)",
        ops,
        [*ops, *also],
        b.actor.toestel,
        seqs,
        b.actor.functionaris,
    )
    rows = [SyncOp(*row) for row in found]
    for row in rows:
        if row.botst_met is not None:
            b.botsingen.setdefault(row.botst_met, []).append(row)
        else:
            b.eerdere[row.op] = row
        if row.device_seq is not None and row.toestel == b.actor.toestel:
            b.volgnummers.setdefault(row.device_seq, set()).add(row.botst_met or row.op)
    positions = [row.pos for row in rows if row.pos is not None]
    if positions:
        stored = await b.raw.fetch(
            f"SELECT {', '.join(Bewaard._fields)} FROM grootboek.entry JOIN kluis.inhoud USING (pos)"  # noqa: S608
            " WHERE pos = ANY($1)",
            positions,
        )
        b.kluis = {row["pos"]: Bewaard(*row) for row in stored}


def is_final(b: Boeking, operatie: Operatie) -> bool:
    """Whether this id already has an outcome that stands."""
    row = b.eerdere.get(operatie.op) if operatie.op else None
    return row is not None and row.status != Status.DEFERRED


def find_repeat(b: Boeking, operatie: Operatie) -> Uitslag | Oordeel | None:
    """A known id: with the same content the first outcome again, with other content a quarantined branch."""
    seen = b.gezien.get(operatie.op or NO_ID, [])
    for earlier, uitslag in seen:
        if operatie.says_the_same(earlier):
            return Uitslag(operatie.op, Status.DUPLICATE, eerste=uitslag)
    first = [b.eerdere[operatie.op]] if operatie.op and is_final(b, operatie) else []
    for row in (*first, *b.botsingen.get(operatie.op or NO_ID, [])):
        if row.functionaris == b.actor.functionaris and is_same(b, row, operatie):
            return replay(b, operatie.op, row)
    if first or (seen and operatie.op is not None):
        return quarantine(Code.ID_ANDERE_INHOUD, "Dit kenmerk is al gebruikt voor iets anders.")
    return None


def replay(b: Boeking, op: UUID | None, row: SyncOp) -> Uitslag:
    """The answer to a repeat: the first outcome, whatever may have changed since."""
    code = Code(row.code) if row.code else None
    told = orjson.loads(stored_of(b, row).oordeel)
    waarom = Waarom(told.get("uitleg", ""), told.get("weigering"), tuple(told.get("fouten", ())))
    first = Uitslag(op, Status(row.status), code, row.pos, row.leaf_hash, tuple(told["vlaggen"]), waarom=waarom)
    return Uitslag(op, Status.DUPLICATE, eerste=first)


def stored_of(b: Boeking, row: SyncOp) -> Bewaard:
    """The entry of an outcome that stands: that has a position."""
    assert row.pos is not None  # noqa: S101  # only what is deferred has none
    return b.kluis[row.pos]


def is_same(b: Boeking, row: SyncOp, operatie: Operatie) -> bool:
    """Whether the sections of `operatie` give the stored commitments under the stored salts.

    What was destroyed cannot be compared any more; then the id decides.
    """
    stored = stored_of(b, row)
    if stored.zouten is None or not any(stored.zouten):
        return True
    if operatie.act is None or stored.omslag is None:  # it could not be read, now or then
        sections = raw_sections(operatie)
    else:
        sections = sections_of(operatie, stored_kenmerken(stored.omslag))
    return same_content(stored.leaf, stored.zouten, stored.op, sections)
