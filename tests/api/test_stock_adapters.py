"""What the adapters for RxDB and WatermelonDB answer, apart from what the clients make of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from uuid_utils.compat import uuid7

from app.dependencies import get_now
from app.postgres import Server
from tests.hulp.replica import ROLLEN, grant
from tests.hulp.sync_proef import accepted, controle, head, melding, oordeel, select
from tests.hulp.wereld import Wereld

NU = "verzondenOp=2026-08-19T21:12:00Z"
RXDB, WATERMELON = f"/sync/rxdb/registraties/push?{NU}", f"/sync/watermelon/push?{NU}"


async def post(wereld: Wereld, wie: str, pad: str, body: bytes) -> Response:
    given = {"Content-Type": "application/json"} | wereld.headers(wie)
    return await wereld.http.post(pad, content=body, headers=given)


def document(op: dict[str, Any]) -> dict[str, Any]:
    return {"id": op["opId"], "_deleted": False} | {n: v for n, v in op.items() if n not in {"opId", "deviceSeq"}}


def rows(*ops: dict[str, Any]) -> bytes:
    return json.dumps([{"newDocumentState": document(op)} for op in ops]).encode()


async def pages(wereld: Wereld, wie: str, naam: str, limit: int, cursor: str = "") -> tuple[list[Any], str]:
    """All pages as RxDB takes them: until one is shorter than it asked for."""
    found: list[Any] = []
    while True:
        answer = await wereld.get(wie, f"/sync/rxdb/{naam}/pull", limit=limit, cursor=cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["documents"]
        if not page["documents"]:  # RxDB keeps no checkpoint of an empty page
            return found, cursor
        cursor = page["checkpoint"]["cursor"]
        assert list(page["checkpoint"]) == ["cursor"]
        if len(page["documents"]) < limit:
            return found, cursor


async def test_rxdb_gets_everything_however_small_its_pages(wereld: Wereld) -> None:
    """A short page ends its pull; two scopes that open one document make one. Broken: `gather` after one page."""
    for _ in range(3):
        await accepted(wereld, "boa-1", *controle(wereld, "boa-1"), *(melding(wereld, "boa-1") for _ in range(4)))
    for naam, wanted in (("signalen", 12), ("controles", 3), ("naslag", 14)):
        whole, _ = await pages(wereld, "boa-1", naam, 1000)
        assert len(whole) >= wanted
        for limit in (1, 2, 5):
            found, _ = await pages(wereld, "boa-1", naam, limit)
            assert sorted(map(repr, found)) == sorted(map(repr, whole)), (naam, limit)


async def test_rxdb_skips_over_what_it_may_not_see(wereld: Wereld) -> None:
    """Fifty changes elsewhere lie between two of ours; one page of one document crosses them."""
    _, cursor = await pages(wereld, "boa-1", "signalen", 1)
    await accepted(
        wereld, "boa-ermelo", *(melding(wereld, "boa-ermelo", inhoud={"gemeente": "GM0233"}) for _ in range(50))
    )
    op = melding(wereld, "boa-2")
    await accepted(wereld, "boa-2", op)
    found, _ = await pages(wereld, "boa-1", "signalen", 1, cursor)
    assert [each["id"] for each in found] == [op["onderwerp"]["signaal"]]


async def test_a_role_that_ended_leaves_tombstones_only_and_may_still_deliver(wereld: Wereld, database: Server) -> None:
    """Broken to see it fail: `ended=True` of the two pulls (403: everything stayed on the device)."""
    wereld.mensen["boa-1"].roltoewijzing = await grant(wereld, "boa-1", *ROLLEN["boa"])
    op = melding(wereld, "boa-2", inhoud={"tekst": "geheim"})
    await accepted(wereld, "boa-2", op)
    found, cursor = await pages(wereld, "boa-1", "signalen", 100)
    assert len(found) == 1
    held = (await wereld.get("boa-1", "/sync/watermelon/pull")).json()
    ended = {"inhoud": {"op": "2026-01-01T00:00:00Z"}}
    await wereld.make("beheerder", f"/roltoewijzingen/{wereld.mensen['boa-1'].roltoewijzing}/beeindiging", ended)
    assert (await pages(wereld, "boa-1", "signalen", 100, cursor))[0] == [{"id": found[0]["id"], "_deleted": True}]
    left = (await wereld.get("boa-1", "/sync/watermelon/pull", cursor=held["cursor"])).json()["changes"]
    assert found[0]["id"] in left["signalen"]["deleted"]
    assert not any(table["updated"] for table in left.values())
    late = melding(wereld, "boa-1")
    assert (await post(wereld, "boa-1", RXDB, rows(late))).json() == []
    kept = await select(database, "SELECT code FROM bedrijf.sync_op WHERE op = :op", op=late["opId"])
    assert kept == [("recht_ontbreekt",)]


async def test_the_number_of_watermelon_grows_and_its_cursor_means_the_same(wereld: Wereld) -> None:
    """Broken to see it fail: `timestamp` as the size of the ledger (two answers under one number)."""
    last, cursor, numbers = 0, "", []
    for _ in range(3):
        answer = (await wereld.get("boa-1", "/sync/watermelon/pull", lastPulledAt=last, cursor=cursor)).json()
        assert ("experimentalStrategy" in answer) is (cursor == "")
        last, cursor = answer["timestamp"], answer["cursor"]
        numbers.append(last)
    assert numbers == sorted(set(numbers))
    assert numbers[0] > 0
    assert not any(table["updated"] for table in answer["changes"].values())


async def test_a_cursor_of_other_collections_makes_watermelon_start_again_whole(wereld: Wereld) -> None:
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"))
    some = (await wereld.get("boa-1", "/sync/watermelon/pull", collecties="signalen")).json()
    assert set(some["changes"]) == {"signalen", "registraties"}
    answer = (await wereld.get("boa-1", "/sync/watermelon/pull", cursor=some["cursor"])).json()
    assert answer["experimentalStrategy"] == {"default": "replacement", "override": {"registraties": "incremental"}}
    assert len(answer["changes"]["signalen"]["updated"]) == 1
    rxdb = await wereld.get("boa-1", "/sync/rxdb/signalen/pull", cursor=answer["cursor"])
    assert (rxdb.status_code, rxdb.json()["type"]) == (410, "/problemen/cursor-verlopen")


WRONG = {
    "no list": (RXDB, b"{}"),
    "no JSON": (RXDB, b"[{]"),
    "something after the list": (RXDB, b'[],"ops":[1]'),
    "a member beside the list": (RXDB, b'[],"x":1'),
    "no set of changes": (WATERMELON, b"[]"),
    "a table that is no set": (WATERMELON, b'{"registraties":[]}'),
    "a kind of change that there is not": (WATERMELON, b'{"registraties":{"moved":[]}}'),
    "a table twice": (WATERMELON, b'{"registraties":{},"registraties":{}}'),
    "a row that is no JSON": (WATERMELON, b'{"registraties":{"created":[{]}}'),
    "no clock": (RXDB.partition("?")[0], b"[]"),
    "a clock without a zone": (RXDB.partition("?")[0] + "?verzondenOp=2026-08-19T21:12:00", b"[]"),
}


@pytest.mark.parametrize(("pad", "body"), WRONG.values(), ids=WRONG)
async def test_what_is_no_push_is_400_and_books_nothing(wereld: Wereld, pad: str, body: bytes) -> None:
    before = await head(wereld)
    answer = await post(wereld, "boa-1", pad, body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problemen/ongeldig-verzoek")
    assert await head(wereld) == before


async def test_odd_rows_are_kept_whole_and_answered_as_taken(wereld: Wereld) -> None:
    """Nothing that a client sends in a well-formed push is refused: not a row that is no row, nor an odd id."""
    before = await head(wereld)
    odd = [
        7,
        None,
        "x",
        [],
        {},
        {"newDocumentState": 3},
        {"newDocumentState": {"id": 5}},
        {"newDocumentState": {"id": "x"}},
    ]
    assert (await post(wereld, "boa-1", RXDB, json.dumps(odd).encode())).json() == []
    deep = (
        b'[{"newDocumentState":{"id":"' + str(uuid4()).encode() + b'","inhoud":' + b"[" * 9_000 + b"]" * 9_000 + b"}}]"
    )
    assert (await post(wereld, "boa-1", RXDB, deep)).json() == []
    tables = {"registraties": {"created": [7, None, {"id": 5}], "deleted": [9, "x"]}, "\ud83d": {"updated": [1.5, {}]}}
    answer = (await post(wereld, "boa-1", WATERMELON, json.dumps(tables).encode())).json()
    assert answer == {"experimentalRejectedIds": {"registraties": []}, "geweigerd": {}, "opnieuw": True}
    assert await head(wereld) == before + 12  # of sixteen: four say the same as another


async def test_too_many_rows_are_413_and_the_client_halves(wereld: Wereld) -> None:
    before = await head(wereld)
    answer = await post(wereld, "boa-1", RXDB, rows(*(melding(wereld, "boa-1") for _ in range(101))))
    assert (answer.status_code, answer.json()["type"]) == (413, "/problemen/te-groot")
    assert await head(wereld) == before
    large = b'[{"newDocumentState":{"id":"x","tekst":"\\ud83d' + b"x" * 140_000 + b'"}},{"newDocumentState":{}}]'
    assert (await post(wereld, "boa-1", RXDB, large)).status_code == 413
    assert await head(wereld) == before


async def test_what_waits_comes_back_as_it_is_and_holds_up_nothing(wereld: Wereld) -> None:
    """It is sent again as something else, and accepted loses its mark. Broken: DEFERRED out of `as_it_is`."""
    signaal = melding(wereld, "boa-2")
    early, beside = oordeel(wereld, "boa-1", signaal["onderwerp"]["signaal"]), melding(wereld, "boa-1")
    answer = await post(wereld, "boa-1", f"{RXDB}&wacht=true", rows(early, beside))
    waits = document(early) | {"syncStatus": "deferred", "syncCode": "voorganger_ontbreekt"}
    assert (answer.status_code, answer.json()) == (200, [waits])
    await accepted(wereld, "boa-2", signaal)
    body = json.dumps([{"newDocumentState": waits | {"syncStatus": "opnieuw"}}]).encode()
    answer = await post(wereld, "boa-1", f"{RXDB}&wacht=true", body)
    assert (answer.status_code, answer.json()) == (200, [document(early)])


async def test_a_handler_of_before_is_held_up_for_ten_minutes(wereld: Wereld) -> None:
    """What stands behind a batch that fails is not sent, so a person decides. Broken: `KORT` of a week."""
    begin, early = datetime.now(UTC), oordeel(wereld, "boa-1", uuid7())
    overrides = wereld.http.app.dependency_overrides
    for minutes, status in ((0, 503), (9, 503), (10, 200)):
        now = begin + timedelta(minutes=minutes)
        overrides[get_now] = lambda now=now: now
        headers = {"Content-Type": "application/json"} | wereld.headers("boa-1", nu=now)
        answer = await wereld.http.post(RXDB, content=rows(early), headers=headers)
        del overrides[get_now]
        assert answer.status_code == status, minutes
    (receipt,) = (await wereld.pull("boa-1", collecties="ontvangsten"))[0]
    assert (receipt["id"], receipt["doc"]["code"]) == (early["opId"], "onderwerp_onbekend")


async def test_the_clock_of_a_stock_client_is_judged_too(wereld: Wereld, database: Server) -> None:
    """Broken to see it fail: `verzonden_op=nu` in the router."""
    op = melding(wereld, "boa-1")
    assert (await post(wereld, "boa-1", RXDB, rows(op))).json() == []
    query = "SELECT oordeel FROM kluis.inhoud JOIN bedrijf.sync_op USING (pos) WHERE op = :op"
    ((sealed,),) = await select(database, query, op=op["opId"])
    assert json.loads(sealed)["vlaggen"] == ["klok_verdacht"]


@pytest.mark.parametrize(
    ("pad", "status"),
    [
        ("/sync/rxdb/dromen/pull", 404),
        ("/sync/rxdb/registraties/pull", 404),
        ("/sync/rxdb/signalen/pull?cursor=x", 400),
        ("/sync/rxdb/signalen/pull?limit=0", 400),
        ("/sync/watermelon/pull?cursor=x", 400),
        ("/sync/watermelon/pull?collecties=dromen", 400),
        ("/sync/watermelon/pull?lastPulledAt=-1", 400),
        ("/sync/watermelon/pull?lastPulledAt=9007199254740993", 400),
    ],
)
async def test_what_is_not_there_to_pull(wereld: Wereld, pad: str, status: int) -> None:
    answer = await wereld.http.get(pad, headers=wereld.headers("boa-1"))
    assert answer.status_code == status
