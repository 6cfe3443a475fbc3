"""A short storm in the suite; `make storm` is the long one. It must be clean, the same each time, and find bugs."""

import re
from pathlib import Path

import pytest

from storm.bewijs import hunt
from storm.fouten import FOUTEN, NAMEN
from storm.handelingen import HANDELINGEN
from storm.mutaties import LIJST
from storm.planten import plant
from storm.reeks import Opgave, Reeks
from storm.rooster import draw
from storm.verslag import TELLING, WOORDEN

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "storm.md").read_text(encoding="utf-8")
SNEL = ("masker_vergeten", "verstuurd_voor_antwoord", "aanvaard_niet_gevouwen")
"""Planted bugs that the first seeds find: the rest is for `make storm-bewijs`."""


def test_a_short_storm_is_clean_and_the_same_again(reeks: Reeks) -> None:
    """What breaks it: every bug in storm/mutaties.py, of which the next test plants some."""
    for seed in (7, 7, 3):
        reeks.put(Opgave.of(seed))
    done = sorted((reeks.get() for _ in range(3)), key=lambda uitslag: uitslag.seed)
    assert [u.bevindingen for u in done] == [()] * 3
    assert all(u.registraties > 20 and u.fouten for u in done)
    assert all(not u.telling[name] for u in done for name in TELLING)
    assert done[0].hash != done[1].hash
    assert done[1].spoor == done[2].spoor


@pytest.mark.parametrize("naam", SNEL)
def test_the_storm_finds_a_planted_bug(reeks: Reeks, naam: str) -> None:
    assert hunt(reeks, naam, 12) is not None


def test_the_storm_holds_every_document_against_its_class(reeks: Reeks) -> None:
    """Broken: `check_documents` out of storm/toetsen.py."""
    found = hunt(reeks, "veld_te_veel", 4)
    assert found is not None
    assert [said for said in found.bevindingen if said.startswith("document: controles start.kleur: Extra inputs")]


def test_the_page_says_which_seed_found_each_planted_bug() -> None:
    """The table is written by `make storm-bewijs`: a bug that no seed finds has no number in it."""
    rows = dict(re.findall(r"^\| `(\w+)` \| .+ \| (\d+) \| .+ \|$", PAGE, re.MULTILINE))
    assert rows.keys() == {mutatie.naam for mutatie in LIJST}


def test_every_mutation_still_fits_the_code() -> None:
    """A list of bugs that can no longer be planted proves nothing: each line it breaks must be there, once."""
    assert len(LIJST) >= 15
    assert len({mutatie.naam for mutatie in LIJST}) == len(LIJST)
    for mutatie in LIJST:
        if mutatie.plek != "beheer":
            plant(mutatie)()


def test_the_schedule_follows_from_the_seed_alone() -> None:
    assert draw(11) == draw(11)
    assert draw(11) != draw(12)
    assert {actie.soort for seed in range(50) for actie in draw(seed)} == HANDELINGEN.keys()


def test_all_forty_faults_are_somewhere_and_the_page_says_where() -> None:
    assert [fout.nummer for fout in FOUTEN] == list(range(1, 41))
    rows = {int(row[1]): row[0] for row in re.finditer(r"^\| (\d+) \|.*$", PAGE, re.MULTILINE)}
    assert rows.keys() == set(range(1, 41))
    for fout in FOUTEN:
        assert fout.namen or fout.elders or fout.reden, fout
        for told in (*fout.namen, *(f"tests/{elders}" for elders in fout.elders), fout.reden):
            assert told in rows[fout.nummer], (fout.nummer, told)
        assert all((ROOT / "tests" / elders).is_file() for elders in fout.elders), fout


def test_every_name_of_a_fault_is_noted_by_an_action() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "storm").glob("*.py") if path.name != "fouten.py"
    )
    for naam in NAMEN:
        stem = re.sub(r"_(geen|voor_kop|voor_commit|na_commit)$|^(hard|soft)_", "", naam)
        assert stem in source, naam


def test_in_the_long_run_every_fault_happened_and_nothing_was_wrong() -> None:
    """What `docs/bench/storm.md` says of the last thousand seeds."""
    told = (ROOT / "docs/bench/storm.md").read_text(encoding="utf-8")
    counts = {name: int(times) for name, times in re.findall(r"^\| (\w+) \| (\d+) \|$", told, re.MULTILINE)}
    assert counts.keys() == NAMEN | set(WOORDEN.values())
    assert {counts[name] for name in WOORDEN.values()} == {0}
    assert [name for name in sorted(NAMEN) if counts[name] == 0] == []
    assert int(re.search(r"^(\d+) seeds in", told, re.MULTILINE)[1]) >= 1_000  # type: ignore[index]
    assert "Seeds with findings: none." in told
