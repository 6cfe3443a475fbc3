"""The one door for reading: what an actor may not see does not exist, in lists, counts, single reads and sync."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.zicht import Gezien, door_of, held, seen_by
from app.models.base import Leesmodel
from app.problems import NietGevonden
from app.registraties.act import Doc
from app.registraties.register import AGGREGATEN, DOCUMENTEN
from app.registraties.tonen import Beeld, beeld
from app.services.lezen.versies import show_versions

_STATUS_OP = {a.model: a.status_op for a in AGGREGATEN.values() if a.status_op is not None}


def visible(model: type[Leesmodel], actor: Actor, permissie: str | None = None) -> ColumnElement[bool]:
    """The rows of `model` whose existence `actor` may know of: the predicate behind every read.

    Taking part opens a row only as long as the role holds for its municipality.
    """
    here = or_(col(model.gemeente).is_(None), col(model.gemeente).in_(sorted(actor.gemeenten)))
    return and_(in_reach(model, actor, permissie), here)


def in_reach(model: type[Leesmodel], actor: Actor, permissie: str | None = None) -> ColumnElement[bool]:
    """The half of `visible` that scopes decide, for who asks municipality by municipality."""
    return shares(model, scopes_for(actor, permissie or f"{model.collectie}:zien"))


def shares(model: type[Leesmodel], scopes: Iterable[str]) -> ColumnElement[bool]:
    """The rows of `model` that carry one of these scopes."""
    overlap: ColumnElement[bool] = col(model.scopes).overlap(sorted(scopes))  # type: ignore[attr-defined]
    return overlap


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


def on_day(model: type[Leesmodel], doc: Doc, dag: date | None) -> Doc:
    """A document as it stands on a local day: of some the status changes by time alone."""
    status_op = _STATUS_OP.get(model)
    return doc if status_op is None or dag is None else {**doc, "status": status_op(doc, dag.isoformat())}


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
