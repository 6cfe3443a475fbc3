"""A place is known to who may read a document that stands on it: each kind of document, as he is shown it.

Then he may name it, and not strike it. Broken, each by itself: `ligt` of an aggregate, and either half of what `_lies`
(services/boeken/bekend.py) makes of it made "false".
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.hulp.keten import HARDERWIJK, START, team
from tests.hulp.panden import VOORNEMEN, pand, plan
from tests.hulp.sync_proef import accepted, correctie, doorhaling, verdict
from tests.hulp.wereld import Wereld

Stands = Callable[[Wereld, dict[str, Any]], Awaitable[None]]
TIP = {"bron": "overlastmelding", "gemeente": HARDERWIJK}
UNKNOWN = ("deferred", "voorganger_ontbreekt")


def rapport(soort: str, controle: Any) -> dict[str, Any]:
    return {"soort": soort, "controles": [str(controle)], "gemeente": HARDERWIJK, "tekst": "zo"}


async def started(wereld: Wereld, place: dict[str, Any]) -> None:
    await accepted(wereld, "boa-1", wereld.op("boa-1", "controle.gestart", {"controle": uuid7(), **place}, START))


async def planned(wereld: Wereld, place: dict[str, Any]) -> None:
    op = wereld.op("regisseur-1", "controle.gepland", {"controle": uuid7(), **place}, plan(wereld, "regisseur-1"))
    await accepted(wereld, "regisseur-1", op)


async def told_by_an_officer(wereld: Wereld, place: dict[str, Any]) -> None:
    await accepted(wereld, "boa-1", wereld.op("boa-1", "signaal.gemeld", {"signaal": uuid7(), **place}, TIP))


async def told_by_the_regisseur(wereld: Wereld, place: dict[str, Any]) -> None:
    op = wereld.op("regisseur-1", "signaal.gemeld", {"signaal": uuid7(), **place}, TIP)
    await accepted(wereld, "regisseur-1", op)


async def intended(wereld: Wereld, place: dict[str, Any]) -> None:
    op = wereld.op("jurist-1", "maatregel.voorgenomen", {"maatregel": uuid7(), **place}, VOORNEMEN)
    await accepted(wereld, "jurist-1", op)


async def reported_before_he_left_the_plan(wereld: Wereld, place: dict[str, Any]) -> None:
    """He reads his own draft still, and not the controle."""
    controle, both = uuid7(), plan(wereld, "regisseur-1")
    both["deelnemers"] += team(wereld, boa_2="voert_uit")
    op = wereld.op("regisseur-1", "controle.gepland", {"controle": controle, **place}, both)
    draft = rapport("controlerapport", controle)
    await accepted(wereld, "regisseur-1", op)
    await accepted(wereld, "boa-2", wereld.op("boa-2", "rapportage.opgemaakt", {"rapportage": uuid7()}, draft))
    without = correctie(wereld, "regisseur-1", op, deelnemers=both["deelnemers"][:1])
    await accepted(wereld, "regisseur-1", without)
    assert (await wereld.get("boa-2", f"/controles/{controle}")).status_code == 404


async def disclosed(wereld: Wereld, place: dict[str, Any]) -> None:
    """What the police saw there, to the burgemeester."""
    controle, about = uuid7(), {"rapportage": uuid7()}
    aan = {"orgaan": "burgemeester", "gemeente": HARDERWIJK}
    await accepted(
        wereld, "pct-1",
        wereld.op("pct-1", "controle.gestart", {"controle": controle, **place}, START),
        wereld.op("pct-1", "rapportage.opgemaakt", about, rapport("bestuurlijke_rapportage", controle)),
        wereld.op("pct-1", "rapportage.vastgesteld", about, {"vastgesteldOp": "2026-08-21"}),
        wereld.op(
            "pct-1", "rapportage.verstrekt", about, {"aan": aan, "weergave": "volledig", "verstrektOp": "2026-08-21"}
        ),
    )  # fmt: skip


async def record(wereld: Wereld, wie: str) -> dict[str, Any]:
    """A place; the police do not say for what, so that it is of nobody else."""
    said = {} if wie == "pct-1" else {"hoedanigheid": "toezicht"}
    op = wereld.op(wie, "locatie.vastgelegd", {"locatie": uuid7()}, pand("9", **said), versie=2 if said else 1)
    await accepted(wereld, wie, op)
    return dict(op)


@pytest.mark.parametrize(
    ("van", "stands", "wie"),
    [
        ("boa-1", started, "boa-2"),
        ("boa-1", told_by_an_officer, "boa-2"),
        ("boa-1", intended, "pct-1"),
        ("boa-1", reported_before_he_left_the_plan, "boa-2"),
        ("pct-1", disclosed, "jurist-1"),
    ],
)
async def test_who_reads_what_stands_on_a_place_names_it(wereld: Wereld, van: str, stands: Stands, wie: str) -> None:
    """And not before. Broken: its `ligt`; the last is that of a rapportage to the authority."""
    place = (await record(wereld, van))["onderwerp"]
    if wie == "jurist-1":
        naming = wereld.op(wie, "maatregel.voorgenomen", {"maatregel": uuid7(), **place}, VOORNEMEN)
    else:
        naming = wereld.op(wie, "signaal.gemeld", {"signaal": uuid7(), **place}, TIP)
    assert verdict((await wereld.push(wie, naming))[0]) == UNKNOWN
    await stands(wereld, place)
    await accepted(wereld, wie, naming)


@pytest.mark.parametrize("stands", [planned, told_by_the_regisseur, intended])
async def test_what_stands_on_his_place_keeps_the_regisseur_from_striking_it(wereld: Wereld, stands: Stands) -> None:
    """He sees under which id an address was known first. Broken: the second half of `_lies`."""
    for on_it, outcome in ((True, ("quarantined", "regel_geschonden")), (False, ("accepted", None))):
        own = await record(wereld, "regisseur-1")
        if on_it:
            await stands(wereld, own["onderwerp"])
        (result,) = await wereld.push("regisseur-1", doorhaling(wereld, "regisseur-1", own, "locatie"))
        assert verdict(result) == outcome, on_it
