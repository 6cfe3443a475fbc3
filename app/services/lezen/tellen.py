"""Sums over countable facts, cut by municipality, time, thema or kind of place; and what they amount to."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from app.vocabulary import LocatieSoort, Thema

EENHEDEN = {"maand": "month", "kwartaal": "quarter", "jaar": "year"}
"""Steps of time, finest first, and PostgreSQL's word for each. Only dates are cut, made local when folding."""
_BY = {
    "gemeente": "f.gemeente",
    "locatiesoort": "coalesce(l.soort, '')",
    "thema": "f.thema",
    **{per: f"date_trunc('{unit}', f.datum)::date" for per, unit in EENHEDEN.items()},
}
_FROM = (
    " FROM lees.cijferfeit f LEFT JOIN lees.locatie l ON l.id = f.locatie"
    " WHERE f.gemeente = ANY(:gemeenten) AND f.datum BETWEEN :van AND :tot"
    " AND (CAST(:locatiesoort AS text) IS NULL OR l.soort = :locatiesoort)"
    " AND (CAST(:thema AS text) IS NULL OR f.thema = :thema)"
)
_FACTS = (
    "SELECT ARRAY[$by]::text[] AS cel, f.maatstaf, f.kenmerk, count(*) AS stuks, sum(f.aantal)::bigint AS aantal,"
    " sum(f.bedrag)::bigint AS bedrag, min(f.bedrag) AS laagste, max(f.bedrag) AS hoogste,"
    " array_agg(f.aantal ORDER BY f.datum, f.document) FILTER (WHERE f.maatstaf = 'toegepast') AS aantallen,"
    f" f.thema{_FROM} GROUP BY 1, f.maatstaf, f.kenmerk, f.thema ORDER BY 1, f.maatstaf, f.kenmerk, f.thema"
)
_PLACES = (
    "SELECT ARRAY[$by]::text[] AS cel, l.soort, count(DISTINCT f.locatie) AS stuks"
    f"{_FROM} AND f.maatstaf = 'controle' AND l.soort IS NOT NULL GROUP BY 1, l.soort ORDER BY 1, l.soort"
)
_FIRST = "SELECT gemeente, min(datum) AS eerste FROM lees.cijferfeit WHERE gemeente = ANY(:gemeenten) GROUP BY gemeente"

Cel = tuple[str, ...]
"""By what a sum is cut: the values of what it was asked by, as text."""
Cellen = dict[Cel, dict[str, Any]]
"""The figures of every cell in which there is anything."""


class Keuze(NamedTuple):
    """Of which facts: of these municipalities, over these days, at such places, of such controles."""

    gemeenten: tuple[str, ...]
    van: date
    tot: date
    locatiesoort: LocatieSoort | None = None
    thema: Thema | None = None


@cache
def _queries(by: tuple[str, ...]) -> tuple[TextClause, TextClause]:
    cut = ", ".join(f"({_BY[name]})::text" for name in by)
    facts, places = (text(query.replace("$by", cut)) for query in (_FACTS, _PLACES))
    return facts, places


async def tally(session: AsyncSession, keuze: Keuze, *by: str) -> Cellen:
    """The figures of every cell in which there is anything."""
    connection = await session.connection()
    facts, places = [
        (await connection.execute(query, keuze._asdict() | {"gemeenten": list(keuze.gemeenten)})).mappings().all()
        for query in _queries(by)
    ]
    per: dict[Cel, tuple[list[Any], dict[str, int]]] = {}
    for row in facts:
        per.setdefault(tuple(row["cel"]), ([], {}))[0].append(row)
    for row in places:
        per[tuple(row["cel"])][1][row["soort"]] = row["stuks"]
    return {cel: figures(*found) for cel, found in per.items()}


async def first_days(session: AsyncSession, gemeenten: Sequence[str]) -> dict[str, date]:
    """Of each municipality the first day of which anything is known."""
    rows = await (await session.connection()).execute(text(_FIRST), {"gemeenten": list(gemeenten)})
    return {row.gemeente: row.eerste for row in rows}


def figures(facts: Sequence[Any], places: dict[str, int]) -> dict[str, Any]:
    """The figures from grouped facts: pure."""

    def of(maatstaf: str, kenmerk: str | None = None) -> list[Any]:
        return [f for f in facts if f["maatstaf"] == maatstaf and kenmerk in (None, f["kenmerk"])]

    def total(rows: Sequence[Any], name: str) -> int:
        return sum(int(row[name]) for row in rows)

    def per(maatstaf: str, by: str = "kenmerk", name: str = "stuks") -> dict[str, int]:
        kinds = sorted({row[by] for row in of(maatstaf) if row[by]})
        return {kind: total([row for row in of(maatstaf) if row[by] == kind], name) for kind in kinds}

    lod, verbeurd, toegepast = of("maatregel", "last_onder_dwangsom"), of("verbeurd"), of("toegepast")
    amounts = {row[name] for row in lod for name in ("laagste", "hoogste")}
    return {
        "controles": total(of("controle"), "stuks"),
        "controlesPerThema": per("controle", "thema"),
        "gecontroleerdePersonen": total(of("persoon"), "aantal"),
        "personenIllegaleProstitutie": total(of("illegale_prostitutie"), "aantal"),
        "bevindingenPerCode": per("bevinding"),
        "locaties": sum(places.values()),
        "locatiesPerSoort": places,
        "lastOnderDwangsom": {
            "aantal": total(lod, "stuks"),
            "bedragPerLast": int(amounts.pop()) if len(amounts) == 1 else None,
            "bedragTotaal": total(lod, "bedrag"),
        },
        "lastOnderBestuursdwang": {"aantal": total(of("maatregel", "last_onder_bestuursdwang"), "stuks")},
        "overigeMaatregelen": {
            kind: n
            for kind, n in per("maatregel").items()
            if kind not in ("last_onder_dwangsom", "last_onder_bestuursdwang")
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
        "signalen": total(of("signaal"), "stuks"),
        "signalenPerBron": per("signaal"),
        "signalenPerOverlastsoort": per("overlast"),
        "mensenhandelsignalen": total(of("mensenhandelsignaal"), "stuks"),
        "mensenhandelsignalenOvergedragen": total(of("overgedragen"), "stuks"),
        "hulpAangeboden": total(of("hulp_aangeboden"), "aantal"),
        "hulpPerSoort": per("hulp_soort", name="aantal"),
        "onbeslisteVerschillen": total(of("verschil"), "stuks"),
    }
