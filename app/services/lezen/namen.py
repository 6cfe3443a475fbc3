"""Names: what people and organisations are called, for whoever may know them."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.models.mensen import Functionaris, Organisatie
from app.registraties.act import Doc
from app.services.lezen.lezen import get_documents

HEET: tuple[tuple[Any, str, str], ...] = (
    (Functionaris, "collegas:zien", "aanduiding"),
    (Organisatie, "naslag:zien", "naam"),
)
"""Who has a name, who may know it, and where it stands."""
_UUID = 36


async def name_all(session: AsyncSession, actor: Actor, docs: list[Doc]) -> dict[str, str]:
    """The names of all who are named in `docs`, as far as `actor` may know them, by their id."""
    named = set(_ids(docs))
    found: dict[str, str] = {}
    for model, permissie, veld in HEET:
        known = await get_documents(session, actor, model, named, permissie)
        found |= {str(ident): doc[veld] for ident, doc in known.items() if veld in doc}
    return found


def _ids(value: Any) -> Iterator[UUID]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)
    elif isinstance(value, str) and len(value) == _UUID:
        with suppress(ValueError):
            yield UUID(value)
