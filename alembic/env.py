"""Runs migrations as the owner of the objects, never as the role the API uses."""

import asyncio
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from alembic import context
from app.database import create_engine
from app.models import account, afgeleid, bedrijf, grootboek, keten, mensen, toestellen  # noqa: F401  # fills the metadata

SCHEMAS = {"grootboek", "kluis", "lees", "bedrijf"}


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    only = context.config.attributes.get("only")
    return kind != "schema" or name in ({only} if only else SCHEMAS)


def include_object(thing: Any, *_rest: Any) -> bool:
    only = context.config.attributes.get("only")
    schema = getattr(thing, "schema", None) or getattr(getattr(thing, "table", None), "schema", None)
    return schema in ({only} if only else SCHEMAS)


def render_item(kind: str, thing: Any, _context: Any) -> Any:
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


def run(connection: Connection) -> None:
    connection.execute(text("SET ROLE eigenaar"))
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_schemas=True,
        include_name=include_name,
        include_object=include_object,
        version_table_schema="bedrijf",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", pool_size=1)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(main())
