"""A file and its entry come in any order; that it arrived is an entry, and what is not as promised is kept apart."""

import asyncio
import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.services.bijlagen import binden
from tests.hulp.bijlage_proef import (
    adding,
    begin,
    begun,
    eventually,
    item,
    manifest,
    outcome,
    photo,
    send_file,
    stored,
    where,
)
from tests.hulp.herbouw import dump, rebuild
from tests.hulp.ingehouden import end_role, listed, take_in
from tests.hulp.replica import grant
from tests.hulp.sync_proef import accepted, controle, correctie, doorhaling, melding, second_device, select, verdict
from tests.hulp.wereld import Wereld


@pytest.mark.parametrize("first", ["file", "entry"])
async def test_file_and_entry_come_in_any_order(wereld: Wereld, first: str) -> None:
    """Fault 26. Broken: the join on the promise in `book_arrived` (services/bijlagen/binden.py)."""
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    op = adding(wereld, "boa-1", waar, row)
    if first == "file":
        assert (await send_file(wereld, "boa-1", row, content)).headers["bijlage-staat"] == "compleet"
        (result,) = await accepted(wereld, "boa-1", op)
        assert result["wachtOpBijlagen"] == []
    else:
        (result,) = await accepted(wereld, "boa-1", op)
        assert result["wachtOpBijlagen"] == [row["id"]]
        await send_file(wereld, "boa-1", row, content)
    found = await outcome(wereld, "boa-1", waar, row)
    assert found["uitkomst"] == "gebonden"
    assert (await wereld.push("boa-1", op))[0]["wachtOpBijlagen"] == []
    seen, _ = await wereld.pull("boa-1", collecties="controles")
    assert seen[-1]["doc"]["bijlagen"][0]["ontvangst"] == found, "it travels down by sync"
    pad = await begin(wereld, "boa-1", row)
    assert (await where(wereld, "boa-1", pad)).headers["bijlage-staat"] == "gebonden"


async def test_a_file_in_the_envelope_of_another_act_is_promised_too(wereld: Wereld) -> None:
    """Broken: `promised` in `Act.apply` (registraties/act.py)."""
    waar, content = await begun(wereld), photo("PNG")
    row, waits = manifest(content, mediatype="image/png"), manifest(photo())
    inhoud = {"code": "drugs", "aard": "feit", "wijze": "waargenomen", "tekst": "op de foto"}
    op = wereld.op("boa-1", "bevinding.vastgelegd", {"controle": waar, "bevinding": uuid7()}, inhoud)
    await send_file(wereld, "boa-1", row, content)
    (result,) = await accepted(wereld, "boa-1", op | {"bijlagen": [row, waits, row]})
    assert result["wachtOpBijlagen"] == [waits["id"]], "only what has not arrived"
    assert (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden"
    doc = (await wereld.get("boa-1", f"/controles/{waar}")).json()
    assert [(each["id"], each["op"]) for each in doc["bijlagen"]] == [
        (row["id"], op["opId"]),
        (waits["id"], op["opId"]),
    ]


async def test_a_signaal_may_have_files(wereld: Wereld) -> None:
    content, signaal = photo(), uuid7()
    row = manifest(content)
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", signaal, bijlagen=[row]))
    await send_file(wereld, "boa-1", row, content)

    async def bound() -> Any:
        (found,) = (await wereld.get("boa-1", f"/signalen/{signaal}")).json()["bijlagen"]
        return found.get("ontvangst", {}).get("uitkomst")

    assert await eventually(bound) == "gebonden"


async def test_files_hang_on_few_kinds_of_document(wereld: Wereld) -> None:
    """What could never be bound is not promised in silence. Broken: the first rule of `_fits`
    (services/kluis/operatie)."""
    op = wereld.op("boa-1", "locatie.vastgelegd", {"locatie": uuid7()}, PAND, bijlagen=[manifest(b"x")])
    assert verdict((await wereld.push("boa-1", op))[0]) == ("quarantined", "schema_ongeldig")


PAND = {"soort": "bedrijfspand", "feitelijkBewoond": "nee", "gemeente": "GM0243", "bagId": "0243010000000001"}


async def test_the_envelope_and_the_act_say_the_same(wereld: Wereld) -> None:
    """Broken: the comparison in the guard of `bijlage.toegevoegd`."""
    waar, row = await begun(wereld), manifest(photo())
    other = row | {"sha256": "ab" * 32}
    op = adding(wereld, "boa-1", waar, row, bijlagen=[other])
    assert verdict((await wereld.push("boa-1", op))[0]) == ("quarantined", "regel_geschonden")
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row, bijlagen=[row]))


BAD: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "other bytes": (b"%PDF-1.7 echt", {"sha256": hashlib.sha256(b"%PDF-1.7 niet").hexdigest()}, "andere_hash"),
    "words": (b"#!/bin/sh\n" * 20, {}, "onbekend_soort"),
    "a torn photo": (photo()[:5_000], {}, "onleesbaar"),
    "a pdf that says it is a photo": (b"%PDF-1.7 ...", {"mediatype": "image/jpeg"}, "ander_soort"),
}


@pytest.mark.parametrize("wat", BAD)
async def test_what_is_not_as_promised_is_kept_apart(wereld: Wereld, wat: str) -> None:
    """Fault 25: the entry goes on waiting, the officer sees why. Broken: each line of `examine` and of `compare`."""
    content, lies, afkeuring = BAD[wat]
    waar = await begun(wereld)
    row = manifest(content, mediatype="image/jpeg") | lies
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    answer = await send_file(wereld, "boa-1", row, content)
    told = ("compleet", None) if afkeuring == "ander_soort" else ("afgekeurd", afkeuring)
    assert (answer.headers["bijlage-staat"], answer.headers.get("bijlage-afkeuring")) == told
    found = await outcome(wereld, "boa-1", waar, row)
    assert (found["uitkomst"], found["afkeuring"]) == ("afgekeurd", afkeuring)
    assert list(stored(wereld, "afgekeurd").values()) == [content]
    assert stored(wereld, "bestanden") == {}


async def test_after_a_refusal_the_right_file_is_still_welcome(wereld: Wereld) -> None:
    """A refusal settles nothing. Broken: `staat IN ('bezig', 'compleet')` in `_running`
    (services/bijlagen/uploads.py)."""
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    damaged = content[:-1] + b"?"
    await send_file(wereld, "boa-1", row, damaged)
    assert (await outcome(wereld, "boa-1", waar, row))["afkeuring"] == "andere_hash"
    await send_file(wereld, "boa-1", row, content)

    async def bound() -> bool:
        return (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden"

    await eventually(bound)
    again = manifest(damaged, UUID(row["id"]))
    await send_file(wereld, "boa-1", again, damaged)
    await asyncio.sleep(2.5)
    assert (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden", "what is bound stays bound"


async def test_a_picture_that_claims_to_be_enormous_is_not_decoded(wereld: Wereld) -> None:
    """Broken: the comparison with MAX_BEELDPUNTEN (app/weergaven.py)."""
    import io  # noqa: PLC0415

    target = io.BytesIO()
    Image.new("1", (16_000, 16_000)).save(target, "PNG")
    content = target.getvalue()
    assert len(content) < 200_000
    waar = await begun(wereld)
    row = manifest(content, mediatype="image/png")
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    await send_file(wereld, "boa-1", row, content)
    assert (await outcome(wereld, "boa-1", waar, row))["afkeuring"] == "te_veel_beeldpunten"


async def test_only_who_promised_the_file_can_deliver_it(wereld: Wereld) -> None:
    """Broken: `door` in the join of `book_arrived` (services/bijlagen/binden.py)."""
    waar, content = await begun(wereld, boa_1="voert_uit", boa_2="ondersteunt"), photo()
    row = manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    await send_file(wereld, "boa-2", row, content)
    await asyncio.sleep(2.5)
    assert "ontvangst" not in await item(wereld, "boa-1", waar, row)
    tablet = await second_device(wereld, "boa-1")
    await send_file(wereld, tablet, row, content)
    assert (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden"


async def test_a_file_follows_its_promise_when_its_officer_went_to_work_elsewhere(wereld: Wereld) -> None:
    """In his new role the controle is not his to see: the desk of where he promised it decides, and it is bound.

    Broken: `UUID(of_then)` out of `roles_of` (services/bijlagen/binden.py: tried for ever, and never bound).
    """
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    moved = replace(wereld.mensen["boa-1"], roltoewijzing=await grant(wereld, "boa-1", "boa", ["GM0233"]))
    await end_role(wereld, "boa-1")
    wereld.mensen["boa-1"] = moved
    assert (await send_file(wereld, "boa-1", row, content)).headers["bijlage-staat"] == "compleet"

    async def told() -> list[str]:
        return list(await listed(wereld))

    (kept,) = await eventually(told)
    await take_in(wereld, {"opId": kept})
    assert (await outcome(wereld, "regisseur-1", waar, row))["uitkomst"] == "gebonden"


async def test_a_file_is_said_to_be_bound_only_when_it_is(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where booking fails the device goes on keeping it. Broken: `stand.geboekt` out of `headers_of` (app/tus.py)."""
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))

    async def away(*_: Any, **__: Any) -> None:
        raise OSError("the database is away")

    async def settled() -> Any:
        return await select(database, "SELECT id FROM bedrijf.upload WHERE uitkomst = 'gebonden'") != []

    with monkeypatch.context() as patched:
        patched.setattr(binden, "boek_with_retry", away)
        await send_file(wereld, "boa-1", row, content)
        await eventually(settled)
        pad = await begin(wereld, "boa-1", row)
        assert (await where(wereld, "boa-1", pad)).headers["bijlage-staat"] == "compleet"
    assert (await outcome(wereld, "boa-1", waar, row))["uitkomst"] == "gebonden"


async def test_nobody_says_by_himself_that_a_file_arrived(wereld: Wereld) -> None:
    """Broken: `act.pad is None and not eigen` in `_read_payload` (services/kluis/operatie.py)."""
    waar, row = await begun(wereld), manifest(photo())
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    inhoud = {"sha256": row["sha256"], "grootte": row["grootte"], "mediatype": "image/jpeg", "uitkomst": "gebonden"}
    op = wereld.op("boa-1", "bijlage.ontvangen", {"controle": waar, "bijlage": UUID(row["id"])}, inhoud)
    assert verdict((await wereld.push("boa-1", op))[0]) == ("quarantined", "onbekende_soort")
    assert "ontvangst" not in await item(wereld, "boa-1", waar, row)


async def test_that_a_file_arrived_is_not_struck(wereld: Wereld, database: Server) -> None:
    """Broken: `bevroren` of `bijlage.ontvangen`."""
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    await accepted(wereld, "boa-1", adding(wereld, "boa-1", waar, row))
    await send_file(wereld, "boa-1", row, content)
    found = await outcome(wereld, "boa-1", waar, row)
    booked = {"opId": found["op"], "onderwerp": {"controle": waar}}
    assert verdict((await wereld.push("boa-1", doorhaling(wereld, "boa-1", booked, "controle")))[0]) == (
        "quarantined",
        "regel_geschonden",
    )
    ((status, toestel),) = await select(
        database,
        "SELECT convert_from(oordeel, 'UTF8')::json ->> 'status', convert_from(oordeel, 'UTF8')::json ->> 'toestel'"
        " FROM grootboek.entry JOIN kluis.inhoud USING (pos) WHERE op = :op",
        op=UUID(found["op"]),
    )
    assert (status, toestel) == ("accepted", None)


async def test_a_correction_takes_no_file_away(wereld: Wereld) -> None:
    """Broken: `bijlagen` in `corrected` (services/vouwen/stappen.py)."""
    waar, content = await begun(wereld), photo()
    row = manifest(content)
    inhoud = {"code": "drugs", "aard": "feit", "wijze": "waargenomen", "tekst": "op de foto"}
    op = wereld.op("boa-1", "bevinding.vastgelegd", {"controle": waar, "bevinding": uuid7()}, inhoud, bijlagen=[row])
    await accepted(wereld, "boa-1", op)
    await send_file(wereld, "boa-1", row, content)
    before = await outcome(wereld, "boa-1", waar, row)
    await accepted(wereld, "boa-1", correctie(wereld, "boa-1", op | {"onderwerp": as_ids(op)}, tekst="op de tafel"))
    assert (await item(wereld, "boa-1", waar, row))["ontvangst"] == before


def as_ids(op: dict[str, Any]) -> dict[str, UUID]:
    return {key: UUID(ident) for key, ident in op["onderwerp"].items()}


async def test_all_of_it_is_folded_again_from_the_ledger_alone(wereld: Wereld, database: Server) -> None:
    """Broken: `bijlagen` in `entry_from_sections` (services/kluis/verzegelen.py)."""
    waar = await begun(wereld)
    good, bad, never = photo(), b"%PDF-1.7 ...", photo()
    rows = [manifest(good), manifest(bad), manifest(never)]
    inhoud = {"code": "drugs", "aard": "feit", "wijze": "waargenomen"}
    op = wereld.op("boa-1", "bevinding.vastgelegd", {"controle": waar, "bevinding": uuid7()}, inhoud, bijlagen=rows)
    await accepted(wereld, "boa-1", op)
    await send_file(wereld, "boa-1", rows[0], good)
    await send_file(wereld, "boa-1", rows[1], bad)
    assert (await outcome(wereld, "boa-1", waar, rows[0]))["uitkomst"] == "gebonden"
    assert (await outcome(wereld, "boa-1", waar, rows[1]))["uitkomst"] == "afgekeurd"
    before = await dump(database)
    assert any('"gebonden"' in line for line in before["controle"])
    await rebuild(database)
    assert await dump(database) == before


async def test_a_file_of_a_struck_entry_leaves_nothing_behind(wereld: Wereld, database: Server) -> None:
    """What arrived for it stays an entry, of a document that speaks of no file, or that is gone altogether.

    Broken: `if shown` in `fold` (registraties/bijlage_ontvangen.py), and ANY_AGGREGAAT in `_fold_all`
    (services/vouwen/vouwer.py: the second strike was put in quarantine)."""
    ops, content = controle(wereld, "boa-1"), photo()
    waar, row = UUID(ops[1]["onderwerp"]["controle"]), manifest(content)
    promise = adding(wereld, "boa-1", waar, row)
    await accepted(wereld, "boa-1", *ops, promise)
    await send_file(wereld, "boa-1", row, content)
    await outcome(wereld, "boa-1", waar, row)
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", promise, "controle"))
    assert "bijlagen" not in (await wereld.get("boa-1", f"/controles/{waar}")).json()
    await accepted(wereld, "boa-1", doorhaling(wereld, "boa-1", ops[1], "controle"))
    assert (await wereld.get("boa-1", f"/controles/{waar}")).status_code == 404
    before = await dump(database)
    await rebuild(database)
    assert await dump(database) == before
