"""What is read beside the API: all read models at once, before and after a rebuild; and small changes to entries."""

from typing import Any
from uuid import UUID

import asyncpg

from app.database import create_engine
from app.postgres import Server
from app.services.beheer import herbouw
from tests.hulp.wereld import Wereld

Dump = dict[str, list[str]]


async def dump(database: Server) -> Dump:
    """Every row of every table in schema `lees`, sorted."""
    connection = await asyncpg.connect(database.beheer_url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'lees' ORDER BY 1")
    rows = {
        name: [row[0] for row in await connection.fetch(f'SELECT t::text FROM lees."{name}" t ORDER BY 1')]  # noqa: S608
        for (name,) in tables
    }
    await connection.close()
    return rows


async def rebuild(database: Server) -> int:
    engine = create_engine(database.beheer_url, pool_size=1)
    try:
        return (await herbouw.rebuild(engine)).registraties
    finally:
        await engine.dispose()


async def run_sql(database: Server, statement: str) -> None:
    connection = await asyncpg.connect(database.beheer_url)
    await connection.execute(statement)
    await connection.close()


def changed(op: dict[str, Any], inhoud: dict[str, Any], basis: str | None = None) -> dict[str, Any]:
    """The fields that make another op a correction of `op`."""
    return {
        "soort": op["soort"],
        "onderwerp": {key: UUID(ident) for key, ident in op["onderwerp"].items()},
        "inhoud": {**op["inhoud"], **inhoud},
        "corrigeert": op["opId"],
        "basis": basis or op["opId"],
        "reden": "verkeerd getypt",
    }


async def push_one(wereld: Wereld, wie: str, velden: dict[str, Any], status: str) -> dict[str, Any]:
    op = wereld.op(wie, **velden)
    (result,) = await wereld.push(wie, op)
    assert result["status"] == status, result
    return op


def strike(onderwerp: dict[str, UUID], registratie: str) -> dict[str, Any]:
    return {
        "soort": "doorhaling",
        "onderwerp": onderwerp,
        "inhoud": {"registratie": registratie, "reden": "vergissing"},
    }
