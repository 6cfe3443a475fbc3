"""Enrolling a device. Every enrolment makes a new one, also of the same phone (ontwerp/toegang.md, "Devices")."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.access.actor import Actor
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Inhoud, KorteTekst, Omgeving, Registratie, Sleutel, refuse
from app.registraties.toestel import iso_received, settle, stands, with_role
from app.registraties.velden import JaNee
from app.vocabulary import Klasse, Platform, Sectie


class ToestelIngeschreven(Inhoud):
    """Van wie het toestel is, in welke rol, en waaraan men het herkent. De sleutel zelf staat hier niet."""

    functionaris: Annotated[UUID, Sectie.ZAAK]
    roltoewijzing: Annotated[UUID | None, Sectie.ZAAK] = None
    omschrijving: Annotated[KorteTekst, Sectie.TEKST]
    platform: Annotated[Platform | None, Sectie.ZAAK] = None
    app_versie: Annotated[str | None, Field(min_length=1, max_length=40), Sectie.ZAAK] = None
    opslag_versleuteld: Annotated[JaNee | None, Sectie.ZAAK] = None
    """What the app states; nobody checked it."""
    sleutel_id: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_-]{43}$"), Sectie.ZAAK] = None
    """The RFC 7638 thumbprint of the device's public key: it cannot be exchanged for another unseen."""
    ondertekent: Annotated[JaNee, Sectie.ZAAK] = False
    """The device promises to sign all that it records; what is not signed goes to quarantine."""

    @model_validator(mode="after")
    def signing_needs_a_key(self) -> Self:
        """A promise that nobody could check is none."""
        if self.ondertekent and self.sleutel_id is None:
            raise Onjuist("wie ondertekent heeft een sleutel")
        return self


def named(inhoud: ToestelIngeschreven) -> list[Sleutel]:
    """Who carries it, in which role."""
    role = [Sleutel("roltoewijzing", inhoud.roltoewijzing)] if inhoud.roltoewijzing else []
    return [Sleutel("functionaris", inhoud.functionaris), *role]


def guard(_doc: Doc | None, r: Registratie, omgeving: Omgeving, _actor: Actor) -> None:
    """The role is the carrier's own."""
    role = omgeving.get("roltoewijzing", r.inhoud.roltoewijzing) if r.inhoud.roltoewijzing else None
    if role is not None and role.get("functionaris") != str(r.inhoud.functionaris):
        refuse("Deze rol is niet van deze functionaris.")


def fold(_doc: Doc | None, r: Registratie, omgeving: Omgeving) -> Doc:
    """The device as it was enrolled, in the municipalities of its role; it waits for a second person."""
    doc = {
        **r.inhoud.as_doc(),
        "rollen": [],
        "gemeenten": [],
        "ingeschrevenOp": iso_received(r),
        "ingeschrevenDoor": r.door,
    }
    ident = r.inhoud.roltoewijzing
    role = omgeving.get("roltoewijzing", ident) if ident else None
    return settle(with_role(doc, ident, role) if ident and role else doc, r)


ACT = Act(
    soort="toestel.ingeschreven",
    inhoud=ToestelIngeschreven,
    aggregaat="toestel",
    permissie="toestel:inschrijven",
    titel="Een toestel inschrijven zonder code. Een tweede persoon keurt het goed.",
    pad="/toestellen",
    onderwerp={"toestel": "toestel"},
    verwijzingen=named,
    maakt="altijd",
    kopieert=True,
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
