"""Which document an operation writes, and when two places are the same."""

from collections.abc import Mapping
from typing import Any

OVER = {
    "locatie.vastgelegd": "locatie", "controle.gestart": "controle", "controle.afgerond": "controle",
    "persoon.aangetroffen": "controle", "bevinding.vastgelegd": "controle", "signaal.gemeld": "signaal",
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
    """By what two locaties are the same place."""
    return locatie["gemeente"], locatie["adres"]["postcode"], locatie["adres"]["huisnummer"]
