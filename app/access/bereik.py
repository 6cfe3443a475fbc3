"""Scopes: the one currency of visibility.

Folding a document yields *facts* about who it concerns, as strings (`gebied:GM0243`, `deelnemer:<uuid>` …).
The policy table says which kinds of fact open a collection to a role. An actor sees a document when the two
sets overlap, in lists, counts, single reads and sync alike: there is no second rule to forget.
"""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from app.access.actor import Actor
from app.vocabulary import Orgaan


class Bereik(StrEnum):
    """The kinds of scope. What each says of the document that carries it."""

    ALLEN = "allen"
    """reference data without anything secret"""
    BEHEER = "beheer"
    """people and devices, for the functioneel_beheerder"""
    GEBIED = "gebied"
    """lies in this municipality; says nothing about openness"""
    GEMEENTE = "gemeente"
    """open to the administration of this municipality"""
    ATTENDERING = "attendering"
    """a controle in this municipality, of which the regisseur is told that it is there"""
    POLITIE = "politie"
    """a row of the korpschef in this municipality"""
    OPSPORING = "opsporing"
    """what a boa of this municipality investigates"""
    MENSENHANDEL = "mensenhandel"
    """a sign of trafficking in this municipality"""
    ZORG = "zorg"
    """help was offered in it, in this municipality"""
    DEELNEMER = "deelnemer"
    """this functionaris takes part in it, or wrote it"""
    TEAM = "team"
    """this functionaris takes part in it, and the period in which he sees the work of the team runs"""
    COORDINATOR = "coordinator"
    """this functionaris coordinates it"""
    ORGANISATIE = "organisatie"
    """this organisation initiated it, or received it"""
    SCHRIJVER = "schrijver"
    """this organisation wrote it, and decides on what differs in it"""
    ORGAAN = "orgaan"
    """addressed to this organ of this municipality"""


def scope(bereik: Bereik, of: UUID | str = "") -> str:
    """One scope as it is stored: `<kind>` or `<kind>:<of>`."""
    return f"{bereik}:{of}" if of else str(bereik)  # a StrEnum formats as its value


PER_GEMEENTE = frozenset(
    {
        Bereik.GEBIED,
        Bereik.GEMEENTE,
        Bereik.ATTENDERING,
        Bereik.POLITIE,
        Bereik.OPSPORING,
        Bereik.MENSENHANDEL,
        Bereik.ZORG,
    }
)
PER_FUNCTIONARIS = frozenset({Bereik.DEELNEMER, Bereik.TEAM, Bereik.COORDINATOR})


def scopes_of(actor: Actor, bereiken: frozenset[Bereik]) -> frozenset[str]:
    """The scopes that `actor` holds, of the given kinds. Compares no clock."""
    held: set[str] = set()
    for bereik in bereiken:
        if bereik in PER_GEMEENTE:
            held.update(scope(bereik, code) for code in actor.gemeenten)
        elif bereik is Bereik.ORGAAN:  # a jurist prepares for both, the burgemeester chairs the other
            held.update(scope(bereik, f"{orgaan}:{code}") for orgaan in Orgaan for code in actor.gemeenten)
        elif bereik in PER_FUNCTIONARIS:
            held.add(scope(bereik, actor.functionaris))
        elif bereik in {Bereik.ORGANISATIE, Bereik.SCHRIJVER}:
            held.add(scope(bereik, actor.organisatie))
        else:
            held.add(scope(bereik))
    return frozenset(held)


def kinds_of(scopes: Iterable[str]) -> frozenset[Bereik]:
    """The kinds of these scopes."""
    return frozenset(Bereik(each.partition(":")[0]) for each in scopes)
