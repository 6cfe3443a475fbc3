"""What a verdict is, and what every verdict asks: may he write here, is it there for him. No I/O, no clock."""

from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.wet import Wet
from app.problems import Fout, Problem
from app.registraties.act import (
    Doc,
    Sleutel,
)
from app.registraties.bron import source_of
from app.registraties.register import AGGREGATEN
from app.registraties.weigeringen import NogNiet
from app.services.vouwen.stappen import Stap
from app.services.vouwen.vouwer import Vouwer
from app.vocabulary import Code, Status

MIXED = "Een oefening en wat echt is gaan niet samen."


WAAROM: dict[Code, str] = {
    Code.BASIS_GEWIJZIGD: "Een ander wijzigde dit ook. Beide versies staan er, tot iemand kiest.",
    Code.STAAT_VAST: "Hier steunt al een besluit op: een ander dan de schrijver beslist of dit geldt.",
    Code.SCHEMA_ONGELDIG: "De inhoud klopt niet.",
    Code.ONBEKENDE_SOORT: "Deze soort registratie, of deze versie ervan, kent de server niet.",
    Code.VOLGNUMMER_DUBBEL: "Dit toestel gaf dit volgnummer al aan iets anders.",
    Code.HANDTEKENING_ONGELDIG: "De handtekening ontbreekt, of past niet bij wat is verstuurd.",
    Code.NIET_CANONIEK: "Dit is geen JSON die te verzegelen is: breuken, dubbele sleutels en halve tekens kunnen niet.",
}
"""What is said of a code where nothing more is known."""


class Waarom(NamedTuple):
    """Why it was not simply accepted, for its writer and the desk, as in the problem that somebody online gets.

    It is sealed with the verdict, so it repeats nothing of what was sent.
    """

    uitleg: str = ""
    weigering: Doc | None = None
    """Where the law forbids it: `artikel`, `reden` and `watNu`."""
    fouten: tuple[Fout, ...] = ()
    """Where it does not fit its schema: `veld` and `melding`."""

    def as_doc(self) -> Doc:
        """What there is to say."""
        return {name: value for name, value in self._asdict().items() if value}


ZONDER_MEER = Waarom()


@dataclass(frozen=True, slots=True)
class Oordeel:
    """A verdict that is not a plain refusal carries what to fold."""

    status: Status
    code: Code | None = None
    waarom: Waarom = ZONDER_MEER
    stap: Stap | None = None
    doc: Doc | None = None
    aanvaard: "Oordeel | None" = None
    """For a decision that takes something in from quarantine: the verdict on that, as of now."""
    wet: Wet | None = None
    """Of what is taken in: the law that it stands under."""
    raakt: tuple[Sleutel, ...] = ()
    """The documents that rest on what it changes: each is marked, in the same booking."""
    gewijzigd: UUID | None = None
    """What that is: the entry that was corrected or struck."""


def quarantine(code: Code, uitleg: str = "", weigering: Doc | None = None, fouten: tuple[Fout, ...] = ()) -> Oordeel:
    """Stored, restricted, folded into nothing; a person decides."""
    return Oordeel(Status.QUARANTINED, code, Waarom(uitleg or WAAROM[code], weigering, fouten))


def conflict(code: Code, stap: Stap) -> Oordeel:
    """Stored and shown beside what holds; a person decides."""
    return Oordeel(Status.CONFLICT, code, Waarom(WAAROM[code]), stap=stap)


def broken(problem: Problem) -> Oordeel:
    """The verdict on what a guard stopped; what is not there yet is waited for."""
    if isinstance(problem, NogNiet):
        return replace(UNKNOWN, waarom=Waarom(problem.detail, problem.extensions))
    return quarantine(Code.REGEL_GESCHONDEN, problem.detail, problem.extensions)


UNKNOWN = Oordeel(Status.DEFERRED, Code.VOORGANGER_ONTBREEKT, Waarom("Waar dit over gaat is hier niet bekend."))


TAKEN = quarantine(
    Code.KENMERK_BESTAAT, "Uw organisatie gaf dit bronkenmerk al aan iets anders: kies een ander, of laat het weg."
)


def is_taken(key: Sleutel, doc: Doc, asker: Actor, vouwer: Vouwer) -> bool:
    """Whether another document of the kind has the reference of `doc`, of the same organisation and system.

    One that whoever asks does not see is none: the answer would tell a colleague that it is there.
    """
    mine, asker = source_of(doc), asker.bureau or asker
    return mine is not None and any(
        other.aggregaat == key.aggregaat
        and other != key
        and rij.doc is not None
        and source_of(rij.doc) == mine
        and sees(asker, other, vouwer)
        for other, rij in vouwer.rijen.items()
    )


def may_write(actor: Actor, aggregaat: str, scopes: frozenset[str], permissie: str) -> bool:
    """Whether `actor` holds the permission here, or the desk that takes his work in from quarantine may look here."""
    if scopes & scopes_for(actor, permissie):
        return True
    collectie = AGGREGATEN[aggregaat].model.collectie
    return actor.bureau is not None and bool(scopes & scopes_for(actor.bureau, f"{collectie}:zien"))


def sees(actor: Actor, key: Sleutel, vouwer: Vouwer, *, verwijst: bool = False) -> bool:
    """Whether a document, as it stands in this run, is there for `actor`: as :func:`app.services.lezen.lezen.visible`.

    `verwijst`: or is his to name all the same.
    """
    rij, collectie = vouwer.rijen[key], AGGREGATEN[key.aggregaat].model.collectie
    held = scopes_for(actor, f"{collectie}:zien")
    if verwijst:
        held |= scopes_for(actor, f"{collectie}:verwijzen")
    return rij.doc is not None and bool(rij.scopes & held) and not outside(actor, rij.doc)


def outside(actor: Actor, doc: Doc) -> bool:
    """Whether a document lies in a municipality for which the actor's role does not hold: taking part ends there."""
    gemeente = doc.get("gemeente")
    return bool(gemeente) and gemeente not in actor.werkgebied
