"""What is known of a device: its orders, what it delivered and what it still holds (ontwerp/sync.md, promise 6).

A device tells the highest sequence number it gave out when it shakes hands; what arrived is counted at every
push. The two together say which numbers are still on the device. A device that keeps no numbers can have
anything with it: of that the answer is "niet vast te stellen", never "all delivered".
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, ColumnElement, Integer, Row, case, func, literal, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.tokens import Opdrachtbrief, Sleutelbos, read_order, sign_order
from app.models.bedrijf import ToestelVoortgang
from app.models.mensen import Toestel
from app.models.toestellen import OpdrachtUitgevoerd, ToestelStand
from app.problems import OngeldigVerzoek, ToestelIngetrokken
from app.registraties.act import Doc
from app.services.boeken.voortgang import MAX_SHOWN
from app.services.lezen.lezen import get_document, get_documents, visible
from app.vocabulary import Opdrachtsoort, Vaststelling


@dataclass(frozen=True, slots=True)
class Opdrachtgever:
    """What giving orders needs: the key that signs them, and the name they are signed under."""

    bos: Sleutelbos
    issuer: str


async def note_seen(
    session: AsyncSession, toestel: UUID, *, verteld: int | None, app_versie: str, nu: datetime
) -> None:
    """Keep what a device tells of itself; the highest number it ever told stands."""
    told = insert(ToestelStand).values(toestel=toestel, verteld=verteld, app_versie=app_versie, gezien_op=nu)
    await session.exec(
        told.on_conflict_do_update(
            index_elements=["toestel"],
            set_={
                "verteld": func.greatest(col(ToestelStand.verteld), told.excluded.verteld),  # null counts as lowest
                "app_versie": app_versie,
                "gezien_op": nu,
            },
        )
    )


async def open_orders(
    session: AsyncSession, gever: Opdrachtgever, toestel: UUID, nu: datetime
) -> list[tuple[Opdrachtsoort, str]]:
    """The orders that a device did not report as done, oldest first, each signed for this device alone."""
    given = (await session.exec(select(Toestel.opdrachten).where(Toestel.id == toestel))).one_or_none() or []
    done = await _done(session, [UUID(order["id"]) for order in given])
    return [
        (
            Opdrachtsoort(order["soort"]),
            sign_order(
                gever.bos,
                Opdrachtbrief(UUID(order["id"]), toestel, order["soort"], order["onverzondenWissen"]),
                issuer=gever.issuer,
                nu=nu,
            ),
        )
        for order in given
        if UUID(order["id"]) not in done
    ]


async def revoked(session: AsyncSession, gever: Opdrachtgever, toestel: UUID, nu: datetime) -> ToestelIngetrokken:
    """The refusal of a revoked device. If it was told to erase itself, the signed order comes with it."""
    orders = await open_orders(session, gever, toestel, nu)
    erase = [order for soort, order in orders if soort is Opdrachtsoort.WISSEN]
    problem = ToestelIngetrokken("Dit toestel is ingetrokken. Neem contact op met uw beheerder.")
    if erase:
        problem.extensions["opdracht"] = erase[-1]
    return problem


async def confirm_order(session: AsyncSession, gever: Opdrachtgever, order: str, nu: datetime) -> datetime:
    """Note that a device says it carried out `order`; a repeat gives the first moment. Raises OpdrachtOngeldig.

    The order itself is the proof of who says so: it went to that device only, and a device that erased itself
    has nothing else left.
    """
    brief = read_order(gever.bos, order, issuer=gever.issuer, nu=nu)
    await session.exec(
        insert(OpdrachtUitgevoerd)
        .values(opdracht=brief.id, toestel=brief.toestel, uitgevoerd_op=nu)
        .on_conflict_do_nothing()
    )
    return (await _done(session, [brief.id]))[brief.id]


async def _done(session: AsyncSession, orders: Sequence[UUID]) -> dict[UUID, datetime]:
    query = select(OpdrachtUitgevoerd.opdracht, OpdrachtUitgevoerd.uitgevoerd_op)
    rows = await session.exec(query.where(col(OpdrachtUitgevoerd.opdracht).in_(orders)))
    return dict(rows.all())


# What a device still holds. `hoogste`: the highest number that is known to exist. `open`: how many of the numbers up
# to it did not arrive. The order of the list: something missing, then not to be established, then all delivered.

_THROUGH = func.coalesce(col(ToestelVoortgang.aaneengesloten), 0)
_LOOSE = func.coalesce(col(ToestelVoortgang.los), literal("{}").cast(ToestelVoortgang.__table__.c.los.type))  # type: ignore[attr-defined]
_HIGHEST = func.greatest(col(ToestelStand.verteld), _THROUGH, func.coalesce(_LOOSE[func.cardinality(_LOOSE)], 0))
_OPEN = _HIGHEST - _THROUGH - func.cardinality(_LOOSE)
_RANK = case((_OPEN > 0, 0), (col(ToestelStand.verteld).is_(None), 1), else_=2).cast(Integer)


async def read_stand(session: AsyncSession, actor: Actor, ident: UUID) -> Doc:
    """What one device delivered and may still hold. Raises NietGevonden for what is not the actor's to see."""
    doc = await get_document(session, actor, Toestel, ident)
    rows = await _rows(session, actor, col(Toestel.id) == ident, limit=1)
    return (await _describe(session, rows, {ident: doc}))[0]


async def list_standen(
    session: AsyncSession, actor: Actor, *, cursor: str | None, limit: int
) -> tuple[list[Doc], str | None]:
    """The same of all devices the actor may see, a page at a time; those with something missing first."""
    after = _read_cursor(cursor) if cursor is not None else None
    here = (
        [
            tuple_(_RANK, -_OPEN, col(Toestel.id))
            > tuple_(literal(after[0]), literal(after[1], BigInteger), literal(after[2]))
        ]
        if after
        else []
    )
    rows = await _rows(session, actor, *here, limit=limit + 1)
    page = rows[:limit]
    docs = await get_documents(session, actor, Toestel, [row.id for row in page])
    last = page[-1] if len(rows) > limit else None
    return await _describe(session, page, docs), _make_cursor(last.rang, last.open, last.id) if last else None


async def _rows(session: AsyncSession, actor: Actor, *where: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
    query = (
        select_columns(
            col(Toestel.id),
            col(ToestelStand.verteld),
            col(ToestelStand.gezien_op),
            col(ToestelStand.app_versie),
            _THROUGH.label("aaneengesloten"),
            _LOOSE.label("los"),
            _HIGHEST.label("hoogste"),
            _OPEN.label("open"),
            _RANK.label("rang"),
        )
        .select_from(Toestel)
        .join(ToestelStand, col(ToestelStand.toestel) == col(Toestel.id), isouter=True)
        .join(ToestelVoortgang, col(ToestelVoortgang.toestel) == col(Toestel.id), isouter=True)
        .where(visible(Toestel, actor), *where)
        .order_by(_RANK, -_OPEN, col(Toestel.id))
        .limit(limit)
    )
    return (await (await session.connection()).execute(query)).all()


async def _describe(session: AsyncSession, rows: Sequence[Row[Any]], docs: dict[UUID, Doc]) -> list[Doc]:
    given = [UUID(order["id"]) for doc in docs.values() for order in doc.get("opdrachten", ())]
    done = await _done(session, given)
    return [_stand(row, docs[row.id], done) for row in rows]


def _stand(row: Row[Any], doc: Doc, done: dict[UUID, datetime]) -> Doc:
    orders = [
        {
            "id": order["id"],
            "soort": order["soort"],
            "onverzondenWissen": order["onverzondenWissen"],
            "gegevenOp": order["gegevenOp"],
            "uitgevoerdOp": done.get(UUID(order["id"])),
        }
        for order in doc.get("opdrachten", ())
    ]
    erased = [order["uitgevoerdOp"] for order in orders if order["soort"] == "wissen" and order["uitgevoerdOp"]]
    arrived = set(row.los)
    gaps = (number for number in range(row.aaneengesloten + 1, row.hoogste + 1) if number not in arrived)
    return {
        "toestel": row.id,
        "functionaris": doc.get("functionaris"),
        "omschrijving": doc.get("omschrijving"),
        "status": doc["status"],
        "vaststelling": list(Vaststelling)[row.rang],
        "hoogsteVerteld": row.verteld,
        "aaneengeslotenTotEnMet": row.aaneengesloten,
        "ontbreekt": [number for number, _ in zip(gaps, range(MAX_SHOWN), strict=False)],
        "nogOpToestel": row.open if row.verteld is not None else None,
        "laatstGezienOp": row.gezien_op,
        "appVersie": row.app_versie,
        "opdrachten": orders,
        "gewistOp": max(erased, default=None),
    }


def _make_cursor(rang: int, still_open: int, ident: UUID) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([rang, -still_open, str(ident)])).rstrip(b"=").decode()


def _read_cursor(text: str) -> tuple[int, int, UUID]:
    """Raises OngeldigVerzoek for anything that is not a cursor of ours."""
    try:
        rang, still_open, ident = orjson.loads(base64.urlsafe_b64decode(text.encode() + b"=="))
        if type(rang) is int and type(still_open) is int and rang in range(3) and -(2**53) < still_open <= 0:
            return rang, still_open, UUID(ident)
    except (ValueError, TypeError, AttributeError):
        pass
    raise OngeldigVerzoek("De cursor is niet van deze lijst.", "cursor")
