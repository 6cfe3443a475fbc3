"""What a document shows lies in the section in which it was sealed: seen by destroying one section in every entry.

Of omslag and zaak it is chosen, per field, what is shown as one or the other; all else is held here.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from app.registraties.act import Doc
from app.registraties.document import Afgeleid, copies
from app.registraties.model import Model, parts, section
from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import Sectie
from tests.hulp.bouw import without
from tests.hulp.voorbeelden import OM, VERHALEN

BESLOTEN = [sectie for sectie in Sectie if sectie not in {Sectie.OMSLAG, Sectie.ZAAK}]
VAN_DE_MACHINE = frozenset({"correcties", "verschillen", "beslecht", "verschillenBesloten"})
"""What no act folds: told of corrections and differences, whose reason lies in tekst."""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """All that a document says: path, and what stands there."""
    if isinstance(value, dict) and value:
        for name, of in value.items():
            yield from leaves(of, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for of in value:
            yield from leaves(of, f"{path}[]")
    else:
        yield path.removesuffix("[]"), str(value)


def gone_without(kind: str, gone: Sectie) -> set[str]:
    """Where the documents of a story say less when `gone` was destroyed in one of its entries."""
    found: set[str] = set()
    before: Doc | None = None
    for r in VERHALEN[kind]:
        whole = ACTEN[r.soort].apply(before, r, OM)
        less = ACTEN[r.soort].apply(before, without(r, gone), OM)
        found |= {path for path, _ in set(leaves(whole)) - set(leaves(less)) if not path.startswith("_")}
        before = whole
    return found


def declared(model: type[Model], above: str = "") -> Iterator[tuple[str, Sectie]]:
    """The paths of fields that name a section themselves."""
    for name, info in model.model_fields.items():
        path, own = f"{above}{info.alias or name}", section(info)
        made = any(isinstance(m, Afgeleid) for m in info.metadata)
        if own is not None and not made:
            yield path, own
        for below, part in parts(info.annotation, path):
            yield from declared(part, f"{below}.")


def nearest(paths: dict[str, Sectie], path: str) -> Sectie:
    """The section of a path, or of what holds it: of a table by names, the field."""
    while path not in paths:
        path = path.rpartition(".")[0].removesuffix("[]")
    return paths[path]


@pytest.mark.parametrize("sectie", BESLOTEN)
@pytest.mark.parametrize("kind", VERHALEN)
def test_what_was_sealed_apart_is_shown_apart(kind: str, sectie: Sectie) -> None:
    """Broken: the section of any field or part that holds text, people, help or what only few may read."""
    document, gone = AGGREGATEN[kind].document, gone_without(kind, sectie)
    paths, copied = document.paths(), copies(document)
    apart = f"what was sealed apart is shown apart: {kind}, {sectie}"
    assert {path: nearest(paths, path) for path in gone if nearest(paths, path) is not sectie} == {}, apart
    own = {path for path, of in declared(document) if of is sectie and path not in VAN_DE_MACHINE}
    own -= {path for path in own if "." in path and path.partition(".")[0] in copied}
    assert {path for path in own if not any(found.startswith(path) for found in gone)} == set(), apart


def test_something_is_sealed_apart() -> None:
    held = {(kind, sectie): gone_without(kind, sectie) for kind in VERHALEN for sectie in BESLOTEN}
    assert "bevindingen[].tekst" in held["controle", Sectie.TEKST]
    assert {sectie for (_, sectie), gone in held.items() if gone} == set(BESLOTEN) - {Sectie.MENSENHANDEL}


def test_a_copy_lies_where_it_was_copied_from() -> None:
    """Broken: the section of a part of an address that is copied with it."""
    place = AGGREGATEN["locatie"].document.paths()
    for a in AGGREGATEN.values():
        for path, sectie in a.document.paths().items():
            if path.partition(".")[0] == "adres":
                assert (a.naam, path, sectie) == (a.naam, path, place[path])
