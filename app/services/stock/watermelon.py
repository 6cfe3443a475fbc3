"""WatermelonDB 0.28 as it comes: `pullChanges` and `pushChanges`, on our pull and push.

It keeps one number between two pulls, pulls before it pushes, and lets a local edit win column by column. The
number cannot hold a cursor, so the client keeps that beside it, under that number. Documents travel as text in
one column, which is replaced whole: a field that is masked from now on leaves no old value behind.
"""

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import may
from app.database import raw_connection
from app.grootboek.canoniek import NietCanoniek, canonical_of_parsed
from app.grootboek.ontleden import GeenJson, Stuk, TeVeel, parse, split_members, split_ops
from app.problems import CursorVerlopen, OngeldigVerzoek, TeGroot
from app.registraties.kern import VERBERGT
from app.services.kluis.operatie import unreadable, unsealable
from app.services.stock.stock import (
    REGISTRATIES,
    SOUGHT,
    Inzending,
    Verschil,
    book,
    gather,
    is_unsent,
    read_registratie,
    settle_removals,
)
from app.services.sync.collecties import COLLECTIES
from app.vocabulary import Code, Status

BATCH = 100
ROWS = 1_000
"""Rows in one push: a body can hold a million of two bytes, and each would be an entry for ever. The client halves."""
NAME = 100
"""Characters in the name of a table: it is kept with every row of a table that is not ours."""
AS_TEXT = ("onderwerp", "inhoud", "bijlagen")
"""Columns of `registraties` that hold JSON as text: WatermelonDB has no other place for it."""
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_KINDS = ("created", "updated", "deleted")
_GEEN_TABELLEN = "Het verzoek is geen lijst van wijzigingen per tabel."


async def pull_changes(
    session: AsyncSession, actor: Actor, *, last_pulled_at: int, cursor: str | None, collecties: Collection[str] | None
) -> dict[str, Any]:
    """`{changes, timestamp, cursor}` in one consistent answer; without a (useful) cursor everything, as a replacement.

    `timestamp` only grows, so that each names one cursor, also when an answer was lost. Raises EpochGewijzigd.
    """
    try:
        found = await gather(session, actor, cursor=cursor, collecties=collecties)
        whole = cursor is None
    except CursorVerlopen:
        found = await gather(session, actor, cursor=None, collecties=collecties)
        whole = True
    changes = as_changes(found, collecties or COLLECTIES)
    changes[REGISTRATIES] = {"created": [], "updated": [], "deleted": await find_erased(session, actor)}
    answer = {"changes": changes, "timestamp": max(found.head, last_pulled_at + 1), "cursor": found.cursor}
    if whole:
        answer["experimentalStrategy"] = {"default": "replacement", "override": {REGISTRATIES: "incremental"}}
    return answer


def as_changes(found: Verschil, collecties: Collection[str]) -> dict[str, dict[str, list[Any]]]:
    """Changes by table; every table is there, for a replacement drops only from those."""
    changes: dict[str, dict[str, list[Any]]] = {
        name: {"created": [], "updated": [], "deleted": []} for name in sorted(collecties)
    }
    for change in found.wijzigingen:
        if change["op"] == "revoke":
            changes[change["collectie"]]["deleted"].append(change["id"])
        else:
            changes[change["collectie"]]["updated"].append(as_record(change))
    return changes


def as_record(change: dict[str, Any]) -> dict[str, Any]:
    """A document as a row: canonical JSON in `doc`, and two fields of it to look for, null when they are not there."""
    doc = change["doc"]
    return {
        "id": change["id"],
        **{name: doc.get(name) for name in SOUGHT},
        "doc": canonical_of_parsed(doc).decode(),
        "gemaskeerd": orjson.dumps(change["gemaskeerd"]).decode(),
    }


async def find_erased(session: AsyncSession, actor: Actor) -> list[str]:
    """The entries of this device that it has to forget: they are held here, and writing gave no right to read."""
    hidden = [soort for soort, permissie in VERBERGT.items() if not may(actor.rol, permissie)]
    if not hidden:
        return []
    rows = await (await raw_connection(session)).fetch(
        "SELECT coalesce(botst_met, op) AS op FROM bedrijf.sync_op s WHERE toestel = $1 AND pos IS NOT NULL AND ("
        " EXISTS (SELECT 1 FROM lees.geschiedenis g WHERE g.op = s.op AND g.soort = ANY($2))"
        " OR EXISTS (SELECT 1 FROM lees.ontvangst o WHERE o.id = s.op AND o.doc ->> 'soort' = ANY($2)))"
        " ORDER BY op",
        actor.toestel,
        sorted(hidden),
    )
    return [str(row["op"]) for row in rows]


async def push_changes(
    session: AsyncSession, actor: Actor, body: bytes, *, nu: datetime, verzonden_op: datetime
) -> dict[str, Any]:
    """Book what the client changed, and say what it has to keep: `{experimentalRejectedIds, geweigerd, opnieuw}`.

    `geweigerd` says why, of what will never be taken as it is. `opnieuw`: documents were changed that no device
    may change; that was kept for a person, and the next pull has to bring them all again. Raises OngeldigVerzoek,
    TeGroot.
    """
    rows = list(read_changes(body))
    foreign = [as_foreign(table, kind, stuk) for table, kind, stuk in rows if table != REGISTRATIES]
    ours = [read_record(kind, stuk) for table, kind, stuk in rows if table == REGISTRATIES]
    inzendingen = [*sorted(await settle_removals(session, actor, ours), key=turn_of), *foreign]
    rejected: list[str] = []
    refused: dict[str, str | None] = {}
    for start in range(0, len(inzendingen), BATCH):
        part = inzendingen[start : start + BATCH]
        for inzending, uitslag in zip(
            part, await book(session, actor, part, nu=nu, verzonden_op=verzonden_op), strict=True
        ):
            if is_unsent(uitslag) and inzending.document is not None:
                ident = str(inzending.document.get("id"))
                rejected.append(ident)
                if uitslag.status is Status.REJECTED:
                    refused[ident] = uitslag.code
    return {
        "experimentalRejectedIds": {REGISTRATIES: rejected},
        "geweigerd": refused,
        "opnieuw": bool(foreign),
    }


def read_changes(body: bytes) -> Iterator[tuple[str, str, Stuk]]:
    """`{table: {created, updated, deleted}}` as (table, kind, row), each row by itself.

    Raises OngeldigVerzoek, and TeGroot beyond `ROWS` rows in all tables together.
    """
    room = ROWS
    try:
        for table, changed in split_members(body).items():
            for kind, listed in split_members(changed).items():
                if kind not in _KINDS or len(table) > NAME:
                    raise OngeldigVerzoek(_GEEN_TABELLEN)
                for stuk in split_ops(b'{"ops":' + listed + b"}", max_ops=room)[1]:
                    room -= 1
                    yield table, kind, stuk
    except TeVeel:
        raise TeGroot(f"Stuur hoogstens {ROWS} rijen per keer.", limits={"maxOps": ROWS}) from None
    except (GeenJson, NietCanoniek) as error:
        raise OngeldigVerzoek(unsealable(str(error), _GEEN_TABELLEN)) from None


def read_record(kind: str, stuk: Stuk) -> Inzending:
    """One row of `registraties`; of a removed one only the id is left."""
    if kind == "deleted":
        return read_registratie(Stuk({"id": stuk.value, "_deleted": True}))
    if stuk.fout is not None or not isinstance(stuk.value, dict):
        return read_registratie(stuk)
    return read_registratie(
        Stuk({name: _as_value(name, each) for name, each in stuk.value.items() if each is not None})
    )


def turn_of(inzending: Inzending) -> tuple[bool, datetime]:
    """What closes last, else by when it was recorded: WatermelonDB hands rows over in no order of its own."""
    envelop, act = inzending.operatie.envelop, inzending.operatie.act
    closes = act is not None and act.sluit
    return closes, _FIRST if envelop is None else envelop.vastgelegd_op or envelop.waargenomen_op


def _as_value(name: str, each: Any) -> Any:
    """A column as a member of the operation. Text that is no JSON stays text, and the schema refuses it."""
    if name not in AS_TEXT or not isinstance(each, str):
        return each
    try:
        return parse(each)
    except (GeenJson, NietCanoniek):
        return each


def as_foreign(table: str, kind: str, stuk: Stuk) -> Inzending:
    """A change to a table that devices only read: no kind of operation, so it is kept whole for a person."""
    name = json.dumps(table).encode()  # a lone surrogate as it was sent: escaped
    raw = b'{"tabel":' + name + b',"wijziging":"' + kind.encode() + b'","rij":' + stuk.raw + b"}"
    return Inzending(None, unreadable(None, None, "", raw, Code.ONBEKENDE_SOORT))
