"""What is shown of a controle to who is not shown it whole: kinds and counts, made of the document."""

from collections import Counter
from typing import Any

Doc = dict[str, Any]
MINST = 5
"""A smaller number of persons who were offered help could point at one of them."""


def outcomes(doc: Doc) -> list[str] | None:
    """The kinds of violation that were concluded, each once, or that none was."""
    if "uitkomst" in doc:
        return [doc["uitkomst"]]
    if not doc.get("overtredingen"):
        return None
    return sorted({overtreding["soort"] for overtreding in doc["overtredingen"]})


def per_role(doc: Doc) -> dict[str, int] | None:
    """How many persons in each role."""
    if "personen" not in doc:
        return None
    return dict(sorted(Counter([wie["rol"] for wie in _counting(doc, "personen")]).items())) or None


def helped(doc: Doc) -> int | None:
    """How many persons were offered help, from five on."""
    if "hulp" not in doc:
        return None
    persons = {offer["persoon"] for offer in _counting(doc, "hulp") if offer["aangeboden"]}
    return len(persons) if len(persons) >= MINST else None


def _counting(doc: Doc, lijst: str) -> list[Doc]:
    """What is an exercise counts in an exercise only."""
    whole = doc.get("oefening", False)
    return [item for item in doc.get(lijst, ()) if item.get("oefening", False) == whole]
