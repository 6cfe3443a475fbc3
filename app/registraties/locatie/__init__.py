"""Een locatie: een adres waar iets is gemeld of gecontroleerd."""

from typing import Any
from uuid import UUID

from app.access.bereik import Bereik, scope
from app.models.keten import Locatie
from app.registraties.act import Aggregaat, Doc, deelnemer, gebied


def scopes(doc: Doc) -> set[str]:
    """Narrow: an address on the list is worth money. Its recorder and his organisation."""
    return gebied(doc) | {deelnemer(doc["_functionaris"]), scope(Bereik.ORGANISATIE, doc["_organisatie"])}


def columns(doc: Doc) -> dict[str, Any]:
    """What the first with the same address is found by."""
    return {"sleutel": doc["_sleutel"], "soort": doc.get("soort", ""), "canoniek": UUID(doc["canoniek"])}


def sleutel(inhoud: Any) -> str | None:
    """The natural key within a municipality: the BAG id, else postcode, number and what follows; None without.

    Somebody writes huisletter B where another writes toevoeging B, so both count as one text. A place
    recorded once by BAG id and once by address has two keys, so it stands there twice until it is merged.
    """
    if inhoud.bag_id is not None:
        return f"{inhoud.gemeente}|bag:{inhoud.bag_id}"
    if (adres := inhoud.adres) is None:
        return None
    after = "".join(filter(str.isalnum, f"{adres.huisletter or ''}{adres.toevoeging or ''}"))
    return f"{inhoud.gemeente}|{adres.postcode}|{adres.huisnummer}|{after}".casefold()


AGGREGAAT = Aggregaat("locatie", Locatie, scopes, columns, sleutel=sleutel)
