"""De cijfers op een rij: what is asked, by whom, and what he is told of it, in one snapshot (ontwerp/domein.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.bereik import Bereik, scope
from app.access.kleine_aantallen import BLIK, MAATSTAVEN, Blik
from app.models.mensen import Organisatie
from app.moment import local_day
from app.problems import NietGevonden
from app.registraties.act import iso
from app.services.kluis.head import read_head
from app.services.lezen.inzage import note_inzage
from app.services.lezen.lezen import get_document
from app.services.lezen.tellen import EENHEDEN, Cel, Cellen, Keuze, figures, first_days, tally
from app.services.lezen.verhullen import Langs, Sluier, draw, held_back
from app.services.lezen.vragen import Bezwaren
from app.vocabulary import Cijfer, LocatieSoort, Thema

MEESTE = 4_000
"""Rows of one answer: periods times municipalities."""
CIJFERS = uuid5(NAMESPACE_OID, "cijfers")
"""What the access log says was read, where its other rows name a document."""
DAG = "dag"
"""A step of time that is no whole months."""
_MAANDEN = {"maand": 1, "kwartaal": 3, "jaar": 12}
HELE_PERIODEN = (
    "Voor uw rol gaan cijfers over hele maanden, kwartalen of jaren: kies een eerste en een laatste dag daarvan."
)
EEN_SNEDE = (
    "Voor uw rol is er één uitsplitsing tegelijk: hele jaren met `locatiesoort` of met `thema`, of maanden of kwartalen"
    " zonder die. Samen zouden zij één adres kunnen aanwijzen."
)


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked: municipalities, whole local days `van` up to and including `tot`, what of, and how it is cut."""

    gemeenten: tuple[str, ...]
    van: date
    tot: date
    locatiesoort: LocatieSoort | None = None
    thema: Thema | None = None
    per: str | None = None
    per_gemeente: bool = False

    @property
    def keuze(self) -> Keuze:
        """The facts it is about."""
        return Keuze(tuple(sorted(set(self.gemeenten))), self.van, self.tot, self.locatiesoort, self.thema)

    def __str__(self) -> str:
        """As it was asked, for the access log."""
        cuts = {"locatiesoort": self.locatiesoort, "thema": self.thema, "per": self.per}
        asked = {"gemeente": ",".join(self.keuze.gemeenten), "van": self.van, "totEnMet": self.tot, **cuts}
        return " ".join(
            [*(f"{name}={value}" for name, value in asked.items() if value), *["perGemeente"] * self.per_gemeente]
        )


async def read_regio(session: AsyncSession, actor: Actor, regio: UUID) -> tuple[str, ...]:
    """The municipalities of a region. Raises NietGevonden."""
    doc = await get_document(session, actor, Organisatie, regio, permissie="naslag:zien")
    return tuple(doc.get("gemeenten", ()))


def check_question(actor: Actor, vraag: Vraag) -> None:
    """Raises NietGevonden for a municipality outside the actor's, OngeldigVerzoek for all that cannot be asked."""
    held = scopes_for(actor, "cijfers:raadplegen")
    if not vraag.gemeenten or any(scope(Bereik.GEBIED, code) not in held for code in vraag.gemeenten):
        raise NietGevonden("Voor deze gemeente zijn er geen cijfers, of niet voor u.")
    bezwaren = Bezwaren()
    if vraag.tot < vraag.van:
        bezwaren.say("totEnMet", "totEnMet ligt voor van.")
    rows = len(vraag.keuze.gemeenten) if vraag.per_gemeente else 1
    if rows * (len(list(periods(vraag))) if vraag.per else 1) > MEESTE:
        bezwaren.say("per", f"Dit zijn meer dan {MEESTE} regels: vraag een kortere periode, of minder gemeenten.")
    if BLIK[actor.rol] is not Blik.STUURT:
        unit = unit_of(vraag.van, vraag.tot)
        if unit is None:
            bezwaren.say("van", HELE_PERIODEN)
        if sum(cuts(vraag, finest(unit or "jaar", vraag.per))) > 1:
            bezwaren.say("per", EEN_SNEDE)
    bezwaren.refuse()


def cuts(vraag: Vraag, unit: str) -> tuple[bool, bool, bool]:
    """Which ways it cuts a year: by time, by kind of place, by thema."""
    return unit != "jaar", vraag.locatiesoort is not None, vraag.thema is not None


def unit_of(van: date, tot: date) -> str | None:
    """The coarsest step of time of which these days are whole ones; None for days within a month."""
    na = tot + timedelta(days=1) if tot < date.max else tot
    if van.day != 1 or na.day != 1:
        return None
    return next(
        per for per in reversed(EENHEDEN) if not ((van.month - 1) % _MAANDEN[per] or (na.month - 1) % _MAANDEN[per])
    )


def finest(unit: str, per: str | None) -> str:
    """The finer of two steps of time."""
    return min(unit, per or unit, key=[DAG, *EENHEDEN].index)


def periods(vraag: Vraag) -> Iterator[tuple[date, date, date]]:
    """Every step of time that is asked: where it begins, and its first and last day that is asked of it."""
    months = _MAANDEN[vraag.per or "jaar"]
    begin = vraag.van.replace(month=(vraag.van.month - 1) // months * months + 1, day=1)
    while begin <= vraag.tot:
        year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
        after = date(year, month + 1, 1) if year <= date.max.year else None
        last = after - timedelta(days=1) if after else date.max
        yield begin, max(begin, vraag.van), min(last, vraag.tot)
        if after is None:
            return
        begin = after


async def read_cijfers(session: AsyncSession, actor: Actor, vraag: Vraag, *, nu: datetime) -> dict[str, Any]:
    """The figures as :func:`count` gives them, with an access-log row that says what was asked.

    Call it inside one snapshot that commits before anything leaves.
    """
    answer = await count(session, actor, vraag, nu=nu)
    await note_inzage(session, actor, "cijfers", CIJFERS, (), str(vraag), nu=nu)
    return answer


async def count(session: AsyncSession, actor: Actor, vraag: Vraag, *, nu: datetime) -> dict[str, Any]:
    """The figures; amounts in euro cents. Call it inside one snapshot.

    Aggregates do not depend on which rows the actor may see; they need their own permission per municipality. What
    is held back from him, and what cannot be asked by a kind of place or a thema, is named and absent.
    """
    check_question(actor, vraag)
    keuze, dag = vraag.keuze, local_day(nu)
    head = await read_head(session)
    telling = _Telling(
        vraag,
        dag,
        await first_days(session, keuze.gemeenten),
        await _veil(session, actor, vraag, None),
        await _veil(session, actor, vraag, vraag.per) if vraag.per else Sluier(),
        per_jaar=BLIK[actor.rol] is not Blik.STUURT,
    )
    answer = {
        "gemeentecodes": list(keuze.gemeenten),
        "gemeentecode": keuze.gemeenten[0] if len(keuze.gemeenten) == 1 else None,
        "van": vraag.van.isoformat(),
        "totEnMet": vraag.tot.isoformat(),
        "peildatum": dag.isoformat(),
        "gepeildOp": iso(nu),
        "grootboekPositie": head.size,
        "weggelaten": [cijfer.value for cijfer in Cijfer if cijfer in left_out(vraag)],
        "definities": {cijfer.value: row.definitie for cijfer, row in MAATSTAVEN.items()},
        **telling.tell(keuze.gemeenten, (), *await _cells(session, vraag)),
    }
    each = keuze.gemeenten if vraag.per_gemeente else ()
    cells = await _cells(session, vraag, "gemeente") if each else ({}, {})
    told = [{"gemeentecode": code, **telling.tell((code,), (code,), *cells)} for code in each]
    return {**answer, "gemeenten": told}


async def _cells(session: AsyncSession, vraag: Vraag, *by: str) -> tuple[Cellen, Cellen]:
    """The figures of the whole, and of its steps of time; by municipality, if that is asked."""
    whole = await tally(session, vraag.keuze, *by)
    return whole, await tally(session, vraag.keuze, *by, vraag.per) if vraag.per else {}


def left_out(vraag: Vraag) -> frozenset[Cijfer]:
    """The figures that say nothing of a thema, or of a kind of place, where that is asked."""
    return frozenset(
        cijfer
        for cijfer, row in MAATSTAVEN.items()
        if (vraag.thema and not row.thema) or (vraag.locatiesoort and not row.locatiesoort)
    )


async def _veil(session: AsyncSession, actor: Actor, vraag: Vraag, per: str | None) -> Sluier:
    """What is held back of the question as a whole, or of its steps `per`.

    Decided by all cells of the calendar years that it touches, also where it asks one of them.
    """
    blik, unit = BLIK[actor.rol], finest(unit_of(vraag.van, vraag.tot) or DAG, per)
    deel = Langs.LOCATIESOORT if vraag.locatiesoort else Langs.THEMA if vraag.thema else None
    langs = Langs.TIJD if unit != "jaar" else deel
    held = held_back(blik, deel=langs is not None)
    if not held:
        return Sluier()
    if unit == DAG or sum(cuts(vraag, unit)) > 1:  # only who steers can ask it, and no cells say that it is safe
        jaren = range(vraag.van.year, vraag.tot.year + 1)
        return Sluier({(code, jaar): held for code in vraag.keuze.gemeenten for jaar in jaren})
    years = Keuze(vraag.keuze.gemeenten, vraag.van.replace(month=1, day=1), vraag.tot.replace(month=12, day=31))
    cells: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for cel, found in (await tally(session, years, "gemeente", unit, *([deel.name.lower()] if deel else []))).items():
        cells.setdefault((cel[0], date.fromisoformat(cel[1]).year), []).append(found)
    return draw(blik, cells, langs)


@dataclass(frozen=True, slots=True)
class _Telling:
    """How one question is answered, for all its municipalities together or for one."""

    vraag: Vraag
    dag: date
    eerste: Mapping[str, date]
    geheel: Sluier
    stappen: Sluier
    per_jaar: bool
    """Whether he is told since which year anything is known, not since when: in which month would tell of the first."""

    def tell(self, gemeenten: tuple[str, ...], cel: Cel, whole: Cellen, steps: Cellen) -> dict[str, Any]:
        """The figures of these municipalities, whole and in steps of time."""
        told = self._block(gemeenten, self.vraag.van, self.vraag.tot, whole.get(cel), self.geheel)
        if self.vraag.per is None:
            return {**told, "perioden": []}
        return told | {
            "perioden": [
                {
                    "vanaf": begin.isoformat(),
                    "totEnMet": tot.isoformat(),
                    **self._block(gemeenten, van, tot, steps.get((*cel, begin.isoformat())), self.stappen),
                }
                for begin, van, tot in periods(self.vraag)
            ]
        }

    def _block(
        self, gemeenten: tuple[str, ...], van: date, tot: date, found: dict[str, Any] | None, sluier: Sluier
    ) -> dict[str, Any]:
        if not self._is_known(gemeenten, van, tot):
            return {"onderdrukt": [], "geenGegevens": True}
        hidden = sluier.hidden(gemeenten, range(van.year, tot.year + 1))
        silent = hidden | left_out(self.vraag)
        shown = {name: value for name, value in (found or figures([], {})).items() if Cijfer(name) not in silent}
        held = [cijfer.value for cijfer in Cijfer if cijfer in hidden - left_out(self.vraag)]
        return {**shown, "onderdrukt": held, "geenGegevens": False}

    def _is_known(self, gemeenten: tuple[str, ...], van: date, tot: date) -> bool:
        """Whether anything could be there: from the first day that is known of any of them, until today."""
        first = min((self.eerste[code] for code in gemeenten if code in self.eerste), default=None)
        if first is None or van > self.dag:
            return False
        return tot >= (first.replace(month=1, day=1) if self.per_jaar else first)
