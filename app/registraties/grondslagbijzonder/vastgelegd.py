"""Recording that a municipality has a ground. It is in force once a second person confirmed it."""

from typing import Annotated, Self

from pydantic import model_validator

from app.moment import Datum
from app.problems import Onjuist
from app.registraties.act import Act, Doc, Gemeentecode, Inhoud, KorteTekst, Omgeving, Registratie
from app.registraties.grondslagbijzonder import WACHT, stands
from app.vocabulary import Klasse, Sectie


class GrondslagBijzonderVastgelegd(Inhoud):
    """Welke gemeente, van wanneer tot en met wanneer, en welke bepaling."""

    gemeentecode: Annotated[Gemeentecode, Sectie.ZAAK]
    van: Annotated[Datum, Sectie.ZAAK]
    tot_en_met: Annotated[Datum | None, Sectie.ZAAK] = None
    bepaling: Annotated[KorteTekst, Sectie.ZAAK]

    @model_validator(mode="after")
    def runs_forward(self) -> Self:
        """It ends on or after the day on which it begins."""
        if self.tot_en_met is not None and self.tot_en_met < self.van:
            raise Onjuist("totEnMet ligt voor van")
        return self


def fold(_doc: Doc | None, r: Registratie, _omgeving: Omgeving) -> Doc:
    """As it was recorded, and by whom: another confirms it."""
    ident = str(r.onderwerp["grondslagbijzonder"])
    mark = {"naslag": "grondslagbijzonder", "status": WACHT, "vastgelegdDoor": r.door}
    return {"id": ident, **r.inhoud.as_doc(), **mark}


ACT = Act(
    soort="grondslagbijzonder.vastgelegd",
    inhoud=GrondslagBijzonderVastgelegd,
    aggregaat="grondslagbijzonder",
    permissie="grondslagbijzonder:vastleggen",
    titel="Vastleggen dat een gemeente personen apart mag vastleggen. Een tweede persoon bevestigt dit.",
    pad="/grondslagen-bijzonder",
    onderwerp={"grondslagbijzonder": "grondslagbijzonder"},
    maakt="altijd",
    bevroren=stands,
    klasse=Klasse.RECHTEN,
    fold=fold,
)
