"""The reference that a document has in the system of whoever recorded it: unique per organisation, system and kind.

Whether it was used before is asked within the organisation that gives it, and told to that one alone: what another
organisation has is its own affair. So it is also changed by that organisation only.
"""

from typing import Annotated, Any

from pydantic import StringConstraints

from app.registraties.act import Doc, Registratie
from app.registraties.model import Model

VELD = "bronkenmerk"
"""The field, of a payload and of its document."""
BRONKENMERK = "`bronkenmerk` noemt het kenmerk in het eigen systeem."
"""What the version that says it changed."""


class Bronkenmerk(Model):
    """Het kenmerk in uw eigen systeem, uniek per organisatie, systeem en soort document. Geen naam, BSN of nummer."""

    systeem: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$")]
    kenmerk: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_:-]{0,63}$")]


def from_source(r: Registratie) -> Doc:
    """What a fold keeps beside the reference: whose it is."""
    return {"_bronVan": str(r.organisatie)} if r.inhoud.says(VELD) is not None else {}


def source_of(doc: Doc) -> tuple[str, str, str] | None:
    """Organisation, system and reference; None for a document without."""
    given = doc.get(VELD)
    return (doc["_bronVan"], given["systeem"], given["kenmerk"]) if given else None


def reference(doc: Doc) -> str | None:
    """What documents are found by."""
    found = source_of(doc)
    return found[2] if found else None


def is_given_by_another(held: Registratie, inhoud: Any, *, kept: bool) -> bool:
    """Whether a correction by somebody of another organisation says another reference than `held` has.

    `kept` says that he is not shown it, or that his app does not know it: then it stays.
    """
    given = inhoud.says(VELD)
    return given is not None if kept else given != held.inhoud.says(VELD)
