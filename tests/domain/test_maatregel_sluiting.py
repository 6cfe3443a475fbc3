"""A closure: from which day, until when, and how it ends by itself."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.registraties.act import Doc, Registratie
from app.registraties.maatregel.bestuursdwang_toegepast import add_months
from tests.hulp.bouw import (
    JURIST,
    bestand,
    geweigerd,
    ident,
    toegelaten,
    vouw,
)
from tests.hulp.maatregelen import M3, OM, TOEPASSING, URGENT, beeindigd, step, toegepast
from veldboek_client.maatregel import status_on


def verlopen(op: str = "2023-09-05", ontvangen: str = "2023-09-06") -> Registratie:
    return step("sluiting.verlopen", {"op": op}, ontvangen=ontvangen)


def test_a_closure_runs_out_by_itself_on_the_day_after_its_last() -> None:
    doc = vouw(M3[:4], OM)
    for early in (verlopen(ontvangen="2023-09-05"), verlopen("2023-09-04")):
        assert "loopt nog" in geweigerd(doc, early, JURIST, OM)
    toegelaten(doc, verlopen(), JURIST, OM)
    over = vouw([verlopen()], OM, doc)
    assert (over["status"], over["einde"]["datum"], "door" in over["einde"]) == ("verlopen", "2023-09-05", False)
    assert "loopt nog" in geweigerd(over, verlopen(), JURIST, OM)
    bestand("maatregel", [*M3[:4], verlopen()], OM)


def test_that_it_was_lifted_may_be_told_of_late() -> None:
    over = vouw([*M3[:4], verlopen()], OM)
    toegelaten(over, beeindigd("opgeheven", "2023-09-04"), JURIST, OM)
    assert "al voorbij" in geweigerd(over, beeindigd("opgeheven", "2023-09-05"), JURIST, OM)
    assert "geen lopende sluiting" in geweigerd(over, beeindigd(), JURIST, OM)
    assert vouw([beeindigd("opgeheven", "2023-09-04")], OM, over)["status"] == "opgeheven"


def test_a_term_that_turns_out_longer_lasts() -> None:
    """A correction folds the document again with another last day: what ran out of the earlier one counts no more."""
    longer = vouw([*M3[:3], toegepast(duurMaanden=4, tot="2023-10-05"), verlopen()], OM)
    assert (longer["status"], "einde" in longer) == ("toegepast", False)
    assert vouw([verlopen("2023-10-05", "2023-10-06")], OM, longer)["status"] == "verlopen"


VECTORS = json.loads((Path(__file__).parent / "maatregel_status.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{v['dag']} {v['doc']['status']} {v['status']}" for v in VECTORS])
def test_the_status_on_a_day(vector: Doc) -> None:
    """One function for phone and server; the list of the server is held against the same in test_sluiting_einde."""
    assert status_on(vector["doc"], vector["dag"]) == vector["status"]


def test_every_field_of_the_closure_has_its_place() -> None:
    doc = vouw(M3, OM)
    kept = doc["toepassing"]
    assert {**TOEPASSING, "op": kept["datum"], "controle": str(ident("C3"))}.items() <= {
        **kept,
        "op": "2023-06-05",
    }.items()
    assert kept["op"] == str(M3[3].op)
    assert (doc["sluitingTot"], doc["verlengingen"][0]["tot"]) == ("2023-12-05", "2023-12-05")
    assert doc["einde"]["datum"] == "2023-12-05"


def test_duration_alone_fixes_the_last_day() -> None:
    assert vouw(URGENT[:2], OM)["sluitingTot"] == "2023-06-01"
    assert vouw([*M3[:3], toegepast(wijze="ontruiming")], OM)["sluitingTot"] is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2023-06-05", 3, "2023-09-05"),
        ("2026-06-01", 3, "2026-09-01"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2022-11-30", 3, "2023-02-28"),
        ("2023-12-31", 12, "2024-12-31"),
        ("2023-10-31", 2, "2023-12-31"),
    ],
)
def test_months_are_calendar_months(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)
