"""What a document copies of others is marked so in its class: a change elsewhere must not move it.

Seen by folding each act with another document as it is, as something else in every field, and not there at all.
"""

from functools import cache
from typing import Any

from app.registraties.act import Doc, Omgeving, Registratie
from app.registraties.document import copies, fields, internal
from app.registraties.register import ACTEN, AGGREGATEN
from tests.hulp.bouw import omgeving, vouw
from tests.hulp.voorbeelden import HEEL, OM, VERHALEN

ENTRIES = [(reeks[:n], r) for reeks in VERHALEN.values() for n, r in enumerate(reeks)]
"""Every entry of every story, with what came before it."""


def full(kind: str) -> Doc:
    """A document in which no field is absent, or it could be copied unseen."""
    document = AGGREGATEN[kind].document
    return dict.fromkeys(fields(document) | internal(document), "iets") | HEEL[kind]


def otherwise(value: Any) -> Any:
    """The same shape, with something else everywhere."""
    if isinstance(value, dict):
        return {name: otherwise(of) for name, of in value.items()}
    if isinstance(value, list):
        return [otherwise(of) for of in value]
    return not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"anders-{value}"


@cache
def environments() -> tuple[Omgeving, dict[str, tuple[Omgeving, Omgeving]]]:
    """All documents; and per kind the same with that document changed, and without it."""
    docs = {kind: full(kind) for kind in HEEL}
    others = {
        kind: (
            omgeving(*(docs | {kind: otherwise(doc) | {"id": doc["id"]}}).items()),
            omgeving(*((name, of) for name, of in docs.items() if name != kind)),
        )
        for kind, doc in docs.items()
    }
    return omgeving(*docs.items()), others


def differs(first: Doc, other: Doc) -> set[str]:
    return {name for name in first | other if first.get(name) != other.get(name)}


def copied_by(before: tuple[Registratie, ...], r: Registratie) -> set[tuple[str, str, str]]:
    """What folding `r`, alone and after `before`, takes of documents that it names: (document, field, of which)."""
    act, (whole, others) = ACTEN[r.soort], environments()
    found = set()
    for doc in (None, vouw(before, OM) if before else None):
        as_it_is = act.apply(doc, r, whole)
        for kind, environs in others.items():
            names = set().union(*(differs(as_it_is, act.apply(doc, r, om)) for om in environs))
            found |= {(act.aggregaat, name, kind) for name in names}
    return found


def left_in(r: Registratie) -> set[tuple[str, str, str]]:
    """What `r` leaves in other documents than its own."""
    act = ACTEN[r.soort]
    return {(kind, name, act.aggregaat) for kind, change in act.raakt.items() for name in differs({}, change({}, r))}


def test_the_stories_hold_every_act_that_folds() -> None:
    told = {r.soort for _, r in ENTRIES}
    untold = ACTEN.keys() - told
    elsewhere = {"doorhaling", "verschil.beoordeeld", "quarantaine.beoordeeld", "quarantaine.hervat"}
    assert untold == elsewhere, "tests/hulp/voorbeelden.py"


def test_what_is_copied_is_marked_and_what_is_marked_is_copied() -> None:
    """Broken: any `Kopie` out of a class, or at another field; a field more in `copied`; `kopieert` out of an act."""
    found = {(r.soort, copy) for before, r in ENTRIES for copy in copied_by(before, r)}
    left = {copy for _, r in ENTRIES for copy in left_in(r)}
    marked = {(a.naam, name, uit) for a in AGGREGATEN.values() for name, uit in copies(a.document).items()}
    assert len(marked) > 15
    assert {copy for _, copy in found} | left == marked
    assert {soort for soort, _ in found} == {a.soort for a in ACTEN.values() if a.kopieert}
