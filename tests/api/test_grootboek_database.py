"""The ledger is append-only in the database itself: for the API, for the rebuild, for the owner, for a superuser."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from httpx import AsyncClient

from app.postgres import Server
from tests.hulp.keten import Keten, add_signaal
from tests.hulp.wereld import Wereld

TRIGGER = asyncpg.exceptions.RestrictViolationError
NO_RIGHT = asyncpg.exceptions.InsufficientPrivilegeError

ALTERATIONS = (
    "UPDATE grootboek.entry SET leaf = leaf",
    "UPDATE grootboek.entry SET pos = pos + 1000 WHERE pos = 1",
    "UPDATE grootboek.entry SET leaf = leaf WHERE false",
    "DELETE FROM grootboek.entry WHERE pos = (SELECT max(pos) FROM grootboek.entry)",
    "DELETE FROM grootboek.entry",
    "TRUNCATE grootboek.entry",
    "TRUNCATE grootboek.entry, grootboek.head, kluis.inhoud CASCADE",
    "INSERT INTO grootboek.entry (pos, leaf) VALUES (1, '') ON CONFLICT (pos) DO UPDATE SET leaf = excluded.leaf",
    "MERGE INTO grootboek.entry e USING grootboek.entry n ON e.pos = n.pos WHEN MATCHED THEN DELETE",
    "UPDATE kluis.inhoud SET tekst = NULL",
    "UPDATE kluis.inhoud SET zouten = NULL WHERE pos = 1",
    "DELETE FROM kluis.inhoud",
    "TRUNCATE kluis.inhoud",
    "DELETE FROM grootboek.head",
    "TRUNCATE grootboek.head",
)
LEAF = """convert_to('{"kop":{"op":"' || gen_random_uuid() || '"}}', 'UTF8')"""


def insert(place: str, rest: str = "") -> str:
    """An entry at `place` beyond the head."""
    return f"INSERT INTO grootboek.entry (pos, leaf) SELECT size + {place}, {LEAF} FROM grootboek.head{rest}"  # noqa: S608


GAPS = (
    insert("2"),
    insert("1000"),
    insert("1 + n * 2", ", generate_series(0, 3) AS n"),
    insert("n + 2", ", generate_series(0, 3) AS n"),
    f"INSERT INTO grootboek.entry (pos, leaf) VALUES (0, {LEAF})",  # noqa: S608
    f"INSERT INTO grootboek.entry (pos, leaf) VALUES (-1, {LEAF})",  # noqa: S608
)
BACKWARD = (
    "UPDATE grootboek.head SET size = size - 1",
    "UPDATE grootboek.head SET size = 0, root = sha256(''), frontier = ''",
    "UPDATE grootboek.head SET size = size + 1",
    "UPDATE grootboek.head SET root = sha256('elders')",
    "UPDATE grootboek.head SET frontier = ''",
)
RENAMED = (
    "UPDATE grootboek.head SET epoch = 'anders', size = size + 1",
    "UPDATE grootboek.head SET origin = 'anders'",
)
DDL = (
    "CREATE TABLE grootboek.x (y int)",
    "CREATE TABLE kluis.x (y int)",
    "CREATE TABLE lees.x (y int)",
    "CREATE TABLE bedrijf.x (y int)",
    "CREATE TABLE public.x (y int)",
    "CREATE SCHEMA x",
    "DROP TABLE grootboek.entry",
    "DROP TABLE lees.feed",
    "ALTER TABLE grootboek.entry DISABLE TRIGGER ALL",
    "ALTER TABLE grootboek.entry ADD COLUMN geheim text",
    "ALTER TABLE lees.feed ADD COLUMN geheim text",
    "DROP TRIGGER entry_append_only ON grootboek.entry",
    "CREATE OR REPLACE FUNCTION grootboek.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE FUNCTION lees.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE x",
    "SET ROLE eigenaar",
    "SET session_replication_role = replica",
    "COPY grootboek.entry TO PROGRAM 'cat'",
)
OUT_OF_SIGHT = {
    "app": ("pg_catalog.pg_authid",),
    "herbouw": ("pg_catalog.pg_authid", "bedrijf.account", "bedrijf.aanmelding", "bedrijf.inzage", "bedrijf.sync_op"),
}


@pytest.fixture
async def beheer(database: Server, wereld: Wereld) -> AsyncIterator[asyncpg.Connection]:
    """A superuser on a ledger with something in it."""
    await add_signaal(wereld, Keten(), "boa-1", "een", bron="overlastmelding")
    connection = await asyncpg.connect(database.beheer_url)
    yield connection
    await connection.close()


async def refused(connection: asyncpg.Connection, rol: str, statement: str, *expected: type[Exception]) -> None:
    """`statement` as `rol` fails in one of the ways expected, and nothing of it stays."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(f"SET LOCAL ROLE {rol}")
        await connection.execute(statement)
    except expected:
        return
    finally:
        await transaction.rollback()
    pytest.fail(f"{rol} may: {statement}")


@pytest.mark.parametrize(
    ("rol", "expected"),
    [
        ("app", (NO_RIGHT, TRIGGER)),
        ("herbouw", (NO_RIGHT,)),
        ("ondertekenaar", (NO_RIGHT,)),
        ("vernietiger", (NO_RIGHT,)),
        ("eigenaar", (TRIGGER,)),
        ("beheer", (TRIGGER,)),
    ],
)
async def test_nobody_changes_or_removes_what_is_written(
    beheer: asyncpg.Connection, rol: str, expected: tuple[type[Exception], ...]
) -> None:
    before = await beheer.fetch("SELECT * FROM grootboek.entry JOIN kluis.inhoud USING (pos) ORDER BY pos")
    assert len(before) > 1
    for statement in ALTERATIONS:
        await refused(beheer, rol, statement, *expected)
    after = await beheer.fetch("SELECT * FROM grootboek.entry JOIN kluis.inhoud USING (pos) ORDER BY pos")
    assert after == before


@pytest.mark.parametrize("rol", ["app", "eigenaar", "beheer"])
async def test_gaps_and_a_head_that_goes_back_are_refused(beheer: asyncpg.Connection, rol: str) -> None:
    for statement in GAPS:
        await refused(beheer, rol, statement, TRIGGER, asyncpg.exceptions.CheckViolationError)
    for statement in BACKWARD:
        await refused(beheer, rol, statement, TRIGGER)
    for statement in RENAMED:
        await refused(beheer, rol, statement, TRIGGER, *([NO_RIGHT] if rol == "app" else []))
    async with beheer.transaction():
        await beheer.execute(insert("1"))  # the control: what follows the head is let in
    await refused(beheer, rol, insert("2"), TRIGGER)


async def test_the_api_cannot_change_structure_or_take_another_role(
    beheer: asyncpg.Connection, database: Server, client: AsyncClient
) -> None:
    async with client.app.state.proces.sessionmaker() as session:  # type: ignore[attr-defined]
        connection = await (await session.connection()).get_raw_connection()
        assert await connection.driver_connection.fetchval("SELECT session_user") == "app"
    app = await asyncpg.connect(database.app_url)
    for statement in DDL:
        await refused(app, "app", statement, NO_RIGHT)
    await app.close()
    for right in ("CREATE", "TEMPORARY"):
        query = "SELECT has_database_privilege('app', 'sjabloon', $1)"
        assert not await beheer.fetchval(query, right), right
    owners = await beheer.fetch(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('grootboek', 'kluis', 'lees')"
    )
    assert [row["tableowner"] for row in owners] == ["eigenaar"]


async def test_roles_read_only_what_they_need(beheer: asyncpg.Connection) -> None:
    for rol, tables in OUT_OF_SIGHT.items():
        for table in tables:
            await refused(beheer, rol, f"SELECT * FROM {table}", NO_RIGHT)  # noqa: S608
    for statement in ("INSERT INTO grootboek.entry (pos, leaf) VALUES (99, '')", "INSERT INTO kluis.inhoud VALUES (9)"):
        await refused(beheer, "herbouw", statement, NO_RIGHT)
    for table in ("grootboek.entry", "kluis.inhoud", "lees.signaal", "bedrijf.account"):
        for rol in ("ondertekenaar", "vernietiger"):
            await refused(beheer, rol, f"SELECT * FROM {table}", NO_RIGHT)  # noqa: S608
    assert not await beheer.fetchval("SELECT has_table_privilege('app', 'kluis.inhoud', 'UPDATE, DELETE, TRUNCATE')")


async def test_no_column_of_an_entry_lies_outside_its_hash(beheer: asyncpg.Connection) -> None:
    columns = await beheer.fetch(
        "SELECT column_name, is_generated FROM information_schema.columns"
        " WHERE table_schema = 'grootboek' AND table_name = 'entry'"
    )
    assert {tuple(row) for row in columns} == {
        ("pos", "NEVER"),
        ("leaf", "NEVER"),
        ("leaf_hash", "ALWAYS"),
        ("op", "ALWAYS"),
    }
