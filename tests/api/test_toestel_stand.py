"""What a device still holds: promise 6 of docs/ontwerp/sync.md."""

from typing import Any

from tests.hulp.sync_proef import accepted, melding
from tests.hulp.toestel_proef import problem, shake
from tests.hulp.wereld import Wereld, add_mens


async def stand(wereld: Wereld, wie: str, door: str = "regisseur-1") -> Any:
    answer = await wereld.get(door, f"/toestellen/{wereld.mensen[wie].toestel}/stand")
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(found: Any) -> tuple[Any, ...]:
    return tuple(
        found[name]
        for name in ("vaststelling", "hoogsteVerteld", "aaneengeslotenTotEnMet", "ontbreekt", "nogOpToestel")
    )


async def test_promise_6_the_server_can_say_of_every_device_whether_it_delivered_everything(wereld: Wereld) -> None:
    """The regisseur sees "56 ontbreekt": gaps, and also the tail that only the device knows of.

    Broken: `col(ToestelStand.verteld)` out of `_HIGHEST` (the tail is not seen), the call of note_seen out of the
    handshake (nothing can be established), or `loose.update` in `advance` (what arrived is not counted).
    """
    ops = [melding(wereld, "boa-1") for _ in range(57)]
    assert told(await stand(wereld, "boa-1")) == ("niet_vast_te_stellen", None, 0, [], None)
    assert (await shake(wereld, "boa-1", 0)).status_code == 200
    assert told(await stand(wereld, "boa-1")) == ("alles_afgeleverd", 0, 0, [], 0)
    await shake(wereld, "boa-1", 57)
    await accepted(wereld, "boa-1", *ops[:55])
    assert told(await stand(wereld, "boa-1")) == ("ontbreekt", 57, 55, [56, 57], 2)
    await accepted(wereld, "boa-1", ops[56])
    assert told(await stand(wereld, "boa-1")) == ("ontbreekt", 57, 55, [56], 1)
    await shake(wereld, "boa-1", 12)
    assert told(await stand(wereld, "boa-1")) == ("ontbreekt", 57, 55, [56], 1), "what it once told stands"
    await accepted(wereld, "boa-1", ops[55])
    found = await stand(wereld, "boa-1")
    assert told(found) == ("alles_afgeleverd", 57, 57, [], 0)
    assert found["appVersie"] == "proef 1"
    assert found["laatstGezienOp"] > "2026"


async def test_of_a_client_without_numbers_nothing_can_be_established(wereld: Wereld) -> None:
    """Never "all delivered". Broken: the `is_(None)` out of `_RANK`."""
    await shake(wereld, "boa-1")
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", deviceSeq=None))
    assert told(await stand(wereld, "boa-1")) == ("niet_vast_te_stellen", None, 0, [], None)
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", deviceSeq=1))
    assert told(await stand(wereld, "boa-1")) == ("niet_vast_te_stellen", None, 1, [], None)
    await accepted(wereld, "boa-1", melding(wereld, "boa-1", deviceSeq=3))
    assert told(await stand(wereld, "boa-1")) == ("ontbreekt", None, 1, [2], None), "a gap shows all the same"


async def test_what_is_missing_comes_first_and_no_page_skips_a_device(wereld: Wereld) -> None:
    await shake(wereld, "boa-2", 2**53 - 1)
    await shake(wereld, "pct-1", 2)
    await shake(wereld, "wijkagent-1", 0)
    whole = (await wereld.get("regisseur-1", "/toestelstanden", limit=200)).json()
    assert whole["volgende"] is None
    order = [each["toestel"] for each in whole["resultaten"]]
    assert order[:2] == [str(wereld.mensen[wie].toestel) for wie in ("boa-2", "pct-1")]
    assert order[-1] == str(wereld.mensen["wijkagent-1"].toestel)
    assert len(order) == len(set(order)) > 8
    paged: list[str] = []
    cursor = None
    while True:
        page = (
            await wereld.get("regisseur-1", "/toestelstanden", limit=3, **({"cursor": cursor} if cursor else {}))
        ).json()
        paged += [each["toestel"] for each in page["resultaten"]]
        cursor = page["volgende"]
        if cursor is None:
            break
    assert paged == order
    for cursor in ("x", "WzFd", "bnVsbA", "WzAsMCwieCJd", "WzAsMCwxXQ", "WzAsOTksIjAxOTBhYWFhIl0"):
        assert problem(await wereld.get("regisseur-1", "/toestelstanden", cursor=cursor)) == (400, "ongeldig-verzoek")


async def test_a_long_gap_is_counted_whole_and_shown_in_part(wereld: Wereld) -> None:
    await shake(wereld, "boa-1", 2**53 - 1)
    found = await stand(wereld, "boa-1")
    assert (len(found["ontbreekt"]), found["nogOpToestel"]) == (1000, 2**53 - 1)
    too_far = await shake(wereld, "boa-1", 2**53)
    assert problem(too_far) == (400, "ongeldig-verzoek")


async def test_the_regisseur_sees_his_municipalities_and_a_carrier_his_own(wereld: Wereld) -> None:
    await add_mens(wereld, "regisseur-ermelo", "regisseur", "ermelo", ["GM0233"])
    await shake(wereld, "boa-1", 5)
    assert told(await stand(wereld, "boa-1", "boa-1")) == ("ontbreekt", 5, 0, [1, 2, 3, 4, 5], 5)
    theirs = f"/toestellen/{wereld.mensen['boa-1'].toestel}/stand"
    for wie in ("regisseur-ermelo", "boa-2", "burgemeester-1"):
        assert problem(await wereld.get(wie, theirs)) == (404, "niet-gevonden")
