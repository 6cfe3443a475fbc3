"""The one door for reading: what an actor may not see does not exist, in lists, counts, single reads and sync."""

import base64
import binascii
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.zicht import Gezien, door_of, ever_opened, held, seen_by
from app.models.base import Leesmodel
from app.problems import NietGevonden, OngeldigVerzoek
from app.registraties.act import Doc, Voorbij
from app.registraties.kern import PLAATS
from app.registraties.register import AGGREGATEN, DOCUMENTEN
from app.registraties.tonen import Beeld, beeld
from app.services.lezen.versies import show_versions
from app.vocabulary import Groep

_STATUS_OP = {a.model: a.status_op for a in AGGREGATEN.values() if a.status_op is not None}
_LIES_AT: tuple[Any, ...] = tuple(
    a.model for a in AGGREGATEN.values() if a.ligt is not None and a.ligt.veld in a.model.model_fields
)
"""The read models that say at which place they lie."""
_VOORBIJ = {a.model: a.voorbij for a in AGGREGATEN.values() if a.voorbij is not None}


class Bladzijde(NamedTuple):
    """One page of a list: the documents as this actor sees them, and where the next page starts."""

    resultaten: list[Doc]
    volgende: str | None


def visible(model: type[Leesmodel], actor: Actor, permissie: str | None = None) -> ColumnElement[bool]:
    """The rows of `model` whose existence `actor` may know of: the predicate behind every read.

    Taking part opens a row only as long as the role holds for its municipality.
    """
    held = scopes_for(actor, permissie or f"{model.collectie}:zien")
    overlap: ColumnElement[bool] = col(model.scopes).overlap(sorted(held))  # type: ignore[attr-defined]
    here = or_(col(model.gemeente).is_(None), col(model.gemeente).in_(sorted(actor.gemeenten)))
    return and_(overlap, here)


Projection = Callable[[Doc, Iterable[str]], tuple[Doc, Sequence[str]]]
"""A document and its scopes → as somebody sees it, and the paths of what he is not shown, there or not."""


def projection(actor: Actor, collectie: str, permissie: str | None = None) -> Projection:
    """How `actor` sees the documents of one collection, at the door of `permissie`: for many at once.

    Shown is what the class declares and a row of the table opens to him, in the order of the class, and nothing else.
    What is named as hidden follows from his scopes, not from the content: that would tell whether it is there.
    """
    document, door, ik = DOCUMENTEN[collectie], door_of(collectie, permissie), str(actor.functionaris)

    his, known = held(actor, collectie, door), dict[frozenset[str], tuple[Gezien, Beeld]]()

    def project_one(doc: Doc, scopes: Iterable[str]) -> tuple[Doc, Sequence[str]]:
        mine = his.intersection(scopes)
        if mine not in known:
            gezien = seen_by(actor, collectie, mine, door)
            known[mine] = gezien, beeld(document, gezien)
        gezien, picture = known[mine]
        return show_versions(picture.show(doc, ik), gezien, ik), picture.gemaskeerd

    return project_one


def project(
    actor: Actor, collectie: str, doc: Doc, scopes: Iterable[str], permissie: str | None = None
) -> tuple[Doc, Sequence[str]]:
    """One document as `actor` sees it, and the paths of what he is not shown, there or not."""
    return projection(actor, collectie, permissie)(doc, scopes)


async def list_documents(
    session: AsyncSession,
    actor: Actor,
    model: type[Leesmodel],
    *,
    filters: Mapping[str, Any],
    cursor: str | None,
    limit: int,
    permissie: str | None = None,
    also: Sequence[ColumnElement[bool]] = (),
    dag: date | None = None,
) -> Bladzijde:
    """One page of documents in the order of their ids. `filters` maps a column to a value, or to (van, tot).

    With a local `dag` each stands as it does on that day, also to the filters.
    """
    conditions = (visible(model, actor, permissie), *also, *_conditions(model, actor, filters, dag))
    query = select(col(model.id), col(model.scopes), col(model.doc)).where(*conditions)
    if cursor is not None:
        query = query.where(col(model.id) > read_cursor(cursor))
    rows = (await (await session.connection()).execute(query.order_by(col(model.id)).limit(limit + 1))).all()
    page, show = rows[:limit], projection(actor, model.collectie, permissie)
    return Bladzijde(
        [on_day(model, show(doc, scopes)[0], dag) for _, scopes, doc in page],
        make_cursor(page[-1][0]) if len(rows) > limit else None,
    )


def on_day(model: type[Leesmodel], doc: Doc, dag: date | None) -> Doc:
    """A document as it stands on a local day: of some the status changes by time alone."""
    status_op = _STATUS_OP.get(model)
    return doc if status_op is None or dag is None else {**doc, "status": status_op(doc, dag.isoformat())}


def _status_on(model: Any, voorbij: Voorbij, dag: date) -> ColumnElement[str]:
    """The status of a document on a day, for a filter: as `status_op` has it, a test holds the two equal."""
    status, last = col(model.status), col(model.geldt_tot_en_met)
    return case((and_(status == voorbij.van, last < dag), voorbij.wordt), else_=status)


def _conditions(
    model: type[Leesmodel], actor: Actor, filters: Mapping[str, Any], dag: date | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, value in filters.items():
        past = _VOORBIJ.get(model) if name == "status" else None
        column = _status_on(model, past, dag) if past is not None and dag else getattr(model, name)
        if isinstance(value, str) and "\0" in value:  # PostgreSQL has no such text
            raise OngeldigVerzoek("Een filter bevat een teken dat nergens voorkomt.")
        if isinstance(value, tuple):
            van, tot = value
            found += [column >= van] if van is not None else []
            found += [column <= tot] if tot is not None else []
        elif name == PLAATS and value is not None:
            found.append(_at(model, actor, value))
        elif value is not None:
            found.append(column == value)
    return found


def _at(model: type[Leesmodel], actor: Actor, place: UUID) -> ColumnElement[bool]:
    """The rows shown at `place`, or at one with the same address: by an id that `actor` may see, under any of them.

    He may also ask by the place of a document that he is shown: what runs at that address he has to know at the door.
    """
    places: Any = AGGREGATEN[PLAATS].model
    here = select(col(places.canoniek)).where(col(places.id) == place)
    stands = (
        exists().where(
            col(m.locatie) == here.scalar_subquery(), col(m.doc)[f"_{PLAATS}"].astext == str(place), visible(m, actor)
        )
        for m in _LIES_AT
    )
    same = here.where(or_(visible(places, actor), *stands)).scalar_subquery()
    known = Groep.CANONIEK in ever_opened(actor.rol, model.collectie)
    shown = col(model.doc)[PLAATS if known else f"_{PLAATS}"].astext == str(place)
    return or_(getattr(model, PLAATS) == same, shown)


def lacks_files(model: type[Leesmodel]) -> ColumnElement[bool]:
    """The rows of `model` that wait for a file: promised and not arrived, or arrived and refused."""
    unbound = literal('$.bijlagen[*] ? (!(@.ontvangst.uitkomst == "gebonden"))', JSONPATH)
    found: ColumnElement[bool] = func.jsonb_path_exists(col(model.doc), unbound)
    return found


def says(model: type[Leesmodel], name: str, value: str) -> ColumnElement[bool]:
    """The rows of `model` whose document says `value` in its field `name`."""
    found: ColumnElement[bool] = col(model.doc)[name].as_string() == value
    return found


def has_part(model: type[Leesmodel], name: str) -> ColumnElement[bool]:
    """The rows of `model` whose document has a field `name`."""
    found: ColumnElement[bool] = col(model.doc).has_key(name)  # type: ignore[attr-defined]
    return found


async def get_document(
    session: AsyncSession,
    actor: Actor,
    model: type[Leesmodel],
    ident: UUID,
    *,
    permissie: str | None = None,
    dag: date | None = None,
) -> Doc:
    """One document as `actor` sees it, on a local day. Raises NietGevonden for what is not there, or not his."""
    doc, scopes = await get_raw(session, actor, model, ident, permissie=permissie)
    return on_day(model, project(actor, model.collectie, doc, scopes, permissie)[0], dag)


async def get_documents(
    session: AsyncSession,
    actor: Actor,
    model: type[Leesmodel],
    idents: Collection[UUID],
    permissie: str | None = None,
) -> dict[UUID, Doc]:
    """The documents among `idents` that `actor` may see, as he sees them at the door of `permissie`."""
    query = select(col(model.id), col(model.scopes), col(model.doc))
    query = query.where(col(model.id).in_(idents), visible(model, actor, permissie)).order_by(col(model.id))
    rows = (await (await session.connection()).execute(query)).all()
    show = projection(actor, model.collectie, permissie)
    return {ident: show(doc, scopes)[0] for ident, scopes, doc in rows}


async def get_raw(
    session: AsyncSession, actor: Actor, model: type[Leesmodel], ident: UUID, *, permissie: str | None = None
) -> tuple[Doc, Sequence[str]]:
    """The stored document behind the same door, with the parts that never leave the server; and its scopes."""
    query = select(col(model.doc), col(model.scopes)).where(col(model.id) == ident, visible(model, actor, permissie))
    found = (await (await session.connection()).execute(query)).one_or_none()
    if found is None:
        raise NietGevonden("Dit bestaat niet, of niet voor u.")
    return dict(found.doc), found.scopes


async def get_raw_document(
    session: AsyncSession, actor: Actor, model: type[Leesmodel], ident: UUID, *, permissie: str | None = None
) -> Doc:
    """The same without its scopes."""
    return (await get_raw(session, actor, model, ident, permissie=permissie))[0]


async def count_documents(session: AsyncSession, actor: Actor, model: type[Leesmodel]) -> int:
    """How many documents `actor` may see."""
    return (
        await (await session.connection()).execute(select(func.count()).select_from(model).where(visible(model, actor)))
    ).scalar_one()


def make_cursor(ident: UUID) -> str:
    """An opaque place in a list."""
    return base64.urlsafe_b64encode(ident.bytes).rstrip(b"=").decode()


def read_cursor(cursor: str) -> UUID:
    """Raises OngeldigVerzoek for anything that is not a cursor of ours."""
    try:
        ident = UUID(bytes=base64.urlsafe_b64decode(cursor.encode() + b"=="))
    except (ValueError, binascii.Error):
        raise OngeldigVerzoek("De cursor is niet van deze lijst.") from None
    if make_cursor(ident) != cursor:  # the decoder skips what is not base64
        raise OngeldigVerzoek("De cursor is niet van deze lijst.")
    return ident
