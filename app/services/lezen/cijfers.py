"""De cijfers op een rij: sums over countable facts, one query, one snapshot (ontwerp/domein.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.bereik import Bereik, scope
from app.models.mensen import Organisatie
from app.moment import local_day
from app.problems import NietGevonden, OngeldigVerzoek
from app.registraties.act import iso
from app.services.kluis.head import read_head
from app.services.lezen.lezen import get_document
from app.vocabulary import LocatieSoort

DEFINITIES = {
    "controles": "Controles die in de periode zijn begonnen; plaatselijke datum van aanvang.",
    "gecontroleerdePersonen": "Aangetroffen personen per controle, in alle rollen, apart vastgelegd of geteld; wie"
    " vaker opduikt telt vaker.",
    "personenIllegaleProstitutie": "Gevonden sekswerkers waarover een overtreding illegale prostitutie gaat: alle,"
    " tenzij zij sommigen of een aantal noemt; nooit een klant.",
    "locaties": "Verschillende locaties waar een controle begon; hetzelfde adres telt één keer.",
    "lastOnderDwangsom": "Opgelegde lasten onder dwangsom, op de datum van het besluit.",
    "lastOnderBestuursdwang": "Opgelegde lasten onder bestuursdwang, op de datum van het besluit.",
    "dwangsomVerbeurd": "Verbeurde dwangsommen, op de datum van het feit; open, beschikt en geïnd samen.",
    "bestuursdwangToegepast": "Toepassingen van bestuursdwang, op de dag van uitvoering.",
    "signalen": "Signalen per bron, op de dag van de melding.",
    "mensenhandelsignalen": "Aantal vastgelegde signalen van mensenhandel, mensensmokkel of uitbuiting.",
    "hulpAangeboden": "Personen aan wie bij een controle hulp is aangeboden, apart vastgelegd of geteld.",
    "onbeslisteVerschillen": "Controles en maatregelen waarover een verschil nog niet is beslist; zij tellen één keer.",
}
"""What is counted, in words: they travel with the figures."""

PERIODEN = {"maand": "month", "kwartaal": "quarter", "jaar": "year"}
"""What `per` may be, and PostgreSQL's word for it. Only dates are cut here; they were made local when folding."""

_WHERE = (
    " FROM lees.cijferfeit WHERE gemeente = ANY(:gemeenten) AND datum BETWEEN :van AND :tot"
    " AND (CAST(:soort AS text) IS NULL OR locatie IN (SELECT id FROM lees.locatie WHERE soort = :soort))"
)
_FACTS = (
    "SELECT $periode AS periode, maatstaf, kenmerk, count(*) AS stuks, sum(aantal)::bigint AS aantal,"
    " sum(bedrag)::bigint AS bedrag, min(bedrag) AS laagste, max(bedrag) AS hoogste,"
    " CASE WHEN maatstaf = 'toegepast' THEN array_agg(aantal ORDER BY datum, document) END AS aantallen"
    f"{_WHERE} GROUP BY 1, maatstaf, kenmerk ORDER BY 1, maatstaf, kenmerk"
)
_PLACES = (
    "SELECT c.periode, l.soort, count(*) AS stuks"
    f" FROM (SELECT DISTINCT $periode AS periode, locatie{_WHERE} AND maatstaf = 'controle') c"
    " JOIN lees.locatie l ON l.id = c.locatie GROUP BY c.periode, l.soort ORDER BY c.periode, l.soort"
)


def _queries(period: str) -> tuple[TextClause, TextClause]:
    """Grouped facts, and distinct locations per kind, within the period that an SQL expression names."""
    facts, places = (text(query.replace("$periode", period)) for query in (_FACTS, _PLACES))
    return facts, places


_WHOLE = _queries("NULL::date")
_PER = {per: _queries(f"date_trunc('{unit}', datum)::date") for per, unit in PERIODEN.items()}


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is asked: municipalities, whole local days `van` up to and including `tot`, a kind of location, a step."""

    gemeenten: tuple[str, ...]
    van: date
    tot: date
    locatiesoort: LocatieSoort | None = None
    per: str | None = None


def check_question(actor: Actor, vraag: Vraag) -> None:
    """Raises NietGevonden for a municipality outside the actor's, OngeldigVerzoek for a period that runs back."""
    held = scopes_for(actor, "cijfers:raadplegen")
    if not vraag.gemeenten or any(scope(Bereik.GEBIED, code) not in held for code in vraag.gemeenten):
        raise NietGevonden("Voor deze gemeente zijn er geen cijfers, of niet voor u.")
    if vraag.tot < vraag.van:
        raise OngeldigVerzoek("totEnMet ligt voor van.")


async def read_regio(session: AsyncSession, actor: Actor, regio: UUID) -> tuple[str, ...]:
    """The municipalities of a region. Raises NietGevonden."""
    doc = await get_document(session, actor, Organisatie, regio, permissie="naslag:zien")
    return tuple(doc.get("gemeenten", ()))


async def count(session: AsyncSession, actor: Actor, vraag: Vraag, *, nu: datetime) -> dict[str, Any]:
    """The figures; amounts in euro cents. Call it inside one snapshot.

    Aggregates do not depend on which rows the actor may see; they need their own permission per municipality.
    With a kind of location only what happened at a location counts: controls, persons, help, measures.
    """
    check_question(actor, vraag)
    head = await read_head(session)
    codes = sorted(set(vraag.gemeenten))
    whole = await _count(session, vraag, codes, _WHOLE)
    answer = {
        "gemeentecodes": codes,
        "gemeentecode": codes[0] if len(codes) == 1 else None,
        "van": vraag.van.isoformat(),
        "totEnMet": vraag.tot.isoformat(),
        "peildatum": local_day(nu).isoformat(),
        "gepeildOp": iso(nu),
        "grootboekPositie": head.size,
        **whole.get(None, figures([], {})),
        "definities": DEFINITIES,
    }
    if vraag.per is not None:
        counted = await _count(session, vraag, codes, _PER[vraag.per])
        answer["perioden"] = [
            {"vanaf": begin.isoformat(), **counted[begin]} for begin in sorted(b for b in counted if b is not None)
        ]
    return answer


async def _count(
    session: AsyncSession, vraag: Vraag, codes: list[str], queries: tuple[TextClause, TextClause]
) -> dict[date | None, dict[str, Any]]:
    """The figures by period; the key is its first day, None for the whole."""
    asked = {"gemeenten": codes, "van": vraag.van, "tot": vraag.tot, "soort": vraag.locatiesoort}
    connection = await session.connection()
    facts, places = [(await connection.execute(query, asked)).mappings().all() for query in queries]
    return {
        begin: figures(
            [row for row in facts if row["periode"] == begin],
            {row["soort"]: row["stuks"] for row in places if row["periode"] == begin},
        )
        for begin in {row["periode"] for row in facts}
    }


def figures(facts: Sequence[Any], places: dict[str, int]) -> dict[str, Any]:
    """The figures from grouped facts: pure."""

    def of(maatstaf: str, kenmerk: str | None = None) -> list[Any]:
        return [f for f in facts if f["maatstaf"] == maatstaf and kenmerk in (None, f["kenmerk"])]

    def total(rows: Sequence[Any], name: str) -> int:
        return sum(int(row[name]) for row in rows)

    lod = of("maatregel", "last_onder_dwangsom")
    verbeurd, toegepast = of("verbeurd"), of("toegepast")
    same = lod and lod[0]["laagste"] == lod[0]["hoogste"]
    return {
        "controles": total(of("controle"), "stuks"),
        "gecontroleerdePersonen": total(of("persoon"), "aantal"),
        "personenIllegaleProstitutie": total(of("illegale_prostitutie"), "aantal"),
        "locaties": sum(places.values()),
        "locatiesPerSoort": places,
        "lastOnderDwangsom": {
            "aantal": total(lod, "stuks"),
            "bedragPerLast": int(lod[0]["laagste"]) if same else None,
            "bedragTotaal": total(lod, "bedrag"),
        },
        "lastOnderBestuursdwang": {"aantal": total(of("maatregel", "last_onder_bestuursdwang"), "stuks")},
        "overigeMaatregelen": {
            row["kenmerk"]: row["stuks"]
            for row in of("maatregel")
            if row["kenmerk"] not in ("last_onder_dwangsom", "last_onder_bestuursdwang")
        },
        "dwangsomVerbeurd": {
            "aantal": total(verbeurd, "stuks"),
            "bedrag": total(verbeurd, "bedrag"),
            "perStand": {row["kenmerk"]: {"aantal": row["stuks"], "bedrag": row["bedrag"]} for row in verbeurd},
        },
        "bestuursdwangToegepast": {
            "aantal": total(toegepast, "stuks"),
            "sluitingen": [
                {"duurMaanden": months}
                for row in toegepast
                if row["kenmerk"] == "sluiting"
                for months in row["aantallen"]
            ],
        },
        "signalenPerBron": {row["kenmerk"]: row["stuks"] for row in of("signaal")},
        "mensenhandelsignalen": total(of("mensenhandelsignaal"), "stuks"),
        "hulpAangeboden": total(of("hulp_aangeboden"), "aantal"),
        "onbeslisteVerschillen": total(of("verschil"), "stuks"),
    }
