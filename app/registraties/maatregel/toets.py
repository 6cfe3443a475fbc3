"""What must hold of a maatregel as it stands, however it came to stand so: at a besluit, and after any change.

A correction, strike or settlement never makes of a maatregel what could not have been decided (ENFORCEMENT.md, E0).
"""

from collections.abc import Iterator
from datetime import date

from app.registraties.act import Doc, Omgeving
from app.registraties.maatregel.onderdelen import Wijze, add_months
from app.registraties.maatregel.stand import status_of, total_verbeurd
from app.registraties.weigeringen import weiger
from app.vocabulary import MaatregelSoort


def check(before: Doc, after: Doc, omgeving: Omgeving, dag: date) -> None:
    """Refuse what was well before and is not after. What an older ledger holds that is not well may still be mended."""
    was = set(_wrong(before))
    for naam in _wrong(after):
        if naam not in was:
            weiger(naam)
    if not (runs(before, dag) and _second(before, omgeving, dag)) and runs(after, dag):
        refuse_second(after, omgeving, dag)


def refuse_second(besluit: Doc, omgeving: Omgeving, dag: date) -> None:
    """Awb 5:6: no herstelsanctie while another for the same overtreding runs, from whichever controle."""
    if _second(besluit, omgeving, dag):
        weiger("tweede-herstelsanctie")


def _second(besluit: Doc, omgeving: Omgeving, dag: date) -> bool:
    if besluit.get("soort") == MaatregelSoort.WAARSCHUWING:
        return False
    others = (doc for doc in omgeving.every("maatregel") if doc["id"] != besluit["id"] and runs(doc, dag))
    return any(same_overtreding(besluit, other) for other in others)


def same_overtreding(one: Doc, other: Doc) -> bool:
    """The same provision at the same place by the same overtreder, as far as a record tells who that is."""
    places = (one.get("locatie"), other.get("locatie"))
    return None not in places and places[0] == places[1] and _of(one) == _of(other) and bool(_who(one) & _who(other))


def _of(doc: Doc) -> tuple[str, str]:
    """The provision, however it was typed; of which date it is says nothing about the overtreding."""
    grond = doc.get("grondslag", {})
    regeling, artikel = ("".join(str(grond.get(name, "")).split()).casefold() for name in ("regeling", "artikel"))
    return regeling, artikel


def _who(doc: Doc) -> set[str]:
    return {adressaat["hoedanigheid"] for adressaat in doc.get("adressaten", ())}


def runs(doc: Doc, dag: date) -> bool:
    """Whether a herstelsanctie is imposed and not worked out or ended on `dag`.

    Bestuursdwang other than a closure is done once it was applied.
    """
    if doc.get("soort") == MaatregelSoort.WAARSCHUWING:
        return False
    status = status_of(doc, dag)
    if status == "toegepast":
        return bool(doc["toepassing"].get("wijze") == Wijze.SLUITING)
    return status in {"opgelegd", "in_werking"}


def _wrong(doc: Doc) -> Iterator[str]:
    """Names of refusals that a maatregel as it stands would deserve."""
    dwangsom, verbeurten = doc.get("dwangsom"), doc.get("verbeurten", ())
    if dwangsom and total_verbeurd(doc) > dwangsom["maximum"]:
        yield "maximum-onder-verbeurd"
    if any(v["datum"] <= doc.get("begunstigingTotEnMet", "") for v in verbeurten):
        yield "verbeurte-binnen-begunstiging"
    known = doc.get("bekendgemaaktOp")
    if any(known is None or v["datum"] < known for v in verbeurten):
        yield "verbeurte-voor-bekendmaking"
    if (applied := doc.get("toepassing")) and "besluit" in doc:
        if other_way(doc, applied["wijze"]):
            yield "toepassing-andere-wijze"
        if too_long(doc, applied):
            yield "toepassing-te-lang"


def other_way(doc: Doc, wijze: str) -> bool:
    """Whether the last announces another way of applying it (Awb 5:24)."""
    return bool(doc.get("bijVolgendeOvertreding", wijze) != wijze)


def too_long(doc: Doc, applied: Doc) -> bool:
    """Whether a closure on a last outlasts what the last announces; one of which no duration is announced does."""
    if doc.get("soort") != MaatregelSoort.LAST_ONDER_BESTUURSDWANG or applied["wijze"] != Wijze.SLUITING:
        return False
    months = doc.get("aangezegdeDuurMaanden")
    begin, end = applied["datum"], applied.get("tot")
    return months is None or end is None or end > add_months(date.fromisoformat(begin), months).isoformat()
