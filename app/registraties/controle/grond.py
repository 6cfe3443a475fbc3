"""Whether a row about one person may be kept: by the police, or where the municipality has a ground for it."""

from app.access.actor import Actor
from app.registraties.act import Doc, Omgeving, Registratie, refuse
from app.registraties.grondslagbijzonder import in_force


def check_may_name(doc: Doc | None, r: Registratie, omgeving: Omgeving, actor: Actor) -> None:
    """Refuses a row about one person without a ground, both on the day of the fact and when the server first heard.

    The police have their own (Wpg 5; AVG 9 and 10 with the Politiewet). The Raad van State writes that municipalities
    lack one now (W16.23.00391/II): off, unless two people recorded since when it is there.
    """
    if actor.politie:
        return
    days = (r.waargenomen_datum, r.eerste_datum)
    code = (doc or {}).get("gemeente")
    grounds = [doc for doc in omgeving.every("grondslagbijzonder") if code is not None and doc["gemeentecode"] == code]
    if not all(any(in_force(each, day) for each in grounds) for day in days):
        refuse("Deze gemeente legt geen personen apart vast: leg een telling vast, of hulp zonder persoon.")
