"""The salvage window: a revoked device that was found again may deliver, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.sync_proef import accepted, controle, head, melding, mensenhandel, oordeel, verdict
from tests.hulp.toestel_proef import bearer, make_accounthouder, problem, revoke, set_clock, shake
from tests.hulp.toestellen import open_window, over
from tests.hulp.wereld import Wereld

INGETROKKEN = (403, "toestel-ingetrokken")


async def test_what_a_found_device_delivers_is_kept_and_nothing_is_given(wereld: Wereld, database: Server) -> None:
    """All goes to quarantine, whatever it is; a repeat of what was booked before is still a duplicate.

    Broken: `and not berging` out of reload_actor; then the first is accepted.
    """
    houder = await make_accounthouder(wereld, "boa-1")
    signed_in = await houder.sign_in(houder.persona.toestel)
    known = melding(wereld, "boa-1")
    await accepted(wereld, "boa-1", known)
    held = [
        melding(wereld, "boa-1"),
        oordeel(wereld, "boa-1", uuid7()),
        *controle(wereld, "boa-1"),
        mensenhandel(wereld, "boa-1"),
    ]
    await revoke(wereld, houder.persona.toestel)
    assert problem(await shake(wereld, "boa-1")) == INGETROKKEN
    assert (await open_window(wereld)).status_code == 201
    before = await head(wereld)
    told = await shake(wereld, "boa-1", 6)
    assert told.status_code == 200
    assert told.json()["orders"] == [], "it delivers first; the order to erase comes with the refusal to read"
    results = await wereld.push("boa-1", known, *held)
    assert [verdict(result) for result in results] == [("duplicate", None)] + [("quarantined", "recht_ontbreekt")] * 5
    assert await head(wereld) == before + 5
    for pad in ("/sync/pull", "/ik", "/signalen", "/toestellen", "/toestelstanden"):
        refused = await wereld.get("boa-1", pad)
        assert problem(refused) == INGETROKKEN
        assert "opdracht" in refused.json()
    online = {"onderwerp": {"signaal": str(uuid7())}, "inhoud": {"bron": "overlastmelding", "gemeente": "GM0243"}}
    assert problem(await wereld.post("boa-1", "/signalen", online)) == INGETROKKEN
    assert (await houder.refresh(signed_in.json()["refresh_token"])).status_code == 200
    assert (await houder.sign_in(houder.persona.toestel)).status_code == 200, "its login may have run out meanwhile"
    seen = (await wereld.get("regisseur-1", "/quarantaine")).json()["resultaten"]
    assert len(seen) == 5
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


@pytest.mark.parametrize("how", ["time", "act"])
async def test_the_window_closes_by_time_or_by_act(wereld: Wereld, how: str) -> None:
    """Broken: `berging_tot <= nu` out of judge_device."""
    houder = await make_accounthouder(wereld, "boa-1")
    await revoke(wereld, houder.persona.toestel)
    assert (await open_window(wereld)).status_code == 201
    if how == "time":
        signed_in = await houder.sign_in(houder.persona.toestel)
        set_clock(wereld, datetime.now(UTC) + timedelta(hours=4, seconds=1))
        refreshed = await houder.refresh(signed_in.json()["refresh_token"])
        assert problem(refreshed) == INGETROKKEN
        assert problem(await houder.sign_in(houder.persona.toestel)) == INGETROKKEN
        return
    assert (await shake(wereld, "boa-1")).status_code == 200
    await wereld.make("beheerder", f"/toestellen/{houder.persona.toestel}/berging/sluiting", {"inhoud": {}})
    assert problem(await shake(wereld, "boa-1")) == INGETROKKEN
    body = {"batchId": "x", "verzondenOp": "2026-08-19T23:10:00Z", "ops": [melding(wereld, "boa-1")]}
    pushed = await wereld.http.post("/sync/push", json=body, headers=wereld.headers("boa-1"))
    assert problem(pushed) == INGETROKKEN


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        ("beheerder", (409, "regel-geschonden")),  # who revoked it
        ("boa-1", (403, "toestel-ingetrokken")),
        ("boa-2", (403, "geen-recht")),
        ("burgemeester-1", (403, "geen-recht")),
        ("regisseur-1", (201, "")),
        ("beheerder-2", (201, "")),
    ],
)
async def test_a_second_person_opens_it(wereld: Wereld, door: str, expected: tuple[int, str]) -> None:
    await revoke(wereld, wereld.mensen["boa-1"].toestel)
    assert problem(await open_window(wereld, door)) == expected


async def test_a_live_device_needs_none_and_a_week_is_the_longest(wereld: Wereld) -> None:
    assert problem(await open_window(wereld)) == (409, "regel-geschonden")
    await revoke(wereld, wereld.mensen["boa-1"].toestel)
    for tot in (over(seconds=-1), over(days=7, minutes=1)):
        assert problem(await open_window(wereld, tot=tot)) == (409, "regel-geschonden")
    assert problem(await open_window(wereld, tot=over(days=6))) == (201, "")


async def test_a_window_is_for_the_device_and_not_for_the_person(wereld: Wereld) -> None:
    houder = await make_accounthouder(wereld, "boa-1")
    await revoke(wereld, houder.persona.toestel)
    assert (await open_window(wereld)).status_code == 201
    without = bearer(await houder.sign_in())
    assert (await wereld.http.get("/signalen", headers=without)).status_code == 200
