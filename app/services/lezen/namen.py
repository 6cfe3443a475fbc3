"""Names: what people and organisations are called, and the grounds of municipalities, for whoever may know them."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, get_args
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.access.actor import Actor
from app.access.beleid import may
from app.models.base import Leesmodel
from app.models.mensen import Functionaris, Organisatie
from app.problems import OngeldigVerzoek
from app.registraties.act import Doc
from app.registraties.lezing import ID
from app.registraties.register import DOCUMENTEN, MODELLEN, permission_to_pull
from app.services.lezen.lezen import get_documents
from app.services.lezen.lijsten import NIET_HIERVAN, Bladzijde, Vraag, list_documents

HEET: tuple[tuple[Any, str, str], ...] = (
    (Functionaris, "collegas:zien", "aanduiding"),
    (Organisatie, "naslag:zien", "naam"),
)
"""Who has a name, who may know it, and where it stands."""
_UUID = 36


NASLAG: dict[str, tuple[type[Leesmodel], str]] = {
    get_args(document.model_fields["naslag"].annotation)[0]: (
        MODELLEN[collectie],
        permission_to_pull(collectie) or f"{collectie}:zien",
    )
    for collectie, document in sorted(DOCUMENTEN.items(), reverse=True)
    if "naslag" in document.model_fields
}
"""The kinds of reference data, in the order of their list, and who may know them."""


async def list_naslag(
    session: AsyncSession, actor: Actor, *, soort: str | None, ids: list[UUID] | None, cursor: str | None, limit: int
) -> Bladzijde:
    """One page of all kinds, one after another, or of one. Raises OngeldigVerzoek for a cursor of another question."""
    kinds = [kind for kind, (_, needs) in NASLAG.items() if soort in (None, kind) and may(actor.rol, needs)]
    at, _, within = (cursor or "").partition(".")
    if cursor is not None and at not in {str(n) for n in range(len(kinds))}:
        raise OngeldigVerzoek(NIET_HIERVAN, "cursor")
    found: list[Doc] = []
    for n in range(int(at or 0), len(kinds)):
        if len(found) == limit:
            return Bladzijde(found, f"{n}.")
        model, needs = NASLAG[kinds[n]]
        vraag = Vraag(limit - len(found), within or None, {ID: ids}, sorteer=ID)
        page = await list_documents(session, actor, model, vraag, permissie=needs)
        found, within = found + page.resultaten, ""
        if page.volgende is not None:
            return Bladzijde(found, f"{n}.{page.volgende}")
    return Bladzijde(found, None)


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
