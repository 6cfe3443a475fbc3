"""Every domain word that decides something is in the glossary, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from app.access.bereik import Bereik
from app.registraties.register import ACTEN, AGGREGATEN
from app.vocabulary import (
    Groep,
    Hoedanigheid,
    Kring,
    Orgaan,
    OrganisatieSoort,
    Regime,
    Rol,
    Sectie,
    Verwerkingsverantwoordelijke,
)
from tests.hulp.kamers import rooms

PAGE = Path(__file__).parents[2] / "docs" / "woordenlijst.md"
LISTS = (
    Bereik,
    Groep,
    Hoedanigheid,
    Kring,
    Orgaan,
    OrganisatieSoort,
    Regime,
    Rol,
    Sectie,
    Verwerkingsverantwoordelijke,
)


def explained() -> dict[str, str]:
    """Word → English, of each row of the page."""
    rows = re.findall(r"^\| (`.+?) \| (.+?) \| .+ \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {word: english for words, english in rows for word in re.findall(r"`([^`]+)`", words)}


def texts(hint: Any) -> Iterator[str]:
    """What a status may be."""
    for each in get_args(hint):
        yield from [each] if isinstance(each, str) else texts(each)


def words() -> set[str]:
    """Kinds of document, nouns and verbs of acts, closed lists that decide, states of documents, and rooms."""
    found = {*AGGREGATEN, *rooms()} | {word for soort in ACTEN for word in soort.split(".")}
    found |= {value.value for each in LISTS for value in each}
    states = (a.document.model_fields.get("status") for a in AGGREGATEN.values() if a.naam != "ontvangst")
    return found | {text for info in states if info is not None for text in texts(info.annotation)}


def test_every_domain_word_is_explained() -> None:
    """Broken: any row out of the page; a scope more in `Bereik`."""
    known = explained()
    assert len(words()) > 110
    assert sorted(words() - known.keys()) == [], "add a row to docs/woordenlijst.md"
    assert [word for word, english in known.items() if not english.strip()] == []
