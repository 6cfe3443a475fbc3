"""Made-up field work: controls as an officer records them. No person, place or sentence in it is real."""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from uuid_utils.compat import uuid7

CODES = ("aanbod_tegen_betaling", "drugs", "slaapplekken", "onveilig")
ZIN = (
    "wij troffen in de woonkamer een matras aan op de vloer met daarnaast een tafel waarop condooms en twee telefoons "
    "lagen die bleven overgaan de ramen waren afgeplakt en in de keuken stond een koffer met kleding volgens de "
    "bewoner verbleef hier niemand anders de deur naar de kelder was van buiten met een schuif afgesloten"
)
WOORDEN = tuple(ZIN.split())
TOEZICHT = {"hoedanigheid": "toezicht"}


class Feit(NamedTuple):
    """One thing to record."""

    soort: str
    onderwerp: dict[str, UUID]
    inhoud: dict[str, Any]
    versie: int = 1


def make_controle(number: int, gemeente: str, chance: random.Random, *, personen: int = 3) -> Iterator[Feit]:
    """A control: locatie, start, `personen` persons, four findings, telling, end: eight entries and one a person."""
    locatie, controle = uuid7(), uuid7()
    adres = {
        "straat": "Voorbeeldstraat",
        "huisnummer": str(number % 900 + 1),
        "postcode": f"{1000 + number % 8999}ZA",
        "plaats": "Voorbeeld",
    }
    inhoud: dict[str, Any] = {"soort": "woning", "feitelijkBewoond": "ja", "gemeente": gemeente, "adres": adres}
    yield Feit("locatie.vastgelegd", {"locatie": locatie}, inhoud)
    inhoud = {
        "benadering": "aangebeld",
        "situatie": "niemand_aanwezig",
        "binnentreden": {"binnentreden": "niet_binnengetreden"},
    }
    yield Feit("controle.gestart", {"controle": controle, "locatie": locatie}, inhoud | TOEZICHT, 2)
    for _ in range(personen):
        seen = {"rol": "sekswerker"} | TOEZICHT
        yield Feit("persoon.aangetroffen", {"controle": controle, "persoon": uuid7()}, seen, 2)
    found = [uuid7() for _ in CODES]
    for bevinding, code in zip(found, CODES, strict=True):
        inhoud = {
            "code": code,
            "aard": "feit",
            "wijze": "waargenomen",
            "tekst": " ".join(chance.choices(WOORDEN, k=30)),
        }
        yield Feit("bevinding.vastgelegd", {"controle": controle, "bevinding": bevinding}, inhoud | TOEZICHT, 3)
    inhoud = {"regioHerkomst": {"latijns_amerika": personen}}
    yield Feit("telling.vastgelegd", {"controle": controle}, inhoud | TOEZICHT, 2)
    concluded = {"id": str(uuid7()), "soort": "illegale_prostitutie", "bevindingen": [str(b) for b in found]}
    inhoud = {"overtredingen": [concluded]}
    yield Feit("controle.afgerond", {"controle": controle}, inhoud | TOEZICHT, 2)
