"""The base of all that is written down and read: payloads, and documents."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from app.vocabulary import Sectie


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

    @classmethod
    @cache
    def sections(cls) -> dict[str, Sectie]:
        """Wire name of each field → its section; a field without one is a TypeError."""
        found: dict[str, Sectie] = {}
        for name, info in cls.model_fields.items():
            sectie = next((m for m in info.metadata if isinstance(m, Sectie)), None)
            if sectie is None:
                raise TypeError(f"{cls.__module__}.{cls.__name__}.{name} has no section")
            found[info.alias or name] = sectie
        return found
