"""How many persons a controle found, in both shapes: as rows, and as counts where no rows may be kept.

Each person is recorded once: as a row, or in the count of whoever saw him. So the two are added, whoever recorded
what, and the same visit gives the same figures in either shape. What is shown of a controle to who is not shown it
whole is made of them here.
"""

from collections import Counter
from typing import Any

from app.vocabulary import OvertredingSoort, PersoonRol

Doc = dict[str, Any]
MINST = 5
"""A smaller number of persons who were offered help could point at one of them."""


def concluded(doc: Doc) -> list[Doc]:
    """The overtredingen that count: no practice, and none of which every bevinding was struck."""
    if not (ours := _counting(doc, "overtredingen")):
        return ours
    standing = {bevinding["id"] for bevinding in _counting(doc, "bevindingen")}
    return [each for each in ours if not each["bevindingen"] or not standing.isdisjoint(each["bevindingen"])]


def contested(doc: Doc) -> bool:
    """Whether an end says that nothing was concluded, where an overtreding was: nobody chose yet."""
    return "uitkomst" in doc and bool(concluded(doc))


def outcomes(doc: Doc) -> list[str] | None:
    """The kinds of violation that were concluded, each once, or that none was. Both, where two disagreed."""
    kinds = {overtreding["soort"] for overtreding in concluded(doc)}
    if "uitkomst" in doc:
        kinds.add(doc["uitkomst"])
    return sorted(kinds) or None


def per_role(doc: Doc) -> dict[str, int] | None:
    """How many persons in each role, rows and counts together; None where nobody was found."""
    return _added([wie["rol"] for wie in _counting(doc, "personen") if "rol" in wie], doc, "perRol")


def found(doc: Doc) -> int:
    """How many persons were found, also those whose rol was destroyed."""
    return len(_counting(doc, "personen")) + sum((_added([], doc, "perRol") or {}).values())


NIETS_GEVONDEN = frozenset({"niet_aangetroffen", "in_orde"})
"""Outcomes that say that what was looked for was not there, or not wrong."""


def found_what(doc: Doc) -> list[str]:
    """The codes of what was found, each once: two officers may write down the same."""
    told = [each for each in _counting(doc, "bevindingen") if each.get("uitkomst") not in NIETS_GEVONDEN]
    return sorted({each["code"] for each in told if "code" in each})


def in_illegal_prostitution(doc: Doc) -> int:
    """How many sekswerkers an overtreding of illegal prostitution counts: all, unless each names some or a number.

    Never more than were found, never anybody else. Two that name a number may mean the same persons: the larger counts.
    """
    ours = [each for each in concluded(doc) if each["soort"] == OvertredingSoort.ILLEGALE_PROSTITUTIE]
    all_of_them = (per_role(doc) or {}).get(PersoonRol.SEKSWERKER, 0) if ours else 0
    if any("alleen" not in each and "aantal" not in each for each in ours):
        return all_of_them
    rows = {wie["id"] for wie in _counting(doc, "personen") if wie.get("rol") == PersoonRol.SEKSWERKER}
    named = {wie for each in ours for wie in each.get("alleen", ())} & rows
    numbers: list[int] = [each.get("aantal", 0) for each in ours]
    return min(all_of_them, max([len(named), *numbers]))


def offered_help(doc: Doc) -> int:
    """To how many persons help was offered: whoever is named once, each offer that names nobody, and the counts.

    An offer that follows a count is in it, also once its writer counted anew, as long as his newest count has help.
    """
    tellingen = _counting(doc, "tellingen")
    counts = {telling["door"]["functionaris"] for telling in tellingen if telling.get("hulpAangeboden")}
    in_a_count = {telling["op"] for telling in doc.get("_geteld", ()) if telling["functionaris"] in counts}
    apart = {whom for whom, _ in _offers(doc)} - in_a_count
    counted: list[int] = [telling.get("hulpAangeboden", 0) for telling in tellingen]
    return len(apart) + sum(counted)


def was_helped(doc: Doc) -> bool:
    """Whether help was offered to anybody, in whatever shape and by whatever app."""
    counts = (telling for telling in doc.get("tellingen", ()))
    return "hulp" in doc or any(t.get("hulpAangeboden") or any(t.get("hulpPerSoort", {}).values()) for t in counts)


def help_by_kind(doc: Doc) -> dict[str, int] | None:
    """How many persons were referred to which help: whoever is named once to each, and each offer that names nobody."""
    referred = {(whom, kind) for whom, offer in _offers(doc) for kind in offer.get("doorverwezenNaar", ())}
    return _added([kind for _, kind in referred], doc, "hulpPerSoort")


def helped(doc: Doc) -> int | None:
    """The same, from five on."""
    return number if (number := offered_help(doc)) >= MINST else None


def _offers(doc: Doc) -> list[tuple[Any, Doc]]:
    """Each offer of help and to whom: the person, the first of the offers that it follows, or the count."""
    practice = {wie["id"] for wie in doc.get("personen", ())} - {wie["id"] for wie in _counting(doc, "personen")}
    offers = {offer["op"]: offer for offer in _counting(doc, "hulp")}
    found = [(_first(op, offers), offer) for op, offer in offers.items()]
    return [(whom, offer) for whom, offer in found if whom not in practice]


def _first(op: str, offers: dict[str, Doc]) -> str:
    """Where a line of offers begins: with a person, or with the entry that follows no other; wherever it is asked."""
    line = [op]
    while (offer := offers.get(line[-1])) is not None:
        if "persoon" in offer:
            return str(offer["persoon"])
        earlier: str | None = offer.get("vervolgt")
        if earlier is None or earlier in line:
            return min(line) if earlier in line else line[-1]
        line.append(earlier)
    return line[-1]


def _added(rows: list[str], doc: Doc, name: str) -> dict[str, int] | None:
    """What stands in rows, and in the counts under `name`, by key; None where that is nothing."""
    total = Counter(rows)
    for telling in _counting(doc, "tellingen"):
        total.update(telling.get(name, {}))
    return {key: aantal for key, aantal in sorted(total.items()) if aantal} or None


def _counting(doc: Doc, lijst: str) -> list[Doc]:
    """What is an exercise counts in an exercise only."""
    whole = doc.get("oefening", False)
    return [item for item in doc.get(lijst, ()) if item.get("oefening", False) is whole]
