"""The base of all that is written down and read: payloads, and documents."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from app.vocabulary import Groep, Sectie


class Model(BaseModel):
    """camelCase on the wire, unknown fields refused, input never repeated in errors."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    def as_doc(self) -> dict[str, Any]:
        """The values that were given, as they go over the wire."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def says(self, name: str) -> Any:
        """What it says in a field that not every payload has; None where it has none, or says nothing."""
        return self.__dict__.get(name)

    @classmethod
    @cache
    def sections(cls) -> dict[str, Sectie]:
        """Wire name of each field → its section; a field without one is a TypeError."""
        found: dict[str, Sectie] = {}
        for name, info in cls.model_fields.items():
            sectie = section(info)
            if sectie is None:
                raise TypeError(f"{cls.__module__}.{cls.__name__}.{name} has no section")
            found[info.alias or name] = sectie
        return found

    @classmethod
    @cache
    def paths(cls) -> dict[str, Sectie]:
        """Every field and every part of it, as a path on the wire → its section: `bevindingen[].tekst`.

        A part without a section of its own has that of what holds it. Raises TypeError where a field of this class has
        none, or where one path would have two.
        """
        found: dict[str, Sectie] = {}
        for path, sectie in _below(cls, "", None):
            if found.setdefault(path, sectie) is not sectie:
                raise TypeError(f"{cls.__module__}.{cls.__name__}: {path} has two sections")
        return found


def section(info: FieldInfo) -> Sectie | None:
    """The section that a field names itself."""
    return next((m for m in info.metadata if isinstance(m, Sectie)), None)


def group(info: FieldInfo) -> Groep | None:
    """The group of fields that it belongs to, where others are shown it than the rest of its section."""
    return next((m for m in info.metadata if isinstance(m, Groep)), None)


def _below(model: type[Model], above: str, enclosing: Sectie | None) -> Iterator[tuple[str, Sectie]]:
    """The paths of the fields of `model`, which lies at `above` in the section `enclosing`."""
    for name, info in model.model_fields.items():
        wire = info.alias or name
        sectie = section(info) or enclosing or model.sections()[wire]
        yield f"{above}{wire}", sectie
        for path, part in parts(info.annotation, f"{above}{wire}"):
            yield from _below(part, f"{path}.", sectie)


def parts(hint: Any, path: str) -> Iterator[tuple[str, type[Model]]]:
    """The models that a type holds, and where: `[]` stands for each of a list."""
    if isinstance(hint, type) and issubclass(hint, Model):
        yield path, hint
    else:
        deeper = f"{path}[]" if get_origin(hint) in {tuple, list} else path
        for arg in get_args(hint):
            yield from parts(arg, deeper)
