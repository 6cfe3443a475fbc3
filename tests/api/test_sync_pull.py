"""What a device pulls: all that it may see, each once, and nothing it may not (ontwerp/sync.md, promises 3 and 5)."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.services.sync.cursors import Cursor
from tests.hulp.replica import page, zegel
from tests.hulp.sync_proef import accepted, controle, correctie, doorhaling, melding, second_device
from tests.hulp.wereld import Wereld


def keys(changes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(change["collectie"], change["id"]) for change in changes]


async def test_every_page_size_yields_the_same_whole(wereld: Wereld) -> None:
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start, *(melding(wereld, "boa-1") for _ in range(7)))
    for wie in ("boa-1", "regisseur-1"):
        whole = (await page(wereld, wie))["wijzigingen"]
        assert len(whole) > 20
        assert [change["pos"] for change in whole] == sorted(change["pos"] for change in whole)
        for limit in (1, 2, 3, 5, 1000):
            found, _ = await wereld.pull(wie, limit=limit)
            assert (found, len(set(keys(found)))) == (whole, len(found))


async def test_a_page_never_splits_a_position(wereld: Wereld) -> None:
    """A start writes a controle and an attendering at one position."""
    _, cursor = await wereld.pull("regisseur-1")
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start)
    places = await page(wereld, "regisseur-1", cursor, limit=1)
    assert keys(places["wijzigingen"]) == [("locaties", locatie["onderwerp"]["locatie"])]
    rest = await page(wereld, "regisseur-1", places["cursor"], limit=1)
    assert [name for name, _ in keys(rest["wijzigingen"])] == ["attenderingen", "controles"]


async def test_no_row_is_skipped_while_many_write(wereld: Wereld) -> None:
    """Four devices push while another pulls small pages: the union is what it may see in the end."""
    writers = ["boa-1", "pct-1", "regisseur-1", await second_device(wereld, "boa-1")]
    seen, cursor = await wereld.pull("boa-2")
    done = asyncio.Event()

    async def write(wie: str) -> None:
        for size in (1, 9, 2, 7, 3):
            await accepted(wereld, wie, *(melding(wereld, wie) for _ in range(size)))

    async def read() -> int:
        nonlocal cursor
        pages = 0
        while True:
            last = done.is_set()
            answer = await page(wereld, "boa-2", cursor, limit=3)
            seen.extend(answer["wijzigingen"])
            pages, cursor = pages + 1, answer["cursor"]
            if last and not answer["meer"]:
                return pages

    reader = asyncio.create_task(read())
    await asyncio.gather(*map(write, writers))
    done.set()
    assert await reader > 10
    assert sum(change["collectie"] == "signalen" for change in seen) == 4 * 22
    assert sorted(keys(seen)) == sorted(keys((await page(wereld, "boa-2", limit=1000))["wijzigingen"]))


async def test_a_struck_document_is_revoked_without_its_content(wereld: Wereld) -> None:
    op = melding(wereld, "boa-1", inhoud={"tekst": "onjuist"})
    await accepted(wereld, "boa-1", op)
    _, cursor = await wereld.pull("boa-2")
    (result,) = await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", op, "signaal"))
    changes, _ = await wereld.pull("boa-2", cursor)
    gone = {"pos": result["pos"], "collectie": "signalen", "id": op["onderwerp"]["signaal"], "op": "revoke"}
    assert changes == [gone]


async def test_whoever_no_longer_takes_part_loses_the_controle(wereld: Wereld) -> None:
    locatie, _ = controle(wereld, "pct-1")
    here = {"controle": uuid7(), "locatie": locatie["onderwerp"]["locatie"]}
    team = [
        {
            "functionaris": str(wereld.mensen[wie].functionaris),
            "organisatie": str(wereld.organisaties[of]),
            "taak": taak,
        }
        for wie, of, taak in (("pct-1", "pct-oost", "coordineert"), ("boa-2", "harderwijk", "ondersteunt"))
    ]
    plan = {
        "venster": {"van": "2026-08-20T18:00:00Z", "tot": "2026-08-20T22:00:00Z"},
        "aanleidingen": [{"soort": "thema"}],
        "initiatief": str(wereld.organisaties["pct-oost"]),
        "coordinator": team[0]["functionaris"],
        "deelnemers": team,
        "hoedanigheid": "toezicht",
    }
    gepland = wereld.op("pct-1", "controle.gepland", here, plan)
    await accepted(wereld, "pct-1", locatie, gepland)
    changes, cursor = await wereld.pull("boa-2")
    assert [c["op"] for c in changes if c["id"] == str(here["controle"]) and c["collectie"] == "controles"] == [
        "upsert"
    ]
    await accepted(wereld, "pct-1", correctie(wereld, "pct-1", gepland, deelnemers=team[:1]))
    (revoked,) = (await wereld.pull("boa-2", cursor))[0]
    assert (revoked["op"], revoked["id"], "doc" in revoked) == ("revoke", str(here["controle"]), False)
    assert ("controles", str(here["controle"])) in keys((await wereld.pull("pct-1"))[0])
    still = [change for change in (await wereld.pull("boa-2"))[0] if change["op"] == "upsert"]
    assert ("controles", str(here["controle"])) not in keys(still)


TRIAGE = ["advertentie", "triagetekst"]


async def test_masked_fields_are_named_but_not_sent(wereld: Wereld) -> None:
    """Those that a role never sees, whether they are there or not: the list tells nothing of the document."""
    inhoud = {"bron": "advertentie", "advertentie": {"site": "site", "kenmerk": "1"}}
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", inhoud=inhoud))
    for wie, masked in (("boa-1", TRIAGE), ("boa-2", TRIAGE), ("pct-1", []), ("regisseur-1", [])):
        ((change,), _) = await wereld.pull(wie, collecties="signalen")
        assert change["gemaskeerd"] == masked, wie
        assert ("advertentie" in change["doc"]) is (masked == []), wie
        assert not [name for name in change["doc"] if name.startswith("_")]


async def test_a_cursor_of_some_collections_is_not_one_of_all(wereld: Wereld) -> None:
    """It would skip what came before in the others."""
    await accepted(wereld, "boa-1", *controle(wereld, "boa-1"), melding(wereld, "boa-1"))
    changes, cursor = await wereld.pull("boa-1", collecties="signalen,controles")
    assert {name for name, _ in keys(changes)} == {"signalen", "controles"}
    assert (await wereld.pull("boa-1", cursor, collecties="controles,signalen"))[0] == []
    for other in ({}, {"collecties": "signalen"}, {"collecties": "locaties"}):
        assert (await wereld.get("boa-1", "/sync/pull", cursor=cursor, **other)).status_code == 410
    assert (await wereld.get("boa-1", "/sync/pull", collecties="signalen,dromen")).status_code == 400


async def test_a_cursor_of_another_epoch_is_409(wereld: Wereld) -> None:
    _, cursor = await wereld.pull("boa-1")
    ours = Cursor.read(cursor, zegel(wereld))
    other = replace(ours, epoch="anders").spell(zegel(wereld))
    answer = await wereld.get("boa-1", "/sync/pull", cursor=other)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problemen/epoch-gewijzigd")
    assert answer.json()["epoch"] == ours.epoch


JUNK = ["x", "%00", "{}", "W10", "bnVsbA", "WyJhIiwxXQ", "WzEsMiwzXQ", "eyJhIjoxLCJiIjoyLCJjIjozfQ", "é🚪", "A" * 201]


async def test_what_is_no_cursor_is_400_and_what_we_did_not_seal_is_410(wereld: Wereld) -> None:
    """Broken once: the comparison of the seal in `Cursor.read`."""
    for cursor in JUNK:
        answer = await wereld.get("boa-1", "/sync/pull", cursor=cursor)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problemen/ongeldig-verzoek"), cursor
    ours = Cursor.read((await wereld.pull("boa-1"))[1], zegel(wereld))
    for forged in (ours, replace(ours, pos=0), replace(ours, pos=-1), replace(ours, epoch="x")):
        answer = await wereld.get("boa-1", "/sync/pull", cursor=forged.spell(b"another secret"))
        assert (answer.status_code, answer.json()["type"]) == (410, "/problemen/cursor-verlopen"), forged


async def test_unchanged_is_304_and_changed_is_not(wereld: Wereld) -> None:
    first = await wereld.get("boa-1", "/sync/pull")
    known = {"If-None-Match": first.headers["ETag"]}
    same = await wereld.get("boa-1", "/sync/pull", headers=known)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (await wereld.get("boa-2", "/sync/pull", headers=known)).status_code == 200
    assert (await wereld.get("boa-1", "/sync/pull", headers=known, limit=7)).status_code == 200
    await accepted(wereld, "boa-2", melding(wereld, "boa-2"))
    assert (await wereld.get("boa-1", "/sync/pull", headers=known)).status_code == 200


@pytest.mark.parametrize("limit", [0, 1001, "veel"])
async def test_a_page_size_outside_the_bounds_is_400(wereld: Wereld, limit: Any) -> None:
    assert (await wereld.get("boa-1", "/sync/pull", limit=limit)).status_code == 400
