"""Lists: one page at a time, newest first, of what an actor may see and nothing else.

A page costs the same however many municipalities the ledger holds: of each of his the newest few are read in the order
of an index, and the newest of those are the page. How far back that can be, a few of each tell first. Where a
document shows somebody not what it is sorted by, it stands at the end, as if it had none.
"""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    Subquery,
    Text,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.database import shared
from app.models.base import Leesmodel
from app.problems import OngeldigVerzoek
from app.registraties.act import Doc
from app.registraties.lezing import ID, column_of
from app.registraties.register import DOCUMENTEN
from app.services.lezen.lezen import in_reach, on_day, projection, visible
from app.services.lezen.vragen import Bezwaren, asked_conditions, changed_after, order_column, period, shown_to

_TAG = 12
"""Bytes of the seal of a cursor."""
LAATST = date.max
"""Where a day is missing, something goes on: it is sorted as if it ended last."""
NIET_HIERVAN = "De cursor hoort niet bij deze vraag. Begin opnieuw, zonder cursor."


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked of a list. Days are local, `tot` included; `sorteer` names a field, with `-` the newest first."""

    limit: int = 50
    cursor: str | None = None
    filters: dict[str, Any] = field(default_factory=dict)
    van: date | None = None
    tot: date | None = None
    gewijzigd_na: datetime | None = None
    sorteer: str | None = None
    totaal: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it asks for some of what can be seen only."""
        asked = (*self.filters.values(), self.van, self.tot, self.gewijzigd_na)
        return any(each is not None for each in asked)


class Bladzijde(NamedTuple):
    """One page of a list: the documents as this actor sees them, where the next page starts, how many there are."""

    resultaten: list[Doc]
    volgende: str | None
    totaal: int | None = None


class _Volgorde(NamedTuple):
    """What a list is sorted by, whether the newest comes first, and what it asks: the name of that in cursors."""

    sleutel: ColumnElement[Any]
    aflopend: bool
    vraag: bytes

    def after(self, model: type[Leesmodel], key: str, ident: UUID) -> ColumnElement[bool]:
        """The rows behind one of them."""
        there = date.fromisoformat(key) if isinstance(self.sleutel.type, Date) else key
        here, other = tuple_(self.sleutel, col(model.id)), tuple_(literal(there, self.sleutel.type), literal(ident))
        return here < other if self.aflopend else here > other

    def sort(self, *columns: Any) -> Sequence[ColumnElement[Any]]:
        """How rows come one after another."""
        return [c.desc() if self.aflopend else c.asc() for c in columns]


async def list_documents(
    session: AsyncSession,
    actor: Actor,
    model: type[Leesmodel],
    vraag: Vraag,
    *,
    permissie: str | None = None,
    also: Sequence[ColumnElement[bool]] = (),
    dag: date | None = None,
) -> Bladzijde:
    """One page of what `actor` may see. With a local `dag` each stands as it does on that day, also to the filters.

    Raises OngeldigVerzoek for a cursor of another list, question or person, for days that run back, and for filters or
    an order by what his role is never shown: for all of these at once.
    """
    zegel = shared(session).zegel
    order, asked, begin = _understand(model, actor, permissie, vraag, dag, zegel)
    where = [*also, *asked]
    if vraag.gewijzigd_na is not None:
        where.append(await changed_after(session, model, actor, permissie, vraag.gewijzigd_na))
    connection = await session.connection()
    totaal = None
    if vraag.totaal:
        counted = select(func.count()).select_from(model).where(visible(model, actor, permissie), *where)
        totaal = (await connection.execute(counted)).scalar_one()
    if begin is not None:
        where.append(order.after(model, *begin))
    rows = (await connection.execute(_page(model, actor, permissie, order, where, vraag))).all()
    show = projection(actor, model.collectie, permissie)
    page = rows[: vraag.limit]
    return Bladzijde(
        [on_day(model, show(row.doc, row.scopes)[0], dag) for row in page],
        spell_cursor(page[-1].sleutel, page[-1].id, order.vraag, zegel) if len(rows) > vraag.limit else None,
        totaal,
    )


def _understand(
    model: type[Leesmodel], actor: Actor, permissie: str | None, vraag: Vraag, dag: date | None, zegel: bytes
) -> tuple[_Volgorde, list[ColumnElement[bool]], tuple[str, UUID] | None]:
    """How the list is sorted, what is asked of it, and behind what the page begins."""
    bezwaren = Bezwaren()
    question = _question(model, actor, permissie, vraag)
    sorting = bezwaren.of("sorteer", lambda: _sorting(model, actor, permissie, vraag))
    where = asked_conditions(model, actor, permissie, vraag.filters, dag, bezwaren)
    day = "van" if vraag.tot is None else "totEnMet"
    where += bezwaren.of(day, lambda: period(model, actor, permissie, vraag.van, vraag.tot)) or []
    begin = None
    if (cursor := vraag.cursor) is not None:
        begin = bezwaren.of("cursor", lambda: read_cursor(cursor, question, zegel))
    bezwaren.refuse()
    assert sorting is not None  # noqa: S101  # or it was refused
    return _Volgorde(*sorting, question), where, begin


def _page(
    model: type[Leesmodel],
    actor: Actor,
    permissie: str | None,
    order: _Volgorde,
    where: list[ColumnElement[bool]],
    vraag: Vraag,
) -> Select[Any]:
    """The documents of one page and one more."""
    many = vraag.limit + 1
    rows = select(col(model.id).label("id"), order.sleutel.label("sleutel")).where(
        in_reach(model, actor, permissie), *where
    )
    rows = rows.order_by(*order.sort(order.sleutel, col(model.id))).limit(many)
    newest = _newest_of_each(model, actor, order, rows, vraag).subquery("nieuwste")
    first = select(newest).order_by(*order.sort(newest.c.sleutel, newest.c.id)).limit(many).subquery("eerste")
    return (
        select(first.c.id, first.c.sleutel, col(model.scopes), col(model.doc))
        .join_from(first, model, col(model.id) == first.c.id)
        .order_by(*order.sort(first.c.sleutel, first.c.id))
    )


def _newest_of_each(
    model: type[Leesmodel], actor: Actor, order: _Volgorde, rows: Select[Any], vraag: Vraag
) -> Select[Any] | CompoundSelect[Any]:
    """The first `rows` of each municipality, no further back than the page can go, and of those that lie in none.

    How far that is, a few of each tell. Where something is asked few may be left, and looking twice costs twice.
    """
    many, asked = vraag.limit + 1, vraag.filters.get("gemeente")
    codes = actor.gemeenten if asked is None else actor.gemeenten & {asked}
    if len(codes) > 1 and order.aflopend and not vraag.narrows:
        few = _each(model, codes, rows.limit(-(-many // len(codes))), "vooraf")
        last = select(few.c.sleutel).order_by(*order.sort(few.c.sleutel)).offset(many - 1).limit(1).scalar_subquery()
        oldest = date.min if isinstance(order.sleutel.type, Date) else ""
        rows = rows.where(order.sleutel >= func.coalesce(last, literal(oldest, order.sleutel.type)))
    there = _each(model, codes, rows, "daar")
    found = select(there.c.id, there.c.sleutel)
    if asked is not None:
        return found
    nowhere = rows.where(col(model.gemeente).is_(None)).subquery("nergens")
    return union_all(found, select(nowhere.c.id, nowhere.c.sleutel))


def _each(model: type[Leesmodel], codes: Iterable[str], rows: Select[Any], name: str) -> Subquery:
    """`rows` in each of these municipalities by itself: its limit holds in each."""
    each = func.unnest(literal(sorted(codes), ARRAY(String))).table_valued("code").render_derived(f"elke_{name}")
    there = rows.where(col(model.gemeente) == each.c.code).lateral(name)
    return select(there.c.id, there.c.sleutel).select_from(each).join(there, literal(True)).subquery()  # noqa: FBT003


def _said(model: type[Leesmodel], vraag: Vraag) -> str:
    """What a list is sorted by, as it is asked: the newest first, unless something else is."""
    lijst = DOCUMENTEN[model.collectie].lijst
    return f"-{lijst.volgorde[0] if lijst.volgorde else ID}" if vraag.sorteer is None else vraag.sorteer


def _sorting(
    model: type[Leesmodel], actor: Actor, permissie: str | None, vraag: Vraag
) -> tuple[ColumnElement[Any], bool]:
    """By what a list is sorted for `actor`, and whether it goes down. Raises OngeldigVerzoek for what he never sees."""
    said = _said(model, vraag)
    name = said.removeprefix("-")
    key: ColumnElement[Any] = cast(literal(""), Text)
    if name in DOCUMENTEN[model.collectie].lijst.sorteer:
        key = func.coalesce(col(getattr(model, column_of(name))), literal(LAATST))
    elif name != ID:
        key = order_column(model)
    if name != ID:
        key = _where_shown(model, actor, permissie, name, key, asked=vraag.sorteer is not None)
    return key, said.startswith("-")


def _where_shown(
    model: type[Leesmodel], actor: Actor, permissie: str | None, name: str, key: ColumnElement[Any], *, asked: bool
) -> ColumnElement[Any]:
    """The key of the rows that show it to `actor`; of the others none, so that their order tells nothing."""
    try:
        shown = shown_to(model, actor, permissie, name)
    except OngeldigVerzoek:
        if asked:
            raise
        return cast(literal(""), Text)
    return (
        key
        if shown is None
        else case((shown, key), else_=LAATST if name in DOCUMENTEN[model.collectie].lijst.sorteer else "")
    )


def _question(model: type[Leesmodel], actor: Actor, permissie: str | None, vraag: Vraag) -> bytes:
    """What a cursor is good for: this person, this list, this order and these filters."""
    filters = sorted((name, str(value)) for name, value in vraag.filters.items() if value is not None)
    who = [str(actor.functionaris), str(actor.roltoewijzing), model.collectie, permissie]
    when = [str(vraag.van), str(vraag.tot), str(vraag.gewijzigd_na)]
    return hashlib.sha256(orjson.dumps([*who, _said(model, vraag), filters, *when])).digest()[:8]


def spell_cursor(key: Any, ident: UUID, question: bytes, zegel: bytes) -> str:
    """A place in a list, opaque and sealed: what it is sorted by may not be shown."""
    raw = question + orjson.dumps([key, str(ident)])
    return urlsafe_b64encode(_seal(raw, zegel) + raw).rstrip(b"=").decode()


def read_cursor(cursor: str, question: bytes, zegel: bytes) -> tuple[str, UUID]:
    """Raises OngeldigVerzoek for anything that is not a cursor of ours, or is one of another question or person."""
    try:
        sealed = urlsafe_b64decode(cursor.encode() + b"==")
    except (ValueError, binascii.Error):
        raise OngeldigVerzoek(NIET_HIERVAN, "cursor") from None
    tag, raw = sealed[:_TAG], sealed[_TAG:]
    if not hmac.compare_digest(tag, _seal(raw, zegel)) or raw[: len(question)] != question:
        raise OngeldigVerzoek(NIET_HIERVAN, "cursor")
    key, ident = orjson.loads(raw[len(question) :])
    return key, UUID(ident)


def _seal(raw: bytes, zegel: bytes) -> bytes:
    return hmac.digest(zegel, raw, "sha256")[:_TAG]
