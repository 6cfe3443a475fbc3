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


async def read_documents(beheer_url: str) -> dict[str, list[dict[str, object]]]:
    """All documents there are, by collection; nothing where the tables are gone."""
    connection = await asyncpg.connect(beheer_url)
    try:
        read = {}
        for collectie, table in TABELLEN.items():
            if await connection.fetchval("SELECT to_regclass($1)", f"lees.{table}"):
                rows = await connection.fetch(f"SELECT doc FROM lees.{table}")  # noqa: S608
                read[collectie] = [orjson.loads(row[0]) for row in rows]
        return read
    finally:
        await connection.close()


async def hold_documents(database: Server) -> None:
    """Assert that every document of a ledger fits its class."""
    found = {fault for of, docs in (await read_documents(database.beheer_url)).items() for fault in faults(of, docs)}
    assert not found, found
