"""The measures of Harderwijk 2023, entry by entry, and what they rest on."""

from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.registraties.act import Doc, Registratie
from tests.hulp.bouw import (
    HARDERWIJK,
    JURIST,
    ident,
    omgeving,
    registratie,
)

TOETS = {"geschikt": "ja", "noodzakelijk": "ja", "evenwichtig": "ja"}
GROND = {"regeling": "APV (voorbeeld)", "artikel": "3:3", "versie": "2022-01-01"}
ORGAAN = {"door": "orgaan"}
DWANGSOM = {"modaliteit": "per_overtreding", "bedrag": 500_000, "maximum": 500_000}
LOD, LOB = "last_onder_dwangsom", "last_onder_bestuursdwang"
SPOED, BEVEL = "spoedeisende_bestuursdwang", "sluitingsbevel"
V1 = ident("V1")
OVER_V1 = {"betreft": "invordering", "verbeurte": str(V1)}
WAARSCHUWING = {"soort": "waarschuwing", "opgelegdOp": "2023-03-02", "beslotenDoor": ORGAAN}
SPOEDBESLUIT = {
    "soort": SPOED,
    "opgelegdOp": "2023-03-02",
    "beslotenDoor": {"door": "persoon_in_mandaat", "mandaatbesluit": "MB 2022-01"},
    "bevoegdOrgaan": "burgemeester",
    "grondslag": GROND,
    "adressaten": [{"hoedanigheid": "exploitant", "reden": "exploiteert het pand"}],
    "nietGehoordReden": "spoed",
    "evenredigheidstoets": TOETS,
}
TOEPASSING = {
    "op": "2023-06-05",
    "wijze": "sluiting",
    "duurMaanden": 3,
    "tot": "2023-09-05",
    "voorgenomenOp": "2023-05-23",
    "zienswijzeTotEnMet": "2023-05-30",
    "beslotenOp": "2023-06-01",
    "bekendgemaaktOp": "2023-06-02",
    "machtigingTotBinnentredenOp": "2023-06-02",
    "rapportage": str(ident("R3")),
    "evenredigheidstoets": TOETS,
}


def _locatie(naam: str) -> Doc:
    return {
        "id": str(ident(naam)),
        "canoniek": str(ident(naam)),
        "soort": "woning",
        "feitelijkBewoond": "ja",
        "gemeente": HARDERWIJK,
        "adres": {"straat": "Voorbeeldstraat", "huisnummer": naam[1:]},
    }


def _controle(naam: str, locatie: str, datum: str = "2023-03-22") -> tuple[str, Doc]:
    here = {"id": str(ident(naam)), "locatie": str(ident(locatie)), "gemeente": HARDERWIJK, "datum": datum}
    closed = {"status": "afgerond", "begonnenOp": "2023-03-22T19:05:00Z", "eindeOp": "2023-03-22T19:50:00Z"}
    return "controle", {**here, **closed, "overtredingen": [{"soort": "illegale_prostitutie", "bevindingen": []}]}


def _rapportage(naam: str, *locaties: str) -> tuple[str, Doc]:
    at, about = [str(ident(at)) for at in locaties], str(ident(naam.replace("R", "C")))
    return "rapportage", {"id": str(ident(naam)), "controles": [about], "locaties": at, "vastgesteldOp": "2023-03-27"}


L1, L2 = _locatie("L1"), _locatie("L2")
OM = omgeving(
    ("locatie", L1),
    ("locatie", L2),
    *(_controle(naam, "L1") for naam in ("C1", "C2")),
    _controle("C3", "L1", "2023-05-17"),
    _controle("C5", "L2"),
    *(_rapportage(naam, "L1") for naam in ("R1", "R2", "R3")),
    _rapportage("R4", "L2"),
)


def step(
    soort: str, inhoud: Doc, *, door: Actor = JURIST, ontvangen: str = "2026-08-20", **onderwerp: str | UUID
) -> Registratie:
    """One entry about measure M, booked on a day; a value of None leaves the field out."""
    given = {key: value for key, value in inhoud.items() if value is not None}
    moment = f"{ontvangen}T12:00:00+02:00"
    return registratie(soort, given, door=door, ontvangen=moment, maatregel="M", **onderwerp)


def voorgenomen(soort: str = LOD, locatie: str = "L1", **extra: Any) -> Registratie:
    inhoud = {
        "soort": soort,
        "rapportage": str(ident("R1")),
        "bevoegdOrgaan": "burgemeester",
        "grondslag": GROND,
        "adressaten": [{"hoedanigheid": "verhuurder"}],
        "voorgenomenOp": "2023-02-14",
        "zienswijzeTotEnMet": "2023-02-28",
        **extra,
    }
    return step("maatregel.voorgenomen", inhoud, locatie=locatie)


def lod(**extra: Any) -> Doc:
    return {
        "soort": LOD,
        "opgelegdOp": "2023-03-02",
        "beslotenDoor": ORGAAN,
        "dwangsom": DWANGSOM,
        "begunstigingTotEnMet": "2023-03-10",
        **extra,
    }


def lob(**extra: Any) -> Doc:
    return {
        "soort": LOB,
        "opgelegdOp": "2023-04-13",
        "beslotenDoor": ORGAAN,
        "begunstiging": "direct",
        "bijVolgendeOvertreding": "sluiting",
        "aangezegdeDuurMaanden": 3,
        **extra,
    }


def opgelegd(inhoud: Doc, **onderwerp: str) -> Registratie:
    return step("maatregel.opgelegd", inhoud, **onderwerp)


def bekend(datum: str = "2023-03-03", **extra: Any) -> Registratie:
    inhoud = {
        "adressaat": "verhuurder",
        "datum": datum,
        "wijze": "aangetekend",
        "betreft": "besluit",
        **extra,
    }
    return step("maatregel.bekendgemaakt", inhoud)


def zienswijze(op: str, **extra: Any) -> Registratie:
    inhoud = {"ontvangenOp": op, "wijze": "schriftelijk", "tekst": "De verhuurder wist van niets.", **extra}
    return step("zienswijze.ontvangen", inhoud)


def verbeurd(op: str = "2023-03-22", bedrag: int = 500_000, controle: str = "C2", naam: str = "V1") -> Registratie:
    return step("dwangsom.verbeurd", {"op": op, "bedrag": bedrag}, verbeurte=naam, controle=controle)


def invordering(soort: str, inhoud: Doc, naam: str = "V1") -> Registratie:
    return step(f"invordering.{soort}", inhoud, verbeurte=naam)


def betaald(bedrag: int, op: str = "2023-05-20") -> Registratie:
    return step("dwangsom.betaald", {"betaaldOp": op, "bedrag": bedrag}, verbeurte="V1", op=f"{op}T12:00:00+02:00")


def toegepast(controle: str | None = "C3", **extra: Any) -> Registratie:
    named = {"controle": controle} if controle else {}
    return step("bestuursdwang.toegepast", {**TOEPASSING, **extra}, **named)


def verlengd(tot: str = "2023-12-05", ontvangen: str = "2023-09-05") -> Registratie:
    return step("sluiting.verlengd", {"tot": tot, "evenredigheidstoets": TOETS}, ontvangen=ontvangen)


def beeindigd(reden: str = "termijn_verstreken", op: str = "2023-12-05") -> Registratie:
    return step("sluiting.beeindigd", {"op": op, "reden": reden})


M1 = [
    voorgenomen(),
    zienswijze("2023-02-20"),
    opgelegd(lod()),
    bekend(),
    verbeurd(),
    invordering("voorgenomen", {"voorgenomenOp": "2023-04-04", "zienswijzeTotEnMet": "2023-04-18"}),
    invordering("beschikt", {"beschiktOp": "2023-05-09"}),
    bekend("2023-05-10", **OVER_V1),
    betaald(200_000),
    betaald(300_000),
]
M3 = [
    voorgenomen(LOB, rapportage=str(ident("R2")), voorgenomenOp="2023-03-28", zienswijzeTotEnMet="2023-04-11"),
    opgelegd(lob()),
    bekend("2023-04-14"),
    toegepast(),
    bekend("2023-06-02", betreft="toepassing", wijze="aanplakking"),
    verlengd(),
    beeindigd(),
]
URGENT = [
    opgelegd(SPOEDBESLUIT, locatie="L1"),
    step(
        "bestuursdwang.toegepast",
        {"op": "2023-03-01", "wijze": "sluiting", "duurMaanden": 3, "evenredigheidstoets": TOETS},
    ),
    bekend(adressaat="exploitant"),
    beeindigd("opgeheven", "2023-04-01"),
]
VERBEURD = M1[:5]
