"""A page that PostgreSQL itself finds damaged: real bytes flipped in a file of a server that was stopped.

Broken once each: `is_damage` in the handler of errors (a 500 beside `ok`), the retry in `rebuild` (it crashed on the
page that it should throw away).
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from app.lifespan import open_ledger, prepare_database
from app.postgres import EmbeddedPostgres, Server
from tests.conftest import ORIGIN, serving
from tests.hulp.lees import dump_lees
from tests.hulp.schade_proef import assert_stands_still, fill, health, settings_of, veldboek
from tests.hulp.sync_proef import accepted, melding
from tests.hulp.wereld import Wereld, build_wereld


@pytest.fixture
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server of this test's own: its files will be spoilt."""
    memory = Path("/dev/shm")  # noqa: S108  # where fsync costs nothing, so it can stay on
    home = Path(tempfile.mkdtemp(prefix="veldboek-schade-", dir=memory if os.access(memory, os.W_OK) else None))
    home.chmod(0o755)
    server = EmbeddedPostgres(home / "home")
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def opened(running: Server, home: Path, wereld: Wereld | None = None) -> AsyncIterator[Wereld]:
    """The service on `running`; its people are made where there are none."""
    await open_ledger(settings_of(running, home), running.app_url)
    async with serving(running, home) as http:
        yield wereld.at(http) if wereld is not None else await build_wereld(http)


async def spoil(postgres: EmbeddedPostgres, running: Server, relation: str) -> Server:
    """Flip bytes in the first page of `relation` while the server is down."""
    connection = await asyncpg.connect(running.beheer_url)
    path = await connection.fetchval("SELECT pg_relation_filepath($1::text::regclass)", relation)
    await connection.execute("CHECKPOINT")
    await connection.close()
    postgres.stop()
    with (postgres.data / path).open("r+b") as file:
        file.seek(8_000)
        old = file.read(8)
        file.seek(8_000)
        file.write(bytes(byte ^ 0xFF for byte in old))
    return postgres.start()


@pytest.mark.parametrize("relation", ["lees.signaal", "lees.signaal_pkey", "lees.roltoewijzing"])
async def test_a_damaged_read_model_shows_in_health_and_is_thrown_away_unread(
    postgres: EmbeddedPostgres, tmp_path: Path, relation: str
) -> None:
    running = postgres.start()
    await prepare_database(running.beheer_url, ORIGIN)
    async with opened(running, tmp_path) as people:
        ops = await fill(people, 30)
    good = await dump_lees(running.beheer_url)
    running = await spoil(postgres, running, relation)
    tabel = relation.removesuffix("_pkey")
    async with opened(running, tmp_path, people) as wereld:
        assert (await wereld.http.get("/gezondheid")).status_code == 200  # nobody looked there yet
        await wereld.get("boa-1", f"/signalen/{ops[3]['onderwerp']['signaal']}")  # through the index
        answer = await wereld.get("boa-1", "/signalen", limit=100)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problemen/grootboek-bevroren"), answer.text
        assert (await health(wereld, 503))["detail"] == f"PostgreSQL vond een beschadigde bladzijde in {tabel}."
        wereld.mensen["boa-1"].seq = 30
        new = melding(wereld, "boa-1")
        await assert_stands_still(wereld, new)
        told = await veldboek(running, tmp_path, "herbouw")
        assert (told.code, "Nieuw tijdperk" in told.tekst) == (0, True), told.tekst
        assert await dump_lees(running.beheer_url) == good
        await health(wereld, 200)
        await accepted(wereld, "boa-1", new)


async def test_a_damaged_page_of_the_vault_is_named_and_never_rebuilt_over(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    running = postgres.start()
    await prepare_database(running.beheer_url, ORIGIN)
    async with opened(running, tmp_path) as people:
        await fill(people, 30)
    good = await dump_lees(running.beheer_url)
    running = await spoil(postgres, running, "kluis.inhoud")
    told = "PostgreSQL vond een beschadigde bladzijde in kluis.inhoud."
    for words in (("grootboek", "controleer"), ("herbouw",)):
        assert await veldboek(running, tmp_path, *words) == (1, told)
    assert await dump_lees(running.beheer_url) == good
    async with opened(running, tmp_path, people) as wereld:
        assert (await health(wereld, 503))["detail"] == told
        await assert_stands_still(wereld, melding(wereld, "boa-1"))
