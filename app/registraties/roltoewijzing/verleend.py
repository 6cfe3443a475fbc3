"""Granting a role for a period. It is a right once a second person confirmed it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import (
    Act,
    Doc,
    Gemeentecode,
    Inhoud,
    KorteTekst,
    Omgeving,
    Registratie,
    Sleutel,
    Versie,
    refuse,
)
from app.registraties.roltoewijzing import WACHT, stands
from app.registraties.velden import Moment
from app.vocabulary import Grondslag, Klasse, Rol, Sectie


class RoltoewijzingVerleend1(Inhoud):
    """Welke rol, van wie, bij welke organisatie, voor welke gemeenten, van–tot, en waarop dat rust."""

    functionaris: Annotated[UUID, Sectie.ZAAK]
    rol: Annotated[Rol, Sectie.ZAAK]
    organisatie: Annotated[UUID, Sectie.ZAAK]
    gemeenten: Annotated[tuple[Gemeentecode, ...], Sectie.ZAAK]
    van: Annotated[Moment, Sectie.ZAAK]
    tot: Annotated[Moment | None, Sectie.ZAAK] = None
    grondslag: Annotated[Grondslag, Sectie.ZAAK]
    aanwijzingsbesluit: Annotated[KorteTekst | None, Sectie.ZAAK] = None

    @model_validator(mode="after")
    def grant_is_bounded(self) -> Self:
        """Where and until when; an officer on loan needs the borrower's aanwijzingsbesluit (Awb 5:11)."""
        if (self.rol is Rol.FUNCTIONEEL_BEHEERDER) == bool(self.gemeenten):
            raise Onjuist("noem gemeenten, behalve voor de functioneel beheerder")
        if len(set(self.gemeenten)) < len(self.gemeenten):
            raise Onjuist("noem elke gemeente één keer")
        if self.tot is not None and self.tot <= self.van:
            raise Onjuist("tot ligt na van")
        if self.grondslag is Grondslag.INLEEN and (self.aanwijzingsbesluit is None or self.tot is None):
            raise Onjuist("inleen heeft een aanwijzingsbesluit en een einddatum nodig")
        return self


class RoltoewijzingVerleend(RoltoewijzingVerleend1):
    """Welke rol, van wie, bij welke organisatie, voor welke gemeenten, van–tot, en waarop dat rust."""

    door_twee: Annotated[bool, Sectie.ZAAK] = True
    """Of de rol wacht op een tweede persoon; alleen die van de eerste beheerders doen dat niet."""


def from_1(inhoud: Doc) -> Doc:
    """In version 1 nobody had to confirm: what was granted then is in force."""
    return {**inhoud, "doorTwee": False}


def named(inhoud: RoltoewijzingVerleend) -> list[Sleutel]:
    """Who gets the role, and where."""
    return [Sleutel("functionaris", inhoud.functionaris), Sleutel("organisatie", inhoud.organisatie)]


def fold(_doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The right as it was granted, and by whom: what a second person has to do is not done by the same one."""
    granted = r.inhoud.as_doc()
    waits = {"status": WACHT} if granted.pop("doorTwee", True) else {}
    return {"id": str(r.onderwerp["roltoewijzing"]), **granted, "verleendDoor": r.door, **waits}


def works_there(doc: Doc, r: Registratie) -> Doc:
    """The officer, with the municipalities in which he works or worked: there he is known, also by his old records."""
    there = {*doc.get("_gemeenten", ()), *r.inhoud.as_doc().get("gemeenten", ())}
    return {**doc, "_gemeenten": sorted(there)}


def guard(_doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """Nobody gives himself a right; only the very first administrator is recorded by himself."""
    if str(r.inhoud.functionaris) in actor.beslissers and r.onderwerp["roltoewijzing"] != actor.roltoewijzing:
        refuse("U verleent uzelf geen rol.")
    if not r.inhoud.door_twee and not actor.eerste:
        refuse("Een rol gaat in als een tweede persoon haar bevestigt.")


ACT = Act(
    soort="roltoewijzing.verleend",
    inhoud=RoltoewijzingVerleend,
    aggregaat="roltoewijzing",
    permissie="roltoewijzing:verlenen",
    titel="Een rol verlenen. Een tweede persoon bevestigt haar.",
    pad="/roltoewijzingen",
    onderwerp={"roltoewijzing": "roltoewijzing"},
    verwijzingen=named,
    raakt={"functionaris": works_there},
    maakt="altijd",
    klasse=Klasse.RECHTEN,
    guard=guard,
    bevroren=stands,
    fold=fold,
    eerdere=(Versie(RoltoewijzingVerleend1, from_1, "een rol gaat in na bevestiging door een tweede persoon."),),
)
