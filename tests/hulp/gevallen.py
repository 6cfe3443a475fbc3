"""Each thing that the law refuses: how it comes about, and its twin that is allowed (docs/weigeringen.md)."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

from uuid_utils.compat import uuid7

from app.registraties.weigeringen import WEIGERINGEN
from tests.hulp.handhaving import (
    ANDERE,
    BEDRAG,
    JURIST,
    LOB,
    LOD,
    Adres,
    Op,
    bekend,
    choose,
    opgelegd,
    toegepast,
    vandaag,
    verbeurd,
    verlengd,
    voornemen,
)
from tests.hulp.sync_proef import accepted, verdict
from tests.hulp.wereld import Wereld, add_mens

Tweeling = tuple[Op, Op]
"""What is refused, and what is allowed."""
VASTSTELLING = "Awb 5:33; ABRvS 3 mei 2017, ECLI:NL:RVS:2017:1179"
BY_CORRECTION_ONLY = {
    "maximum-onder-verbeurd": ("2", "Awb 5:32b, 5:33"),
    "verbeurte-adressaat-niet-bekend": ("2", "Awb 3:40, 3:41, 5:33"),
    "besluit-voor-voornemen": ("2", "Awb 4:8"),
    "bekendmaking-voor-besluit": ("2", "Awb 3:40"),
}
"""What no new operation can bring about."""


class Geval(NamedTuple):
    """One refusal: its row and article as the law has them, and how its twins come about."""

    rij: str
    artikel: str
    maak: Callable[[Adres], Awaitable[Tweeling]]
    wacht: bool = False
    corrigeerbaar: bool = True
    """Whether one can be corrected into the other: both are about the same document and thing."""
    bewoond: str = "nee"


async def second(a: Adres) -> Tweeling:
    await a.maatregel(LOD)
    lob = await a.maatregel(LOB, stap="voorgenomen")
    return opgelegd(lob, LOB), opgelegd(lob, LOB, grondslag=ANDERE)


async def not_known(a: Adres) -> Tweeling:
    controle, lod = await a.controle("2023-03-22"), await a.maatregel(LOD)
    other = uuid7()
    await a.make(voornemen(other, a.locatie, adressaten=[{"hoedanigheid": "exploitant"}]))
    await a.make(opgelegd(other))
    return verbeurd(other, controle), verbeurd(lod, controle)


async def on_two(a: Adres, **wrong: Any) -> tuple[UUID, UUID, UUID]:
    """A last, a controle that proves nothing, and one that does."""
    lod = await a.maatregel(LOD, dwangsom={"modaliteit": "per_overtreding", "bedrag": BEDRAG, "maximum": 4 * BEDRAG})
    return lod, await a.controle("2023-03-21", **wrong), await a.controle("2023-03-22")


async def open_still(a: Adres) -> Tweeling:
    lod, wrong, right = await on_two(a, afgerond=False)
    verbeurte = uuid7()
    return verbeurd(lod, wrong, "2023-03-21", verbeurte), verbeurd(lod, right, verbeurte=verbeurte)


async def nothing_concluded(a: Adres) -> Tweeling:
    lod, wrong, right = await on_two(a, overtreding=False)
    verbeurte = uuid7()
    return verbeurd(lod, wrong, "2023-03-21", verbeurte), verbeurd(lod, right, verbeurte=verbeurte)


async def told_otherwise(a: Adres, controle: UUID, dag: str) -> None:
    """Who took part closed it as well, and saw nothing."""
    moment = {"waargenomenOp": f"{dag}T20:30:00+01:00"}
    here, said = {"controle": controle}, {"uitkomst": "niet_vastgesteld"}
    await accepted(a.wereld, "pct-1", a.wereld.op("pct-1", "controle.afgerond", here, said, **moment))


async def disputed(a: Adres) -> Tweeling:
    lod, wrong, right = await on_two(a)
    await told_otherwise(a, wrong, "2023-03-21")
    verbeurte = uuid7()
    return verbeurd(lod, wrong, "2023-03-21", verbeurte), verbeurd(lod, right, verbeurte=verbeurte)


async def other_day(a: Adres) -> Tweeling:
    controle, lod, verbeurte = await a.controle("2023-03-22"), await a.maatregel(LOD), uuid7()
    return verbeurd(lod, controle, "2023-03-23", verbeurte), verbeurd(lod, controle, verbeurte=verbeurte)


async def in_term(a: Adres) -> Tweeling:
    lod = await a.maatregel(LOD)
    last, first, verbeurte = await a.controle("2023-03-10"), await a.controle("2023-03-11"), uuid7()
    return verbeurd(lod, last, "2023-03-10", verbeurte), verbeurd(lod, first, "2023-03-11", verbeurte)


async def before_known(a: Adres) -> Tweeling:
    direct = {"begunstigingTotEnMet": None, "begunstiging": "direct"}
    lod = await a.maatregel(LOD, **direct)
    early, then, verbeurte = await a.controle("2023-03-02"), await a.controle("2023-03-03"), uuid7()
    return verbeurd(lod, early, "2023-03-02", verbeurte), verbeurd(lod, then, "2023-03-03", verbeurte)


async def ground_for(a: Adres, **controle: Any) -> tuple[UUID, UUID, UUID, UUID]:
    """A last that announces a closure, a controle that proves nothing, one that does, and its rapportage."""
    lob = await a.maatregel(LOB)
    wrong, right = await a.controle("2023-05-16", **controle), await a.controle("2023-05-17")
    return lob, wrong, right, await a.rapportage(right)


async def without_controle(a: Adres) -> Tweeling:
    lob, _, right, rapport = await ground_for(a)
    return toegepast(lob, None, rapport), toegepast(lob, right, rapport)


async def on_open_controle(a: Adres) -> Tweeling:
    lob, wrong, right, rapport = await ground_for(a, afgerond=False)
    return toegepast(lob, wrong, rapport), toegepast(lob, right, rapport)


async def on_nothing(a: Adres) -> Tweeling:
    lob, wrong, right, rapport = await ground_for(a, overtreding=False)
    return toegepast(lob, wrong, rapport), toegepast(lob, right, rapport)


async def on_disputed(a: Adres) -> Tweeling:
    lob, wrong, right, rapport = await ground_for(a)
    await told_otherwise(a, wrong, "2023-05-16")
    return toegepast(lob, wrong, rapport), toegepast(lob, right, rapport)


async def without_report(a: Adres) -> Tweeling:
    lob, _, right, rapport = await ground_for(a)
    return toegepast(lob, right, None), toegepast(lob, right, rapport)


async def on_draft(a: Adres) -> Tweeling:
    lob, _, right, rapport = await ground_for(a)
    w, draft = a.wereld, await a.rapportage(right, vastgesteld=False)
    adopt, _ = await a.adopt(draft)
    strike = {"registratie": adopt["opId"], "reden": "te vroeg vastgesteld"}
    struck = w.op("pct-1", "doorhaling", {"rapportage": draft}, strike)
    assert verdict((await w.push("pct-1", struck))[0]) == ("conflict", "staat_vast"), "it was disclosed"
    await add_mens(w, "pct-2", "pct", "pct-oost", ["GM0243"])
    assert (await choose(w, "pct-2", struck, adopt)).status_code == 201
    return toegepast(lob, right, draft), toegepast(lob, right, rapport)


async def led_to_it(a: Adres) -> Tweeling:
    led = await a.controle("2023-02-08")
    lob = await a.maatregel(LOB, begunstiging=None, begunstigingTotEnMet="2023-05-16")
    right = await a.controle("2023-05-17")
    return toegepast(lob, led, await a.rapportage(led)), toegepast(lob, right, await a.rapportage(right))


async def seen_later(a: Adres) -> Tweeling:
    lob, later, right = await a.maatregel(LOB), await a.controle("2023-06-06"), await a.controle("2023-06-05")
    return toegepast(lob, later, await a.rapportage(later)), toegepast(lob, right, await a.rapportage(right))


async def other_report(a: Adres) -> Tweeling:
    lob, other, right, rapport = await ground_for(a)
    return toegepast(lob, right, await a.rapportage(other)), toegepast(lob, right, rapport)


async def too_long(a: Adres) -> Tweeling:
    lob, _, right, rapport = await ground_for(a)
    return toegepast(lob, right, rapport, duurMaanden=4), toegepast(lob, right, rapport)


async def other_way(a: Adres) -> Tweeling:
    lob, _, right, rapport = await ground_for(a)
    return toegepast(lob, right, rapport, wijze="ontruiming"), toegepast(lob, right, rapport)


async def dwelling(a: Adres) -> Tweeling:
    lob, _, right, rapport = await ground_for(a)
    return toegepast(lob, right, rapport), toegepast(lob, right, rapport, machtigingTotBinnentredenOp="2023-06-02")


async def after_the_end(a: Adres) -> Tweeling:
    over = await a.sluiting(begin=vandaag(-40), tot=vandaag(-1))
    other = uuid7()
    lasts = Adres(a.wereld, a.locatie)
    await a.make(voornemen(other, a.locatie, LOB, adressaten=[{"hoedanigheid": "bewoner"}]))
    await a.make(opgelegd(other, LOB))
    await a.make(bekend(other, adressaat="bewoner"))
    controle = await lasts.controle("2023-03-24")
    rapport = await lasts.rapportage(controle)
    await a.make(toegepast(other, controle, rapport, op=vandaag(-40), tot=vandaag(), duurMaanden=None))
    return verlengd(over, vandaag(30)), verlengd(other, vandaag(30))


async def future(a: Adres) -> Tweeling:
    lod = await a.maatregel(LOD, stap="opgelegd")
    return bekend(lod, vandaag(2)), bekend(lod, vandaag(1))


GEVALLEN: dict[str, Geval] = {
    "tweede-herstelsanctie": Geval("1", "Awb 5:6", second),
    "verbeurte-last-niet-bekend": Geval("2", "Awb 5:33, 3:40", not_known, wacht=True, corrigeerbaar=False),
    "verbeurte-controle-niet-afgerond": Geval("2", VASTSTELLING, open_still, wacht=True),
    "verbeurte-zonder-overtreding": Geval("2", VASTSTELLING, nothing_concluded),
    "verbeurte-betwiste-controle": Geval("2", VASTSTELLING, disputed, wacht=True),
    "verbeurte-andere-dag": Geval("2", VASTSTELLING, other_day),
    "verbeurte-binnen-begunstiging": Geval("2", "Awb 5:32a, 5:33", in_term),
    "verbeurte-voor-bekendmaking": Geval("2", "Awb 3:40, 5:33", before_known),
    "toepassing-zonder-controle": Geval("3", "Awb 5:21, 5:24", without_controle),
    "toepassing-controle-niet-afgerond": Geval("3", "Awb 5:21, 5:24", on_open_controle, wacht=True),
    "toepassing-zonder-overtreding": Geval("3", "Awb 5:21, 5:24", on_nothing),
    "toepassing-betwiste-controle": Geval("3", "Awb 5:21, 5:24; 3:2", on_disputed, wacht=True),
    "toepassing-zonder-rapportage": Geval("3", "Awb 5:21, 5:24; 3:2", without_report),
    "toepassing-rapportage-niet-vastgesteld": Geval("3", "Awb 5:21, 5:24; 3:2", on_draft, wacht=True),
    "toepassing-controle-te-vroeg": Geval("3", "Awb 5:21, 5:24", led_to_it),
    "toepassing-controle-te-laat": Geval("3", "Awb 5:21, 5:24", seen_later),
    "toepassing-rapportage-andere-controle": Geval("3", "Awb 5:21, 5:24; 3:2", other_report),
    "toepassing-te-lang": Geval("3", "Awb 5:24", too_long),
    "toepassing-andere-wijze": Geval("3", "Awb 5:24", other_way),
    "toepassing-bewoonde-woning": Geval("3", "Awb 5:27, tweede lid; Awbi 2", dwelling, bewoond="ja"),
    "verlenging-na-einde": Geval("9", "Awb 3:40, 4:8", after_the_end, corrigeerbaar=False),
    "datum-in-de-toekomst": Geval("10", "Awb 3:40", future),
}


def told(naam: str) -> dict[str, str]:
    row = WEIGERINGEN[naam]
    return {"artikel": GEVALLEN[naam].artikel, "reden": row.reden, "watNu": row.wat_nu}


def refused(answer: Any, naam: str) -> None:
    assert answer.status_code == 409, (naam, answer.text)
    problem = answer.json()
    assert problem["type"] == "/problemen/regel-geschonden"
    assert {key: problem[key] for key in ("artikel", "reden", "watNu")} == told(naam)


async def strike(wereld: Wereld, of: dict[str, Any]) -> None:
    """Struck, by two people where it was made known (test_staat_vast)."""
    about = {"maatregel": of["onderwerp"]["maatregel"]}
    op = wereld.op(JURIST, "doorhaling", about, {"registratie": of["opId"], "reden": "vergissing"})
    if verdict((await wereld.push(JURIST, op))[0]) == ("conflict", "staat_vast"):
        named = {"keuze": op["opId"], "verworpen": of["opId"], "reden": "zo was het"}
        await wereld.make("burgemeester-1", "/verschilbeoordelingen", {"onderwerp": about, "inhoud": named})
