"""Gaps, early arrivals and shuffled batches: none of them loses anything, and all end alike (ontwerp/sync.md)."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.ingehouden import refused, take_in, the_same_again
from tests.hulp.sync_proef import (
    accepted,
    controle,
    correctie,
    doorhaling,
    give_up,
    melding,
    oordeel,
    push_at,
    select,
    verdict,
)
from tests.hulp.wereld import Wereld

EARLY = ("deferred", "voorganger_ontbreekt")


async def missing(wereld: Wereld, wie: str) -> tuple[int, list[int]]:
    told = (await wereld.get(wie, "/sync/pull")).json()["deviceAck"]
    return told["contiguousThrough"], told["missing"]


async def deliver(wereld: Wereld, wie: str, ops: list[Any], size: int = 1) -> list[str]:
    """Send in batches, and what was deferred again, as a device does; the last status of each operation."""
    last: dict[str, str] = {}
    left = ops
    while left:
        for n in range(0, len(left), size):
            batch = left[n : n + size]
            results = await wereld.push(wie, *batch)
            last |= {op["opId"]: result["status"] for op, result in zip(batch, results, strict=True)}
        left = [op for op in left if last[op["opId"]] == "deferred"]
    return [last[op["opId"]] for op in ops]


def visit(wereld: Wereld, wie: str) -> list[Any]:
    """A place, a controle there, who was found, and a correction of that: each needs the one before."""
    locatie, start = controle(wereld, wie)
    here = {"controle": start["onderwerp"]["controle"], "persoon": uuid7()}
    persoon = wereld.op(wie, "persoon.aangetroffen", here, {"rol": "klant"})
    return [locatie, start, persoon, correctie(wereld, wie, persoon, rol="bewoner")]


def evening(wereld: Wereld, wie: str) -> list[Any]:
    """A visit, from the place to its end, of which each needs one of those before; in a municipality with a ground."""
    locatie, start = controle(wereld, wie)
    here, person, seen = {"controle": start["onderwerp"]["controle"]}, uuid7(), uuid7()
    about = {"soort": "illegale_prostitutie", "bevindingen": [str(seen)], "alleen": [str(person)]}
    finding = {"code": "aanbod_tegen_betaling", "aard": "feit", "wijze": "waargenomen"}
    count = wereld.op(wie, "telling.vastgelegd", here, {"hulpAangeboden": 1})
    return [
        locatie,
        start,
        wereld.op(wie, "persoon.aangetroffen", {**here, "persoon": person}, {"rol": "sekswerker"}),
        wereld.op(wie, "bevinding.vastgelegd", {**here, "bevinding": seen}, finding),
        count,
        wereld.op(wie, "hulp.aangeboden", here, {"vervolgt": count["opId"]}),
        wereld.op(wie, "overtreding.vastgesteld", {**here, "overtreding": uuid7()}, about),
        wereld.op(wie, "controle.afgerond", here, {}),
    ]


async def found(wereld: Wereld, ops: list[Any], wie: str = "boa-1") -> Any:
    answer = await wereld.get(wie, f"/controles/{ops[1]['onderwerp']['controle']}")
    doc = answer.json()
    return answer.status_code, doc.get("status"), [(p["nummer"], p["rol"]) for p in doc.get("personen", ())]


async def test_a_gap_defers_nothing(wereld: Wereld) -> None:
    """What is about something known holds, whatever numbers are missing before it."""
    ops = [melding(wereld, "boa-1") for _ in range(6)]
    judged = oordeel(wereld, "boa-1", ops[5]["onderwerp"]["signaal"])
    await accepted(wereld, "boa-1", ops[5], judged)
    assert await missing(wereld, "boa-1") == (0, [1, 2, 3, 4, 5])
    await accepted(wereld, "boa-1", ops[2])
    assert await missing(wereld, "boa-1") == (0, [1, 2, 4, 5])
    await accepted(wereld, "boa-1", *ops[:2], *ops[3:5])
    assert await missing(wereld, "boa-1") == (7, [])


async def test_what_is_about_something_in_the_gap_waits_for_that_only(wereld: Wereld) -> None:
    """A correction of what is missing is deferred and stays missing itself; its neighbours are not held up."""
    op = melding(wereld, "boa-1", inhoud={"tekst": "een"})
    fix, other = correctie(wereld, "boa-1", op, tekst="twee"), melding(wereld, "boa-1")
    again = correctie(wereld, "boa-1", op, basis=fix, tekst="drie")
    results = await wereld.push("boa-1", again, other, fix)
    assert [verdict(result) for result in results] == [EARLY, ("accepted", None), EARLY]
    assert await missing(wereld, "boa-1") == (0, [1, 2])
    assert await deliver(wereld, "boa-1", [op, again, fix]) == ["accepted"] * 3
    doc = (await wereld.get("boa-1", f"/signalen/{op['onderwerp']['signaal']}")).json()
    assert (doc["tekst"], "verschillen" in doc) == ("drie", False)
    assert await missing(wereld, "boa-1") == (4, [])


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_every_order_of_a_visit_ends_alike(wereld: Wereld, database: Server, size: int) -> None:
    """All orders of place, start and person; broken: `LANGST` of no time leaves some persons in quarantine."""
    shuffled = list(permutations(range(3)))
    visits = [visit(wereld, "boa-1") for _ in shuffled]
    for order, ops in zip(shuffled, visits, strict=True):
        assert set(await deliver(wereld, "boa-1", [ops[n] for n in order], size)) == {"accepted"}, order
        assert await deliver(wereld, "boa-1", [ops[3]]) == ["accepted"]
    assert [await found(wereld, ops) for ops in visits] == [(200, "gestart", [(1, "bewoner")])] * len(visits)
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


async def test_no_number_of_tries_ends_waiting(wereld: Wereld) -> None:
    """Sent backwards, one by one, ten times over. Broken: a count of tries in `has_ended`."""
    ops = visit(wereld, "boa-1")
    for _ in range(10):
        assert verdict((await wereld.push("boa-1", ops[3]))[0]) == EARLY
    assert await deliver(wereld, "boa-1", list(reversed(ops))) == ["accepted"] * 4
    assert await found(wereld, ops) == (200, "gestart", [(1, "bewoner")])


async def test_in_one_push_what_makes_goes_before_what_names_and_the_end_last(wereld: Wereld, database: Server) -> None:
    """A whole evening backwards: answered in the order in which it was sent, and nothing comes after the end.

    Broken: `go_on` for one round only; `sluit` out of the end (persons and findings are `nagekomen`).
    """
    ops = evening(wereld, "boa-1")
    results = await wereld.push("boa-1", *reversed(ops))
    assert [(r["opId"], r["status"]) for r in results] == [(op["opId"], "accepted") for op in reversed(ops)]
    assert [r["vlaggen"] for r in results] == [[] for _ in ops]
    end, rest = results[0]["pos"], [r["pos"] for r in results[1:]]
    assert end > max(rest)
    assert sorted([end, *rest]) == list(range(min(rest), min(rest) + len(ops)))
    doc = (await wereld.get("boa-1", f"/controles/{ops[1]['onderwerp']['controle']}")).json()
    assert (doc["status"], doc["personen"][0]["rol"]) == ("afgerond", "sekswerker")
    await the_same_again(wereld, database)


@pytest.mark.parametrize(
    ("genummerd", "uren", "verwacht"),
    [
        (False, 24 * 7 - 1, "deferred"),
        (False, 24 * 7, "quarantined"),
        (True, 23, "deferred"),
        (True, 24, "quarantined"),
    ],
)
async def test_waiting_ends_after_a_week_or_a_day_after_the_device_delivered_all_else(
    wereld: Wereld, database: Server, *, genummerd: bool, uren: int, verwacht: str
) -> None:
    """Broken: `NA_ALLES`, `LANGST`, or the number out of `complete_since`."""
    lost = oordeel(wereld, "boa-1", uuid7())
    if not genummerd:
        del lost["deviceSeq"]
    assert verdict((await wereld.push("boa-1", lost))[0]) == EARLY
    (row,) = await select(database, "SELECT * FROM bedrijf.sync_op WHERE op = :op", op=lost["opId"])
    kept = {name for name, value in row._mapping.items() if value is not None}
    assert kept - {"device_seq"} == {
        "op", "functionaris", "toestel", "status", "code", "pogingen", "eerste_poging",
    }  # fmt: skip
    (result,) = await push_at(wereld, "boa-1", row.eerste_poging + timedelta(hours=uren), lost)
    assert result["status"] == verwacht


async def test_a_gap_gives_a_week_and_the_day_counts_from_when_it_closed(wereld: Wereld) -> None:
    """What is missing may be what it waits for. Broken: `is_complete` that always says so; `max` in `has_ended`."""
    missing_one, lost = melding(wereld, "boa-1"), oordeel(wereld, "boa-1", uuid7())
    begin, uur = datetime.now(UTC), timedelta(hours=1)
    assert verdict((await push_at(wereld, "boa-1", begin, lost))[0]) == EARLY
    assert verdict((await push_at(wereld, "boa-1", begin + 50 * uur, lost))[0]) == EARLY
    (told,) = await push_at(wereld, "boa-1", begin + 60 * uur, missing_one)
    assert told["status"] == "accepted"
    assert verdict((await push_at(wereld, "boa-1", begin + 83 * uur, lost))[0]) == EARLY
    later = melding(wereld, "boa-1")  # what comes after is nothing that it waits for
    results = await push_at(wereld, "boa-1", begin + 84 * uur, later, lost)
    assert [r["status"] for r in results] == ["accepted", "quarantined"]
    assert results[1]["code"] == "onderwerp_onbekend"
    assert await missing(wereld, "boa-1") == (3, [])


async def test_what_follows_something_in_quarantine_can_be_taken_in_after_it(wereld: Wereld, database: Server) -> None:
    op = melding(wereld, "boa-1", inhoud={"gemeente": "GM0233", "tekst": "een"})
    fix, gone = correctie(wereld, "boa-1", op, tekst="twee"), doorhaling(wereld, "boa-1", op, "signaal")
    assert await deliver(wereld, "boa-1", [op]) == ["quarantined"]
    assert [r["status"] for r in await give_up(wereld, "boa-1", fix, gone)] == ["quarantined"] * 2
    assert "niet bekend" in await refused(wereld, fix["opId"])
    await take_in(wereld, op)
    await take_in(wereld, fix)
    pad = f"/signalen/{op['onderwerp']['signaal']}"
    assert (await wereld.get("regisseur-1", pad)).json()["tekst"] == "twee"
    await take_in(wereld, gone)
    assert (await wereld.get("regisseur-1", pad)).status_code == 404
    live = await dump(database)
    await rebuild(database)
    assert await dump(database) == live


async def test_two_devices_that_shuffle_end_alike(wereld: Wereld) -> None:
    """Numbers count per device; a person found by one in the controle of the other waits and then holds."""
    first, second = visit(wereld, "boa-1"), visit(wereld, "boa-2")
    for ops, wie in ((first, "boa-1"), (second, "boa-2")):
        (early,) = await wereld.push(wie, ops[2])
        assert verdict(early) == EARLY
        assert set(await deliver(wereld, wie, [ops[0], ops[1], ops[2]])) == {"accepted"}
    assert (await missing(wereld, "boa-1"), await missing(wereld, "boa-2")) == ((3, []), (3, []))
    twice = [result["status"] for result in await wereld.push("boa-1", *reversed(first[:3]))]
    assert twice == ["duplicate"] * 3
    assert await found(wereld, first) == await found(wereld, second, "boa-2")
