"""Who may see and do what: plain rules per role, in the words of the role table of docs/ontwerp/domein.md."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

VELD = frozenset({"boa", "wijkagent", "pct", "regisseur"})
DOET = {
    "locatie.vastgelegd": VELD,
    "controle.gepland": VELD,
    "controle.afgelast": VELD,
    "controle.gestart": VELD,
    "controle.afgerond": VELD,
    "persoon.aangetroffen": VELD,
    "bevinding.vastgelegd": VELD,
    "telling.vastgelegd": VELD,
    "overtreding.vastgesteld": VELD,
    "signaal.gemeld": VELD,
    "signaal.beoordeeld": frozenset({"boa", "pct", "regisseur"}),
    "mensenhandelsignaal.vastgelegd": VELD,
    "doorhaling": VELD,
    "bijlage.ontvangen": VELD,
    "verschil.beoordeeld": VELD,
    "quarantaine.beoordeeld": VELD,
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
    team: frozenset[str] = frozenset()
    """of a controle: who takes part, so sees the work of the others"""
    leidt: str = ""
    """of a controle: who coordinates it"""
    telt: bool = True
    """whether it counts in the figures"""
    werkt: frozenset[str] = frozenset()
    """of an officer: the municipalities where he works or worked, where he is known, and besides nowhere"""

    @property
    def open(self) -> bool:
        """Of a controle: whether colleagues in the municipality know of it. What is only planned they do not."""
        return "begonnenOp" in self.doc and not self.politie


def sees(lezer: Lezer, stuk: Stuk) -> bool:
    """Whether the document exists for this reader. What lies outside his municipalities does not.

    Whose role has ended keeps what he is told of his own entries.
    """
    if not lezer.actief and stuk.collectie != "ontvangsten":
        return False
    if stuk.gemeente is not None and stuk.gemeente not in lezer.gemeenten:
        return False
    self_, team = lezer.functionaris in stuk.betrokken, lezer.organisatie in stuk.organisaties
    rol = lezer.rol
    rules = {
        "naslag": not stuk.werkt or bool(stuk.werkt & lezer.gemeenten),
        "ontvangsten": self_,
        # at a place of the police the municipality reads none of it; of what is planned who steers knows
        "controles": (self_ and rol != "regisseur")
        or (rol == "pct" and team)
        or (rol in {"boa", "pct"} and stuk.open)
        or (rol == "regisseur" and not stuk.politie),
        "attenderingen": rol == "regisseur",
        # who is regisseur now reads no place of the police, not even one that he recorded when he was with them
        "locaties": not stuk.politie if rol == "regisseur" else self_ or (rol == "pct" and team),
        "signalen": self_ or rol == "pct" or (rol in {"boa", "regisseur"} and not stuk.politie),
        "mensenhandelsignalen": rol in {"pct", "regisseur"},
    }
    return rules[stuk.collectie]


def shown(lezer: Lezer, stuk: Stuk) -> dict[str, Any]:
    """The document without what is not for this reader."""
    if stuk.collectie == "controles":
        return _controle(lezer, stuk)
    hidden, roles = MASKERS.get(stuk.collectie, (set(), set()))
    doc = {
        name: value for name, value in stuk.doc.items() if name[0] != "_" and (name not in hidden or lezer.rol in roles)
    }
    if "_locatie" in stuk.doc and lezer.rol != "regisseur":  # whether the address was known before is not for him
        doc["locatie"] = stuk.doc["_locatie"]
    return doc


FEW = 5
DEUR = ("id", "status", "gemeente", "hoedanigheid", "oefening", "locatie", "adres", "locatieSoort", "datum")
"""What one needs to know at the door; with the kinds of outcome."""
STAPPEN = ("planning", "afgelasting", "start", "afronding")
SECTIES = {
    "controle.gepland": {"zaak"}, "controle.afgelast": {"zaak", "tekst"}, "controle.gestart": {"zaak"},
    "controle.afgerond": {"zaak"}, "persoon.aangetroffen": {"persoon"}, "bevinding.vastgelegd": {"zaak", "tekst"},
    "overtreding.vastgesteld": {"zaak"},
}  # fmt: skip


def reads_facts(lezer: Lezer, stuk: Stuk) -> bool:
    """Whether he is shown what was found: the team, who steers, the PCT in its area or of what it began."""
    pct = lezer.rol == "pct" and (stuk.open or lezer.organisatie in stuk.organisaties)
    return lezer.functionaris in stuk.team or lezer.rol == "regisseur" or pct


def _controle(lezer: Lezer, stuk: Stuk) -> dict[str, Any]:
    """The team sees its work; who steers facts and counts; others the door; and each his own."""
    doc, me, rol = {n: v for n, v in stuk.doc.items() if n[0] != "_"}, lezer.functionaris, lezer.rol
    facts = reads_facts(lezer, stuk)
    persons = me in stuk.team
    own_persons = me in stuk.betrokken or rol == "pct"
    told = {name: doc[name] for name in doc if facts or name in DEUR}
    if rol != "regisseur":
        told["locatie"] = stuk.doc["_locatie"]
    if not facts and rol != "regisseur" and me in stuk.betrokken:
        told |= {
            n: own
            for n in ("bevindingen", "bijlagen", "startVerschillen", "eindeVerschillen", "overtredingen")
            if (own := _by(me, doc.get(n, ())))
        }
        told |= {n: doc[n] for n in STAPPEN if n in doc and doc[n]["door"]["functionaris"] == me}
        told |= {name: doc[name] for name in ("correcties", "verschillen", "beslecht") if name in doc}
    told.pop("personen", None)
    seen = doc.get("personen", []) if persons else _by(me, doc.get("personen", ())) if own_persons else []
    told |= {"personen": seen} if "personen" in doc and (persons or seen) else {}
    counts = doc.get("tellingen", []) if persons else _by(me, doc.get("tellingen", ()))
    told.pop("tellingen", None)
    if counts and (persons or me in stuk.betrokken):
        told["tellingen"] = [_count(me, t) for t in counts]
    if "overtredingen" in told and not persons:
        told["overtredingen"] = [_conclusion(me, o, stuk) for o in told["overtredingen"]]
    kinds = sorted({*([doc["uitkomst"]] if "uitkomst" in doc else ()), *(o["soort"] for o in concluded(doc))})
    told |= {"uitkomsten": kinds} if kinds else {}
    if rol == "regisseur" and (found := in_roles(doc)):
        told["personenPerRol"] = found
    if rol == "regisseur" and (helped := sum(t.get("hulpAangeboden", 0) for t in doc.get("tellingen", ()))) >= FEW:
        told["hulpAantal"] = helped
    shown_to = {"zaak", "tekst"} if facts else set()
    open_ones = told.get("verschillen")
    decides = (me == stuk.leidt and rol in VELD) or (rol == "pct" and me in stuk.team)
    _versions(told, me, shown_to | ({"persoon"} if persons else set()), own=_own_sections(lezer, stuk))
    if decides and open_ones:
        told["verschillen"] = open_ones
        told.pop("verschillenBesloten", None)
    return told


def concluded(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """The overtredingen of which a finding stands; an older app concluded from none."""
    left = {f["id"] for f in doc.get("bevindingen", ())}
    return [o for o in doc.get("overtredingen", ()) if not o["bevindingen"] or left & {*o["bevindingen"]}]


def in_roles(doc: dict[str, Any]) -> dict[str, int]:
    """How many of each were found, in rows and in counts."""
    found = Counter(p["rol"] for p in doc.get("personen", ()))
    for telling in doc.get("tellingen", ()):
        found.update(telling.get("perRol", {}))
    return {rol: n for rol, n in sorted(found.items()) if n}


def _count(me: str, telling: dict[str, Any]) -> dict[str, Any]:
    """Help stays with who offered it."""
    mine = telling["door"]["functionaris"] == me
    return {n: v for n, v in telling.items() if mine or not n.startswith(("hulp", "toestemming"))}


def _conclusion(me: str, overtreding: dict[str, Any], stuk: Stuk) -> dict[str, Any]:
    """Whom it counts is for the team, and for who said so."""
    mine = overtreding["door"]["functionaris"] == me and me in stuk.betrokken
    return {n: v for n, v in overtreding.items() if mine or n not in {"alleen", "aantal"}}


def _own_sections(lezer: Lezer, stuk: Stuk) -> set[str]:
    """In which sections he sees what he recorded himself."""
    if lezer.rol == "regisseur":
        return set()
    wrote = {"zaak", "tekst", "persoon"} if lezer.functionaris in stuk.betrokken else set()
    area = stuk.open or lezer.organisatie in stuk.organisaties
    return wrote | ({"persoon"} if lezer.rol == "pct" and area else set())


def _by(me: str, items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in items if item["door"]["functionaris"] == me]


def _versions(told: dict[str, Any], me: str, shown_to: set[str], own: set[str]) -> None:
    """Versions as far as the sections of their kind are shown; of differences how many more there are."""
    hidden = 0
    for name in ("correcties", "verschillen", "beslecht"):
        kept = []
        for item in told.get(name, ()):
            mine = own if item["door"]["functionaris"] == me else set()
            if SECTIES[item["over"]] & (shown_to | mine):
                kept.append(item)
        hidden += len(told.get(name, ())) - len(kept) if name == "verschillen" else 0
        if name in told and (kept or not told[name]):
            told[name] = kept
        else:
            told.pop(name, None)
    if hidden:
        told["verschillenBesloten"] = hidden


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
        if stuk.collectie == "controles" and (lezer.functionaris == stuk.leidt or (
            lezer.rol == "pct" and lezer.functionaris in stuk.team
        )):  # fmt: skip
            return True
        return inside and lezer.rol == ("pct" if stuk.politie else "regisseur")
    ends = soort == "controle.afgelast"  # who planned it may have left
    steers = ends and inside and lezer.rol == "regisseur" and not stuk.politie
    begun = soort == "locatie.vastgelegd" or (ends and lezer.rol == "pct")
    return steers or lezer.functionaris in stuk.betrokken or (begun and lezer.organisatie in stuk.organisaties)


def may_name(lezer: Lezer, stuk: Stuk) -> bool:
    """Whether an entry may name a document, also without its writer being able to read it.

    A place may also be named by whom a document that he reads shows it to.
    """
    if stuk.gemeente == NERGENS:
        return lezer.functionaris in stuk.betrokken
    inside = stuk.gemeente in lezer.gemeenten
    return inside and (sees(lezer, stuk) or (lezer.rol in VELD and stuk.collectie == "signalen"))
