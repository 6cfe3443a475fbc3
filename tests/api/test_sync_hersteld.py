"""After a restore: a new epoch, that only the owner can open, and that makes every device offer and fetch anew."""

from argparse import Namespace
from pathlib import Path

import asyncpg
import pytest
from pydantic import SecretStr

from app.cli import reopen
from app.postgres import Server
from app.settings import Settings
from tests.hulp.sync_proef import accepted, handshake, head, melding
from tests.hulp.wereld import Wereld, sign_in_again


async def test_the_operator_opens_a_new_epoch_and_devices_notice(
    wereld: Wereld, database: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Broken once: the epoch in `open_cursor` (a cursor of before the restore went on as if nothing had happened)."""
    ops = [melding(wereld, "boa-1") for _ in range(3)]
    await accepted(wereld, "boa-1", *ops)
    held, cursor = await wereld.pull("boa-1")
    before, size = (await handshake(wereld, "boa-1"))["epoch"], await head(wereld)
    settings = Settings(veldboek_home=tmp_path, database_url_beheer=SecretStr(database.beheer_url))
    await reopen(settings, Namespace())
    assert (await wereld.get("boa-1", "/sync/pull", cursor=cursor)).status_code == 401
    await sign_in_again(wereld)
    epoch = (await handshake(wereld, "boa-1"))["epoch"]
    assert epoch != before
    assert f"Nieuw tijdperk {epoch}" in capsys.readouterr().out
    answer = await wereld.get("boa-1", "/sync/pull", cursor=cursor)
    assert (answer.status_code, answer.json()["type"], answer.json()["epoch"]) == (
        409, "/problemen/epoch-gewijzigd", epoch,
    )  # fmt: skip
    assert {result["status"] for result in await wereld.push("boa-1", *ops)} == {"duplicate"}
    assert await head(wereld) == size
    assert (await wereld.pull("boa-1"))[0] == held


@pytest.mark.parametrize(
    ("rol", "statement"),
    [
        ("app", "UPDATE grootboek.head SET epoch = 'x'"),
        ("herbouw", "UPDATE grootboek.head SET epoch = 'x'"),
        ("eigenaar", "UPDATE grootboek.head SET epoch = 'x', size = size + 1"),
        ("eigenaar", "UPDATE grootboek.head SET epoch = 'x', root = sha256('x')"),
        ("eigenaar", "UPDATE grootboek.head SET epoch = 'x', origin = 'x'"),
        ("eigenaar", "UPDATE grootboek.head SET frontier = ''"),
    ],
)
async def test_nobody_else_does_and_nothing_else_changes_with_it(
    wereld: Wereld, database: Server, rol: str, statement: str
) -> None:
    """Broken once: the comparison of size, root and frontier in migration 0008."""
    before = await handshake(wereld, "boa-1")
    connection = await asyncpg.connect(database.beheer_url)
    await connection.execute(f"SET ROLE {rol}")
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
        await connection.execute(statement)
    await connection.close()
    after = await handshake(wereld, "boa-1")
    assert (after["epoch"], after["head"]) == (before["epoch"], before["head"])
