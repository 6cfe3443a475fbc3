"""Kinds of field that several payloads have, and the capacity that every entry on a controle says."""

from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, ValidationInfo, WithJsonSchema

from app import moment
from app.problems import Onjuist
from app.registraties.act import HOEDANIGHEID, Doc, Registratie, iso
from app.vocabulary import POLITIEROLLEN, Hoedanigheid

Moment = Annotated[moment.Moment, PlainSerializer(iso, when_used="json")]
"""A date-time with its offset; in documents it is UTC (NL API Design Rules)."""

JaNee = Annotated[bool, Field(strict=True)]
"""Yes or no, and nothing that looks like it."""


def _is_said(given: Hoedanigheid, info: ValidationInfo) -> Hoedanigheid:
    """Unknown is what an earlier version did not ask; whoever is asked says it."""
    if given is Hoedanigheid.ONBEKEND and not info.context:
        raise Onjuist("zeg in welke hoedanigheid u dit vastlegt")
    return given


GezegdeHoedanigheid = Annotated[
    Hoedanigheid,
    AfterValidator(_is_said),
    WithJsonSchema({"type": "string", "enum": [h.value for h in Hoedanigheid if h is not Hoedanigheid.ONBEKEND]}),
]
"""In which capacity its writer acted. A device copies it from the controle; whoever acts in another one says that."""


def unsaid(inhoud: Doc) -> Doc:
    """An earlier version, which did not ask, as the one that does."""
    return {**inhoud, HOEDANIGHEID: inhoud.get(HOEDANIGHEID) or Hoedanigheid.ONBEKEND.value}


ANDERS = "`hoedanigheid` zegt in welke hoedanigheid dit is vastgelegd; zonder is het van de politie besloten."
"""What the version that asks for the capacity changed."""


def capacity(r: Registratie) -> Hoedanigheid:
    """In which capacity an entry was recorded.

    Where it does not say so: an official supervises; of the police it is not known, until a person says which.
    """
    given = Hoedanigheid(getattr(r.inhoud, HOEDANIGHEID, None) or Hoedanigheid.ONBEKEND)
    return Hoedanigheid.TOEZICHT if given is Hoedanigheid.ONBEKEND and r.rol not in POLITIEROLLEN else given


def said(r: Registratie) -> Doc:
    """The capacity, where somebody said it."""
    given: Hoedanigheid | None = getattr(r.inhoud, HOEDANIGHEID, None)
    return {} if given in {None, Hoedanigheid.ONBEKEND} else {HOEDANIGHEID: str(given)}


def shown(r: Registratie) -> Doc:
    """The payload without the capacity: that decides who reads a part, and is not read in each."""
    given: Doc = r.inhoud.as_doc()
    given.pop(HOEDANIGHEID, None)
    return given
