"""To whom a document is shut, by the law of all that is in it: the one place from which scopes follow.

Each entry is sealed with its circle. A document keeps, in `_kringen`, those that shut the administration out; the
engine adds them as it folds, whatever the act. So one entry of the police, in another capacity than toezicht or in one
that nobody knows, shuts the whole document: of all that is in it the stricter decides.
"""

from collections.abc import Iterable
from typing import Any

from app.access.bereik import scope
from app.access.wet import BESLOTEN
from app.vocabulary import Kring


def shut(doc: dict[str, Any], kringen: Iterable[Kring]) -> dict[str, Any]:
    """The document with those of `kringen` that shut others out."""
    new = {kring.value for kring in kringen if kring in BESLOTEN}
    return {**doc, "_kringen": sorted({*doc.get("_kringen", ()), *new})} if new else doc


def shut_in(doc: dict[str, Any]) -> set[Kring]:
    """The circles that a document is shut in by its own entries."""
    return {Kring(name) for name in doc.get("_kringen", ())}


def place_shut_in(doc: dict[str, Any]) -> set[Kring]:
    """The circles that the place was shut in which it stands on, as it was copied."""
    return {Kring(name) for name in doc.get("_plaatsKringen", ())}


def read_by(kringen: Iterable[Kring], gemeente: str) -> set[str]:
    """The scope of whoever reads what these circles shut, besides who takes part. What two of them shut, nobody."""
    bereiken = {BESLOTEN[kring] for kring in kringen}
    return {scope(bereik, gemeente) for bereik in bereiken} if len(bereiken) == 1 else set()
