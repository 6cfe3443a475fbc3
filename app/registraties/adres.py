"""Where a document lies: its place, and its address as one text."""

from app.registraties.act import Doc


def place_of(doc: Doc) -> str | None:
    """The canonical place that a document lies at, or is."""
    place: str | None = doc.get("canoniek", doc.get("locatie"))
    return place


def adres_tekst(gemeente: str | None, adres: Doc) -> str | None:
    """An address by postcode and number, as one text; None for a place in words."""
    if "postcode" not in adres:
        return None
    after = "".join(filter(str.isalnum, f"{adres.get('huisletter', '')}{adres.get('toevoeging', '')}"))
    return f"{gemeente}|{adres['postcode']}|{adres['huisnummer']}|{after}".casefold()
