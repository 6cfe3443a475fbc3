"""The reference that a document has in the system of whoever recorded it: unique per organisation, system and kind.

Whether it was used before is asked within the organisation that gives it, among what whoever asks may see: what another
organisation has is its own affair, and what a colleague keeps from him is not there for him. So it is also changed by
that organisation only.
"""

import re
from typing import Annotated, Any, Self

from pydantic import StringConstraints, model_validator

from app.problems import Onjuist
from app.registraties.act import Doc, Registratie
from app.registraties.model import Model

VELD = "bronkenmerk"
"""The field, of a payload and of its document."""
BRONKENMERK = "`bronkenmerk` noemt het kenmerk in het eigen systeem."
"""What the version that says it changed."""


class Bronkenmerk(Model):
    """Het kenmerk in uw eigen systeem, uniek per systeem en soort document onder wat u van uw organisatie ziet.

    Geen naam, BSN of nummer.
    """

    systeem: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$")]
    kenmerk: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_:-]{0,63}$")]

    @model_validator(mode="after")
    def points_at_no_person(self) -> Self:
        """A list is searched by it, so it must not be what a person is found by (UAVG 46)."""
        digits = re.sub(r"[./_:-]", "", self.kenmerk)
        if _PHONE.fullmatch(digits) or _is_bsn(digits):
            raise Onjuist("een kenmerk is geen telefoonnummer of BSN")
        return self


_PHONE = re.compile(r"(0|0031|31)[1-9][0-9]{8}")


def _is_bsn(digits: str) -> bool:
    """By the test of eleven. One of eleven other numbers of nine digits passes it too: put a letter before it."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return (
        bool(re.fullmatch(r"[0-9]{9}", digits))
        and not sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11
    )


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
