"""RxDB 17 as it comes: its replication handlers, on our pull and push.

It ends a pull at a page shorter than it asked for, does not keep the checkpoint of an empty page, and takes every
row that is not answered for accepted. So pages are filled, and whatever the copy on the device has to become
otherwise than it was sent is answered as the document's state here, which RxDB's own conflict handler adopts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.grootboek.ontleden import GeenJson, Stuk, split_members, split_ops
from app.problems import TijdelijkNietBeschikbaar
from app.services.boeken.boeking import Uitslag
from app.services.stock.stock import (
    SOUGHT,
    UITKOMST,
    Inzending,
    book,
    gather,
    outcome,
    read_registratie,
    settle_removals,
)
from app.vocabulary import Status

Document = dict[str, Any]
KORT = timedelta(minutes=10)
"""So long one operation that has to wait may hold up all that stands behind it."""


async def pull_collectie(
    session: AsyncSession, actor: Actor, collectie: str, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """`{documents, checkpoint}`: fewer than `limit` documents only when there are no more."""
    found = await gather(session, actor, cursor=cursor, collecties=[collectie], enough=limit)
    return {
        "documents": [as_document(change) for change in found.wijzigingen],
        "checkpoint": {"cursor": found.cursor},
    }


def as_document(change: dict[str, Any]) -> Document:
    """A change as RxDB knows it; what is no longer to be seen is a tombstone without content."""
    if change["op"] == "revoke":
        return {"id": change["id"], "_deleted": True}
    doc = change["doc"]
    found = {name: doc[name] for name in SOUGHT if doc.get(name) is not None}
    return {"id": change["id"], **found, "doc": doc, "gemaskeerd": change["gemaskeerd"], "_deleted": False}


def read_row(stuk: Stuk) -> Inzending:
    """The document in one row `{assumedMasterState, newDocumentState}`, whatever is wrong with it.

    What the client assumed does not matter: a registratie that is there never changes.
    """
    if stuk.fout is None and isinstance(stuk.value, dict) and "newDocumentState" in stuk.value:
        return read_registratie(Stuk(stuk.value["newDocumentState"]))
    try:
        document = split_members(stuk.raw)["newDocumentState"]
        return read_registratie(split_ops(b'{"ops":[' + document + b"]}")[1][0])
    except (GeenJson, KeyError):
        return read_registratie(stuk)


async def push_rows(
    session: AsyncSession, actor: Actor, stukken: Sequence[Stuk], *, nu: datetime, verzonden_op: datetime, wacht: bool
) -> list[Document]:
    """Book the rows and say which documents have to become otherwise.

    `wacht`: the handler offers again what has to wait. One of before does not know how: RxDB keeps a row only where the
    whole batch fails, and then sends nothing that stands behind it. So it gets `KORT` before a person decides, and
    until then raises TijdelijkNietBeschikbaar, with all others booked.
    """
    inzendingen = await settle_removals(session, actor, map(read_row, stukken))
    geduld = None if wacht else KORT
    uitslagen = await book(session, actor, inzendingen, nu=nu, verzonden_op=verzonden_op, geduld=geduld)
    if not wacht and any(uitslag.status is Status.DEFERRED for uitslag in uitslagen):
        raise TijdelijkNietBeschikbaar("Waar iets over gaat is hier nog niet bekend. Verstuur alles zo opnieuw.")
    pairs = (
        (inzending.document, as_it_is(inzending, uitslag))
        for inzending, uitslag in zip(inzendingen, uitslagen, strict=True)
    )
    return [here for sent, here in pairs if here is not None and here != sent]


def as_it_is(inzending: Inzending, uitslag: Uitslag) -> Document | None:
    """The document as it has to be on the device after this outcome; None when there is nothing to say."""
    if uitslag.wissen and inzending.operatie.op is not None:
        return {"id": str(inzending.operatie.op), "_deleted": True}
    if inzending.document is None:
        return None
    first = outcome(uitslag)
    told = {}
    if first.status in {Status.CONFLICT, Status.DEFERRED, Status.REJECTED}:
        told = {"syncStatus": first.status.value, "syncCode": first.code.value if first.code else None}
    return {name: value for name, value in inzending.document.items() if name not in UITKOMST} | told
