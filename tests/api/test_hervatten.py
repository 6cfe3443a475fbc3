"""What a mistake of ours kept from being judged holds by itself once a release can; nobody gains a right by it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.services.boeken.hervatten import resume_unjudged
from tests.hulp.bouw import BOA, geweigerd, registratie, toegelaten
from tests.hulp.ingehouden import break_judging, decide, end_role, held, listed, receipt, the_same_again
from tests.hulp.sync_proef import give_up, head, melding, oordeel, verdict
from tests.hulp.wereld import Wereld


async def start_again(wereld: Wereld) -> int:
    """As a process does that starts."""
    return await resume_unjudged(wereld.http.app.state.proces.sessionmaker, nu=datetime.now(UTC))


async def kept(wereld: Wereld, monkeypatch: pytest.MonkeyPatch, wie: str, **velden: Any) -> Any:
    """What we could not judge."""
    op = melding(wereld, wie, **velden)
    with monkeypatch.context() as patched:
        break_judging(patched)
        await held(wereld, wie, op, "niet_verwerkt")
    return op


async def test_after_the_release_that_mends_it_it_holds(
    wereld: Wereld, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its writer hears so, a repeat hears the same, twice is once, and a rebuild gives the same.

    Broken: HERVAT out of `takes_in`; `beoordeling` out of the fold; the order out of `_KEPT`.
    """
    op = await kept(wereld, monkeypatch, "boa-1")
    signaal = f"/signalen/{op['onderwerp']['signaal']}"
    assert (await wereld.get("boa-1", signaal)).status_code == 404
    assert await start_again(wereld) == 1
    assert (await wereld.get("boa-1", signaal)).status_code == 200
    told = await receipt(wereld, "boa-1", op["opId"])
    assert (told["stand"], told["code"]) == ("aanvaard", "niet_verwerkt")
    assert "reden" not in told["beoordeling"]
    size = await head(wereld)
    assert await start_again(wereld) == 0
    assert verdict((await wereld.push("boa-1", op))[0]) == ("duplicate", None)
    assert await head(wereld) == size
    assert op["opId"] not in await listed(wereld, stand="open")
    await the_same_again(wereld, database)


async def test_what_still_cannot_be_judged_waits_and_the_desk_may_decide(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken: `check=refuse` left out: each start would leave an entry."""
    op = await kept(wereld, monkeypatch, "boa-1")
    size = await head(wereld)
    with monkeypatch.context() as patched:
        break_judging(patched)
        assert await start_again(wereld) == 0
    assert await head(wereld) == size
    assert (await listed(wereld, stand="open"))[op["opId"]]["code"] == "niet_verwerkt"
    assert (await decide(wereld, op["opId"], "geweigerd")).status_code == 201
    assert await start_again(wereld) == 0, "somebody decided"


@pytest.mark.parametrize("wat", ["elsewhere", "his role ended"])
async def test_nobody_gains_a_right_by_our_mistake(wereld: Wereld, monkeypatch: pytest.MonkeyPatch, wat: str) -> None:
    """Broken: `writer_of(held.oordeel, desk)` for both: the desk's right stands in for his own."""
    away = {"inhoud": {"gemeente": "GM0153"}} if wat == "elsewhere" else {}
    op = await kept(wereld, monkeypatch, "boa-1", **away)
    if wat == "his role ended":
        await end_role(wereld, "boa-1")
    assert await start_again(wereld) == 0
    found = await wereld.get("regisseur-1", f"/signalen/{op['onderwerp']['signaal']}")
    assert found.status_code == 404


async def test_what_follows_in_order_holds_too_and_nothing_else_does(
    wereld: Wereld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken: the code out of `_KEPT` and out of the guard: what waited for its signaal would hold by itself."""
    signaal = uuid7()
    early = oordeel(wereld, "regisseur-1", signaal)
    (told,) = await give_up(wereld, "regisseur-1", early)
    assert verdict(told) == ("quarantined", "onderwerp_onbekend")
    assert verdict((await wereld.push("boa-1", melding(wereld, "boa-1", signaal)))[0]) == ("accepted", None)
    first, second = [await kept(wereld, monkeypatch, "boa-1") for _ in range(2)]
    strange = melding(wereld, "boa-1") | {"soort": "iets.nieuws"}
    await held(wereld, "boa-1", strange, "onbekende_soort")
    assert await start_again(wereld) == 2
    for op in (first, second):
        assert (await wereld.get("boa-1", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 200
    assert {*await listed(wereld, stand="open")} == {strange["opId"], early["opId"]}


@pytest.mark.parametrize(
    ("doc", "may"),
    [
        ({"stand": "open", "code": "niet_verwerkt"}, True),
        ({"stand": "open", "code": "recht_ontbreekt"}, False),
        ({"stand": "geweigerd", "code": "niet_verwerkt"}, False),
        (None, False),
    ],
)
def test_only_of_what_waits_through_our_mistake(doc: dict[str, Any] | None, may: bool) -> None:  # noqa: FBT001
    """Broken: each half of the guard."""
    resumed = registratie("quarantaine.hervat", ontvangst="K")
    if may:
        toegelaten(doc, resumed, BOA)
    else:
        assert "niet liggen door een fout" in geweigerd(doc, resumed, BOA)


async def test_only_the_server_lets_it_hold(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken: `pad=None` out of the act."""
    op = await kept(wereld, monkeypatch, "boa-1")
    mine = wereld.op("boa-1", "quarantaine.hervat", {"ontvangst": op["opId"]}, {})
    (result,) = await wereld.push("boa-1", mine)
    assert verdict(result) == ("quarantined", "onbekende_soort")
    assert (await wereld.get("boa-1", f"/signalen/{op['onderwerp']['signaal']}")).status_code == 404


async def test_one_that_fails_holds_up_no_other(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken: `except Problem` out of `resume_one`."""
    await kept(wereld, monkeypatch, "boa-1", inhoud={"gemeente": "GM0153"})
    op = await kept(wereld, monkeypatch, "boa-1")
    assert await start_again(wereld) == 1
    signaal = op["onderwerp"]["signaal"]
    assert (await wereld.push("regisseur-1", oordeel(wereld, "regisseur-1", signaal)))[0]["status"] == "accepted"
