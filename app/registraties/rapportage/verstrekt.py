"""Disclosing an adopted rapportage to the competent authority (Wpg 16, 18–20; Awb 8:29 for `gelakt`)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from app.access.actor import Actor
from app.moment import Datum
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Gemeentecode, Inhoud, Omgeving, Registratie, refuse
from app.registraties.model import Model
from app.registraties.rapportage.stand import add_to, fold_into
from app.registraties.weigeringen import wait_for
from app.vocabulary import Orgaan, Sectie


class Geadresseerde(Model):
    """Welk bestuursorgaan van welke gemeente de rapportage krijgt."""

    orgaan: Orgaan
    gemeente: Gemeentecode


class RapportageVerstrekt(Inhoud):
    """Aan welk orgaan de rapportage is verstrekt, in welke weergave, op welke dag."""

    aan: Annotated[Geadresseerde, Sectie.ZAAK]
    weergave: Annotated[Literal["volledig", "gelakt"], Sectie.ZAAK]
    verstrekt_op: Annotated[Datum, Sectie.ZAAK]
    gelakte_tekst: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=20_000)] | None, Sectie.TEKST
    ] = None

    @model_validator(mode="after")
    def redacted_text_is_given(self) -> Self:
        """What is disclosed in part says which part."""
        if (self.weergave == "gelakt") != (self.gelakte_tekst is not None):
            raise Onjuist("bij de weergave gelakt hoort de gelakte tekst, en alleen daarbij")
        return self


def guard(doc: Doc | None, r: Registratie, _omgeving: Omgeving, _actor: Actor) -> None:
    """Adopted first, and only within the municipality it is about."""
    stand = doc or {}
    if "vastgesteldOp" not in stand:
        wait_for("Stel de rapportage eerst vast.")
    if r.inhoud.aan.gemeente != stand.get("gemeente"):
        refuse("Een rapportage gaat naar een orgaan van de gemeente waarover zij gaat.")
    if r.inhoud.verstrekt_op.isoformat() < stand["vastgesteldOp"]:
        refuse("Een rapportage wordt niet verstrekt voordat zij is vastgesteld.")


def fold(doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """The organ addressed may read it from here on; once redacted, the text that travels is the redacted one.

    The full text stays in the ledger, with who wrote it.
    """
    change = add_to("verstrekkingen", doc, r)
    redacted = change["verstrekkingen"][-1].pop("gelakteTekst", None)
    return fold_into(doc, r, change | ({"tekst": redacted} if redacted is not None else {}))


def always(_doc: Doc, _op: UUID) -> bool:
    """The organ has it; without, it would read no longer what its besluit rests on."""
    return True


ACT = Act(
    soort="rapportage.verstrekt",
    inhoud=RapportageVerstrekt,
    aggregaat="rapportage",
    permissie="rapportage:verstrekken",
    titel="Een rapportage verstrekken.",
    pad="/rapportages/{rapportage}/verstrekking",
    onderwerp={"rapportage": "rapportage"},
    guard=guard,
    fold=fold,
    vast=always,
)
