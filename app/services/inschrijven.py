"""Appending to the ledger: seal, number under the head lock, write entry and vault, move the head.

Appends are serialised by the row lock on the head, so positions are gapless and a reader never sees a later
position before an earlier one. The frontier is read again at every batch: no tree lives in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.grootboek.blad import Blad, leaf_hash, seal
from app.grootboek.boom import Frontier
from app.grootboek.canoniek import canonical
from app.vocabulary import Klasse, Sectie


@dataclass(frozen=True, slots=True)
class Regel:
    """One line to append: its op, class, device sequence, sections by name, and the verdict."""

    op: UUID
    klasse: Klasse
    device_seq: int | None
    secties: dict[str, bytes]
    oordeel: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stand:
    """The head as it was locked."""

    origin: str
    frontier: Frontier


@dataclass(frozen=True, slots=True)
class Inschrijving:
    """Sealed lines with their positions (place in the batch → position) and leaf hashes."""

    positions: dict[int, int]
    leaf_hashes: list[bytes]
    bladen: list[Blad]
    regels: Sequence[Regel]
    oordelen: list[bytes]
    frontier: Frontier

    async def write(self, raw: Any) -> None:
        """Insert entries and vault rows; column by column, because bytes do not travel as JSON."""
        numbers = list(self.positions.values())
        columns = [[regel.secties.get(sectie.value) for regel in self.regels] for sectie in Sectie]
        await raw.execute(
            "WITH lines AS (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[],"
            " $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[])"
            " AS l(pos, leaf, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten)),"
            " vault AS (INSERT INTO kluis.inhoud"
            " (pos, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten)"
            " SELECT pos, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten FROM lines)"
            " INSERT INTO grootboek.entry (pos, leaf) SELECT pos, leaf FROM lines",
            numbers,
            [blad.leaf for blad in self.bladen],
            *columns,
            self.oordelen,
            [blad.salts for blad in self.bladen],
        )

    async def advance(self, raw: Any) -> None:
        """Move the head over what was written. The last statement before the commit."""
        await raw.execute(
            "UPDATE grootboek.head SET size = $1, root = $2, frontier = $3",
            self.frontier.size,
            self.frontier.root(),
            self.frontier.to_bytes(),
        )


async def reserve(raw: Any) -> Stand:
    """Lock the head: from here to the commit all other writers wait. Call it last."""
    row = await raw.fetchrow("SELECT origin, size, frontier FROM grootboek.head FOR UPDATE")
    return Stand(row["origin"], Frontier.from_bytes(row["size"], row["frontier"]))


def append(stand: Stand, regels: Sequence[Regel]) -> Inschrijving:
    """Seal `regels` behind the head, in order."""
    oordelen = [canonical(regel.oordeel) for regel in regels]
    bladen = [
        seal(stand.origin, regel.op, int(regel.klasse), None, regel.device_seq, None, regel.secties, oordeel)
        for regel, oordeel in zip(regels, oordelen, strict=True)
    ]
    hashes = [leaf_hash(blad.leaf) for blad in bladen]
    first = stand.frontier.size + 1
    positions = {place: first + place for place in range(len(regels))}
    return Inschrijving(positions, hashes, bladen, regels, oordelen, stand.frontier.append(hashes))
