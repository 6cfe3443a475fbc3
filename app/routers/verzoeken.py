"""What requests look like, made from the acts: as a device sends them, as stock clients keep them, as a desk says them.

Only the last are held against their class while somebody waits. What a device sends is judged leniently, each
operation by itself: no batch is refused for its schema.
"""

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, create_model

from app.registraties.act import ANY_AGGREGAAT, Act
from app.registraties.register import ACTEN, AGGREGATEN
from app.routers.antwoorden import choice, exactly, make, many
from app.schemas import verzoeken
from app.schemas.wire import Wire

MAX_OPS = 100
"""Operations in one push; WatermelonDB sends all that changed, however much."""
VERSTUURD = [act for _, act in sorted(ACTEN.items()) if act.pad is not None]
"""The kinds of entry that come from outside."""
HERZIEN = sorted(AGGREGATEN)
"""The documents of which an entry may be named to be struck, or a difference to be settled."""


@cache
def _subject(keys: tuple[str, ...], optional: frozenset[str]) -> type[Wire]:
    """The class of an `onderwerp` with these keys; acts that name the same share it."""
    fields: dict[str, Any] = {key: (UUID | None, None) if key in optional else (UUID, ...) for key in keys}
    name = "".join(key.capitalize() for key in keys) + ("MetKeuze" if optional else "")
    return create_model(
        f"Onderwerp{name}",
        __base__=Wire,
        __doc__="Waar de registratie over gaat. Een nieuw kenmerk (UUIDv7) maakt u zelf.",
        **fields,
    )


class _Herzien(Wire):
    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})


_ONE_OF_ANY: type[Wire] = make(
    "OnderwerpHerzien",
    _Herzien,
    "Het document waarvan een registratie wordt doorgehaald of een verschil beoordeeld: precies één.",
    **dict.fromkeys(HERZIEN, (UUID | None, None)),
)


def subject(act: Act, in_path: Iterable[str] = ()) -> type[Wire] | None:
    """What an act names in its `onderwerp`, but what is in the path; None for nothing."""
    if act.aggregaat == ANY_AGGREGAAT:
        return _ONE_OF_ANY
    keys = tuple(key for key in act.onderwerp if key not in in_path)
    return _subject(keys, act.optioneel & {*keys}) if keys else None


def sent(act: Act, base: type[verzoeken.Vastgelegd]) -> Any:
    """One kind of registratie as a device sends it, in the newest version of its payload."""
    told = None
    if act.versie > 1:
        before = "versie 1" if act.versie == 2 else f"versie 1 tot en met {act.versie - 1}"  # noqa: PLR2004
        told = f"Een app van eerder mag ook {before} versturen."
    fields: dict[str, Any] = {
        "soort": (exactly(act.soort), ...),
        "versie": (Literal[act.versie], Field(description=told)),
        "onderwerp": (subject(act), ...),
        "inhoud": (act.inhoud, ...),
    }
    return create_model(
        f"{act.inhoud.__name__}{base.__name__}", __base__=around(act, base), __doc__=act.titel, **fields
    )


def around(act: Act, base: type[Wire], *, files: bool = True) -> tuple[type[Wire], ...]:
    """What stands around the payload of an act: how it is sent, what it corrects, which files belong to it."""
    kind = AGGREGATEN.get(act.aggregaat)
    with_files = files and kind is not None and kind.bijlagen
    mixed: list[tuple[bool, type[Wire]]] = [
        (True, base),
        (not act.herziet, verzoeken.Verbetering),
        (with_files, verzoeken.MetBijlagen),
    ]
    return tuple(part for there, part in mixed if there)


def body_model(act: Act, in_path: set[str]) -> type[Wire]:
    """The body of an act's route: what is not in the path of `onderwerp`, the moment, the payload."""
    fields: dict[str, Any] = {"inhoud": (act.inhoud, ...)}
    keys = subject(act, in_path)
    if keys is not None:
        optional = not any(info.is_required() for info in keys.model_fields.values()) and keys is not _ONE_OF_ANY
        fields["onderwerp"] = (keys | None, None) if optional else (keys, ...)
    name = f"{act.inhoud.__name__}Vastleggen"
    return create_model(name, __base__=around(act, verzoeken.Vastleggen, files=False), __doc__=act.titel, **fields)


Operatie = choice("Operatie", [sent(act, verzoeken.Operatie) for act in VERSTUURD], "soort")
RxdbOperatie = choice("RxdbOperatie", [sent(act, verzoeken.RxdbOperatie) for act in VERSTUURD], "soort")
_OPS: Any = Annotated[many(Operatie), Field(max_length=MAX_OPS, description="Op volgorde van vastleggen.")]
PushIn = make("PushIn", verzoeken.PushIn, ops=(_OPS, ...))
RxdbRij = make("RxdbRij", verzoeken.RxdbRij, new_document_state=(RxdbOperatie, ...))
RxdbPushIn: Any = Annotated[many(RxdbRij), Field(max_length=MAX_OPS)]
_RIJ = make("WatermelonRij", verzoeken.WatermelonRij, soort=(exactly(*(act.soort for act in VERSTUURD)), ...))
_TABEL = make("WatermelonTabelIn", verzoeken.WatermelonTabelIn, created=(many(_RIJ), ...), updated=(many(_RIJ), ...))
WatermelonPushIn = make("WatermelonPushIn", verzoeken.WatermelonPushIn, registraties=(_TABEL | None, None))
