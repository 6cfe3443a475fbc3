"""Appending to the ledger: seal, then number under the head lock, write everything at once, move the head.

Appends are serialised by the row lock on the head, so positions are gapless and a reader never sees a later
position before an earlier one. The frontier is read again at every batch: no tree lives in memory. All that costs
time is done before the lock is taken; under it run two statements and the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.grootboek.blad import Blad, leaf_hash, seal, seal_signed
from app.grootboek.boom import Frontier
from app.grootboek.canoniek import canonical_of_parsed
from app.services.kluis.feed import put_feed
from app.services.kluis.operatie import Ondertekend
from app.vocabulary import Klasse, Sectie

_WRITE = f"""
WITH lines AS (
    SELECT $1::bigint + nr AS pos, l.* FROM unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],
        $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[]) WITH ORDINALITY
        AS l(leaf, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten, nr)
), vault AS (
    INSERT INTO kluis.inhoud (pos, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten)
    SELECT pos, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten FROM lines
), entries AS (
    INSERT INTO grootboek.entry (pos, leaf) SELECT pos, leaf FROM lines
), feed AS (
    {put_feed("$12")}
), outcomes AS (
    INSERT INTO bedrijf.sync_op AS s
        (op, functionaris, toestel, device_seq, status, code, pos, leaf_hash, pogingen, eerste_poging, botst_met)
    SELECT op, functionaris, toestel, device_seq, status, code, $1::bigint + pos, leaf_hash, pogingen, eerste_poging,
        botst_met
    FROM unnest($13::uuid[], $14::uuid[], $15::uuid[], $16::bigint[], $17::text[], $18::text[], $19::bigint[],
        $20::bytea[], $21::int[], $22::timestamptz[], $23::uuid[])
        AS o(op, functionaris, toestel, device_seq, status, code, pos, leaf_hash, pogingen, eerste_poging, botst_met)
    ON CONFLICT (op) DO UPDATE SET functionaris = excluded.functionaris, toestel = excluded.toestel,
        device_seq = excluded.device_seq, status = excluded.status, code = excluded.code, pos = excluded.pos,
        leaf_hash = excluded.leaf_hash, pogingen = excluded.pogingen, eerste_poging = excluded.eerste_poging
    WHERE s.status = 'deferred' RETURNING 1
)
SELECT count(*) FROM outcomes
"""  # noqa: S608  # the one part that is filled in is ours


class SyncOp(NamedTuple):
    """What became of one operation, under its id: a row of `bedrijf.sync_op`, in the order of `_WRITE`."""

    op: UUID
    functionaris: UUID
    toestel: UUID | None
    device_seq: int | None
    status: str
    code: str | None
    pos: int | None
    """Its position in the ledger; of what is being booked its place among `Verzegeld`, counted from 1."""
    leaf_hash: bytes | None
    pogingen: int
    eerste_poging: datetime | None
    """Of what waits: since when."""
    botst_met: UUID | None
    """The id that it was sent under and cannot have: another operation has it."""


class GelijktijdigGeboekt(Exception):
    """Another transaction booked one of the ids between our look and our write: the whole call is done again."""


@dataclass(frozen=True, slots=True)
class Regel:
    """One line to append: its op, class, device sequence, sections by name, and the verdict."""

    op: UUID
    klasse: Klasse
    device_seq: int | None
    secties: dict[str, bytes]
    oordeel: dict[str, Any]
    ondertekend: Ondertekend | None = None
    """The signature of the device: then the leaf holds its KOP and not one of ours."""


@dataclass(frozen=True, slots=True)
class Verzegeld:
    """Sealed lines, not yet numbered: leaves with salts, leaf hashes, the verdicts as sealed."""

    regels: Sequence[Regel]
    bladen: list[Blad]
    hashes: list[bytes]
    oordelen: list[bytes]


def seal_lines(origin: str, regels: Sequence[Regel]) -> Verzegeld:
    """Seal `regels` in order; needs no lock, for a leaf does not know its position."""
    oordelen = [canonical_of_parsed(regel.oordeel) for regel in regels]
    bladen = [seal_line(origin, regel, oordeel) for regel, oordeel in zip(regels, oordelen, strict=True)]
    return Verzegeld(regels, bladen, [leaf_hash(blad.leaf) for blad in bladen], oordelen)


def seal_line(origin: str, regel: Regel, oordeel: bytes) -> Blad:
    """One leaf: around the KOP that a device signed, or with a KOP of ours."""
    signed = regel.ondertekend
    if signed is not None:
        return seal_signed(signed.kop, signed.handtekening, signed.zouten, oordeel)
    return seal(origin, regel.op, int(regel.klasse), None, regel.device_seq, None, regel.secties, oordeel)


async def append(raw: Any, sealed: Verzegeld, feed: str, outcomes: Sequence[SyncOp]) -> int:
    """Write `sealed` behind the head, with the feed and the outcomes that hang on its positions.

    Locks the head: from here to the commit all other writers wait, so call it last. `feed` is JSON and the
    `pos` of outcomes a place in `sealed`, both counted from 1. Returns the size of the ledger before. Raises
    GelijktijdigGeboekt.
    """
    columns = [_column([regel.secties.get(sectie) for regel in sealed.regels]) for sectie in Sectie]
    leaves, salts = [blad.leaf for blad in sealed.bladen], [blad.salts for blad in sealed.bladen]
    outcome_columns = [_column([row[n] for row in outcomes]) for n in range(len(SyncOp._fields))]
    row = await raw.fetchrow("SELECT size, frontier FROM grootboek.head FOR UPDATE")
    base = int(row["size"])
    done = await raw.fetchval(_WRITE, base, leaves, *columns, sealed.oordelen, salts, feed, *outcome_columns)
    if done != len(outcomes):
        raise GelijktijdigGeboekt
    if sealed.hashes:
        frontier = Frontier.from_bytes(base, row["frontier"]).append(sealed.hashes)
        await raw.execute(
            "UPDATE grootboek.head SET size = $1, root = $2, frontier = $3",
            frontier.size,
            frontier.root(),
            frontier.to_bytes(),
        )
    return base


def _column(values: list[Any]) -> list[Any]:
    """A column of an `unnest` that has a full one beside it: what says nothing is as good empty, and costs nothing."""
    return [] if all(value is None for value in values) else values
