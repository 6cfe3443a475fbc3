"""Clients that others wrote and that stay as they are (RxDB, WatermelonDB): what their documents mean here.

There is no second way to read or to write. Pages come from :func:`app.services.sync.pull.pull`; each document of
their collection `registraties` is one operation for :func:`app.services.boeken.overnieuw.boek_with_retry`, under its
own id. Names that begin with `_` or `lokaal` belong to the client and stay there, as do the two that say what
became of the document; every other name is part of the operation, and an unknown one puts it in quarantine whole.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import raw_connection
from app.grootboek.ontleden import Stuk
from app.problems import TeGroot
from app.services.boeken.boeking import Uitslag
from app.services.boeken.overnieuw import boek_with_retry
from app.services.kluis.operatie import MAX_OP_BYTES, Operatie, lenient, read_operatie, unreadable
from app.services.sync.pull import pull
from app.vocabulary import Code, Status

REGISTRATIES = "registraties"
"""The one collection that such a client writes: insert-only, and never pulled."""
UITKOMST = frozenset({"syncStatus", "syncCode"})
"""What the server writes into a document that was not simply accepted."""
SOUGHT = ("gemeente", "status")
"""Fields of a document that a client finds beside it, to query on; the document itself travels whole, as one field."""
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Inzending:
    """One changed document as a client sends it. `document` is None when it could not be read or is not ours."""

    document: dict[str, Any] | None
    operatie: Operatie


@dataclass(frozen=True, slots=True)
class Verschil:
    """All that changed up to `cursor`, each document once; `head` is the size of the ledger."""

    wijzigingen: list[dict[str, Any]]
    cursor: str
    head: int


async def gather(
    session: AsyncSession,
    actor: Actor,
    *,
    cursor: str | None,
    collecties: Collection[str] | None,
    enough: int | None = None,
) -> Verschil:
    """Pages of :func:`pull` as one answer: everything, or until there are `enough` documents.

    A page may be short although more follows, or empty because all of it is invisible; these clients would take
    either for the end. Call it inside one REPEATABLE READ transaction; raises what :func:`pull` raises.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    while True:
        page = await pull(session, actor, cursor=cursor, limit=enough or _PAGE, collecties=collecties)
        for change in page.wijzigingen:
            found.pop((change["collectie"], change["id"]), None)
            found[change["collectie"], change["id"]] = change
        cursor = page.cursor
        if not page.meer or (enough is not None and len(found) >= enough):
            return Verschil(list(found.values()), cursor, page.head)


def read_registratie(stuk: Stuk) -> Inzending:
    """One document of `registraties`, whatever is wrong with it."""
    if stuk.fout is not None:
        return Inzending(None, unreadable(*lenient(_as_op(stuk.omslag)), stuk.raw, Code.NIET_CANONIEK, stuk.fout))
    if not isinstance(stuk.value, dict):
        return Inzending(None, read_operatie(stuk.value))
    return Inzending(stuk.value, read_operatie(_as_op(stuk.value)))


def _as_op(document: dict[str, Any]) -> dict[str, Any]:
    """The operation in a document: its id is the opId; what is the client's own is left out."""
    kept = {
        name: value
        for name, value in document.items()
        if name != "id" and name not in UITKOMST and not name.startswith(("_", "lokaal"))
    }
    return {**kept, "opId": document.get("id")}


async def settle_removals(session: AsyncSession, actor: Actor, inzendingen: Iterable[Inzending]) -> list[Inzending]:
    """What to book of documents that the client removed.

    Removing a copy of what was delivered says nothing. Removing what never arrived is not for a device to decide:
    what is left of it is kept, marked, for a person.
    """
    inzendingen = list(inzendingen)
    removed = {
        r.operatie.op for r in inzendingen if r.operatie.op and r.document and r.document.get("_deleted") is True
    }
    if not removed:
        return inzendingen
    held = await find_held(session, actor, removed)
    kept: list[Inzending] = []
    for inzending in inzendingen:
        if inzending.operatie.op not in removed or inzending.document is None:
            kept.append(inzending)
        elif inzending.operatie.op not in held:
            kept.append(
                Inzending(inzending.document, read_operatie({**_as_op(inzending.document), "verwijderd": True}))
            )
        elif _as_op(inzending.document).keys() != {"opId"}:
            kept.append(inzending)
    return kept


async def find_held(session: AsyncSession, actor: Actor, ops: Collection[UUID]) -> set[UUID]:
    """Which of these operations of this functionaris the ledger holds, under the ids that the client gave."""
    rows = await (await raw_connection(session)).fetch(
        "SELECT op FROM bedrijf.sync_op WHERE op = ANY($1) AND functionaris = $2 AND pos IS NOT NULL",
        list(ops),
        actor.functionaris,
    )
    return {row["op"] for row in rows}


async def book(
    session: AsyncSession,
    actor: Actor,
    inzendingen: Sequence[Inzending],
    *,
    nu: datetime,
    verzonden_op: datetime,
    geduld: timedelta | None = None,
) -> list[Uitslag]:
    """Book what is in `inzendingen`, each once, in order. Raises TeGroot, before anything was booked.

    Such a document is too large and cannot be read either, so there is nothing to say back in: the client has to
    send it by itself to know which one it is.
    """
    if any(inzending.document is None and inzending.operatie.grootte > MAX_OP_BYTES for inzending in inzendingen):
        raise TeGroot("Verstuur wat te groot is alleen.", limits={"maxBytes": MAX_OP_BYTES})
    operaties = [inzending.operatie for inzending in inzendingen]
    uitslagen, _ = await boek_with_retry(session, actor, operaties, nu=nu, verzonden_op=verzonden_op, geduld=geduld)
    return uitslagen


def outcome(uitslag: Uitslag) -> Uitslag:
    """What became of it: of a repeat, the first time."""
    return uitslag.eerste or uitslag


def is_unsent(uitslag: Uitslag) -> bool:
    """Whether the client has to keep it: nothing of it was stored."""
    return uitslag.status in {Status.DEFERRED, Status.REJECTED}
