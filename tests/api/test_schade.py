"""Changes by a superuser: each is noticed, named in one sentence, and everything stops (ontwerp/grootboek.md).

Seen through what an operator and a phone have: `veldboek grootboek controleer`, a start, health, push and pull.
"""

import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import pytest

from app.access.geheimen import load_geheimen
from app.database import create_engine
from app.grootboek import nagaan
from app.grootboek.blad import SECTIES, seal
from app.postgres import Server
from app.services.beheer import leesproef
from app.services.beheer.nakijken import check_everything
from app.services.bewaken import controleren, schade
from app.services.bewaken.merkteken import mark_place
from app.services.boeken import boek
from tests.conftest import ORIGIN
from tests.hulp.lees import dump_lees
from tests.hulp.schade_proef import (
    KEEP,
    assert_stands_still,
    fill,
    forge_tail,
    health,
    keep_copy,
    put_back,
    settings_of,
    size_of,
    sql,
    start,
    typed,
    veldboek,
)
from tests.hulp.sync_proef import accepted, correctie, melding, select
from tests.hulp.wereld import Wereld

PAAR = "leaf and kluis row forged together"


def in_leaf(old: str, new: str) -> str:
    """Replace text in the leaf at {p}."""
    leaf = f"convert_to(replace(convert_from(leaf, 'UTF8'), '{old}', '{new}'), 'UTF8')"
    return f"UPDATE grootboek.entry SET leaf = {leaf} WHERE pos = {{p}}"  # noqa: S608  # our own words


class Ingreep(NamedTuple):
    """What a superuser does at position {p}, what must be named, and whether a start sees it."""

    sql: str
    naam: str
    start: bool = True


INGREPEN = {
    "leaf": Ingreep(in_leaf('"k":1', '"k":4'), "grootboek.entry, plaats {p}"),
    "key name": Ingreep(in_leaf('"t":null', '"t":"van een ander"'), "grootboek.entry, plaats {p}"),
    "commitment": Ingreep(in_leaf('"c":["', '"c":["A'), "grootboek.entry, plaats {p}"),
    "vault text": Ingreep(
        "UPDATE kluis.inhoud SET tekst = convert_to('{{\"tekst\":\"anders\"}}', 'UTF8') WHERE pos = {p}",
        "kluis.inhoud, plaats {p}, is de sectie tekst",
    ),
    "vault text removed": Ingreep(
        "UPDATE kluis.inhoud SET tekst = NULL, zouten = overlay(zouten PLACING decode(repeat('00', 32), 'hex')"
        " FROM 65 FOR 32) WHERE pos = {p}",
        "kluis.inhoud, plaats {p}, is de sectie tekst verdwenen",
    ),
    "salt": Ingreep("UPDATE kluis.inhoud SET zouten = set_byte(zouten, 5, 1) WHERE pos = {p}", "inhoud, plaats {p}"),
    "verdict": Ingreep(
        "UPDATE kluis.inhoud SET oordeel = convert_to(replace(convert_from(oordeel, 'UTF8'), 'accepted', 'conflict'),"
        " 'UTF8') WHERE pos = {p}",
        "kluis.inhoud, plaats {p}, is de sectie oordeel",
    ),
    "vault row gone": Ingreep("DELETE FROM kluis.inhoud WHERE pos = {p}", "kluis.inhoud, plaats {p}"),
    "entry gone": Ingreep("DELETE FROM grootboek.entry WHERE pos = {p}", "grootboek.entry, plaats {p}"),
    PAAR: Ingreep("", "grootboek.entry, plaats {p}"),
    "root": Ingreep("UPDATE grootboek.head SET root = sha256('x')", "grootboek.head is de root"),
    "frontier": Ingreep(
        "UPDATE grootboek.head SET frontier = overlay(frontier PLACING sha256('x') FROM 1 FOR 32)",
        "grootboek.head is de frontier",
    ),
    "size": Ingreep("UPDATE grootboek.head SET size = size + 1", "grootboek.head staat plaats {s1}"),
    "feed row": Ingreep("UPDATE lees.feed SET op = 'revoke' WHERE pos = {p}", "lees.feed is document", start=False),
    "read document": Ingreep(
        "UPDATE lees.signaal SET doc = jsonb_set(doc, '{{tekst}}', '\"anders\"')"
        " WHERE id = (SELECT id FROM lees.feed WHERE pos = {p} LIMIT 1)",
        "lees.signaal is document",
        start=False,
    ),
    "role": Ingreep(
        "UPDATE lees.roltoewijzing SET rol = 'regisseur' WHERE id = (SELECT id FROM lees.roltoewijzing"
        " WHERE rol = 'boa' LIMIT 1)",
        "lees.roltoewijzing is document",
        start=False,
    ),
}


async def forge_pair(database: Server, pos: int) -> None:
    """Another text under another leaf that fits it: only the tree does not."""
    connection = await asyncpg.connect(database.beheer_url)
    row = await connection.fetchrow("SELECT * FROM grootboek.entry JOIN kluis.inhoud USING (pos) WHERE pos = $1", pos)
    secties = {name: row[name] for name in SECTIES[:-1] if row[name] is not None}
    secties["tekst"] = b'{"tekst":"anders"}'
    forged = seal(ORIGIN, UUID(str(row["op"])), 1, None, None, None, secties, row["oordeel"])
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE grootboek.entry SET leaf = $2 WHERE pos = $1", pos, forged.leaf)
    await connection.execute(
        "UPDATE kluis.inhoud SET tekst = $2, zouten = $3 WHERE pos = $1", pos, secties["tekst"], forged.salts
    )
    await connection.close()


async def change(database: Server, naam: str, pos: int) -> str:
    """Do it; returns what has to be named."""
    size, ingreep = await size_of(database), INGREPEN[naam]
    if naam == PAAR:
        await forge_pair(database, pos)
    else:
        await sql(database, ingreep.sql.format(p=pos))
    return ingreep.naam.format(p=pos, s1=size + 1)


@pytest.mark.parametrize("naam", INGREPEN)
async def test_whatever_a_superuser_changes_is_named_and_stops_everything(
    wereld: Wereld, database: Server, tmp_path: Path, naam: str
) -> None:
    """Far from the head, where only the whole check looks. It goes on once the bytes are put back, and not before."""
    await fill(wereld)
    first, op = await size_of(database) - 29, melding(wereld, "boa-1")
    assert await start(database, tmp_path) is None
    good = await veldboek(database, tmp_path, "grootboek", "controleer")
    assert good.code == 0, good.tekst
    await keep_copy(database)
    named = await change(database, naam, first + 2)

    found = await veldboek(database, tmp_path, "grootboek", "controleer")
    assert found.code == 1
    sentence = found.tekst.strip().splitlines()[-1]
    assert named in sentence, sentence
    assert sentence.count(". ") == 0
    await assert_stands_still(wereld, op)
    for _ in range(2):  # a restart changes nothing
        await start(database, tmp_path)
        await assert_stands_still(wereld, op)
    sick = await health(wereld, 503)
    assert sick["type"] == "/problemen/grootboek-bevroren"
    assert named.split()[0].rstrip(",") in sick["detail"].split()[1]
    again = await veldboek(database, tmp_path, "grootboek", "controleer")
    assert again.code == 1

    if naam == "leaf":
        shell = await typed(database, tmp_path, "grootboek", "controleer")
        assert (shell.code, "Traceback" in shell.tekst) == (1, False)
        assert f"veldboek: {sentence}" in shell.tekst
    await put_back(database)
    await assert_stands_still(wereld, op)
    well = await veldboek(database, tmp_path, "grootboek", "controleer")
    assert (well.code, "er wordt weer geboekt" in well.tekst) == (0, True), well.tekst
    await accepted(wereld, "boa-1", op)
    assert (await health(wereld, 200))["status"] == "ok"


@pytest.mark.parametrize("naam", INGREPEN)
async def test_near_the_head_a_start_sees_it(wereld: Wereld, database: Server, tmp_path: Path, naam: str) -> None:
    """The newest entries and the head are held against the mark; what is derived only by the whole check."""
    await fill(wereld)
    assert await start(database, tmp_path) is None
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"))
    pos = await size_of(database) - KEEP + 2
    named = await change(database, naam, pos)
    found = await start(database, tmp_path)
    if not INGREPEN[naam].start:
        assert found is None
        return
    assert found is not None
    assert named in found.zin
    await assert_stands_still(wereld, melding(wereld, "boa-1"))


async def nothing(*_: Any) -> None:
    """What a part of the check does when it is taken out."""


BLIND: dict[str, tuple[Any, str, Any]] = {
    "vault text": (schade, "find_vault_fault", lambda *_: None),
    "vault text removed": (nagaan, "find_removed", lambda *_: None),
    PAAR: (controleren, "hold_against_head", nothing),
    "role": (leesproef, "compare_table", nothing),
}


@pytest.mark.parametrize("naam", BLIND)
async def test_without_the_part_that_looks_the_same_change_goes_unnoticed(
    wereld: Wereld, database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, naam: str
) -> None:
    """Negative control: what is found is found by that part, and by nothing that would complain anyway."""
    await fill(wereld)
    await change(database, naam, await size_of(database) - 5)
    await look(database, tmp_path, blind=False, lees=naam == "role")
    monkeypatch.setattr(*BLIND[naam])
    await look(database, tmp_path, blind=True, lees=naam == "role")


async def look(database: Server, home: Path, *, blind: bool, lees: bool) -> None:
    settings, engine = settings_of(database, home), create_engine(database.beheer_url, pool_size=1)
    try:
        with nullcontext() if blind else pytest.raises(schade.Schade):
            await check_everything(engine, mark_place(settings, load_geheimen(settings)), ORIGIN, lees=lees)
    finally:
        await engine.dispose()


async def test_a_pair_forged_down_to_what_was_answered_is_named_by_its_range(
    wereld: Wereld, database: Server, tmp_path: Path
) -> None:
    """The outcomes of operations are no evidence: without them the tree still says between which positions."""
    await fill(wereld)
    pos = await size_of(database) - 5
    await forge_pair(database, pos)
    await sql(database, "UPDATE bedrijf.sync_op s SET leaf_hash = e.leaf_hash FROM grootboek.entry e WHERE e.op = s.op")
    found = await veldboek(database, tmp_path, "grootboek", "controleer")
    assert found.code == 1
    told = re.search(r"In grootboek.entry is een van de bladen op plaats (\d+) tot en met (\d+) een ander", found.tekst)
    assert told, found.tekst
    assert int(told[1]) <= pos <= int(told[2])


async def test_forged_text_is_never_folded_by_a_correction(wereld: Wereld, database: Server) -> None:
    """Nobody ran a check: the correction reads the history of its document, and that is held against the leaves."""
    ops = await fill(wereld, 3)
    (before,) = await wereld_docs(wereld, ops[1])
    pos = await size_of(database) - 1
    await keep_copy(database)
    await change(database, "vault text", pos)
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": [correctie(wereld, "boa-1", ops[1])]}
    answer = await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1"))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problemen/grootboek-bevroren")
    await assert_stands_still(wereld, melding(wereld, "boa-1"))
    assert (await health(wereld, 503))["detail"].startswith(f"In kluis.inhoud, plaats {pos}")
    assert await wereld_docs(wereld, ops[1], database=database) == [before]


async def wereld_docs(wereld: Wereld, op: dict[str, Any], database: Server | None = None) -> list[Any]:
    """The signaal as it is folded; behind the API where that shows nothing any more."""
    ident = op["onderwerp"]["signaal"]
    if database is None:
        return [(await wereld.get("boa-1", f"/signalen/{ident}")).json()["tekst"]]
    query = "SELECT doc ->> 'tekst' AS tekst FROM lees.signaal WHERE id = :id"
    return [row.tekst for row in await select(database, query, id=ident)]


@pytest.mark.parametrize("naam", ["vault text", PAAR, "root"])
async def test_a_rebuild_stops_before_it_replaces_anything(
    wereld: Wereld, database: Server, tmp_path: Path, naam: str
) -> None:
    await fill(wereld)
    before = await dump_lees(database.beheer_url)
    named = await change(database, naam, await size_of(database) - 5)
    told = await veldboek(database, tmp_path, "herbouw")
    assert told.code == 1
    assert named in told.tekst
    assert await dump_lees(database.beheer_url) == before
    await assert_stands_still(wereld, melding(wereld, "boa-1"))


@pytest.mark.parametrize("naam", ["feed row", "read document", "role"])
async def test_a_rebuild_mends_what_is_derived(wereld: Wereld, database: Server, tmp_path: Path, naam: str) -> None:
    """And takes the alarm away, with a new epoch: phones fetch everything again."""
    await fill(wereld)
    good = await dump_lees(database.beheer_url)
    await change(database, naam, await size_of(database) - 5)
    assert (await veldboek(database, tmp_path, "grootboek", "controleer")).code == 1
    await assert_stands_still(wereld, melding(wereld, "boa-1"))
    told = await veldboek(database, tmp_path, "herbouw")
    assert (told.code, "Nieuw tijdperk" in told.tekst or naam == "role") == (0, True), told.tekst
    assert await dump_lees(database.beheer_url) == good
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"))


async def test_what_was_under_way_when_damage_was_found_is_not_booked(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at his rights and the booking. Broken once: `refuse_frozen` in `reload_actor`."""
    size, lock = await size_of(database), boek.lock_subjects
    found = "INSERT INTO bedrijf.alarm VALUES ('schade', 'lees.feed', 'In lees.feed is iets.', now(), now(), 1)"

    async def found_meanwhile(*given: Any) -> None:
        await sql(database, found)
        await lock(*given)

    monkeypatch.setattr(boek, "lock_subjects", found_meanwhile)
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": [melding(wereld, "boa-1")]}
    answer = await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1"))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problemen/grootboek-bevroren")
    assert await size_of(database) == size


@pytest.mark.parametrize("look", [True, False], ids=["seen by the watch", "seen by the booking"])
async def test_an_older_database_under_a_running_service_gives_no_position_out_twice(
    wereld: Wereld, database: Server, *, look: bool
) -> None:
    """A process remembers how far it was. Broken once each: `refuse_behind` in `_follow` and in `_carry_out`."""
    await fill(wereld, 5)
    await health(wereld, 200)
    size = await size_of(database)
    await forge_tail(database, size - 2)
    op = melding(wereld, "boa-1")
    if look:
        assert f"was al tot plaats {size}" in (await health(wereld, 503))["detail"]
    await assert_stands_still(wereld, op)
    assert await size_of(database) == size - 2
    assert f"was al tot plaats {size}" in (await health(wereld, 503))["detail"]


@pytest.mark.parametrize("naam", ["root", "frontier", "size"])
async def test_a_head_that_does_not_follow_is_seen_within_a_second(
    wereld: Wereld, database: Server, tmp_path: Path, naam: str
) -> None:
    """And the mark does not follow it: once the bytes are back, all goes on. Broken: the call of `_follow`."""
    await fill(wereld, 5)
    assert await start(database, tmp_path) is None
    await health(wereld, 200)
    await keep_copy(database)
    named = await change(database, naam, 0)
    assert named.split(" ")[0] in (await health(wereld, 503))["detail"]
    await put_back(database)
    assert (await veldboek(database, tmp_path, "grootboek", "controleer")).code == 0
    await health(wereld, 200)
    assert await start(database, tmp_path) is None


async def test_a_last_leaf_forged_under_a_head_that_fits_is_seen_within_a_second(
    wereld: Wereld, database: Server
) -> None:
    """Leaf, vault, root and frontier agree: only the tree of a second ago does not. Broken: `grow` in `_follow`."""
    await fill(wereld, 5)
    await health(wereld, 200)
    size = await size_of(database)
    await forge_pair(database, size)
    await forge_tail(database, size)  # takes nothing away: a head over the leaves as they are now
    assert (await health(wereld, 503))["detail"].startswith("In grootboek.")
    await assert_stands_still(wereld, melding(wereld, "boa-1"))


async def test_where_damage_was_found_a_role_that_is_gone_says_nothing(wereld: Wereld, database: Server) -> None:
    """The phone waits: it does not hear that its role is no more. Broken: the first `refuse_frozen` of load_actor."""
    alarm = "INSERT INTO bedrijf.alarm VALUES ('schade', 'lees.roltoewijzing', 'In lees is iets.', now(), now(), 1)"
    gone = f"DELETE FROM lees.roltoewijzing WHERE id = '{wereld.mensen['boa-1'].roltoewijzing}'"  # noqa: S608  # ours
    await sql(database, alarm, gone)
    await assert_stands_still(wereld, melding(wereld, "boa-1"))
    await sql(database, "DELETE FROM bedrijf.alarm")
    answer = await wereld.get("boa-1", "/signalen")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problemen/niet-aangemeld")


async def test_the_api_cannot_take_an_alarm_away(wereld: Wereld, database: Server) -> None:
    await fill(wereld, 1)
    connection = await asyncpg.connect(database.app_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DELETE FROM bedrijf.alarm")
    await connection.close()
