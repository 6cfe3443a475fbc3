"""The base of all that is written down and read: payloads, and documents."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


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
