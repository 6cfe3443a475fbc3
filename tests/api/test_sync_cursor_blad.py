"""A cursor that this ledger never gave out is another ledger's: the device begins anew and an operator hears of it.

Broken once each: the comparison of leaves in `open_cursor`, and that of `top` with the size there.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from app.database import shared
from app.postgres import Server
from app.services.sync.cursors import Cursor
from tests.hulp.schade_proef import eventually, fill, forge_tail, health, size_of, sql, veldboek
from tests.hulp.sync_proef import accepted, melding
from tests.hulp.wereld import Wereld


async def ask(wereld: Wereld, route: str, cursor: str) -> Response:
    if route == "verify":
        body = {"cursor": cursor, "collecties": {}}
        return await wereld.http.post("/sync/verify", json=body, headers=wereld.headers("boa-2"))
    return await wereld.get("boa-2", f"/sync/{route}", cursor=cursor)


@pytest.mark.parametrize("route", ["pull", "snapshot", "verify", "stroom"])
@pytest.mark.parametrize("later", [0, 4], ids=["shorter", "grown again"])
async def test_after_an_unannounced_restore_a_cursor_begins_anew_and_raises_an_alarm(
    wereld: Wereld, database: Server, route: str, later: int
) -> None:
    """The epoch is the same, and so are the positions once it has grown again; the leaf at the cursor is not."""
    await fill(wereld, 2)
    _, cursor = await wereld.pull("boa-2")
    old = await size_of(database)
    await fill(wereld, 3)
    _, newer = await wereld.pull("boa-2")
    await forge_tail(database, old)
    await sql(database, "DELETE FROM lees.feed WHERE pos > (SELECT size FROM grootboek.head)")
    restarted(wereld)
    if later:
        await fill(wereld, later)
    assert (await ask(wereld, "pull", cursor)).status_code == 200  # given out before the copy was made
    answer = await ask(wereld, route, newer)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problemen/epoch-gewijzigd"), answer.text
    assert answer.json()["epoch"]
    await eventually(lambda: not wereld.http.app.state.proces.waker.gezien.alarmen)
    assert "nooit is uitgegeven" in (await health(wereld, 200))["meldingen"][0]
    await wereld.pull("boa-2")  # from the beginning
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"))  # and nothing stopped


def restarted(wereld: Wereld) -> None:
    """What a process knew of the ledger before is gone with it."""
    waker = wereld.http.app.state.proces.waker
    waker.head, waker.gezien.size = None, 0


async def test_the_alarm_is_gone_once_the_restore_is_announced(
    wereld: Wereld, database: Server, tmp_path: Path
) -> None:
    await fill(wereld, 2)
    _, cursor = await wereld.pull("boa-2")
    beyond = replace(Cursor.read(cursor, seal(wereld)), pos=10**6).spell(seal(wereld))
    assert (await ask(wereld, "pull", beyond)).status_code == 409
    await eventually(lambda: not wereld.http.app.state.proces.waker.gezien.alarmen)
    assert (await health(wereld, 200))["meldingen"]
    assert (await veldboek(database, tmp_path, "database", "hersteld")).code == 0
    assert (await health(wereld, 200))["meldingen"] == []


async def test_a_cursor_of_release_0_1_0_is_read_as_before(wereld: Wereld) -> None:
    """It names no leaf: five or seven fields. The next one that the device gets does."""
    await fill(wereld, 2)
    _, cursor = await wereld.pull("boa-2")
    ours = Cursor.read(cursor, seal(wereld))
    assert ours.blad is not None
    assert Cursor.read(ours.spell(seal(wereld)), seal(wereld)) == ours
    first = replace(ours, blad=None)
    reading = replace(first, oud="0" * 16, inhaal=1)
    for older, again in ((first, 200), (reading, 410)):  # rights that he never had
        assert Cursor.read(older.spell(seal(wereld)), seal(wereld)) == older
        assert (await ask(wereld, "pull", older.spell(seal(wereld)))).status_code == again
    beyond = replace(first, pos=10**6)
    assert (await ask(wereld, "pull", beyond.spell(seal(wereld)))).status_code == 409
    await fill(wereld, 1)
    _, newer = await wereld.pull("boa-2", first.spell(seal(wereld)))
    assert Cursor.read(newer, seal(wereld)).blad not in (None, ours.blad)


def seal(wereld: Wereld) -> Any:
    return shared(wereld.http.app.state.proces.sessionmaker).zegel
