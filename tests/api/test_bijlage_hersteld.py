"""What a crash, a lost piece, an older copy or a lost role leaves of a file is mended, once; what is nobody's goes."""

import shutil
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.services.bijlagen import binden
from app.services.bijlagen.keuren import finish
from app.services.bijlagen.uploads import start_over
from tests.conftest import serving
from tests.hulp.bijlage_proef import (
    adding,
    announce,
    begin,
    begun,
    eventually,
    item,
    manifest,
    outcome,
    patch,
    photo,
    send_file,
    stored,
    where,
)
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.http_proef import lines
from tests.hulp.sync_proef import accepted, melding, select
from tests.hulp.wereld import Wereld


@asynccontextmanager
async def nobody_binds(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As after a crash: whoever binds is not there."""

    async def nothing(_o: Any) -> None: ...

    with monkeypatch.context() as patched:
        patched.setattr(binden, "book_arrived", nothing)
        yield


@asynccontextmanager
async def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As when the server dies each time a file is whole."""

    async def nothing(*_args: Any, **_named: Any) -> None: ...

    with monkeypatch.context() as patched:
        patched.setattr(import_module("app.routers.bijlagen"), "finish", nothing)
        patched.setattr(binden, "finish", nothing)
        yield


def told(capsys: pytest.CaptureFixture[str], event: str) -> list[str]:
    """The uploads that the log names with this event."""
    return [line["upload"] for line in lines(capsys) if line["event"] == event]


async def test_a_crash_between_storing_and_booking_is_repaired_once(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken: `coalesce(uitkomst, $2)` in `book_one`, and the op id of the upload (services/bijlagen/binden.py)."""
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    home = wereld.http.app.state.settings.veldboek_home
    async with nobody_binds(monkeypatch):
        await send_file(wereld, "boa-1", row, content)
    found = await outcome(wereld, "boa-1", waar, row)
    o = wereld.http.app.state.proces.ontvanger
    await booked_again(o, database)
    async with serving(database, home) as http:  # another process, on the same ledger and store
        await booked_again(http.app.state.proces.ontvanger, database)
    assert (await outcome(wereld, "boa-1", waar, row)) == found
    ((times,),) = await select(database, COUNT, soort='%"bijlage.ontvangen"%')
    assert times == 1


COUNT = "SELECT count(*) FROM kluis.inhoud WHERE convert_from(omslag, 'UTF8') LIKE :soort"


async def booked_again(o: Any, database: Server) -> None:
    await select_update(database, "UPDATE bedrijf.upload SET geboekt = false")
    await binden.book_arrived(o)
    assert await select(database, "SELECT id FROM bedrijf.upload WHERE NOT geboekt") == []


async def select_update(database: Server, statement: str) -> None:
    import asyncpg  # noqa: PLC0415

    connection = await asyncpg.connect(database.beheer_url)
    await connection.execute(statement)
    await connection.close()


async def test_a_crash_before_the_file_was_looked_at_is_repaired(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever asks for it, and by itself. Broken: `finish_left` (services/bijlagen/binden.py), `finish` in the HEAD
    route."""
    contents = [photo(), photo()]
    rows = [manifest(content) for content in contents]

    async def dies(*_args: Any, **_named: Any) -> None:
        raise ConnectionAbortedError

    for row, content in zip(rows, contents, strict=True):
        pad = await begin(wereld, "boa-1", row)
        with monkeypatch.context() as crashing:
            crashing.setattr(import_module("app.routers.bijlagen"), "finish", dies)
            assert (await patch(wereld, "boa-1", pad, 0, content)).status_code >= 500
    assert stored(wereld, "bestanden") == {}
    asked = await where(wereld, "boa-1", await begin(wereld, "boa-1", rows[0]))
    assert asked.headers["bijlage-staat"] == "compleet"
    await select_update(database, "UPDATE bedrijf.upload SET laatst_op = laatst_op - interval '1 minute'")

    async def both() -> bool:
        return sorted(stored(wereld, "bestanden").values()) == sorted(contents)

    await eventually(both)

    async def tidy() -> bool:
        return stored(wereld, "blokken") == {}

    await eventually(tidy)


async def test_a_file_whose_pieces_are_lost_holds_up_no_other_and_is_asked_for_again(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Broken: `start_over` in `finish` (services/bijlagen/keuren.py): with room for one in a round, the lost one stayed
    first in the line, and HEAD said that all was in; `upload=` in `start_over` (services/bijlagen/uploads.py)."""
    contents = [photo(fill=1), photo(fill=2)]
    rows = [manifest(content) for content in contents]
    blokken = wereld.http.app.state.settings.veldboek_home / "bijlagen/blokken"
    monkeypatch.setattr(binden, "PER_KEER", 1)
    async with nobody_looks(monkeypatch):
        pad = await begin(wereld, "boa-1", rows[0])
        await patch(wereld, "boa-1", pad, 0, contents[0])
        shutil.rmtree(blokken)
        await patch(wereld, "boa-1", await begin(wereld, "boa-1", rows[1]), 0, contents[1])
    monkeypatch.setattr(binden, "BLIJFT_LIGGEN", timedelta(0))

    async def the_other() -> bool:
        return list(stored(wereld, "bestanden").values()) == [contents[1]]

    await eventually(the_other)
    asked = await where(wereld, "boa-1", pad)
    assert (asked.headers["bijlage-staat"], asked.headers["upload-offset"]) == ("bezig", "0")
    assert told(capsys, "piece missing from the store") == [pad.rpartition("/")[2]]
    assert (await send_file(wereld, "boa-1", rows[0], contents[0])).headers["bijlage-staat"] == "compleet"


@pytest.mark.parametrize("since", ["untouched", "damaged"])
async def test_an_older_copy_of_the_database_finds_the_file_that_was_done(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch, since: str
) -> None:
    """It names pieces that are gone since. Broken: `put_together` (services/bijlagen/keuren.py) without its look at the
    whole
    (asked again for a file that was there), and without `found.afkeuring is None` (refused what it damaged itself)."""
    content = photo()
    row = manifest(content)
    async with nobody_looks(monkeypatch):
        pad = await begin(wereld, "boa-1", row)
        await patch(wereld, "boa-1", pad, 0, content)
        await select_update(database, "CREATE TABLE public.oud AS SELECT * FROM bedrijf.upload")
    assert (await where(wereld, "boa-1", pad)).headers["bijlage-staat"] == "compleet"
    assert stored(wereld, "blokken") == {}
    if since == "damaged":
        (name,) = stored(wereld, "bestanden")
        (wereld.http.app.state.settings.veldboek_home / "bijlagen/bestanden" / name).write_bytes(content[:-1])
    await select_update(
        database, "DELETE FROM bedrijf.upload; INSERT INTO bedrijf.upload TABLE public.oud; DROP TABLE public.oud"
    )
    asked = await where(wereld, "boa-1", pad)
    stands = (asked.headers["bijlage-staat"], int(asked.headers["upload-offset"]))
    assert stands == (("bezig", 0) if since == "damaged" else ("compleet", len(content)))
    if since == "damaged":
        await send_file(wereld, "boa-1", row, content)
    assert list(stored(wereld, "bestanden").values()) == [content]


async def test_who_comes_second_leaves_alone_what_the_first_did(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes finish one file: the pieces that the second misses are done with, not lost, also when the first
    refused the whole. Broken: `staat = 'bezig' AND blokken = $2` in `start_over` (services/bijlagen/uploads.py)."""
    contents = [photo(), b"geen foto"]
    o = wereld.http.app.state.proces.ontvanger
    for content, staat in zip(contents, ["compleet", "afgekeurd"], strict=True):
        row = manifest(content)
        async with nobody_looks(monkeypatch):
            pad = await begin(wereld, "boa-1", row)
            await patch(wereld, "boa-1", pad, 0, content)
            (seen,) = await binden._select(o, "ontvangen = grootte AND staat = 'bezig'")
        await finish(o, seen, nu=datetime.now(UTC))
        await finish(o, seen, nu=datetime.now(UTC))
        asked = await where(wereld, "boa-1", pad)
        assert (asked.headers["bijlage-staat"], asked.headers["upload-offset"]) == (staat, str(len(content)))


async def test_whoever_has_the_whole_is_right(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process misses a piece that another has read already: the file is there, so nobody is asked for it.

    Broken: `ontvangen = grootte` in `finish` (services/bijlagen/keuren.py): it was complete, and at byte 0."""
    content, o = photo(), wereld.http.app.state.proces.ontvanger
    async with nobody_looks(monkeypatch):
        pad = await begin(wereld, "boa-1", manifest(content))
        await patch(wereld, "boa-1", pad, 0, content)
        (seen,) = await binden._select(o, "ontvangen = grootte AND staat = 'bezig'")
    await start_over(o, seen)
    await finish(o, seen, nu=datetime.now(UTC))
    asked = await where(wereld, "boa-1", pad)
    assert (asked.headers["bijlage-staat"], asked.headers["upload-offset"]) == ("compleet", str(len(content)))


async def test_who_has_lost_his_role_may_still_deliver_and_a_person_decides(wereld: Wereld, database: Server) -> None:
    """Promise 4, for files. Broken: `delivers` refusing who is not `actief` (app/dependencies.py); `eigen=` in
    `reopen` (services/kluis/verzegelen.py: the desk could not take in what only the server books)."""
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    ended = {"inhoud": {"op": datetime.now(UTC).isoformat()}}
    await wereld.make("beheerder", f"/roltoewijzingen/{wereld.mensen['boa-1'].roltoewijzing}/beeindiging", ended)
    answer = await send_file(wereld, "boa-1", row, content)
    assert answer.headers["bijlage-staat"] == "compleet"

    async def on_the_desk() -> Any:
        found = (await wereld.get("regisseur-1", "/quarantaine")).json()["resultaten"]
        return [each for each in found if each["soort"] == "bijlage.ontvangen"]

    (receipt,) = await eventually(on_the_desk)
    assert receipt["code"] == "recht_ontbreekt"
    assert list(stored(wereld, "bestanden").values()) == [content]
    besluit = {"inhoud": {"besluit": "aanvaard", "reden": "hij deed nog dienst"}}
    await wereld.make("regisseur-1", f"/quarantaine/{receipt['id']}/beoordeling", besluit)
    doc = (await wereld.get("regisseur-1", f"/controles/{waar}")).json()
    assert [item["ontvangst"]["uitkomst"] for item in doc["bijlagen"]] == ["gebonden"]
    before = await dump(database)
    await rebuild(database)
    assert await dump(database) == before


async def test_what_nothing_speaks_of_is_forgotten_and_what_an_entry_names_never(wereld: Wereld) -> None:
    """Also when the entry is in quarantine. Broken: `AND NOT EXISTS` in `forget_orphans`
    (services/bijlagen/binden.py)."""
    contents = {name: photo() for name in ("orphan", "half", "named", "quarantined")}
    rows = {name: manifest(content) for name, content in contents.items()}
    for name in ("orphan", "named", "quarantined"):
        await send_file(wereld, "boa-1", rows[name], contents[name])
    pad = await begin(wereld, "boa-1", rows["half"])
    answer = await patch(wereld, "boa-1", pad, 0, contents["half"][:99])
    assert "upload-expires" in answer.headers
    elsewhere = melding(wereld, "boa-1", inhoud={"gemeente": "GM0233"}, bijlagen=[rows["quarantined"]])
    assert (await wereld.push("boa-1", elsewhere))[0]["status"] == "quarantined"
    unreadable = adding(wereld, "boa-1", uuid7(), rows["named"]) | {"versie": 99}
    assert (await wereld.push("boa-1", unreadable))[0]["code"] == "onbekende_soort"
    o, nu = wereld.http.app.state.proces.ontvanger, datetime.now(UTC)
    await binden.forget_orphans(o, nu=nu + timedelta(days=29))
    assert len(stored(wereld, "bestanden")) == 3
    await binden.forget_orphans(o, nu=nu + timedelta(days=31))
    assert sorted(stored(wereld, "bestanden").values()) == sorted([contents["named"], contents["quarantined"]])
    assert stored(wereld, "blokken") == {}
    assert (await where(wereld, "boa-1", pad)).status_code == 410
    assert (await announce(wereld, "boa-1", rows["half"])).status_code == 201


async def test_a_file_that_cannot_be_booked_does_not_hold_up_the_others(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Broken: the UPDATE in `do_each` (services/bijlagen/binden.py): with room for one in a round, the broken one was
    it; `upload=` in its log line."""
    waar, contents = await begun(wereld), [photo(fill=1), photo(fill=2)]
    rows = [manifest(content) for content in contents]
    other = rows[0] | {"mediatype": "image/png"}  # not what arrives, so it is to be set apart
    await accepted(wereld, "boa-1", *(adding(wereld, "boa-1", waar, row) for row in (other, rows[1])))
    monkeypatch.setattr(binden, "PER_KEER", 1)
    async with nobody_binds(monkeypatch):
        await send_file(wereld, "boa-1", rows[0], contents[0])
        (name,) = stored(wereld, "bestanden")
        (wereld.http.app.state.settings.veldboek_home / "bijlagen/bestanden" / name).unlink()
        await send_file(wereld, "boa-1", rows[1], contents[1])
    assert (await outcome(wereld, "boa-1", waar, rows[1]))["uitkomst"] == "gebonden"
    assert "ontvangst" not in await item(wereld, "boa-1", waar, rows[0])
    assert set(told(capsys, "file failed")) == {name}
