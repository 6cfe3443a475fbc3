"""A moment that is none, through every door: what a phone recorded is kept, the desk hears which field it is."""

from typing import Any
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from tests.hulp.sync_proef import accepted, head, melding, verdict
from tests.hulp.wereld import Wereld

SEEMING = ["20260819", "2026-08-19 23:10:00+02:00", "2026-08-19T23:10+02:00", "9999-12-31T23:59:59-05:00", 20260819]


@pytest.mark.parametrize("moment", SEEMING)
@pytest.mark.parametrize("veld", ["waargenomenOp", "vastgelegdOp"])
async def test_what_a_phone_recorded_is_kept_whatever_its_clock_wrote(wereld: Wereld, veld: str, moment: Any) -> None:
    """Broken: `AwareDatetime` in `Envelop`: booked, and observed in 1970."""
    wrong, good = melding(wereld, "boa-1", **{veld: moment}), melding(wereld, "boa-1")
    results = await wereld.push("boa-1", wrong, good)
    assert [verdict(result) for result in results] == [("quarantined", "schema_ongeldig"), ("accepted", None)]
    kept = await wereld.get("regisseur-1", "/quarantaine")
    assert wrong["opId"] in kept.text


async def test_what_the_phone_of_release_0_1_0_writes_is_booked(wereld: Wereld) -> None:
    """It writes Python's `isoformat()`, with and without microseconds, in UTC and in the officer's own zone."""
    spellings = ("2026-08-19T21:10:00.123456+00:00", "2026-08-19T21:10:00+00:00", "2026-08-19T23:10:00+02:00")
    await accepted(wereld, "boa-1", *(melding(wereld, "boa-1", waargenomenOp=s, vastgelegdOp=s) for s in spellings))
    await wereld.push("boa-1", melding(wereld, "boa-1"), verzonden_op=spellings[0])


@pytest.mark.parametrize("moment", SEEMING)
async def test_at_the_desk_the_field_is_named(wereld: Wereld, moment: Any) -> None:
    """Broken: `AwareDatetime` in `body_model`: 201, and 500 for the year 10000."""
    before = await head(wereld)
    body = {
        "onderwerp": {"signaal": str(uuid7())},
        "inhoud": {"bron": "overlastmelding", "gemeente": "GM0243"},
        "waargenomenOp": moment,
    }
    answer = await wereld.post("boa-1", "/signalen", body)
    assert answer.status_code == 400, answer.text
    assert [fout["veld"] for fout in answer.json()["fouten"]] == ["waargenomenOp"]
    assert str(moment) not in answer.text
    assert await head(wereld) == before


@pytest.mark.parametrize("moment", SEEMING)
async def test_the_clock_that_comes_with_a_request_is_read_as_strictly(wereld: Wereld, moment: Any) -> None:
    """Broken: `_MOMENT` of pydantic in `read_batch`; `AwareDatetime` in `VerzondenOp`, and in `HandshakeIn`."""
    before, kop = await head(wereld), wereld.headers("boa-1")
    batch = {"batchId": str(uuid4()), "verzondenOp": moment, "ops": [melding(wereld, "boa-1")]}
    hello = {"protocollen": [1], "appVersie": "proef", "toestelTijd": moment}
    for pad, body in (
        ("/sync/push", batch),
        ("/sync/handshake", hello),
        ("/sync/rxdb/registraties/push", []),
        ("/sync/watermelon/push", {}),
    ):
        params = {} if isinstance(body, dict) and body else {"verzondenOp": moment}
        answer = await wereld.http.post(pad, params=params, json=body, headers=kop)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problemen/ongeldig-verzoek"), (pad, answer.text)
    assert await head(wereld) == before


@pytest.mark.parametrize("day", ["20260819", "1755648000", "2026-08-19T00:00:00Z", "2026-W34-3"])
async def test_a_day_in_a_question_is_a_day(wereld: Wereld, day: str) -> None:
    """Broken: `date` in the routes: 86400 is a day in 1970."""
    for pad, params in (
        ("/cijfers", {"gemeente": "GM0243", "van": day, "totEnMet": "2026-12-31"}),
        ("/controles", {"van": day}),
    ):
        answer = await wereld.get("regisseur-1", pad, **params)
        assert answer.status_code == 400, (pad, answer.text)
        assert [fout["veld"] for fout in answer.json()["fouten"]] == ["van"]
        good = await wereld.get("regisseur-1", pad, **params | {"van": "2026-08-19"})
        assert good.status_code == 200, good.text
