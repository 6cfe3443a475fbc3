"""Een locatie: een adres waar iets is gemeld of gecontroleerd."""

from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.access.wet import BESLOTEN, Taak
from app.models.keten import Locatie
from app.registraties.act import Aggregaat, Doc, Registratie, deelnemer, gebied
from app.registraties.adres import adres_tekst
from app.registraties.kringen import read_by, shut_in
from app.registraties.locatie import document

_KRINGEN = {None: "", Bereik.POLITIE: "politie|", Bereik.OPSPORING: "opsporing|"}
"""What the keys of the compartments begin with: of the administration, of the police, of a boa who investigates."""


def compartment(doc: Doc) -> str:
    """In which compartment a place is."""
    return _KRINGEN[next((BESLOTEN[kring] for kring in shut_in(doc)), None)]


def wet(_inhoud: Any) -> Taak:
    """A place, for whatever work."""
    return Taak.PLAATS


def scopes(doc: Doc) -> set[str]:
    """Narrow: an address on the list is worth money. Its recorder and his organisation, and who steers there.

    Who struck it has it no more.
    """
    kringen = shut_in(doc)
    steers = read_by(kringen, doc["gemeente"]) if kringen and "gemeente" in doc else gebied(doc)
    if "doorgehaald" in doc:
        return steers
    return steers | {deelnemer(doc["_functionaris"]), scope(Bereik.ORGANISATIE, doc["_organisatie"])}


def columns(doc: Doc) -> dict[str, Any]:
    """What the first with the same address, in the same compartment, is found by."""
    return {
        "sleutel": compartment(doc) + doc["_sleutel"],
        "soort": doc.get("soort", ""),
        "canoniek": UUID(doc["canoniek"]),
    }


def adres_sleutel(inhoud: Any) -> str | None:
    """The natural key of an address within a municipality: the BAG id, else postcode, number and what follows.

    Somebody writes huisletter B where another writes toevoeging B, so both count as one text. A place
    recorded once by BAG id and once by address has two keys, so it stands there twice until it is merged.
    """
    if inhoud.bag_id is not None:
        return f"{inhoud.gemeente}|bag:{inhoud.bag_id}"
    return adres_tekst(inhoud.gemeente, inhoud.adres.as_doc()) if inhoud.adres is not None else None


def sleutels(inhoud: Any) -> tuple[str, ...]:
    """The key of an address in each compartment."""
    key = adres_sleutel(inhoud)
    return tuple(kring + key for kring in _KRINGEN.values()) if key is not None else ()


def sleutel(r: Registratie) -> str | None:
    """The key that an entry makes its place known by: in the one compartment that it was recorded for."""
    key = adres_sleutel(r.inhoud)
    return _KRINGEN[BESLOTEN.get(r.kring)] + key if key is not None else None


def remains(doc: Doc) -> Doc:
    """What was struck stays for the documents that stand on it: no strike depends on whether there are any."""
    return {**doc, "doorgehaald": True}


def moved(before: Doc, after: Doc) -> bool:
    """Whether a place would become another. In which compartment it is, no correction changes (judge_correction)."""
    return bool(before["_sleutel"] != after["_sleutel"])


AGGREGAAT = Aggregaat(
    "locatie",
    Locatie,
    document.Locatie,
    scopes,
    wet,
    columns,
    rest=remains,
    sleutels=sleutels,
    sleutel=sleutel,
    verplaatst=moved,
    is_plaats=True,
)
