"""The device: what it delivered, whose it is, what its clock says, and when it may no longer speak."""

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.hulp.sync_proef import accepted, correctie, counted, handshake, head, melding, oordeel, verdict
from tests.hulp.wereld import Wereld


async def ack(wereld: Wereld, wie: str) -> tuple[int, list[int]]:
    """What handshake and pull say was delivered; they agree."""
    told = (await handshake(wereld, wie))["deviceAck"]
    assert (await wereld.get(wie, "/sync/pull")).json()["deviceAck"] == told
    return told["contiguousThrough"], told["missing"]


async def test_the_server_knows_what_is_missing(wereld: Wereld) -> None:
    assert await ack(wereld, "boa-1") == (0, [])
    ops = [melding(wereld, "boa-1") for _ in range(7)]
    await accepted(wereld, "boa-1", ops[0], ops[3])
    assert await ack(wereld, "boa-1") == (1, [2, 3])
    await accepted(wereld, "boa-1", ops[6], melding(wereld, "boa-1", deviceSeq=None))
    assert await ack(wereld, "boa-1") == (1, [2, 3, 5, 6])
    assert await ack(wereld, "boa-2") == (0, [])
    await accepted(wereld, "boa-1", ops[1], ops[2])
    assert await ack(wereld, "boa-1") == (4, [5, 6])
    await accepted(wereld, "boa-1", *ops[4:6])
    assert await ack(wereld, "boa-1") == (7, [])


async def test_everything_but_deferred_counts_as_delivered(wereld: Wereld) -> None:
    first = melding(wereld, "boa-1")
    ops = [
        first,
        melding(wereld, "boa-1") | {"inhoud": {}},
        melding(wereld, "boa-1", inhoud={"tekst": "x" * 140_000}),
        first | {"deviceSeq": 4},
        oordeel(wereld, "boa-1", uuid7(), deviceSeq=5),
    ]
    results = await wereld.push("boa-1", *ops)
    assert [r["status"] for r in results] == ["accepted", "quarantined", "rejected", "duplicate", "deferred"]
    assert await ack(wereld, "boa-1") == (4, [])


async def test_a_revoked_device_is_refused_at_its_next_request(wereld: Wereld) -> None:
    before, toestel = await head(wereld), wereld.mensen["boa-1"].toestel
    await accepted(wereld, "boa-1", melding(wereld, "boa-1"))
    await wereld.make("beheerder", f"/toestellen/{toestel}/intrekking", {"inhoud": {"reden": "verloren"}})
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": [melding(wereld, "boa-1")]}
    pushed = await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1"))
    for answer in (pushed, await wereld.get("boa-1", "/sync/pull"), await wereld.get("boa-1", "/signalen")):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problemen/toestel-ingetrokken")
    assert await head(wereld) == before + 2


async def test_whose_role_ended_may_deliver_but_not_read(wereld: Wereld) -> None:
    op, rol = melding(wereld, "boa-1"), wereld.mensen["boa-1"].roltoewijzing
    einde = {"inhoud": {"op": "2026-08-20T00:00:00+02:00"}}
    await wereld.make("beheerder", f"/roltoewijzingen/{rol}/beeindiging", einde)
    assert (await wereld.pull("boa-1"))[0] == []
    answer = await wereld.get("boa-1", "/signalen")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problemen/geen-recht")
    before = await head(wereld)
    assert verdict((await wereld.push("boa-1", op))[0]) == ("quarantined", "recht_ontbreekt")
    assert (await handshake(wereld, "boa-1"))["deviceAck"]["contiguousThrough"] == 1
    assert await head(wereld) == before + 1
    assert (await wereld.get("regisseur-1", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 404
    found = (await wereld.get("regisseur-1", "/quarantaine")).json()["resultaten"]
    assert [receipt["code"] for receipt in found] == ["recht_ontbreekt"]


@pytest.mark.parametrize(("sent", "flags"), [("2026-08-19T23:10:00+02:00", ["klok_verdacht"]), (None, [])])
async def test_a_clock_that_is_off_is_told(wereld: Wereld, sent: str | None, flags: list[str]) -> None:
    op = melding(wereld, "boa-1")
    results = await wereld.push("boa-1", op, verzonden_op=sent)
    assert (verdict(results[0]), results[0]["vlaggen"]) == (("accepted", None), flags)
    assert await counted(wereld) == {"overlastmelding": 1}


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00+01:00", "2099-08-19T23:10:00+02:00", "0001-01-01T00:00:00Z"])
async def test_an_impossible_date_does_not_count_until_it_is_corrected(wereld: Wereld, moment: str) -> None:
    op = melding(wereld, "boa-1", waargenomenOp=moment)
    (result,) = await accepted(wereld, "boa-1", op)
    assert result["vlaggen"] == ["datum_onwaarschijnlijk"]
    assert (await wereld.get("boa-1", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 200
    assert await counted(wereld) == {}
    right: Any = correctie(wereld, "boa-1", op) | {"waargenomenOp": "2026-08-19T23:10:00+02:00"}
    await accepted(wereld, "boa-1", right)
    assert await counted(wereld) == {"overlastmelding": 1}


async def test_the_handshake_says_what_is_spoken_here(wereld: Wereld) -> None:
    told = await handshake(wereld, "boa-1")
    assert (told["protocol"], told["limits"]["maxOps"], told["limits"]["maxBytes"]) == (1, 100, 2_097_152)
    assert (told["soorten"]["persoon.aangetroffen"], told["orders"]) == ([1, 2], [])
    assert abs(told["clockOffsetMs"]) < 60_000
    old = {"protocollen": [0], "appVersie": "oud", "toestelTijd": "2026-08-19T23:10:00Z"}
    answer = await wereld.http.post("/sync/handshake", json=old, headers=wereld.headers("boa-1"))
    assert (answer.status_code, answer.json()["protocollen"]) == (426, [1])
