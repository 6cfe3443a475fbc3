"""Drawing up a rapportage. Only who took part in the controles writes down their findings.

Source: docs/ontwerp/domein.md, "What is recorded"; Awb 5:48 (report of a toezichthouder); Awbi 10 (report on entering).
"""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import (
    Act,
    Doc,
    Gemeentecode,
    Inhoud,
    Omgeving,
    Registratie,
    Sleutel,
    Versie,
    iso,
    refuse,
)
from app.registraties.bron import BRONKENMERK, Bronkenmerk, from_source
from app.registraties.controle import closed
from app.registraties.rapportage.stand import fold_into
from app.registraties.velden import as_it_was
from app.registraties.weigeringen import weiger
from app.vocabulary import Rol, Sectie


class RapportageSoort(StrEnum):
    """Who writes it, and for what."""

    BESTUURLIJKE_RAPPORTAGE = "bestuurlijke_rapportage"
    CONTROLERAPPORT = "controlerapport"
    VERSLAG_VAN_BINNENTREDEN = "verslag_van_binnentreden"


class RapportageOpgemaakt1(Inhoud):
    """Version 1. Shipped with the first app."""

    soort: Annotated[RapportageSoort, Sectie.ZAAK]
    controles: Annotated[Annotated[list[UUID], Field(min_length=1, max_length=50)], Sectie.ZAAK]
    gemeente: Annotated[Gemeentecode, Sectie.ZAAK]
    tekst: Annotated[Annotated[str, StringConstraints(min_length=1, max_length=20_000)], Sectie.TEKST]

    @model_validator(mode="after")
    def each_controle_once(self) -> Self:
        """A controle is named once."""
        if len(set(self.controles)) < len(self.controles):
            raise Onjuist("een controle staat er dubbel in")
        return self


class RapportageOpgemaakt(RapportageOpgemaakt1):
    """De bevindingen van één of meer controles in één gemeente, op schrift, met het kenmerk in uw systeem."""

    bronkenmerk: Annotated[Bronkenmerk | None, Sectie.ZAAK] = None


def guard(_doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """Each kind has its author; he took part in every controle; all lie in the one municipality."""
    soort: RapportageSoort = r.inhoud.soort
    if soort is RapportageSoort.BESTUURLIJKE_RAPPORTAGE and not actor.politie:
        refuse("Een bestuurlijke rapportage wordt door de politie opgemaakt.")
    if soort is RapportageSoort.CONTROLERAPPORT and actor.rol is not Rol.BOA:
        refuse("Een controlerapport wordt door een toezichthouder opgemaakt.")
    for ident in r.inhoud.controles:
        controle = omgeving.need("controle", ident)
        if str(r.functionaris) not in {d["functionaris"] for d in controle.get("deelnemers", [])}:
            refuse("U rapporteert alleen over controles waaraan u hebt deelgenomen.")
        if controle.get("gemeente") != r.inhoud.gemeente:
            refuse("Alle controles in een rapportage liggen in de gemeente van die rapportage.")
        if closed(controle):
            weiger("rapportage-andere-hoedanigheid")


def fold(doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """A new rapportage; its address is that of the first controle."""
    inhoud = r.inhoud.as_doc()
    named = [omgeving.need("controle", ident) for ident in inhoud.get("controles", [])]
    first = named[0] if named else {}
    change = {
        **inhoud,
        **{key: first[key] for key in ("locatie", "_locatie", "adres") if first.get(key)},
        **{f"{key}s": list(dict.fromkeys(c[key] for c in named if c.get(key))) for key in ("locatie", "_locatie")},
        **from_source(r),
        **({"oefening": True} if r.oefening else {}),
        "opgemaaktDoor": r.door,
        "opgemaaktOp": iso(r.waargenomen_op),
        "_opgemaaktDatum": r.waargenomen_datum.isoformat(),
        "_functionaris": str(r.functionaris),
        "_organisatie": str(r.organisatie),
    }
    return fold_into(doc, r, change)


def named_controles(inhoud: RapportageOpgemaakt) -> list[Sleutel]:
    """The controles it reports on."""
    return [Sleutel("controle", ident) for ident in inhoud.controles]


def is_adopted(doc: Doc) -> bool:
    """What was adopted is what the organ received: a new insight is a new rapportage."""
    return "vastgesteldOp" in doc


ACT = Act(
    soort="rapportage.opgemaakt",
    inhoud=RapportageOpgemaakt,
    aggregaat="rapportage",
    permissie="rapportage:opmaken",
    titel="Een rapportage opmaken.",
    pad="/rapportages",
    onderwerp={"rapportage": "rapportage"},
    maakt="altijd",
    guard=guard,
    bevroren=is_adopted,
    verwijzingen=named_controles,
    draagt=True,
    fold=fold,
    kopieert=True,
    eerdere=(Versie(RapportageOpgemaakt1, as_it_was, BRONKENMERK),),
)
