"""Who may see and do what: plain rules per role, in the words of the role table of DOMAIN.md."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

VELD = frozenset({"boa", "wijkagent", "pct", "regisseur"})
DOET = {
    "locatie.vastgelegd": VELD,
    "controle.gestart": VELD,
    "controle.afgerond": VELD,
    "persoon.aangetroffen": VELD,
    "bevinding.vastgelegd": VELD,
    "signaal.gemeld": VELD,
    "signaal.beoordeeld": frozenset({"boa", "pct", "regisseur"}),
    "mensenhandelsignaal.vastgelegd": VELD,
    "doorhaling": VELD,
    "bijlage.ontvangen": VELD,
    "verschil.beoordeeld": frozenset({"pct", "regisseur"}),
    "quarantaine.beoordeeld": frozenset({"pct", "regisseur"}),
}
"""Which roles may record what, of the acts that the storm uses."""
MASKERS = {
    "signalen": ({"triagetekst", "advertentie"}, {"regisseur", "pct"}),
    "locaties": ({"canoniek"}, {"regisseur"}),
}
"""Per collection: the fields that only these roles are shown."""
NERGENS = ""
"""Where a document lies of which the entry that said where was struck: only who wrote the rest may name it."""


@dataclass(frozen=True)
class Lezer:
    """Somebody in one role, as it stands at one moment."""

    functionaris: str
    rol: str
    organisatie: str
    gemeenten: frozenset[str]
    actief: bool = True


@dataclass
class Toewijzing:
    """A role of somebody, from–until."""

    functionaris: str
    rol: str
    organisatie: str
    gemeenten: frozenset[str]
    tot: datetime | None = None

    def at(self, moment: datetime) -> Lezer:
        """Whoever holds it, as he stands at a moment."""
        active = self.tot is None or moment < self.tot
        return Lezer(self.functionaris, self.rol, self.organisatie, self.gemeenten, active)


@dataclass
class Stuk:
    """One document as it stands: what is in it, and what decides who may know of it."""

    collectie: str
    doc: dict[str, Any]
    gemeente: str | None
    betrokken: set[str] = field(default_factory=set)
    """functionarissen who wrote it or take part"""
    organisaties: set[str] = field(default_factory=set)
    """organisations that initiated or wrote it"""
    politie: bool = False
    """a row of the korpschef"""
    telt: bool = True
    """whether it counts in the figures"""
    werkt: frozenset[str] = frozenset()
    """of an officer: the municipalities where he works or worked, where he is known, and besides nowhere"""


def sees(lezer: Lezer, stuk: Stuk) -> bool:
    """Whether the document exists for this reader. What lies outside his municipalities does not."""
    if not lezer.actief or (stuk.gemeente is not None and stuk.gemeente not in lezer.gemeenten):
        return False
    self_, team = lezer.functionaris in stuk.betrokken, lezer.organisatie in stuk.organisaties
    rol = lezer.rol
    rules = {
        "naslag": not stuk.werkt or bool(stuk.werkt & lezer.gemeenten),
        "ontvangsten": self_,
        # all that the storm makes are begun; at a place of the police the municipality reads none of it
        "controles": (self_ and rol != "regisseur")
        or (rol == "pct" and team)
        or (rol in {"boa", "pct", "regisseur"} and not stuk.politie),
        "attenderingen": rol == "regisseur",
        # who is regisseur now reads no place of the police, not even one that he recorded when he was with them
        "locaties": not stuk.politie if rol == "regisseur" else self_ or (rol == "pct" and team),
        "signalen": self_ or rol == "pct" or (rol in {"boa", "regisseur"} and not stuk.politie),
        "mensenhandelsignalen": rol in {"pct", "regisseur"},
    }
    return rules[stuk.collectie]


def shown(lezer: Lezer, stuk: Stuk) -> dict[str, Any]:
    """The document without the fields that are not for this role."""
    hidden, roles = MASKERS.get(stuk.collectie, (set(), set()))
    doc = {
        name: value for name, value in stuk.doc.items() if name[0] != "_" and (name not in hidden or lezer.rol in roles)
    }
    if "_locatie" in stuk.doc and lezer.rol != "regisseur":  # whether the address was known before is not for him
        doc["locatie"] = stuk.doc["_locatie"]
    return doc


def may_write(lezer: Lezer, soort: str, stuk: Stuk) -> bool:
    """Whether the reader may add an act of this kind to a document that is there already."""
    inside = stuk.gemeente in lezer.gemeenten
    if soort == "signaal.gemeld" and inside:  # who may read it, may correct it
        return sees(lezer, stuk)
    if soort == "signaal.beoordeeld":
        return inside and (lezer.rol == "pct" or not stuk.politie)
    if soort == "verschil.beoordeeld":
        if stuk.collectie == "signalen" and lezer.rol == "regisseur":
            return inside  # then he turns out not to read it
        return inside and (lezer.rol == "regisseur") != stuk.politie
    return lezer.functionaris in stuk.betrokken or (
        soort == "locatie.vastgelegd" and lezer.organisatie in stuk.organisaties
    )


def may_name(lezer: Lezer, stuk: Stuk) -> bool:
    """Whether an entry may name a document, also without its writer being able to read it.

    A place may also be named by whom a document that he reads shows it to.
    """
    if stuk.gemeente == NERGENS:
        return lezer.functionaris in stuk.betrokken
    inside = stuk.gemeente in lezer.gemeenten
    return inside and (sees(lezer, stuk) or (lezer.rol in VELD and stuk.collectie == "signalen"))
