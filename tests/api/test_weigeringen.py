"""What the law forbids is refused by every door, and what it allows is not: one row per refusal (ontwerp/domein.md).

Each row of `GEVALLEN` gives what is refused and its allowed twin. Both go through push, online, after a strike, as a
correction and out of quarantine. Broken, for each row: delete its line in the guard, or change its article.
"""

import pytest
from uuid_utils.compat import uuid7

from app.postgres import Server
from app.registraties.weigeringen import WEIGERINGEN
from tests.hulp.controles import TOESTEMMING
from tests.hulp.gevallen import BY_CORRECTION_ONLY, GEVALLEN, refused, strike, told
from tests.hulp.handhaving import (
    JURIST,
    Adres,
    Op,
    post,
)
from tests.hulp.ingehouden import decide, end_role, receipt, the_same_again
from tests.hulp.sync_proef import accepted, controle, give_up, verdict
from tests.hulp.wereld import Wereld

ELDERS = {
    "rapportage-andere-hoedanigheid": ("13", "Wpg 16–20"),
    "klant-in-toezicht": ("–", "Awb 5:12, 5:13; Awbi 1"),
    "persoon-zonder-grondslag": ("–", "AVG 9; Raad van State W16.23.00391/II"),
}
"""Of no measure: below, test_wet.py, test_tellen.py."""


async def scene(wereld: Wereld, naam: str) -> tuple[Adres, Op, Op]:
    geval = GEVALLEN[naam]
    adres = await Adres(wereld).record(bewoond=geval.bewoond)
    return adres, *await geval.maak(adres)


def test_the_table_is_whole() -> None:
    """Each row has its twins here, under the article that the law has; each says something, and what then."""
    mine = {naam: (g.rij, g.artikel) for naam, g in GEVALLEN.items()} | BY_CORRECTION_ONLY | ELDERS
    assert {naam: (row.rij, row.artikel) for naam, row in WEIGERINGEN.items()} == mine
    assert {naam for naam, row in WEIGERINGEN.items() if row.wacht} == {n for n, g in GEVALLEN.items() if g.wacht}
    for naam, row in WEIGERINGEN.items():
        assert all(text.endswith(".") for text in (row.reden, row.wat_nu)), naam
        assert all((row.geweigerd, row.toegestaan)), naam


@pytest.mark.parametrize("naam", GEVALLEN)
async def test_what_the_law_forbids_is_refused_online(wereld: Wereld, naam: str) -> None:
    _, bad, good = await scene(wereld, naam)
    refused(await post(wereld, bad), naam)
    answer = await post(wereld, good)
    assert answer.status_code == 201, (naam, answer.text)


@pytest.mark.parametrize("naam", GEVALLEN)
async def test_pushed_it_is_kept_with_article_reason_and_what_then(wereld: Wereld, database: Server, naam: str) -> None:
    """What waits for something is asked for again first, and only then kept."""
    _, bad, good = await scene(wereld, naam)
    op = wereld.op(JURIST, *bad)
    (kept,) = await (give_up if GEVALLEN[naam].wacht else Wereld.push)(wereld, JURIST, op)
    assert verdict(kept) == ("quarantined", "regel_geschonden"), naam
    assert (await receipt(wereld, JURIST, op["opId"]))["weigering"] == told(naam)
    await accepted(wereld, JURIST, wereld.op(JURIST, *good))
    await the_same_again(wereld, database)


@pytest.mark.parametrize("naam", GEVALLEN)
async def test_what_was_struck_makes_room_for_what_is_allowed_only(wereld: Wereld, naam: str) -> None:
    """What was struck makes room for what is allowed, not for what is not."""
    _, bad, good = await scene(wereld, naam)
    first = wereld.op(JURIST, *good)
    await accepted(wereld, JURIST, first)
    await strike(wereld, first)
    refused(await post(wereld, bad), naam)
    answer = await post(wereld, good)
    assert answer.status_code == 201, (naam, answer.text)


@pytest.mark.parametrize("naam", [naam for naam, g in GEVALLEN.items() if g.corrigeerbaar])
async def test_what_the_law_forbids_is_not_reached_by_correcting(wereld: Wereld, naam: str) -> None:
    """What could not be recorded cannot be reached by correcting either."""
    _, bad, good = await scene(wereld, naam)
    first = wereld.op(JURIST, *good)
    await accepted(wereld, JURIST, first)
    about = {"corrigeert": first["opId"], "basis": first["opId"], "reden": "verschreven"}
    refused(await post(wereld, bad, **about), naam)
    op = wereld.op(JURIST, *bad, **about)
    (kept,) = await (give_up if GEVALLEN[naam].wacht else Wereld.push)(wereld, JURIST, op)
    assert verdict(kept) == ("quarantined", "regel_geschonden"), naam
    assert (await receipt(wereld, JURIST, op["opId"]))["weigering"] == told(naam)
    answer = await post(wereld, good, **about)
    assert answer.status_code == 201, (naam, answer.text)


@pytest.mark.parametrize("naam", GEVALLEN)
async def test_the_desk_cannot_take_in_what_the_law_forbids(wereld: Wereld, database: Server, naam: str) -> None:
    """The desk cannot let hold what the law forbids; what waited for another reason it can."""
    _, bad, good = await scene(wereld, naam)
    await end_role(wereld, JURIST)
    wrong, right = wereld.op(JURIST, *bad), wereld.op(JURIST, *good)
    for op in (wrong, right):
        assert verdict((await wereld.push(JURIST, op))[0]) == ("quarantined", "recht_ontbreekt"), naam
    refused(await decide(wereld, wrong["opId"]), naam)
    answer = await decide(wereld, right["opId"])
    assert answer.status_code == 201, (naam, answer.text)
    await the_same_again(wereld, database)


async def test_toezicht_does_not_come_as_a_client(wereld: Wereld) -> None:
    """What an officer did is kept all the same; as police work it is accepted. Broken: `weiger` out of the guard."""
    row = WEIGERINGEN["klant-in-toezicht"]
    known = {"artikel": row.artikel, "reden": row.reden, "watNu": row.wat_nu}
    locatie, start = controle(wereld, "pct-1")
    start["inhoud"] |= {"benadering": "afspraak_als_klant", "binnentreden": TOESTEMMING}
    start["inhoud"]["hoedanigheidBekendgemaakt"] = {"op": "2026-08-19T21:15:00Z", "waar": "in de hal"}
    pushed = await wereld.push("pct-1", locatie, start)
    assert [verdict(each) for each in pushed] == [("accepted", None), ("quarantined", "regel_geschonden")]
    assert (await receipt(wereld, "pct-1", start["opId"]))["weigering"] == known
    pad, here = f"/controles/{uuid7()}/start", {"locatie": locatie["onderwerp"]["locatie"]}
    for hoedanigheid, status in (("toezicht", 409), ("opsporing", 201)):
        inhoud = start["inhoud"] | {"hoedanigheid": hoedanigheid}
        answer = await wereld.post("pct-1", pad, {"onderwerp": here, "inhoud": inhoud})
        assert (answer.status_code, known.items() <= answer.json().items()) == (status, status == 409), answer.text
