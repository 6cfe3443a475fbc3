"""Reporting a signaal. Of an anonymous tip nothing about the reporter is kept (ontwerp/domein.md)."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import model_validator

from app.access.actor import Actor
from app.fouten import Vorm
from app.problems import Onjuist
from app.registraties.act import (
    Act,
    Doc,
    Gemeentecode,
    Inhoud,
    KorteTekst,
    Omgeving,
    Registratie,
    Tekst,
    Versie,
    copied,
    iso,
    refuse,
)
from app.registraties.bron import BRONKENMERK, Bronkenmerk, from_source
from app.registraties.model import Model
from app.registraties.telt import counts
from app.registraties.velden import as_it_was
from app.vocabulary import OrganisatieSoort, Overlastsoort, Sectie, SignaalBron

OVERHEID = frozenset(SignaalBron)
BRONNEN: Mapping[str | None, frozenset[SignaalBron]] = {
    OrganisatieSoort.GEMEENTE: OVERHEID,
    OrganisatieSoort.REGIO: OVERHEID,
    OrganisatieSoort.POLITIE: OVERHEID,
    # it tells what it was told; who saw something, and what the police or Meld Misdaad Anoniem knows, is not its to say
    OrganisatieSoort.KETENPARTNER: frozenset(
        {SignaalBron.KETENPARTNER, SignaalBron.OVERLASTMELDING, SignaalBron.ADVERTENTIE}
    ),
    OrganisatieSoort.BEHEER: frozenset(),
}
"""Kind of organisation → the sources that its people may name. Of what kind nobody knows, may name none."""


class Advertentie(Model):
    """Een advertentie op internet: op welke site en met welk kenmerk. Geen telefoonnummer, ook niet als hash."""

    site: KorteTekst
    kenmerk: KorteTekst
    zoekdoel: KorteTekst | None = None


class SignaalGemeld1(Inhoud):
    """Version 1. Shipped with the first app."""

    bron: Annotated[SignaalBron, Sectie.ZAAK]
    gemeente: Annotated[Gemeentecode, Sectie.ZAAK]
    overlastsoort: Annotated[Overlastsoort | None, Sectie.ZAAK] = None
    buurtcode: Annotated[Annotated[str, Vorm(r"^BU[0-9]{8}$", "BU02430000")] | None, Sectie.ZAAK] = None
    tekst: Annotated[Tekst | None, Sectie.TEKST] = None
    triagetekst: Annotated[Tekst | None, Sectie.MELDER] = None
    advertentie: Annotated[Advertentie | None, Sectie.MELDER] = None

    @model_validator(mode="after")
    def fields_fit_source(self) -> Self:
        """Each source has its own fields; text of an anonymous tip is for triage only."""
        anonymous = self.bron is SignaalBron.MELD_MISDAAD_ANONIEM
        if anonymous and self.tekst is not None:
            raise Onjuist("tekst van Meld Misdaad Anoniem hoort in triagetekst")
        if self.triagetekst is not None and not anonymous:
            raise Onjuist("triagetekst is alleen voor Meld Misdaad Anoniem")
        if self.advertentie is not None and self.bron is not SignaalBron.ADVERTENTIE:
            raise Onjuist("advertentie is alleen voor de bron advertentie")
        return self


class SignaalGemeld(SignaalGemeld1):
    """Wat is gemeld, door wie voor soort bron, over welk adres, en welk kenmerk het in uw systeem heeft."""

    bronkenmerk: Annotated[Bronkenmerk | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def anonymous_stays_so(self) -> Self:
        """A reference elsewhere could lead to who reported."""
        if self.bronkenmerk is not None and self.bron is SignaalBron.MELD_MISDAAD_ANONIEM:
            raise Onjuist("een melding van Meld Misdaad Anoniem krijgt geen bronkenmerk")
        return self


def guard(_doc: Doc | None, r: Registratie, omgeving: Omgeving, _actor: Actor) -> None:
    """The source is one that the writer's organisation has, and the whole fits it.

    A correction leaves as they are the fields that its writer cannot see.
    """
    organisatie = omgeving.get("organisatie", r.organisatie) or {}
    if r.inhoud.bron not in BRONNEN.get(organisatie.get("soort"), ()):
        refuse("Signalen uit deze bron meldt uw organisatie niet.")
    if (r.inhoud.bron is SignaalBron.ADVERTENTIE) != (r.inhoud.advertentie is not None):
        refuse("Een advertentie hoort bij de bron advertentie, en alleen daarbij.")
    if r.inhoud.triagetekst is not None and r.inhoud.bron is not SignaalBron.MELD_MISDAAD_ANONIEM:
        refuse("Triagetekst hoort bij Meld Misdaad Anoniem, en alleen daarbij.")


def fold(_doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """A new signaal, waiting for somebody to judge it."""
    named = r.onderwerp.get("locatie")
    locatie = omgeving.get("locatie", named) if named is not None else None
    place = copied(locatie, named) if named is not None and locatie is not None else {}
    return {
        "id": str(r.onderwerp["signaal"]),
        "status": "gemeld",
        "gemeldOp": iso(r.waargenomen_op),
        **place,
        **r.inhoud.as_doc(),
        **from_source(r),
        "ontvangenOp": iso(r.ontvangen_op),
        **({"oefening": True} if r.oefening else {}),
        "_functionaris": str(r.functionaris),
        "_organisatie": str(r.organisatie),
        "_datum": r.waargenomen_datum.isoformat(),
        "_telt": counts(r),
    }


ACT = Act(
    soort="signaal.gemeld",
    inhoud=SignaalGemeld,
    aggregaat="signaal",
    permissie="signaal:melden",
    titel="Een signaal melden.",
    pad="/signalen",
    onderwerp={"signaal": "signaal", "locatie": "locatie"},
    optioneel=frozenset({"locatie"}),
    maakt="altijd",
    ziet_organisatie=True,
    guard=guard,
    fold=fold,
    kopieert=True,
    eerdere=(Versie(SignaalGemeld1, as_it_was, BRONKENMERK),),
)
