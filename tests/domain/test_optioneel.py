"""A field is optional only where a document can be without it: optioneel.json says what leaves it out.

A line is a class and a field, and what left it out in weglaten.py: an act (its entry, said in a way in which it may be
said, alone where all else can be struck), a correction or settlement, the strike of all entries, a section that was
destroyed, a receipt, or `masker`: some role does not see it.
"""

import json
from pathlib import Path

from pydantic import ValidationError

from app.registraties.document import check
from tests.hulp.weglaten import declared, documents, every_model, of_class, told_by

LIJST = Path(__file__).parent / "optioneel.json"


def test_what_is_optional_can_be_absent() -> None:
    """Broken: a required field made optional; one of another class named in a line; a fold that always writes one."""
    kept: dict[str, str] = json.loads(LIJST.read_text(encoding="utf-8"))
    found, (absent, _) = {name for name, maybe in declared().items() if maybe}, told_by()
    assert {name: absent.get(name) for name in sorted(found - kept.keys())} == {}, "required; or make tafels"
    assert sorted(kept.keys() - found) == [], "these are required, or gone"
    assert {name: line for name, line in kept.items() if line not in absent.get(name, ())} == {}, "this leaves it in"


def test_what_is_required_is_never_absent() -> None:
    """But for a section that was destroyed: nothing destroys one yet. Broken: `= None` off any field in the list."""
    absent, _ = told_by()
    never = {name: absent.get(name, ()) for name, maybe in declared().items() if not maybe}
    gone = {name: [one for one in by if not one.startswith("vernietigd")] for name, by in never.items()}
    assert {name: by for name, by in gone.items() if by} == {}, "a fold is total: docs/uitbreiden.md, An act"


def test_what_is_declared_is_said_by_something() -> None:
    """Broken: a field more in any class."""
    _, there = told_by()
    assert sorted(declared().keys() - there.keys()) == []


def test_each_of_these_documents_fits_its_class() -> None:
    """Broken: a type in any class; a field more in any fold."""
    wrong = {}
    for by, document, doc in documents():
        try:
            if not by.startswith("vernietigd"):
                check(document, doc)
        except ValidationError as error:
            wrong[by] = str(error)
    assert wrong == {}


def test_each_class_has_a_name_of_its_own() -> None:
    """Or one line would speak for two."""
    names = [of_class(model) for model in every_model() if model.__name__ != "Intern"]
    assert sorted({name for name in names if names.count(name) > 1}) == []
