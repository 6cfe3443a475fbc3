"""Which places somebody knows because a document that he may read stands on them. One rule, for naming and striking.

No answer says more: a place that nobody knows of, and one that only others know of, are told apart by nothing.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.access.beleid import scopes_for
from app.access.zicht import ever_opened
from app.registraties.act import Aggregaat, Ligt, Sleutel
from app.registraties.kern import PLAATS
from app.registraties.register import AGGREGATEN
from app.vocabulary import Groep

_PLACES = (
    "WITH w AS (SELECT u.id, l.canoniek FROM unnest($1::uuid[]) AS u(id)"  # noqa: S608  # our own name
    f" LEFT JOIN lees.{AGGREGATEN[PLAATS].model.__tablename__} l ON l.id = u.id)"
)


def _lies(aggregaat: Aggregaat, ligt: Ligt) -> tuple[str, str]:
    """That a document is shown at a place, and that it is to who sees the place that its writer named."""
    veld, meer = ligt
    if meer:
        return f"d.doc -> '{veld}' ? w.id::text", f"d.doc -> '_{veld}' ? w.id::text"
    named = f"d.doc ->> '_{veld}' = w.id::text"
    if veld in aggregaat.model.model_fields:
        return f"d.{veld} = w.id", f"d.{veld} IN (w.id, w.canoniek) AND {named}"
    return f"d.doc ->> '{veld}' = w.id::text", named


_LIES = {naam: _lies(a, a.ligt) for naam, a in sorted(AGGREGATEN.items()) if a.ligt is not None}


async def standing(raw: Any, actor: Actor, places: Iterable[UUID]) -> dict[UUID, set[Sleutel]]:
    """The documents that `actor` may read and that, as he is shown them, stand on one of `places`. One statement."""
    wanted = sorted(set(places))
    if not wanted:
        return {}
    rows = await raw.fetch(
        _PLACES + " UNION ALL ".join(_select(n, naam, actor) for n, naam in enumerate(_LIES, start=3)),
        wanted,
        sorted(actor.gemeenten),
        *(sorted(scopes_for(actor, f"{AGGREGATEN[naam].model.collectie}:zien")) for naam in _LIES),
    )
    found: dict[UUID, set[Sleutel]] = {}
    for row in rows:
        found.setdefault(row["place"], set()).add(Sleutel(row["aggregaat"], row["id"]))
    return found


def _select(n: int, naam: str, actor: Actor) -> str:
    model = AGGREGATEN[naam].model
    on = _LIES[naam][Groep.CANONIEK not in ever_opened(actor.rol, model.collectie)]
    return (
        f" SELECT w.id AS place, '{naam}' AS aggregaat, d.id FROM w JOIN lees.{model.__tablename__} d ON {on}"  # noqa: S608
        f" WHERE d.scopes && ${n}::text[] AND d.gemeente = ANY($2)"
    )
