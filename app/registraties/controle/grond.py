"""Whether a row about one person may be kept: by the police, or where the municipality has a ground for it."""

from app.access.actor import Actor
from app.registraties.act import Doc, Omgeving, Registratie
from app.registraties.grondslagbijzonder import in_force
from app.registraties.weigeringen import weiger
from app.vocabulary import POLITIEROLLEN


def check_may_name(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """Refuses a row about one person where the municipality has no ground for it.

    It is in force on the day of the fact and on the day on which the server heard of it, and was confirmed before that.
    Police keep theirs under their own law (docs/wet.md). What a municipality recorded and was accepted is mended
    whatever has ended since (AVG 16). The Raad van State writes that municipalities lack a ground now
    (W16.23.00391/II): off, unless two people recorded since when it is there.
    """
    if actor.politie or (r.eerst_rol is not None and r.eerst_rol not in POLITIEROLLEN):
        return
    code = (doc or {}).get("gemeente")
    grounds = [each for each in omgeving.every("grondslagbijzonder") if code and each["gemeentecode"] == code]
    if not any(in_force(each, r.waargenomen_datum, r.ontvangen_op) for each in grounds):
        weiger("persoon-zonder-grondslag")
