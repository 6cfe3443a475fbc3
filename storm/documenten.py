"""Every document of a ledger against its class, whole and as each role sees it; the tests of the API use it too."""

from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from app.access.actor import Actor
from app.registraties.document import check, internal
from app.registraties.register import AGGREGATEN
from app.routers.antwoorden import ANTWOORDEN
from app.services.lezen import projection
from app.vocabulary import Rol

NIEMAND = UUID(int=0)
TABELLEN = {
    model.collectie: model.__tablename__
    for a in AGGREGATEN.values()
    for model in (a.model, a.derived)
    if model is not None
}
"""Collection → table."""


async def misfits(connection: Any, held: set[tuple[str, str]]) -> set[str]:
    """What of all documents does not fit its class; nothing where the tables are gone.

    Those in `held` (collection and text) were found well before; what is well now joins them.
    """
    found: set[str] = set()
    for collectie, table in TABELLEN.items():
        if await connection.fetchval("SELECT to_regclass($1)", f"lees.{table}") is None:
            continue
        rows = await connection.fetch(f"SELECT doc::text FROM lees.{table}")  # noqa: S608  # our own name
        new = {(collectie, row[0]) for row in rows} - held
        wrong = faults(collectie, [orjson.loads(text) for _, text in new])
        found |= wrong
        held.update(new if not wrong else ())
    return found


def faults(collectie: str, docs: list[dict[str, object]]) -> set[str]:
    """What of these documents does not fit their class: where, and why; never what they say."""
    found: set[str] = set()
    document = ANTWOORDEN[collectie]
    views = [projection(Actor(NIEMAND, NIEMAND, rol, NIEMAND, frozenset()), collectie) for rol in Rol]
    for doc in docs:
        try:
            check(document, doc)
            for shown, _ in (view(doc) for view in views):
                check(document, {**shown, **{name: doc[name] for name in internal(document) & doc.keys()}})
        except ValidationError as error:
            found |= {
                f"{collectie} {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)
            }
    return found
