"""Which document an operation writes, and when two places are the same."""

from collections.abc import Mapping
from typing import Any

POLITIE = frozenset({"pct", "wijkagent"})
OVER = {
    "locatie.vastgelegd": "locatie", "controle.gestart": "controle", "controle.afgerond": "controle",
    "persoon.aangetroffen": "controle", "bevinding.vastgelegd": "controle", "signaal.gemeld": "signaal",
    "telling.vastgelegd": "controle", "overtreding.vastgesteld": "controle", "controle.gepland": "controle",
    "controle.afgelast": "controle",
    "signaal.beoordeeld": "signaal", "mensenhandelsignaal.vastgelegd": "mensenhandelsignaal",
}  # fmt: skip
"""Which kind of document an act writes; a doorhaling or a settlement says so itself."""
COLLECTIE = {
    "locatie": "locaties", "controle": "controles", "signaal": "signalen",
    "mensenhandelsignaal": "mensenhandelsignalen", "ontvangst": "ontvangsten",
}  # fmt: skip


def kind_of(soort: str, onderwerp: Mapping[str, str]) -> str:
    """The kind of document that an act writes."""
    return OVER.get(soort) or next(kind for kind in onderwerp if kind in COLLECTIE)


def document_of(op: Mapping[str, Any]) -> tuple[str, str]:
    """The document that an operation writes."""
    kind = kind_of(op["soort"], op["onderwerp"])
    return COLLECTIE[kind], op["onderwerp"][kind]


def address_of(locatie: Mapping[str, Any]) -> tuple[str, ...]:
    """By what two locaties are the same place: the police have their own."""
    whose = "gemeente" if locatie["hoedanigheid"] == "toezicht" else "politie"
    return whose, locatie["gemeente"], locatie["adres"]["postcode"], locatie["adres"]["huisnummer"]


def recorded_for(inhoud: Mapping[str, Any], rol: str) -> str:
    """For what a place was recorded: an older app does not say, and of the police it is then not known."""
    return str(inhoud.get("hoedanigheid") or ("onbekend" if rol in POLITIE else "toezicht"))
