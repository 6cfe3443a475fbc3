"""Setting up the database: roles, migrations, the head row. Needs `DATABASE_URL_BEHEER`; the API never does this."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import SQLModel

from alembic import command
from app.database import create_engine
from app.postgres import EmbeddedPostgres, PostgresKanNietStarten, running_server
from app.settings import Settings

ROOT = Path(__file__).parent.parent
ROLES = ("eigenaar", "app", "herbouw", "ondertekenaar", "vernietiger")


class AnderGrootboek(RuntimeError):
    """The database holds a ledger with another origin than the settings name."""


@contextmanager
def beheer_server(settings: Settings, *, alone: bool = False) -> Iterator[tuple[str, bool]]:
    """The address with the owner's rights: the one given, that of the embedded server that runs, or of one for this.

    Says too whether it was started for this; then it stops afterwards. `alone`: never that of a service that runs;
    raises PostgresKanNietStarten when there is one, or when the address of a server of others is not given.
    """
    if settings.database_url_beheer is not None:
        yield settings.database_url_beheer.get_secret_value(), False
    elif not settings.embedded:
        raise PostgresKanNietStarten("Zet DATABASE_URL_BEHEER: dit kan alleen de eigenaar van de database.")
    elif not alone and (running := running_server(settings.veldboek_home)) is not None:
        yield running.beheer_url, False
    else:
        with EmbeddedPostgres(settings.veldboek_home) as own:
            yield own.beheer_url, True


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


class AndereVersie(RuntimeError):
    """The database was set up by another version than this one."""


class MigratiesPassenNiet(RuntimeError):
    """The migrations do not lead to the models."""


async def make_roles(beheer: AsyncEngine) -> None:
    """Make the roles that are missing on this server."""
    async with beheer.begin() as connection:
        existing = set((await connection.scalars(text("SELECT rolname FROM pg_roles"))).all())
        for role in ROLES:
            if role not in existing:
                await connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))


async def migrate(beheer: AsyncEngine, *, revision: str = "head") -> None:
    """Make the roles if they are missing and bring the schema to `revision`. Idempotent."""
    await make_roles(beheer)
    async with beheer.begin() as connection:
        database = await connection.scalar(text("SELECT quote_ident(current_database())"))
        await connection.execute(text(f"GRANT CREATE, CONNECT ON DATABASE {database} TO eigenaar"))
        await connection.execute(text(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"))
        await connection.execute(text(f"GRANT CONNECT ON DATABASE {database} TO app, herbouw"))
        await connection.execute(text("CREATE SCHEMA IF NOT EXISTS bedrijf AUTHORIZATION eigenaar"))
    async with beheer.connect() as connection:
        await connection.run_sync(_upgrade, revision)
        await connection.execute(text("GRANT SELECT ON bedrijf.alembic_version TO app"))
        await connection.commit()
        await connection.execute(text("RESET ROLE"))
        await connection.commit()


@cache
def _migrations() -> ScriptDirectory:
    """The migrations of this version, read once: they are files that are compiled at every reading."""
    return ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))


async def refuse_other_version(raw: Any) -> None:
    """Look as role app whether the migrations of this version were run. Raises AndereVersie.

    `raw` is asyncpg's connection.
    """
    wanted = set(_migrations().get_heads())
    known = "SELECT coalesce(has_table_privilege(to_regclass('bedrijf.alembic_version'), 'SELECT'), false)"
    rows = await raw.fetch("SELECT version_num FROM bedrijf.alembic_version") if await raw.fetchval(known) else []
    if {row["version_num"] for row in rows} != wanted:
        raise AndereVersie(
            "De database is niet voor deze versie ingericht. Voer eerst uit: veldboek database inrichten"
        )


def older_migrations() -> frozenset[str]:
    """Every migration that this version knows but the last."""
    known = _migrations()
    return frozenset(script.revision for script in known.walk_revisions()) - set(known.get_heads())


async def let_app_in(beheer: AsyncEngine, app_url: str) -> None:
    """Let role app sign in with the password of `app_url`; where another login is used, it is not ours to make."""
    url = make_url(app_url)
    if url.username != "app" or not url.password:
        return
    async with beheer.begin() as connection:
        login = text("SELECT format('ALTER ROLE app LOGIN PASSWORD %L', cast(:wachtwoord AS text))")
        await connection.exec_driver_sql(await connection.scalar(login, {"wachtwoord": url.password}))


async def ensure_head(beheer: AsyncEngine, origin: str) -> None:
    """Open an empty ledger under `origin`; an existing one must carry the same name.

    Raises AnderGrootboek: a ledger is never continued under another name.
    """
    async with beheer.begin() as connection:
        found = await connection.scalar(text("SELECT origin FROM grootboek.head"))
        if found is None:
            await connection.execute(
                text(
                    "INSERT INTO grootboek.head (een, origin, epoch, size, root, frontier)"
                    " VALUES (true, :origin, :epoch, 0, sha256(''), '')"
                ),
                {"origin": origin, "epoch": secrets.token_hex(4)},
            )
        elif found != origin:
            raise AnderGrootboek(f"Dit grootboek heet {found}, maar GROOTBOEK_NAAM is {origin}.")


async def refuse_other_name(engine: AsyncEngine, origin: str) -> None:
    """Raise AnderGrootboek when the ledger here has another name than the settings give: they are for another one."""
    async with engine.connect() as connection:
        found = await connection.scalar(text("SELECT origin FROM grootboek.head"))
    if found is not None and found != origin:
        raise AnderGrootboek(f"Dit grootboek heet {found}, maar GROOTBOEK_NAAM is {origin}.")


async def check_migrations() -> None:
    """Run all migrations up, down and up again on a server of its own, and hold the outcome against the models.

    Raises MigratiesPassenNiet. Only for developers: it needs the embedded server.
    """
    with tempfile.TemporaryDirectory(prefix="veldboek-") as directory:
        os.chmod(directory, 0o755)  # noqa: PTH101, S103  # as root the server runs as somebody else
        with EmbeddedPostgres(Path(directory) / "home") as running:
            engine = create_engine(running.beheer_url, pool_size=1)
            try:
                for revision in ("head", "base", "head"):
                    await migrate(engine, revision=revision)
                async with engine.connect() as connection:
                    await connection.run_sync(_compare)
                await _compare_spelling(engine, running.beheer_url)
            finally:
                await engine.dispose()


_SPELLED = text("""
SELECT schemaname || '.' || indexname AS name, indexdef AS said FROM pg_indexes
WHERE schemaname = ANY(:schemas) AND tablename <> 'alembic_version'
UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'c' AND connamespace::regnamespace::text = ANY(:schemas)
UNION ALL SELECT attrelid::regclass || '.' || attname, pg_get_expr(adbin, adrelid)
FROM pg_attribute JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum) JOIN pg_class c ON c.oid = attrelid
WHERE attgenerated <> '' AND relnamespace::regnamespace::text = ANY(:schemas)
""")
"""Each index, check and generated column as PostgreSQL spells it: Alembic compares no condition and no expression."""


async def _compare_spelling(migrated: AsyncEngine, url: str) -> None:
    """Hold what Alembic does not compare against what the models make, in a database of their own on this server."""
    async with migrated.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(text("CREATE DATABASE modellen"))
        made = await _read_spelling(outside)
    models = create_engine(make_url(url).set(database="modellen").render_as_string(hide_password=False), pool_size=1)
    try:
        async with models.begin() as connection:
            for schema in _schemas():
                await connection.execute(text(f"CREATE SCHEMA {schema}"))
            await connection.run_sync(SQLModel.metadata.create_all)
            declared = await _read_spelling(connection)
    finally:
        await models.dispose()
    told = [
        f"{name}: the models say {declared.get(name)}, the migrations {made.get(name)}"
        for name in sorted(declared.keys() | made.keys())
        if declared.get(name) != made.get(name)
    ]
    if told:
        raise MigratiesPassenNiet("\n".join(told))


def _schemas() -> list[str]:
    """Where the tables of the models lie; Alembic's own comparison filled the metadata."""
    return sorted({table.schema for table in SQLModel.metadata.tables.values() if table.schema is not None})


async def _read_spelling(connection: AsyncConnection) -> dict[str, str]:
    rows = await connection.execute(_SPELLED, {"schemas": _schemas()})
    return {row.name: row.said for row in rows}


def _compare(connection: Connection) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    try:
        command.check(config)
    except CommandError as difference:
        raise MigratiesPassenNiet(str(difference)) from None
