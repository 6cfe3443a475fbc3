"""What is wrong with something that was sent, in Dutch: ``{veld, melding}``, and nothing of what was sent itself."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.problems import MAX_FOUTEN, VERZOEK, Fout, Onjuist


@dataclass(frozen=True, slots=True)
class Vorm:
    """Marks a text of one form, with an example for whoever writes another."""

    pattern: str
    zoals: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The text, and then its form."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The same as a pattern in the contract."""
        return handler(core) | {"pattern": self.pattern}

    def _check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise PydanticCustomError("melding", f"De waarde heeft niet de juiste vorm, zoals {self.zoals}.")
        return text


PARAMETER = frozenset({"query", "path", "header", "cookie"})

_MELDINGEN = {
    "bool": "Vul waar of onwaar in (true of false).",
    "date": "Vul een geldige datum in, zoals 2026-08-19.",
    "datetime": "Vul een geldige datum en tijd in, zoals 2026-08-19T23:10:00+02:00.",
    "date_future": "Kies een datum in de toekomst.",
    "date_past": "Kies een datum in het verleden.",
    "datetime_future": "Kies een moment in de toekomst.",
    "datetime_past": "Kies een moment in het verleden.",
    "decimal": "Vul een getal in.",
    "dict": "Hier hoort een object met velden.",
    "enum": "Kies een van deze waarden: {expected}.",
    "extra_forbidden": "Dit veld hoort hier niet.",
    "finite_number": "Vul een getal in.",
    "float": "Vul een getal in.",
    "frozen_set": "Hier hoort een lijst.",
    "greater_than": "De waarde moet groter zijn dan {gt}.",
    "greater_than_equal": "De waarde moet minstens {ge} zijn.",
    "int": "Vul een heel getal in.",
    "json_invalid": "De inhoud is geen geldige JSON.",
    "json_type": "De inhoud is geen geldige JSON.",
    "less_than": "De waarde moet kleiner zijn dan {lt}.",
    "less_than_equal": "De waarde mag hoogstens {le} zijn.",
    "list": "Hier hoort een lijst.",
    "literal_error": "Kies een van deze waarden: {expected}.",
    "missing": "Dit veld is verplicht.",
    "model": "Hier hoort een object met velden.",
    "multiple_of": "De waarde moet een veelvoud zijn van {multiple_of}.",
    "none_required": "Dit veld moet leeg zijn.",
    "set": "Hier hoort een lijst.",
    "string": "Vul een tekst in.",
    "string_pattern_mismatch": "De waarde heeft niet de juiste vorm.",
    "string_too_long": "De tekst is te lang: hoogstens {max_length} tekens.",
    "string_too_short": "De tekst is te kort: minstens {min_length} tekens.",
    "time": "Vul een geldige tijd in, zoals 23:10.",
    "timezone_aware": "Zet de tijdzone achter de tijd, zoals +02:00 of Z.",
    "timezone_naive": "Laat de tijdzone weg.",
    "too_long": "Dit is te lang: hoogstens {max_length}.",
    "too_short": "Dit is te kort: minstens {min_length}.",
    "tuple": "Hier hoort een lijst.",
    "union_tag_invalid": "Kies een van deze waarden: {expected_tags}.",
    "union_tag_not_found": "Het veld dat de soort aangeeft, ontbreekt.",
    "url": "Vul een geldig webadres in.",
    "uuid": "Vul een geldig kenmerk (UUID) in.",
}
_DEFAULT_MELDING = "De waarde klopt niet."
_UNKNOWN_FIELD = "Hier staat een onbekend veld."
_WEIGHED = 10
"""So many unknown names of one body are held beside ours: each takes time."""
_NAAM = 60
"""A name that is longer looks like none of ours."""
_KIND_SUFFIX = re.compile(
    r"_(parsing|type|parsing_size|from_datetime_parsing|from_datetime_inexact|from_date_parsing|object_invalid"
    r"|attributes_type|version|from_float|scheme|syntax_violation|too_long)$"
)


def fouten_of(errors: Iterable[Mapping[str, Any]], body: Any = None) -> list[Fout]:
    """Pydantic's errors as ``{veld, melding}``, at most :data:`MAX_FOUTEN`, equal ones once.

    Their locations begin with where they were sent (body, query, path, header). Of the rest only numbers and names
    that are ours are repeated: any other came from the caller (an unknown field, a key of a free-form object) and may
    be personal data. `body` is the type that was read: from it the name comes that an unknown one looks like.
    """
    fouten: dict[tuple[str, str], None] = {}
    left = _WEIGHED if body is not None else 0
    for error in _said_once(list(errors)):
        veld, melding = _fout(error)
        if left and error["type"] == "extra_forbidden" and error["loc"][0] == "body":
            left -= 1
            *place, name = error["loc"][1:]
            melding += meant(name, _names_at(body, place))
        fouten[veld, melding] = None
        if len(fouten) == MAX_FOUTEN:
            break
    return [{"veld": veld, "melding": melding} for veld, melding in fouten]


def _said_once(errors: list[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Without the lists that pydantic calls too short because it counts only the items that fit: those are told."""
    below = {error["loc"][:n] for error in errors for n in range(len(error["loc"]))}
    return (error for error in errors if error["type"] != "too_short" or error["loc"] not in below)


def meant(name: str, known: Iterable[str]) -> str:
    """A sentence with the name of ours that one of the caller looks like; nothing where none does."""
    near = get_close_matches(name, known, 1) if len(name) <= _NAAM else []
    return f" Bedoelt u {near[0]}?" if near else ""


def _names_at(hint: Any, place: Iterable[int | str]) -> dict[str, Any]:
    """The names that the object at a place of a body may have → their types; what leads to no other is passed over."""
    here = dict(_fields(hint))
    for part in place:
        if part in here:
            here = dict(_fields(here[str(part)]))
    return here


def _fields(hint: Any) -> Iterator[tuple[str, Any]]:
    """The fields of the models that a type holds, as on the wire."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield from ((info.alias or name, info.annotation) for name, info in hint.model_fields.items())
    for arg in get_args(hint):
        yield from _fields(arg)


@cache
def declared_names() -> frozenset[str]:
    """The names of all fields that our code declares, as on the wire."""
    names, left = set[str](), [BaseModel]
    while left:
        for model in left.pop().__subclasses__():
            names.update(info.alias or name for name, info in model.model_fields.items())
            left.append(model)
    return frozenset(names)


def _ours(error: Mapping[str, Any]) -> frozenset[str]:
    """Names in a location that may be repeated: of a parameter also its own, which only a declared one can have."""
    (where, *named) = error["loc"]
    return declared_names() | ({*named[:1]} if where in PARAMETER and error["type"] != "extra_forbidden" else set())


def _fout(error: Mapping[str, Any]) -> tuple[str, str]:
    kind, location, ours = error["type"], error["loc"], _ours(error)
    if kind == "json_invalid":
        return VERZOEK, melding_of(error)
    if kind == "extra_forbidden" and location[-1] not in ours:
        return _veld(location[1:-1], ours), _UNKNOWN_FIELD
    return _veld(location[1:], ours), melding_of(error)


def _veld(location: tuple[int | str, ...], ours: frozenset[str]) -> str:
    """``personen[0].naam``; the first part (body, query, path, header) is already gone."""
    veld = ""
    for part in location:
        if isinstance(part, int):
            veld += f"[{part}]"
        elif part in ours:
            veld += f".{part}" if veld else part
    return veld or VERZOEK


def melding_of(error: Mapping[str, Any]) -> str:
    """A Dutch sentence; only limits and choices from our own schemas are filled in.

    A validator of ours speaks for itself with ``PydanticCustomError("melding", "…")``, without context.
    """
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "melding" and not context:
        return str(error["msg"])
    if isinstance(told_by := context.get("error"), Onjuist):
        told = str(told_by)
        return f"{told[:1].upper()}{told[1:].rstrip('.')}."
    sentence = _MELDINGEN.get(kind) or _MELDINGEN.get(_KIND_SUFFIX.sub("", kind), _DEFAULT_MELDING)
    values = {name: str(value).replace("'", "").replace(" or ", " of ") for name, value in context.items()}
    try:
        return sentence.format_map(values)
    except KeyError:
        return _DEFAULT_MELDING
