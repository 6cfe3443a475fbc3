"""Every document that any test folds is held against its class, whole and as each role sees it."""

from uuid import UUID

import asyncpg
import orjson
from pydantic import ValidationError

from app.access.actor import Actor
from app.postgres import Server
from app.registraties.document import check, internal
from app.registraties.register import AGGREGATEN, DOCUMENTEN
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


def faults(collectie: str, docs: list[dict[str, object]]) -> set[str]:
    """What of these documents does not fit their class: where, and why."""
    found: set[str] = set()
    document = DOCUMENTEN[collectie]
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


_HELD: set[tuple[str, str]] = set()
"""What this process found well before: the people of each test are the same."""


async def hold_documents(database: Server) -> None:
    """Assert that every document of a ledger fits its class; nothing where the tables are gone."""
    connection = await asyncpg.connect(database.beheer_url)
    found: set[str] = set()
    try:
        for collectie, table in TABELLEN.items():
            if await connection.fetchval("SELECT to_regclass($1)", f"lees.{table}") is None:
                continue
            rows = await connection.fetch(f"SELECT doc FROM lees.{table}")  # noqa: S608
            new = {(collectie, row[0]) for row in rows} - _HELD
            wrong = faults(collectie, [orjson.loads(text) for _, text in new])
            found |= wrong
            _HELD.update(new if not wrong else ())
    finally:
        await connection.close()
    assert not found, found
