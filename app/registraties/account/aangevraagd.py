"""Asking for an account, or for a new code to one that exists. It waits for a second person."""

from typing import Annotated
from uuid import UUID

from app.access.actor import Actor
from app.registraties.account import ACTIEF, WACHT, stamp, stands
from app.registraties.act import Act, Doc, Inhoud, Omgeving, Registratie, Sleutel, refuse
from app.vocabulary import Klasse, Sectie


class AccountAangevraagd(Inhoud):
    """Voor wie. Het kenmerk van een account is dat van de functionaris, dus ieder heeft er één."""

    functionaris: Annotated[UUID, Sectie.ZAAK]


def named(inhoud: AccountAangevraagd) -> list[Sleutel]:
    """Who gets it."""
    return [Sleutel("functionaris", inhoud.functionaris)]


def guard(_doc: Doc | None, r: Registratie, _omgeving: Omgeving, actor: Actor) -> None:
    """Nobody asks for himself, but the first administrators, whom the command line records."""
    if r.inhoud.functionaris != r.onderwerp["account"]:
        refuse("Het kenmerk van een account is dat van de functionaris.")
    if str(r.inhoud.functionaris) in actor.beslissers and not actor.eerste:
        refuse("U vraagt geen account voor uzelf.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The account as it stood, with what is asked. Of the first administrators it is in force at once."""
    known = {"id": str(r.onderwerp["account"]), "status": WACHT, **(doc or {})}
    if r.functionaris == r.onderwerp["account"]:
        return {**known, "status": ACTIEF, "bevestiging": stamp(r)}
    return {**known, "aanvraag": stamp(r)}


ACT = Act(
    soort="account.aangevraagd",
    inhoud=AccountAangevraagd,
    aggregaat="account",
    permissie="account:aanvragen",
    titel="Een account aanvragen, of een nieuwe toegangscode voor wie er een heeft. Een tweede persoon bevestigt het.",
    pad="/accounts",
    onderwerp={"account": "account"},
    verwijzingen=named,
    maakt="soms",
    bevroren=stands,
    klasse=Klasse.MENSEN,
    guard=guard,
    fold=fold,
)
