"""Every operation is applied exactly once, whatever the network does (ontwerp/sync.md, promise 2)."""

import asyncio
import json
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from tests.hulp.sync_proef import accepted, correctie, head, melding, raw_op, results_of, second_device, select, verdict
from tests.hulp.wereld import Wereld

CLASH = ("quarantined", "id_andere_inhoud")


def first_answer(result: dict[str, Any]) -> dict[str, Any]:
    return {key: result[key] for key in ("status", "code", "pos", "leafHash", "uitleg")}


async def test_a_repeat_gets_the_first_answer(wereld: Wereld) -> None:
    ident = uuid7()
    ops = [
        melding(wereld, "boa-1", ident),
        melding(wereld, "boa-1", ident),
        melding(wereld, "boa-1") | {"inhoud": {}},
    ]
    results = await wereld.push("boa-1", *ops)
    assert [result["status"] for result in results] == ["accepted", "quarantined", "quarantined"]
    before = await head(wereld)
    again = await wereld.push("boa-1", *reversed(ops))
    assert [verdict(result) for result in again] == [("duplicate", None)] * 3
    assert [result["eerste"] for result in again] == [first_answer(result) for result in reversed(results)]
    assert await head(wereld) == before


async def test_a_repeat_after_a_change_still_gets_the_first_answer(wereld: Wereld) -> None:
    op = melding(wereld, "boa-1")
    (result,) = await accepted(wereld, "boa-1", op)
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", op, tekst="anders"))
    assert (await wereld.push("boa-1", op))[0]["eerste"] == first_answer(result)


async def test_the_same_twice_in_one_batch_is_one(wereld: Wereld) -> None:
    before, op = await head(wereld), melding(wereld, "boa-1")
    first, second = await wereld.push("boa-1", op, op)
    assert (first["status"], second["status"]) == ("accepted", "duplicate")
    assert second["eerste"] == first_answer(first)
    assert await head(wereld) == before + 1


@pytest.mark.parametrize("devices", [1, 2])
async def test_the_same_at_the_same_time_is_one(wereld: Wereld, devices: int) -> None:
    others = [await second_device(wereld, "boa-1")] if devices == 2 else ["boa-1"]
    for content in (None, {"onbekend": "veld"}):
        before = await head(wereld)
        op = melding(wereld, "boa-1", inhoud=content)
        answers = await asyncio.gather(*(wereld.push(wie, op) for wie in ["boa-1", *others] * 2))
        statuses = sorted(result["status"] for (result,) in answers)
        assert statuses == sorted(["accepted" if content is None else "quarantined", *["duplicate"] * 3])
        assert {(r["eerste"] or r)["pos"] for (r,) in answers} == {before + 1}
        assert await head(wereld) == before + 1


async def test_two_meet_over_the_same_things_and_none_is_lost(wereld: Wereld) -> None:
    """Batches that name each other's documents in opposite order neither block nor skip."""
    signalen = [uuid7() for _ in range(6)]
    await accepted(wereld, "boa-1", *(melding(wereld, "boa-1", ident) for ident in signalen))
    before = await head(wereld)

    def judge(wie: str, ident: Any) -> Any:
        return wereld.op(wie, "signaal.beoordeeld", {"signaal": ident}, {"uitkomst": "onvoldoende"})

    answers = await asyncio.gather(
        wereld.push("boa-1", *(judge("boa-1", ident) for ident in signalen)),
        wereld.push("boa-2", *(judge("boa-2", ident) for ident in reversed(signalen))),
    )
    statuses = [result["status"] for results in answers for result in results]
    assert sorted(statuses) == ["accepted"] * 6 + ["quarantined"] * 6
    assert await head(wereld) == before + 12


async def test_another_device_of_the_same_person_hears_what_became_of_it(wereld: Wereld) -> None:
    op = melding(wereld, "boa-1")
    (result,) = await accepted(wereld, "boa-1", op)
    tablet = await second_device(wereld, "boa-1")
    (again,) = await wereld.push(tablet, op | {"deviceSeq": 9})
    assert (again["status"], again["eerste"]) == ("duplicate", first_answer(result))


async def test_another_person_hears_nothing_of_the_original(wereld: Wereld) -> None:
    """Same id, even with the same content: kept under an id of the server, and found again on a retry."""
    op, ident = melding(wereld, "boa-1", inhoud={"tekst": "geheim"}), uuid7()
    (original,) = await accepted(wereld, "boa-1", op)
    before = await head(wereld)
    for theirs in (op, melding(wereld, "boa-2", ident, opId=op["opId"])):
        (clash,) = await wereld.push("boa-2", theirs)
        assert (verdict(clash), clash["eerste"]) == (CLASH, None)
        assert (clash["opId"], clash["pos"] > original["pos"]) == (op["opId"], True)
        (again,) = await wereld.push("boa-2", theirs)
        assert (again["status"], again["eerste"]) == ("duplicate", first_answer(clash))
    assert await head(wereld) == before + 2
    assert (await wereld.get("boa-1", f"/signalen/{ident}")).status_code == 404


async def test_the_same_id_with_other_content_is_kept_beside_the_first(wereld: Wereld, database: Server) -> None:
    op = melding(wereld, "boa-1", inhoud={"tekst": "eerst"})
    (first,) = await accepted(wereld, "boa-1", op)
    before = await head(wereld)
    others = [op | {"inhoud": op["inhoud"] | {"tekst": tekst}} for tekst in ("anders", "nog anders")]
    results = await wereld.push("boa-1", others[0], others[1], others[0])
    assert [verdict(result) for result in results] == [CLASH, CLASH, ("duplicate", None)]
    again = await wereld.push("boa-1", others[1], op, others[0])
    assert [result["eerste"] for result in again] == [first_answer(r) for r in (results[1], first, results[0])]
    assert await head(wereld) == before + 2
    assert (await wereld.get("boa-1", f"/signalen/{op['onderwerp']['signaal']}")).json()["tekst"] == "eerst"
    kept = await select(
        database, "SELECT op, tekst FROM grootboek.entry JOIN kluis.inhoud USING (pos) WHERE pos > :p", p=before
    )
    assert sorted(json.loads(tekst)["tekst"] for _, tekst in kept) == ["anders", "nog anders"]
    assert op["opId"] not in {str(made) for made, _ in kept}


async def test_white_space_and_order_make_no_other_content(wereld: Wereld) -> None:
    op = melding(wereld, "boa-1", inhoud={"tekst": "één"})
    (first,) = await results_of(wereld, "boa-1", json.dumps(op))
    turned = dict(reversed(op.items())) | {"inhoud": dict(reversed(op["inhoud"].items()))}
    (again,) = await results_of(wereld, "boa-1", json.dumps(turned, indent=2, ensure_ascii=False))
    assert again["eerste"] == first_answer(first)


NO_ID = {"absent": None, "a number": 12, "no UUID": "abc", "version 7": str(uuid7()), "nothing": ""}


@pytest.mark.parametrize("numbered", [True, False])
async def test_without_a_usable_id_it_does_not_double(wereld: Wereld, *, numbered: bool) -> None:
    before = await head(wereld)
    number = {} if numbered else {"deviceSeq": None}
    ops = [melding(wereld, "boa-1", opId=ident, **number) for ident in NO_ID.values()]
    results = await wereld.push("boa-1", *ops, ops[0])
    assert [verdict(result) for result in results] == [
        *[("quarantined", "schema_ongeldig")] * len(NO_ID),
        ("duplicate", None),
    ]
    again = await wereld.push("boa-1", *ops)
    assert [result["eerste"] for result in again] == [first_answer(result) for result in results[:-1]]
    assert await head(wereld) == before + len(NO_ID)
    (theirs,) = await wereld.push("boa-2", ops[0])
    assert (verdict(theirs), theirs["eerste"]) == (("quarantined", "schema_ongeldig"), None)


async def test_what_cannot_be_read_does_not_double_either(wereld: Wereld) -> None:
    op = raw_op(melding(wereld, "boa-1"), '{"bron": 1.5}')
    (first,), (again,) = [await results_of(wereld, "boa-1", op) for _ in range(2)]
    assert again["eerste"] == first_answer(first)
    (other,) = await results_of(wereld, "boa-1", op.replace("1.5", "1.50"))
    assert verdict(other) == CLASH
