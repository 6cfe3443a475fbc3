"""Reading entries back: the history of a document, and the whole ledger in order."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.registraties.act import Sleutel
from app.registraties.kern import beside, bind_act, named_documents
from app.registraties.register import ACTEN, AGGREGATEN
from app.services.bewaken.schade import refuse_damaged
from app.services.kluis.verzegelen import as_registratie, entry_from_sections, reopen, sealed_kring, writer_of
from app.services.vouwen.stappen import Stap, target
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Code, Status

COLUMNS = "pos, op, leaf, omslag, zaak, tekst, persoon, hulp, melder, mensenhandel, oordeel, zouten"
_HISTORY = f"""
SELECT g.document, g.via, d.oordeel AS besluit, coalesce(v.pos, entries.pos) AS plaats, entries.*
FROM lees.geschiedenis g
JOIN (SELECT {COLUMNS} FROM grootboek.entry JOIN kluis.inhoud USING (pos)) AS entries USING (op)
LEFT JOIN grootboek.entry v ON v.op = g.via LEFT JOIN kluis.inhoud d ON d.pos = v.pos
WHERE g.document = ANY($1) AND coalesce(v.pos, entries.pos) < $2
ORDER BY coalesce(v.pos, entries.pos)
"""  # noqa: S608
"""What was taken in from quarantine stands at the place of that decision."""
_ENTRIES = f"SELECT {COLUMNS} FROM grootboek.entry JOIN kluis.inhoud USING (pos) WHERE op = ANY($1)"  # noqa: S608
Lock = Callable[[Any, Iterable[Sleutel], Iterable[str]], Awaitable[None]]
"""Locks documents and natural keys until the commit."""


def as_stap(row: Any) -> Stap:
    """A stored entry as a step in the history of its document."""
    registratie, omslag = entry_from_sections(row["op"], row)
    oordeel = orjson.loads(row["oordeel"])
    return Stap(
        registratie,
        Status(oordeel["status"]),
        corrigeert=UUID(omslag["corrigeert"]) if "corrigeert" in omslag else None,
        basis=UUID(omslag["basis"]) if "basis" in omslag else None,
        ernst=oordeel.get("ernst"),
        vast=oordeel["code"] == Code.STAAT_VAST,
        behouden=tuple(oordeel.get("behouden", ())),
        reden=omslag.get("reden") or registratie.inhoud.says("reden")
        if "corrigeert" in omslag or ACTEN[registratie.soort].herziet
        else None,
    )


def as_held_stap(row: Any, decision: Any, via: UUID) -> Stap:
    """An entry that was taken in by the decision `via`, as a step in its document; `decision` is the sealed verdict."""
    verdict, aanvaard = orjson.loads(row["oordeel"]), orjson.loads(decision)["aanvaard"]
    operatie = reopen(row["op"], row, folding=True)
    e = operatie.envelop
    assert e is not None  # noqa: S101  # it could be read when it was taken in
    assert operatie.act is not None  # noqa: S101
    ontvangen_op = datetime.fromisoformat(verdict["ontvangenOp"])
    writer, sealed = writer_of(verdict), aanvaard.get("kenmerken") or verdict.get("kenmerken")
    sealed = sealed or orjson.loads(row["omslag"] or b'{"regime":"AVG"}')  # taken in when no law was found for it yet
    kring = sealed_kring(ACTEN[operatie.soort], operatie.inhoud, sealed, writer.rol)
    r = as_registratie(operatie, writer, ontvangen_op, tuple(aanvaard["vlaggen"]), kring)
    return Stap(
        r,
        Status(aanvaard["status"]),
        corrigeert=e.corrigeert,
        basis=e.basis,
        ernst=aanvaard["ernst"],
        reden=e.reden or (r.inhoud.says("reden") if operatie.act.herziet else None),
        behouden=tuple(aanvaard["behouden"]),
        via=via,
        vast="code" in aanvaard,
    )


async def load_history(
    raw: Any, vouwer: Vouwer, keys: Iterable[Sleutel], *, before: int | None = None, lock: Lock | None = None
) -> None:
    """Give `vouwer` all entries about `keys` (below position `before`), and every document those name.

    A live booking hands in the `lock` to take on those documents first: it must see them as a rebuild will. Raises
    Schade before anything is folded that is not what was sealed.
    """
    wanted = {key.id: key for key in keys if key not in vouwer.historie}
    natural: set[str] = set()
    for key in wanted.values():
        vouwer.historie[key] = []
    rows = await raw.fetch(_HISTORY, list(wanted), before if before is not None else 2**62)
    refuse_damaged(rows)
    named: set[Sleutel] = set()
    for row in rows:
        stap = as_stap(row) if row["via"] is None else as_held_stap(row, row["besluit"], row["via"])
        vouwer.historie[wanted[row["document"]]].append(replace(stap, plaats=row["plaats"]))
        named |= named_by(stap)
        natural |= {*natural_keys(stap)}
    if lock is not None:
        await lock(raw, named - vouwer.rijen.keys(), natural)
    await vouwer.load(named, natural)


async def fetch_entries(raw: Any, ops: Iterable[UUID]) -> list[Any]:
    """Entries by op, with their sections. Raises Schade when one is not what was sealed."""
    wanted = list(ops)
    rows: list[Any] = await raw.fetch(_ENTRIES, wanted) if wanted else []
    refuse_damaged(rows)
    return rows


def named_by(stap: Stap) -> set[Sleutel]:
    """Every document that an entry names."""
    r = stap.registratie
    act = bind_act(ACTEN[r.soort], r.onderwerp)
    return {*named_documents(act, r.onderwerp, r.inhoud), *beside(act, r.organisatie)}


def natural_keys(stap: Stap) -> tuple[str, ...]:
    """What the natural key of what an entry makes can be."""
    r = stap.registratie
    natural = AGGREGATEN[target(stap).aggregaat].sleutels
    return natural(r.inhoud) if natural and not ACTEN[r.soort].herziet else ()


async def walk_ledger(raw: Any, *, page: int = 500) -> AsyncIterator[list[Any]]:
    """All entries in ledger order, a page at a time."""
    after = 0
    while True:
        rows = await raw.fetch(
            f"SELECT {COLUMNS} FROM grootboek.entry JOIN kluis.inhoud USING (pos)"  # noqa: S608
            " WHERE pos > $1 ORDER BY pos LIMIT $2",
            after,
            page,
        )
        if not rows:
            return
        yield rows
        after = rows[-1]["pos"]
