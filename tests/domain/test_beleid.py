"""The policy table against the oracle, in every situation; and no row of the table can be missed."""

import pytest

from app.access.beleid import BELEID, PERMISSIES, scopes_for
from tests.hulp.beleidstafel import (
    ACTORS,
    ANDER,
    ANDERE,
    BY_COLLECTIE,
    CASES,
    DADEN,
    ELDERS,
    FIXED,
    RELEVANT,
    disagreements,
    install,
    widened,
    without,
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    for wie in ACTORS.values():
        wie.gehouden.clear()


def test_the_table_says_what_the_domain_says() -> None:
    assert len(CASES) > 80
    assert all(BY_COLLECTIE.values())
    assert list(disagreements()) == [], "tests/hulp/orakel.py says otherwise than the policy"


def test_every_permission_is_weighed_in_some_situation() -> None:
    weighed = {daad.permissie for daad in DADEN} | FIXED.keys() | {f"{collectie}:zien" for collectie in RELEVANT}
    assert weighed ^ PERMISSIES == set(), "a `Daad` in tests/hulp/beleidstafel.py says on which documents"


@pytest.mark.parametrize("n", range(len(BELEID)), ids=[f"{n}-{row.permissie}" for n, row in enumerate(BELEID)])
def test_no_part_of_a_row_can_be_missed_or_added(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for what, row in (*without(n), *widened(n)):
        install(monkeypatch, (*BELEID[:n], *([row] if row else []), *BELEID[n + 1 :]))
        assert any(True for _ in disagreements()), f"nobody notices: {BELEID[n].permissie} {what}"


def test_nobody_holds_a_scope_of_another_municipality_person_or_organisation() -> None:
    for rol, wie in ACTORS.items():
        held = frozenset().union(*(scopes_for(wie, p) for p in PERMISSIES))
        assert held, rol
        assert not [of for of in held if ELDERS in of or ANDER in of or ANDERE in of]
