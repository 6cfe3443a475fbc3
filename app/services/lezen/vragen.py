"""What may be asked of a list, as conditions on rows. A filter on what somebody is not shown tells him nothing:

it holds only for the rows that show it to him, and where his role is never shown it, it is refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, and_, case, exists, false, func, literal_column, not_, or_, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.zicht import door_of, ever_opened, opening
from app.models.afgeleid import Feed
from app.models.base import ADRES as WOORDEN
from app.models.base import Leesmodel
from app.moment import AMSTERDAM
from app.problems import Fout, OngeldigVerzoek
from app.registraties.act import Voorbij, iso
from app.registraties.kern import PLAATS
from app.registraties.lezing import ADRES, GEZIEN, ID, POSTCODE
from app.registraties.register import AGGREGATEN, DOCUMENTEN
from app.registraties.tonen import deel_of_field, tells_of
from app.services.lezen.lezen import shares, visible
from app.vocabulary import Groep

T = TypeVar("T")

_LIES_AT: tuple[Any, ...] = tuple(
    a.model for a in AGGREGATEN.values() if a.ligt is not None and a.ligt.veld in a.model.model_fields
)
"""The read models that say at which place they lie."""
_VOORBIJ = {a.model: a.voorbij for a in AGGREGATEN.values() if a.voorbij is not None}
_POSTCODE = re.compile(r"\b([0-9]{4})\s+([A-Za-z]{2})\b")
EERSTE, LAATSTE = date(1900, 1, 1), date(2999, 12, 31)
"""Nothing lies before or after; what apps say for "always" does."""
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
GELIJKTIJDIG = timedelta(minutes=1)
"""Bookings that waited stand behind ones that came later: so much of before is told again."""
_BOOKED_BY = text("""
WITH RECURSIVE zoek(onder, boven) AS (
    SELECT 0::bigint, size + 1 FROM grootboek.head
    UNION ALL
    SELECT CASE WHEN eerder THEN midden ELSE onder END, CASE WHEN eerder THEN boven ELSE midden END
    FROM zoek, LATERAL (SELECT (onder + boven) / 2 AS midden) m, LATERAL (
        SELECT coalesce(
            (convert_from(oordeel, 'UTF8')::jsonb ->> 'ontvangenOp')::timestamptz <= :moment, false
        ) AS eerder FROM kluis.inhoud WHERE pos = midden
    ) o WHERE onder + 1 < boven
) SELECT max(onder) FROM zoek
""")
"""The newest position that was booked at a moment: halving what is left, as positions come in order."""


class Bezwaren:
    """What is wrong with a question, by parameter: gathered first, then told at once."""

    def __init__(self) -> None:
        self._fouten: list[Fout] = []

    def say(self, veld: str, melding: str) -> None:
        """One thing more."""
        self._fouten.append({"veld": veld, "melding": melding})

    def of(self, veld: str, make: Callable[[], T]) -> T | None:
        """What `make` gives; None when it was refused, which is kept."""
        try:
            return make()
        except OngeldigVerzoek as fout:
            self.say(veld, fout.detail)
            return None

    def refuse(self) -> None:
        """Raises OngeldigVerzoek when there is any."""
        if self._fouten:
            only = self._fouten[0]["melding"] if len(self._fouten) == 1 else "Kijk de genoemde parameters na."
            raise OngeldigVerzoek(only, fouten=self._fouten)


def asked_conditions(
    model: type[Leesmodel],
    actor: Actor,
    permissie: str | None,
    filters: Mapping[str, Any],
    dag: date | None,
    bezwaren: Bezwaren,
) -> list[ColumnElement[bool]]:
    """The filters that have a value. Objects to what his role is never shown."""
    found: list[ColumnElement[bool]] = []
    for name, value in filters.items():
        if value is not None:
            asked = partial(_asked, model, actor, permissie, name, value, dag)
            found += bezwaren.of(name, asked) or []
    return found


def _asked(
    model: type[Leesmodel], actor: Actor, permissie: str | None, name: str, value: Any, dag: date | None
) -> list[ColumnElement[bool]]:
    if isinstance(value, str) and "\0" in value:  # PostgreSQL has no such text
        raise OngeldigVerzoek("Een filter bevat een teken dat nergens voorkomt.")
    holds, veld = _holds(model, actor, name, value, dag), tells_of(DOCUMENTEN[model.collectie], name)
    shown = None if veld is None else shown_to(model, actor, permissie, veld)
    return [holds] if shown is None else [shown, holds]


def shown_to(model: type[Leesmodel], actor: Actor, permissie: str | None, veld: str) -> ColumnElement[bool] | None:
    """The rows that show `actor` a field, None: all that he may see. Raises OngeldigVerzoek where none ever does."""
    collectie = model.collectie
    scopes = opening(actor, collectie, door_of(collectie, permissie), deel_of_field(DOCUMENTEN[collectie], veld))
    if not scopes:
        raise OngeldigVerzoek(f"Uw rol ziet {veld} hier niet, en kan er niet op filteren of sorteren.")
    return None if scopes_for(actor, permissie or f"{collectie}:zien") <= scopes else shares(model, scopes)


def period(
    model: type[Leesmodel], actor: Actor, permissie: str | None, van: date | None, tot: date | None
) -> list[ColumnElement[bool]]:
    """The rows of a period of local days, by what the list is sorted by; what is planned by its whole window.

    Raises OngeldigVerzoek for days that run back.
    """
    if van is None and tot is None:
        return []
    if van is not None and tot is not None and tot < van:
        raise OngeldigVerzoek("totEnMet ligt voor van.")
    lijst = DOCUMENTEN[model.collectie].lijst
    shown = shown_to(model, actor, permissie, lijst.volgorde[0])
    found = [] if shown is None else [shown]
    key, days = order_column(model), is_day(model, lijst.volgorde[0])
    if van is not None:
        van = max(van, EERSTE)
        begins = key >= (van.isoformat() if days else _midnight(van))
        found.append(or_(begins, _goes_on(model, lijst.volgorde[0], lijst.duurt_tot, van)))
    if tot is not None:
        after = min(tot, LAATSTE) + timedelta(days=1)
        found.append(key < after.isoformat() if days else key < _midnight(after))
    return [*found, key != ""]


def _goes_on(model: type[Leesmodel], begin: str, tot: str | None, van: date) -> ColumnElement[bool]:
    """What is only planned, and goes on till this day or later; of what began that is past."""
    if tot is None:
        return false()
    doc = col(model.doc)
    return and_(doc[begin].is_(None), func.left(doc[tuple(tot.split("."))].astext, 10) >= van.isoformat())


async def changed_after(
    session: AsyncSession, model: type[Leesmodel], actor: Actor, permissie: str | None, moment: datetime
) -> ColumnElement[bool]:
    """The rows of which devices were told since a moment, in the scopes of `actor`; some of the minute before too.

    All that was told is gathered once, not looked up row by row in each scope: `IS TRUE` keeps it apart.
    """
    known = await (await session.connection()).execute(_BOOKED_BY, {"moment": max(moment, _BEGIN) - GELIJKTIJDIG})
    scopes = sorted(scopes_for(actor, permissie or f"{model.collectie}:zien"))
    told = col(Feed.collectie) == model.collectie, col(Feed.scope).in_(scopes), col(Feed.pos) > known.scalar_one()
    return col(model.id).in_(select(col(Feed.id)).where(*told)).is_(True)


def order_column(model: type[Leesmodel]) -> ColumnElement[str]:
    """What a list is sorted by; LookupError for one that is not."""
    if "volgorde" not in model.model_fields:
        raise LookupError(model.collectie)
    found: ColumnElement[str] = model.__table__.c.volgorde  # type: ignore[attr-defined]
    return found


@cache
def is_day(model: type[Leesmodel], veld: str) -> bool:
    """Whether a field holds a day, not a moment."""
    return "date-time" not in str(DOCUMENTEN[model.collectie].model_json_schema()["properties"][veld])


def _midnight(day: date) -> str:
    """Where a local day begins, as documents spell moments."""
    return iso(datetime.combine(day, datetime.min.time(), AMSTERDAM))


def _holds(model: type[Leesmodel], actor: Actor, name: str, value: Any, dag: date | None) -> ColumnElement[bool]:
    """What one filter asks."""
    past = _VOORBIJ.get(model) if name == "status" else None
    if past is not None and dag is not None:
        stands: ColumnElement[bool] = _status_on(model, past, dag) == value
        return stands
    if name in _OWN:
        return _OWN[name](model, actor, value)
    own = getattr(model, name, None)
    said: ColumnElement[bool] = (col(own) if own is not None else col(model.doc)[name].astext) == str(value)
    return said


def _among(model: type[Leesmodel], _actor: Actor, value: list[UUID]) -> ColumnElement[bool]:
    among: ColumnElement[bool] = col(model.id).in_(value)
    return among


def _seen(model: type[Leesmodel], actor: Actor, value: bool) -> ColumnElement[bool]:  # noqa: FBT001
    mine = func.coalesce(col(model.doc)["gezienDoor"].contains([{"functionaris": str(actor.functionaris)}]), false())
    return mine if value else not_(mine)


def _postcode(model: type[Leesmodel], actor: Actor, value: str) -> ColumnElement[bool]:
    spelled = value.replace(" ", "").upper()
    return and_(_words(model, actor, spelled), col(model.doc)[("adres", "postcode")].astext == spelled)


def _words(_model: type[Leesmodel], _actor: Actor, value: str) -> ColumnElement[bool]:
    """The documents whose address holds all these words; a postcode is one word, however it is written."""
    asked = func.plainto_tsquery(literal_column("'simple'::regconfig"), _POSTCODE.sub(r"\1\2", value))
    found: ColumnElement[bool] = literal_column(WOORDEN, TSVECTOR).op("@@", return_type=Boolean())(asked)
    return found


def _status_on(model: Any, voorbij: Voorbij, dag: date) -> ColumnElement[str]:
    """The status of a document on a day, for a filter: as `status_op` has it, a test holds the two equal."""
    status, last = col(model.status), col(model.geldt_tot_en_met)
    return case((and_(status == voorbij.van, last < dag), voorbij.wordt), else_=status)


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


_OWN: dict[str, Callable[[type[Leesmodel], Actor, Any], ColumnElement[bool]]] = {
    ID: _among,
    PLAATS: _at,
    ADRES: _words,
    POSTCODE: _postcode,
    GEZIEN: _seen,
}
"""The filters that ask something else than what a field says."""
