"""What the tests of damage share: a ledger behind a mark, a superuser who changes it, and what is heard of that."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
from pydantic import SecretStr

from app import cli
from app.grootboek.boom import Frontier
from app.lifespan import open_ledger
from app.postgres import Server
from app.services.bewaken.schade import Schade
from app.settings import Settings
from tests.conftest import ORIGIN
from tests.hulp.sync_proef import accepted, melding
from tests.hulp.wereld import Wereld

KEEP = 10
"""Entries that a start recomputes at least, in these tests."""
TABLES = ("grootboek.entry", "grootboek.head", "kluis.inhoud", "lees.feed", "lees.signaal", "lees.roltoewijzing")


def settings_of(database: Server, home: Path) -> Settings:
    beheer = SecretStr(database.beheer_url)
    return Settings(
        veldboek_home=home, database_url_beheer=beheer, grootboek_naam=ORIGIN, controle_bij_start=KEEP, demo=False
    )


async def start(database: Server, home: Path) -> Schade | None:
    """What `veldboek start` does before it opens anything."""
    return await open_ledger(settings_of(database, home), database.app_url)


class Gezegd(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    tekst: str


async def veldboek(database: Server, home: Path, *woorden: str) -> Gezegd:
    """`veldboek …`: the command as it is parsed and run, its sentence as `main` ends with it."""
    args, told = cli.build_parser().parse_args(woorden), StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        try:
            await args.run(settings_of(database, home), args)
        except cli.EXPLAINED as problem:
            return Gezegd(1, f"{told.getvalue()}{problem}")
    return Gezegd(0, told.getvalue())


async def typed(database: Server, home: Path, *woorden: str) -> Gezegd:
    """The same as a process of its own, by the words of the shell."""
    environment = {
        "VELDBOEK_HOME": str(home),
        "DATABASE_URL_BEHEER": database.beheer_url,
        "GROOTBOEK_NAAM": ORIGIN,
        "CONTROLE_BIJ_START": str(KEEP),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", *woorden),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    assert process.returncode is not None
    return Gezegd(process.returncode, told.decode())


async def health(wereld: Wereld, status: int) -> dict[str, Any]:
    """What health says now; it looks once a second, and a test need not wait for that."""
    wereld.http.app.state.proces.waker._seen = (-1.0, None)
    answer = await wereld.http.get("/gezondheid")
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def eventually(look: Callable[[], Any]) -> Any:
    """What `look` finds once it finds something."""
    async with asyncio.timeout(10):
        while not (found := look()):  # noqa: ASYNC110  # a file, or what another task left behind
            await asyncio.sleep(0.05)
    return found


async def sql(database: Server, *statements: str, superuser: bool = True) -> None:
    """Run statements as the superuser, to whom triggers are nothing."""
    connection = await asyncpg.connect(database.beheer_url)
    try:
        async with connection.transaction():
            if superuser:
                await connection.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                done = await connection.execute(statement)
                assert done not in {"UPDATE 0", "DELETE 0", "INSERT 0 0"}, statement
    finally:
        await connection.close()


async def keep_copy(database: Server) -> None:
    """What was there, to put it back byte for byte."""
    await sql(database, "CREATE SCHEMA bewaard")
    await sql(database, *(f"CREATE TABLE bewaard.{t.replace('.', '_')} AS TABLE {t}" for t in TABLES))


async def put_back(database: Server) -> None:
    connection = await asyncpg.connect(database.beheer_url)
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            columns = await connection.fetchval(
                "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
                " WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                table,
            )
            await connection.execute(f"TRUNCATE {table}")
            await connection.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM bewaard.{table.replace('.', '_')}"  # noqa: S608
            )
    await connection.close()


async def size_of(database: Server) -> int:
    connection = await asyncpg.connect(database.beheer_url)
    size = await connection.fetchval("SELECT size FROM grootboek.head")
    await connection.close()
    return int(size)


async def fill(wereld: Wereld, many: int = 30) -> list[dict[str, Any]]:
    """So many signalen with a text; returns what was pushed."""
    ops = [melding(wereld, "boa-1", inhoud={"tekst": f"gehoord {nr}"}) for nr in range(many)]
    await accepted(wereld, "boa-1", *ops)
    return ops


async def assert_stands_still(wereld: Wereld, op: dict[str, Any]) -> None:
    """Nothing is booked, nothing is shown, and whoever asks is told to come back."""
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": [op]}
    answers = [
        await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1")),
        await wereld.post("boa-1", "/signalen", {"onderwerp": op["onderwerp"], "inhoud": op["inhoud"]}),
        await wereld.get("boa-1", "/sync/pull"),
        await wereld.get("boa-1", "/sync/snapshot"),
        await wereld.get("boa-1", "/signalen"),
        await wereld.get("regisseur-1", "/cijfers", gemeente="GM0243", van="2020-01-01", totEnMet="2030-01-01"),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (503, "/problemen/grootboek-bevroren"), answer.text
        assert int(answer.headers["Retry-After"]) > 0


async def forge_tail(database: Server, size: int) -> None:
    """Take away what comes after `size`, in every table, with a head that fits."""
    connection = await asyncpg.connect(database.beheer_url)
    hashes = [
        row[0] for row in await connection.fetch("SELECT leaf_hash FROM grootboek.entry ORDER BY pos LIMIT $1", size)
    ]
    tree = Frontier().append(hashes)
    await connection.execute("SET session_replication_role = replica")
    for table in ("grootboek.entry", "kluis.inhoud", "bedrijf.sync_op"):
        await connection.execute(f"DELETE FROM {table} WHERE pos > $1", size)  # noqa: S608
    await connection.execute(
        "UPDATE grootboek.head SET size = $1, root = $2, frontier = $3", size, tree.root(), tree.to_bytes()
    )
    await connection.close()
