"""A planned controle that is called off, and what a controle is held for, through the surface."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.services.boeken.verlopen import book_ended
from tests.hulp.ingehouden import the_same_again
from tests.hulp.keten import Keten, add_controles, add_signalen
from tests.hulp.sync_proef import accepted, doorhaling, head, verdict
from tests.hulp.wereld import Wereld

NIET = {"reden": "bekend_geworden", "tekst": "de buurt weet het"}
START = {"benadering": "aangebeld", "situatie": "niemand_aanwezig"}


@pytest.fixture
async def keten(wereld: Wereld) -> Keten:
    """`gepland`: planned and coordinated by pct-1, with boa-1."""
    keten = Keten()
    await add_signalen(wereld, keten)
    await add_controles(wereld, keten)
    return keten


async def status(wereld: Wereld, wie: str, keten: Keten) -> Any:
    answer = await wereld.get(wie, f"/controles/{keten['gepland']}")
    return answer.json()["status"] if answer.status_code == 200 else answer.status_code


def call_off(wereld: Wereld, wie: str, keten: Keten) -> Any:
    return wereld.op(wie, "controle.afgelast", {"controle": keten["gepland"]}, NIET)


async def test_it_is_read_on_and_is_no_longer_to_be_done(wereld: Wereld, keten: Keten) -> None:
    """Who only takes part may not; who coordinates may; who did not know of it hears nothing."""
    body = {"inhoud": {**NIET, "hoedanigheid": "toezicht"}}
    pad = f"/controles/{keten['gepland']}/afgelasting"
    refused = await wereld.post("boa-1", pad, body)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "Afgelasten doet wie de controle plande of coördineert, het PCT dat haar begon, of de regisseur.",
    )
    assert (await wereld.post("wijkagent-1", pad, body)).status_code == 404
    await wereld.make("pct-1", pad, body)
    assert (await wereld.post("pct-1", pad, body)).status_code == 409
    for wie in ("pct-1", "boa-1", "regisseur-1"):
        assert await status(wereld, wie, keten) == "afgelast"
        lists = {
            of: (await wereld.get(wie, "/controles", status=of)).json()["resultaten"] for of in ("gepland", "afgelast")
        }
        assert {of: [doc["id"] for doc in docs] for of, docs in lists.items()} == {
            "gepland": [],
            "afgelast": [str(keten["gepland"])],
        }
    assert await status(wereld, "boa-2", keten) == 404
    told = (await wereld.get("regisseur-1", f"/attenderingen/{keten['gepland']}")).json()
    assert told["status"] == "afgelast"


async def test_an_officer_at_the_door_who_had_not_heard_is_not_refused(wereld: Wereld, keten: Keten) -> None:
    """What he starts counts, says that it had been called off, and can no longer be called off.

    Broken: NA_AFGELASTING out of `remark`; out of what a correction keeps (`corrected`).
    """
    called = call_off(wereld, "pct-1", keten)
    await accepted(wereld, "pct-1", called)
    here = {"controle": keten["gepland"], "locatie": keten["planlocatie"]}
    start = wereld.op("boa-1", "controle.gestart", here, START)
    (result,) = await wereld.push("boa-1", start)
    assert (verdict(result), result["vlaggen"]) == (("accepted", None), ["na_afgelasting"])
    better = wereld.op("boa-1", "controle.gestart", here, {**START, "situatie": "toegang_geweigerd"})
    await accepted(
        wereld, "boa-1", better | {"corrigeert": start["opId"], "basis": start["opId"], "reden": "vergissing"}
    )
    doc = (await wereld.get("boa-1", f"/controles/{keten['gepland']}")).json()
    assert (doc["status"], doc["start"]["naAfgelasting"], doc["afgelasting"]["reden"]) == (
        "gestart",
        True,
        "bekend_geworden",
    )
    asked = {"gemeente": "GM0243", "van": "2026-01-01", "totEnMet": "2026-12-31"}
    assert (await wereld.get("regisseur-1", "/cijfers", **asked)).json()["controles"] == 2
    await accepted(wereld, "pct-1", doorhaling(wereld, "pct-1", called, "controle"))
    again = await wereld.push("pct-1", call_off(wereld, "pct-1", keten))
    assert [verdict(each) for each in again] == [("quarantined", "regel_geschonden")]


async def test_the_police_do_not_shut_it_by_calling_it_off(wereld: Wereld, keten: Keten) -> None:
    """At a desk a 409, from a phone kept apart; the municipality goes on reading, and calls it off itself.

    Broken: the capacity out of the guard; the row of the regisseur in the policy.
    """
    pad, elsewhere = f"/controles/{keten['gepland']}/afgelasting", NIET | {"hoedanigheid": "openbare_orde"}
    refused = await wereld.post("pct-1", pad, {"inhoud": elsewhere})
    assert (refused.status_code, "hoedanigheid" in refused.json()["detail"]) == (409, True)
    sent = wereld.op("pct-1", "controle.afgelast", {"controle": keten["gepland"]}, elsewhere)
    assert [verdict(each) for each in await wereld.push("pct-1", sent)] == [("quarantined", "regel_geschonden")]
    assert await status(wereld, "regisseur-1", keten) == "gepland"
    await wereld.make("regisseur-1", pad, {"inhoud": {**NIET, "hoedanigheid": "toezicht"}})
    assert await status(wereld, "boa-1", keten) == "afgelast"


async def test_thirty_days_later_its_team_reads_the_plan_no_more(
    wereld: Wereld, keten: Keten, database: Server
) -> None:
    """Counted from the day of the calling off; that it was, and at which door, who took part goes on reading.

    Broken: `afgelast` out of `team_until`; `afgelasting` out of the `termijn`.
    """
    called = call_off(wereld, "pct-1", keten)
    await accepted(wereld, "pct-1", called)
    sessions, nu = wereld.http.app.state.proces.sessionmaker, datetime.now(UTC)

    async def plan_seen() -> bool:
        doc = (await wereld.get("boa-1", f"/controles/{keten['gepland']}")).json()
        return "venster" in doc

    before = await head(wereld)
    assert (await book_ended(sessions, nu=nu + timedelta(days=30)), await plan_seen()) == (0, True)
    await book_ended(sessions, nu=nu + timedelta(days=32))
    assert await plan_seen() is False
    booked = await head(wereld)
    assert booked > before
    assert (await book_ended(sessions, nu=nu + timedelta(days=33)), await head(wereld)) == (0, booked)
    await the_same_again(wereld, database)


async def test_a_struck_call_is_planned_again(wereld: Wereld, keten: Keten) -> None:
    called = call_off(wereld, "pct-1", keten)
    await accepted(wereld, "pct-1", called)
    await accepted(wereld, "pct-1", doorhaling(wereld, "pct-1", called, "controle"))
    assert await status(wereld, "boa-1", keten) == "gepland"


async def test_calling_off_before_the_plan_came_waits(wereld: Wereld, keten: Keten) -> None:
    """A line that lost its order: nothing is lost, and the next try holds."""
    planned = (await wereld.get("pct-1", f"/controles/{keten['gepland']}")).json()
    inhoud = {
        name: planned[name] for name in ("venster", "aanleidingen", "initiatief", "coordinator", "deelnemers")
    } | {"thema": "hennep"}
    new = {"controle": uuid7()}
    plan = wereld.op("pct-1", "controle.gepland", {**new, "locatie": keten["planlocatie"]}, inhoud)
    called = wereld.op("pct-1", "controle.afgelast", new, NIET)
    assert [verdict(r) for r in await wereld.push("pct-1", called)] == [("deferred", "voorganger_ontbreekt")]
    await accepted(wereld, "pct-1", plan)
    await accepted(wereld, "pct-1", called)
    found = (await wereld.get("pct-1", "/controles", thema="hennep")).json()["resultaten"]
    assert [(doc["id"], doc["status"], doc["thema"]) for doc in found] == [(str(new["controle"]), "afgelast", "hennep")]
    assert {
        doc["thema"] for doc in (await wereld.get("pct-1", "/controles", thema="prostitutie")).json()["resultaten"]
    } == {"prostitutie"}
