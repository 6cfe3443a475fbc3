"""The base of what goes over the wire, camelCase; each subject has a module of its own beside this one."""

from typing import Annotated, Any, Literal, TypeVar

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


Coordinaat = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Jwk(Wire):
    """Een publieke sleutel op P-256 (RFC 7517), met niets erbij."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinaat
    y: Coordinaat


class Opdrachtsleutel(Jwk):
    """Waarmee opdrachten van de server zijn ondertekend."""

    kid: str
    alg: Literal["ES256"]
    use: Literal["sig"]


Told = TypeVar("Told", bound=Wire)


def whole(told: Told, fields: set[str], *, there: bool) -> Told:
    """The same; ValueError unless all these fields are said, or where not `there` none of them."""
    said: dict[str, Any] = {name: value for name, value in told if name in fields and value is not None}
    if said.keys() != (fields if there else set()):
        raise ValueError("some of it is there and some is not")
    return told
