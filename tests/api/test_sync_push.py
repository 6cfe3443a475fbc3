"""Every verdict on one pushed operation, and whether the ledger grows by it (ontwerp/sync.md, "Verdicts")."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid1, uuid4

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.services.boeken.uitstel import LANGST
from tests.hulp.sync_proef import (
    accepted,
    controle,
    doorhaling,
    head,
    melding,
    mensenhandel,
    oordeel,
    push_at,
    results_of,
    second_device,
    select,
    verdict,
)
from tests.hulp.wereld import Wereld

Maker = Callable[[Wereld], Any]
SNAKE = {"soort": "hotel", "feitelijk_bewoond": "nee", "gemeente": "GM0243", "bagId": "0243010000000001"}
LATE = "9999-12-31T23:59:59-12:00"
STRIKE = {"registratie": str(uuid4()), "reden": "vergissing"}

IN_QUARANTINE: dict[str, tuple[str, Maker, str]] = {
    "a role that may not": ("burgemeester-1", lambda w: melding(w, "burgemeester-1"), "recht_ontbreekt"),
    "another municipality": (
        "boa-1",
        lambda w: melding(w, "boa-1", inhoud={"gemeente": "GM0233"}),
        "recht_ontbreekt",
    ),
    "a field missing": ("boa-1", lambda w: melding(w, "boa-1") | {"inhoud": {}}, "schema_ongeldig"),
    "an unknown field": ("boa-1", lambda w: melding(w, "boa-1", inhoud={"bsn": "1"}), "schema_ongeldig"),
    "a field in snake case": (
        "boa-1",
        lambda w: w.op("boa-1", "locatie.vastgelegd", {"locatie": uuid7()}, SNAKE),
        "schema_ongeldig",
    ),
    "an envelope in snake case": (
        "boa-1",
        lambda w: {("waargenomen_op" if k == "waargenomenOp" else k): v for k, v in melding(w, "boa-1").items()},
        "schema_ongeldig",
    ),
    "an unknown part of the envelope": ("boa-1", lambda w: melding(w, "boa-1", kleur="rood"), "schema_ongeldig"),
    "nothing it is about": ("boa-1", lambda w: melding(w, "boa-1") | {"onderwerp": {}}, "schema_ongeldig"),
    "something it cannot be about": (
        "boa-1",
        lambda w: melding(w, "boa-1") | {"onderwerp": {"signaal": str(uuid7()), "controle": str(uuid7())}},
        "schema_ongeldig",
    ),
    "a strike of any kind": ("boa-1", lambda w: w.op("boa-1", "doorhaling", {"*": uuid7()}, STRIKE), "schema_ongeldig"),
    "a correction without a basis": (
        "boa-1",
        lambda w: melding(w, "boa-1", corrigeert=str(uuid4()), reden="fout"),
        "schema_ongeldig",
    ),
    "a moment without a time zone": (
        "boa-1",
        lambda w: melding(w, "boa-1", waargenomenOp="2026-08-19T23:10:00"),
        "schema_ongeldig",
    ),
    "a moment beyond the calendar": ("boa-1", lambda w: melding(w, "boa-1", waargenomenOp=LATE), "schema_ongeldig"),
    "an id with a time in it (7)": ("boa-1", lambda w: melding(w, "boa-1", opId=str(uuid7())), "schema_ongeldig"),
    "an id with a time in it (1)": ("boa-1", lambda w: melding(w, "boa-1", opId=str(uuid1())), "schema_ongeldig"),
    "an unknown kind": ("boa-1", lambda w: melding(w, "boa-1") | {"soort": "droom.gehad"}, "onbekende_soort"),
    "a newer version": ("boa-1", lambda w: melding(w, "boa-1", versie=99), "onbekende_soort"),
    "a signature": ("boa-1", lambda w: melding(w, "boa-1", hand="x", kop={}), "handtekening_ongeldig"),
}


@pytest.mark.parametrize(("wie", "make", "code"), IN_QUARANTINE.values(), ids=IN_QUARANTINE)
async def test_what_cannot_hold_is_kept_in_quarantine(wereld: Wereld, wie: str, make: Maker, code: str) -> None:
    before = await head(wereld)
    good, bad = melding(wereld, "boa-2"), make(wereld)
    results = await wereld.push(wie, bad)
    assert verdict(results[0]) == ("quarantined", code)
    assert results[0]["pos"] == before + 1 == await head(wereld)
    assert results[0]["leafHash"]
    again = await wereld.push(wie, bad)
    assert (again[0]["status"], again[0]["eerste"]["pos"]) == ("duplicate", before + 1)
    await accepted(wereld, "boa-2", good)
    assert await head(wereld) == before + 2
    assert [c["doc"]["code"] for c in (await wereld.pull(wie))[0] if c["collectie"] == "ontvangsten"] == [code]


async def test_what_holds_is_in_the_ledger_and_in_the_lists(wereld: Wereld) -> None:
    before = await head(wereld)
    op = melding(wereld, "boa-1")
    (result,) = await wereld.push("boa-1", op)
    assert (verdict(result), result["pos"], result["vlaggen"]) == (("accepted", None), before + 1, [])
    assert (result["opId"], result["eerste"], result["wissen"]) == (op["opId"], None, False)
    assert (await wereld.get("boa-2", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 200


async def test_a_broken_rule_is_kept_and_folds_into_nothing(wereld: Wereld) -> None:
    ident = uuid7()
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", ident), oordeel(wereld, "boa-1", ident))
    before = (await wereld.get("boa-1", f"/signalen/{ident}")).json()
    again = [oordeel(wereld, "boa-1", ident), melding(wereld, "boa-1", ident)]
    assert [verdict(r) for r in await wereld.push("boa-1", *again)] == [("quarantined", "regel_geschonden")] * 2
    assert (await wereld.get("boa-1", f"/signalen/{ident}")).json() == before


async def test_seeing_a_controle_is_no_right_to_add_to_it(wereld: Wereld) -> None:
    locatie, start = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, start)
    onderwerp = {"controle": start["onderwerp"]["controle"], "persoon": uuid7()}
    results = await wereld.push(
        "regisseur-1", wereld.op("regisseur-1", "persoon.aangetroffen", onderwerp, {"rol": "klant"})
    )
    assert verdict(results[0]) == ("quarantined", "recht_ontbreekt")


async def test_a_number_of_the_device_is_used_once(wereld: Wereld) -> None:
    first = melding(wereld, "boa-1")
    same_batch, later = melding(wereld, "boa-1", deviceSeq=1), melding(wereld, "boa-1", deviceSeq=1)
    results = [*await wereld.push("boa-1", first, same_batch), *await wereld.push("boa-1", later)]
    double = ("quarantined", "volgnummer_dubbel")
    assert [verdict(result) for result in results] == [("accepted", None), double, double]
    tablet = await second_device(wereld, "boa-1")
    await accepted(wereld, tablet, melding(wereld, tablet, deviceSeq=1))


async def test_a_deferred_number_stays_with_its_operation(wereld: Wereld) -> None:
    ident = uuid7()
    early = oordeel(wereld, "boa-1", ident)
    assert (await wereld.push("boa-1", early))[0]["status"] == "deferred"
    other = melding(wereld, "boa-1", ident, deviceSeq=early["deviceSeq"])
    assert verdict((await wereld.push("boa-1", other))[0]) == ("quarantined", "volgnummer_dubbel")
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", ident), early)


async def test_what_comes_too_early_leaves_no_trace_and_succeeds_later(wereld: Wereld) -> None:
    ident, before = uuid7(), await head(wereld)
    early = oordeel(wereld, "boa-1", ident)
    results = await wereld.push("boa-1", early, early)
    assert [verdict(result) for result in results] == [("deferred", "voorganger_ontbreekt")] * 2
    assert (results[0]["pos"], await head(wereld)) == (None, before)
    assert [c for c in (await wereld.pull("boa-1"))[0] if c["collectie"] == "ontvangsten"] == []
    results = await wereld.push("boa-1", early, melding(wereld, "boa-1", ident), early, early)
    assert [result["status"] for result in results] == ["duplicate", "accepted", "accepted", "duplicate"]
    assert [results[n]["pos"] for n in (1, 2)] == [before + 1, before + 2], "what it is about goes first"
    assert (await wereld.push("boa-1", early))[0]["eerste"]["pos"] == before + 2 == await head(wereld)


async def test_unknown_and_never_visible_answer_alike(wereld: Wereld) -> None:
    hidden, before = uuid7(), await head(wereld)
    await accepted(wereld, "boa-ermelo", melding(wereld, "boa-ermelo", hidden, inhoud={"gemeente": "GM0233"}))
    ops = [oordeel(wereld, "boa-1", hidden), oordeel(wereld, "boa-1", uuid7())]
    ended = datetime.now(UTC) + LANGST
    for attempt in range(3):
        answers = await (wereld.push("boa-1", *ops) if attempt < 2 else push_at(wereld, "boa-1", ended, *ops))
        seen, unseen = ({k: v for k, v in a.items() if k not in {"opId", "pos", "leafHash"}} for a in answers)
        assert seen == unseen
        expected = ("deferred", "voorganger_ontbreekt") if attempt < 2 else ("quarantined", "onderwerp_onbekend")
        assert verdict(seen) == expected
    assert await head(wereld) == before + 3


async def test_a_deferred_id_goes_to_whoever_books_it(wereld: Wereld) -> None:
    early = oordeel(wereld, "boa-1", uuid7())
    await wereld.push("boa-1", early)
    booked = melding(wereld, "boa-2", opId=early["opId"])
    await accepted(wereld, "boa-2", booked)
    assert (await wereld.push("boa-2", booked))[0]["status"] == "duplicate"
    assert verdict((await wereld.push("boa-1", early))[0]) == ("quarantined", "id_andere_inhoud")


async def test_what_is_too_large_is_not_kept_but_counts_as_received(wereld: Wereld) -> None:
    before = await head(wereld)
    large = melding(wereld, "boa-1", inhoud={"tekst": "x" * 140_000})
    for _ in range(2):
        results = await wereld.push("boa-1", large, melding(wereld, "boa-2", deviceSeq=None))
        assert [verdict(result) for result in results] == [("rejected", "te_groot"), ("accepted", None)]
        assert (results[0]["pos"], results[0]["leafHash"]) == (None, None)
    assert await head(wereld) == before + 2


POISON: dict[str, str] = {
    "no object": "12",
    "null": "null",
    "a lone surrogate": '{"opId": "\\ud800"}',
    "ten thousand levels": "[" * 10_000 + "]" * 10_000,
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_a_poisonous_operation_stops_none_of_the_99_others(wereld: Wereld, poison: str) -> None:
    before = await head(wereld)
    good = [melding(wereld, "boa-1") for _ in range(99)]
    results = await results_of(wereld, "boa-1", *map(json.dumps, good[:50]), poison, *map(json.dumps, good[50:]))
    assert [r["opId"] for r in results] == [*[op["opId"] for op in good[:50]], None, *[op["opId"] for op in good[50:]]]
    assert [r["status"] for r in results] == [*["accepted"] * 50, "quarantined", *["accepted"] * 49]
    assert [r["pos"] for r in results] == list(range(before + 1, before + 101))


async def test_a_payload_that_no_fold_can_take_stops_nothing(wereld: Wereld) -> None:
    """Every field is sound, but one moment is beyond the calendar once it is written in UTC."""
    locatie, start = controle(wereld, "pct-1")
    start["inhoud"] |= {"hoedanigheid": "opsporing", "benadering": "afspraak_als_klant"}
    start["inhoud"]["hoedanigheidBekendgemaakt"] = {"op": LATE, "waar": "deur"}
    results = await wereld.push("pct-1", locatie, start, melding(wereld, "pct-1"))
    assert [verdict(r) for r in results] == [("accepted", None), ("quarantined", "schema_ongeldig"), ("accepted", None)]


async def test_a_strike_of_a_place_is_booked_like_any_other(wereld: Wereld) -> None:
    locatie, _ = controle(wereld, "boa-1")
    await accepted(wereld, "boa-1", locatie, doorhaling(wereld, "boa-1", locatie, "locatie"))
    assert (await wereld.get("boa-1", f"/locaties/{locatie['onderwerp']['locatie']}")).status_code == 404


async def test_whoever_may_not_read_it_is_told_to_erase_it_each_time(wereld: Wereld) -> None:
    op, broken = mensenhandel(wereld, "boa-1"), mensenhandel(wereld, "boa-1", kleur="rood")
    for statuses in (["accepted", "quarantined", "accepted"], ["duplicate"] * 2 + ["accepted"]):
        results = await wereld.push("boa-1", op, broken, melding(wereld, "boa-1"))
        assert [result["status"] for result in results] == statuses
        assert [result["wissen"] for result in results] == [True, True, False]
    assert (await wereld.push("pct-1", mensenhandel(wereld, "pct-1")))[0]["wissen"] is False
    seen, _ = await wereld.pull("boa-1")
    assert "signalen" in {change["collectie"] for change in seen}
    assert "mensenhandelsignalen" not in {change["collectie"] for change in seen}
    assert [c["doc"].keys() for c in (await wereld.pull("regisseur-1", collecties="mensenhandelsignalen"))[0]] == [
        {"id", "status", "gemeente"}
    ] * 2


async def test_an_entry_waits_for_its_attachments(wereld: Wereld) -> None:
    bijlage = {"id": str(uuid4()), "sha256": "ab" * 32, "grootte": 9, "mediatype": "image/png"}
    op = melding(wereld, "boa-1", bijlagen=[bijlage])
    for _ in range(2):
        assert (await wereld.push("boa-1", op))[0]["wachtOpBijlagen"] == [bijlage["id"]]


async def test_every_entry_keeps_its_verdict_beside_it(wereld: Wereld, database: Server) -> None:
    persona = wereld.mensen["boa-1"]
    (result,) = await wereld.push("boa-1", melding(wereld, "boa-1"), verzonden_op="2026-08-19T23:10:00+02:00")
    ((sealed,),) = await select(database, "SELECT oordeel FROM kluis.inhoud WHERE pos = :pos", pos=result["pos"])
    found = json.loads(sealed)
    assert (found["status"], found["vlaggen"], found["rol"]) == ("accepted", ["klok_verdacht"], "boa")
    assert (found["functionaris"], found["toestel"]) == (str(persona.functionaris), str(persona.toestel))
