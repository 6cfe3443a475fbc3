"""De cijfers op een rij: sums over countable facts, one query, one snapshot (DOMAIN.md)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.bereik import Bereik, scope
from app.problems import NietGevonden, OngeldigVerzoek
from app.registraties.act import AMSTERDAM, iso
from app.services.sync import read_head

DEFINITIES = {
    "controles": "Controles die in de periode zijn begonnen; plaatselijke datum van aanvang.",
    "gecontroleerdePersonen": "Aangetroffen personen per controle, in alle rollen; wie vaker opduikt telt vaker.",
    "personenIllegaleProstitutie": "Personen in een bij afronding geconcludeerde overtreding illegale prostitutie.",
    "locaties": "Verschillende locaties waar een controle begon; hetzelfde adres telt één keer.",
    "lastOnderDwangsom": "Opgelegde lasten onder dwangsom, op de datum van het besluit.",
    "lastOnderBestuursdwang": "Opgelegde lasten onder bestuursdwang, op de datum van het besluit.",
    "dwangsomVerbeurd": "Verbeurde dwangsommen, op de datum van het feit; open, beschikt en geïnd samen.",
    "bestuursdwangToegepast": "Toepassingen van bestuursdwang, op de dag van uitvoering.",
    "signalen": "Signalen per bron, op de dag van de melding.",
    "mensenhandelsignalen": "Aantal vastgelegde signalen van mensenhandel, mensensmokkel of uitbuiting.",
    "hulpAangeboden": "Personen aan wie bij een controle hulp is aangeboden.",
}
"""What is counted, in words: they travel with the figures."""

_FACTS = text(
    "SELECT maatstaf, kenmerk, count(*) AS stuks, sum(aantal)::bigint AS aantal, sum(bedrag)::bigint AS bedrag,"
    " min(bedrag) AS laagste, max(bedrag) AS hoogste,"
    " CASE WHEN maatstaf = 'toegepast' THEN array_agg(aantal ORDER BY datum, document) END AS aantallen"
    " FROM lees.cijferfeit WHERE gemeente = ANY(:gemeenten) AND datum BETWEEN :van AND :tot"
    " GROUP BY maatstaf, kenmerk ORDER BY maatstaf, kenmerk"
)
_LOCATIONS = text(
    "SELECT l.soort, count(*) AS stuks FROM (SELECT DISTINCT locatie FROM lees.cijferfeit"
    " WHERE maatstaf = 'controle' AND gemeente = ANY(:gemeenten) AND datum BETWEEN :van AND :tot) c"
    " JOIN lees.locatie l ON l.id = c.locatie GROUP BY l.soort ORDER BY l.soort"
)
_UNSETTLED = text(
    "SELECT count(*) FROM lees.controle c WHERE c.gemeente = ANY(:gemeenten) AND c.datum BETWEEN :van AND :tot"
    " AND (c.doc ? 'verschillen' OR c.doc ? 'startVerschillen')"
)


def check_question(actor: Actor, gemeenten: Sequence[str], van: date, tot: date) -> None:
    """Raises NietGevonden for a municipality outside the actor's, OngeldigVerzoek for a period that runs back."""
    held = scopes_for(actor, "cijfers:raadplegen")
    if not gemeenten or any(scope(Bereik.GEBIED, code) not in held for code in gemeenten):
        raise NietGevonden("Voor deze gemeente zijn er geen cijfers, of niet voor u.")
    if tot < van:
        raise OngeldigVerzoek("totEnMet ligt voor van.")


async def count(
    session: AsyncSession, actor: Actor, gemeenten: Sequence[str], van: date, tot: date, *, nu: datetime
) -> dict[str, Any]:
    """The figures over whole local days `van` up to and including `tot`; amounts in euro cents.

    Aggregates do not depend on which rows the actor may see; they need their own permission per municipality.
    """
    check_question(actor, gemeenten, van, tot)
    codes = sorted(set(gemeenten))
    question = {"gemeenten": codes, "van": van, "tot": tot}
    head = await read_head(session)
    connection = await session.connection()
    facts = [row._mapping for row in (await connection.execute(_FACTS, question)).all()]  # noqa: SLF001
    places = {row.soort: row.stuks for row in (await connection.execute(_LOCATIONS, question)).all()}
    unsettled = (await connection.execute(_UNSETTLED, question)).scalar_one()
    return {
        "gemeentecodes": codes,
        **({"gemeentecode": codes[0]} if len(codes) == 1 else {}),
        "van": van.isoformat(),
        "totEnMet": tot.isoformat(),
        "peildatum": nu.astimezone(AMSTERDAM).date().isoformat(),
        "gepeildOp": iso(nu),
        "grootboekPositie": head.size,
        **figures(facts, places),
        "onbeslisteVerschillen": unsettled,
        "definities": DEFINITIES,
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
    }
