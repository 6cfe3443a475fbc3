"""The base of what goes over the wire, camelCase; each subject has a module of its own beside this one."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """Names in camelCase; unknown fields refused; input never repeated in errors."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", hide_input_in_errors=True
    )


class Lijst(Wire):
    """Eén bladzijde van een lijst."""

    volgende: str | None = Field(description="De cursor van de volgende bladzijde, of null.")
