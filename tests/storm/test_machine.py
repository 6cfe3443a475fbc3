"""hypothesis looks for a run that goes wrong, and makes it small: the actions of the storm, by other chance."""

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from storm.handelingen import HANDELINGEN
from storm.reeks import Opgave, Reeks
from storm.rooster import BEGIN, Actie

SOORTEN = st.sampled_from(sorted(HANDELINGEN))
ANY = st.integers(0, 2**16 - 1)
RUSTIG = settings(
    max_examples=2,
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


class Machine(RuleBasedStateMachine):
    """Actions gather; the run is played at the end, when all of it is known."""

    reeks: ClassVar[Reeks]
    mutatie: ClassVar[str | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.acties = [Actie(n, soort, n, n) for n, soort in enumerate(BEGIN)]

    @rule(soort=SOORTEN, wie=ANY, zaad=ANY)
    def happen(self, soort: str, wie: int, zaad: int) -> None:
        self.acties.append(Actie(len(self.acties), soort, wie, zaad))

    def teardown(self) -> None:
        self.reeks.put(Opgave(0, self.acties, self.mutatie))
        assert self.reeks.get().bevindingen == ()


def test_hypothesis_finds_no_run_that_goes_wrong(reeks: Reeks) -> None:
    machine = type("Rustig", (Machine,), {"reeks": reeks})
    run_state_machine_as_test(machine, settings=RUSTIG)


def test_hypothesis_finds_a_planted_bug(reeks: Reeks) -> None:
    """Fields travel unmasked: found in any run in which a signaal or locatie reaches a phone."""
    machine = type("Lek", (Machine,), {"reeks": reeks, "mutatie": "masker_vergeten"})
    few = settings(RUSTIG, max_examples=2, stateful_step_count=2, phases=(Phase.generate,))
    with pytest.raises(AssertionError, match=r"gelekt|verouderd"):
        run_state_machine_as_test(machine, settings=few)
