"""Kinds of field that several payloads have; the capacity that entries on a controle say, the organ of a maatregel."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainSerializer, ValidationInfo, WithJsonSchema

from app import moment
from app.problems import Onjuist
from app.registraties.act import HOEDANIGHEID, ORGAAN, WETTELIJK, Doc, Registratie, iso
from app.vocabulary import POLITIEROLLEN, Hoedanigheid, Orgaan

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


def as_it_was(inhoud: Doc) -> Doc:
    """An earlier version as the next one, which asks more: that was not said."""
    return inhoud


def unsaid(inhoud: Doc) -> Doc:
    """An earlier version, which did not ask, as the one that does."""
    return {**inhoud, HOEDANIGHEID: inhoud.get(HOEDANIGHEID) or Hoedanigheid.ONBEKEND.value}


ANDERS = "`hoedanigheid` zegt in welke hoedanigheid dit is vastgelegd; zonder is het van de politie besloten."
"""What the version that asks for the capacity changed."""


def capacity(r: Registratie) -> Hoedanigheid:
    """In which capacity an entry was recorded.

    Where it does not say so: an official supervises; of the police it is not known, until a person says which.
    """
    given = Hoedanigheid(r.inhoud.says(HOEDANIGHEID) or Hoedanigheid.ONBEKEND)
    return Hoedanigheid.TOEZICHT if given is Hoedanigheid.ONBEKEND and r.rol not in POLITIEROLLEN else given


def said(r: Registratie) -> Doc:
    """The capacity, where somebody said it."""
    given: Hoedanigheid | None = r.inhoud.says(HOEDANIGHEID)
    return {} if given in {None, Hoedanigheid.ONBEKEND} else {HOEDANIGHEID: str(given)}


def shown(r: Registratie) -> Doc:
    """The payload without what its law follows from: that is not read in each part."""
    return {name: value for name, value in r.inhoud.as_doc().items() if name not in WETTELIJK}


def _is_named(given: Orgaan | None, info: ValidationInfo) -> Orgaan | None:
    """None is what an earlier version did not ask; whoever is asked says it."""
    if given is None and not info.context:
        raise Onjuist("zeg van welk bestuursorgaan de maatregel is")
    return given


GezegdOrgaan = Annotated[
    Orgaan | None,
    AfterValidator(_is_named),
    WithJsonSchema({"type": "string", "enum": [o.value for o in Orgaan]}),
]
"""Of which administrative authority the maatregel is, which every entry on it says."""


def unnamed(inhoud: Doc) -> Doc:
    """An earlier version, which did not ask of which organ, as the one that does."""
    return {**inhoud, ORGAAN: inhoud.get(ORGAAN)}


ZONDER_ORGAAN = "`bevoegdOrgaan` zegt van welk bestuursorgaan de maatregel is; zonder is dit van de burgemeester."
"""What the version that asks for the organ changed."""


def organ_of(inhoud: Any) -> Orgaan:
    """Of which organ an entry is: where it does not say so, as of an earlier version, of the burgemeester."""
    return inhoud.says("bevoegd_orgaan") or Orgaan.BURGEMEESTER
