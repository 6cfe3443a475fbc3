"""What must hold of a maatregel as it stands, however it came to stand so: at a besluit, and after any change.

A correction, strike or settlement never makes of a maatregel what could not have been decided (ontwerp/domein.md).
"""

from collections.abc import Iterator
from datetime import date

from app.registraties.act import Doc, Omgeving, refuse
from app.registraties.adres import adres_tekst
from app.registraties.maatregel.onderdelen import Wijze, add_months
from app.registraties.maatregel.stand import LOPEND, bekendmakingen, status_of, total_verbeurd
from app.registraties.weigeringen import weiger
from app.vocabulary import MaatregelSoort


def check(before: Doc, after: Doc, omgeving: Omgeving, dag: date) -> None:
    """Refuse what was well before and is not after. What an older ledger holds that is not well may still be mended."""
    if decided(after):
        for name, said in _NEEDED.items():
            if before.get(name) and not after.get(name):
                refuse(f"Zonder deze registratie heeft het besluit geen {said} meer: haal eerst het besluit door.")
    was = set(_wrong(before))
    for naam in _wrong(after):
        if naam not in was:
            weiger(naam)
    comes_into_force = before.get("status") == "opgelegd" and after["status"] in LOPEND
    known = runs(before, dag) and _second(before, omgeving, dag)  # of an older ledger
    if runs(after, dag) and (comes_into_force or not known) and _second(after, omgeving, dag):
        weiger("tweede-herstelsanctie")


_NEEDED = {"locatie": "plaats", "gemeente": "gemeente", "adressaten": "adressaat"}


def decided(doc: Doc) -> bool:
    """More than an intent, or something forfeited or applied."""
    return "besluit" in doc or "toepassing" in doc or bool(doc["verbeurten"])


def _second(besluit: Doc, omgeving: Omgeving, dag: date) -> bool:
    """Awb 5:6: whether another herstelsanctie for the same overtreding runs, from whichever controle."""
    others = (doc for doc in omgeving.every("maatregel") if doc["id"] != besluit["id"] and runs(doc, dag))
    return any(same_overtreding(besluit, other) for other in others)


def same_overtreding(one: Doc, other: Doc) -> bool:
    """The same provision at the same place by the same overtreder, as far as a record tells who that is."""
    if bool(one.get("oefening")) != bool(other.get("oefening")):
        return False
    return _same_place(one, other) and _of(one) == _of(other) and bool(who(one) & who(other))


def _same_place(one: Doc, other: Doc) -> bool:
    """The same locatie, or the same address: police and administration each record their own."""
    if one.get("locatie") is not None and one.get("locatie") == other.get("locatie"):
        return True
    here, there = (adres_tekst(doc.get("gemeente"), doc.get("adres", {})) for doc in (one, other))
    return here is not None and here == there


def _of(doc: Doc) -> tuple[str, str]:
    """The provision, however it was typed; of which date it is says nothing about the overtreding."""
    grond = doc.get("grondslag", {})
    regeling, artikel = ("".join(str(grond.get(name, "")).split()).casefold() for name in ("regeling", "artikel"))
    return regeling, artikel


def who(doc: Doc) -> set[str]:
    """The capacities that it is addressed to."""
    return {adressaat["hoedanigheid"] for adressaat in doc.get("adressaten", ())}


def told_nobody(doc: Doc) -> bool:
    """Whether the besluit was made known to none of those whom it is addressed to."""
    return not who(doc) & {b["adressaat"] for b in bekendmakingen(doc)}


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
    if verbeurten and known is not None and told_nobody(doc):
        yield "verbeurte-adressaat-niet-bekend"
    if known is not None and known < doc.get("opgelegdOp", ""):
        yield "bekendmaking-voor-besluit"
    if "besluit" in doc and doc["opgelegdOp"] < doc.get("voorgenomenOp", ""):
        yield "besluit-voor-voornemen"
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
