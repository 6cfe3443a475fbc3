"""What a device delivered, as numbers: any order, any repeats, and gaps that are bounded in size."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.boeken.voortgang import MAX_LOOSE, MAX_SHOWN, Voortgang, advance, as_ack

NIEUW = Voortgang(UUID(int=1), 0, frozenset())
NUMBERS = st.lists(st.integers(min_value=1, max_value=40))


@pytest.mark.parametrize(
    ("received", "through", "missing"),
    [
        ([], 0, []),
        ([1], 1, []),
        ([2], 0, [1]),
        ([1, 2, 4], 2, [3]),
        ([5, 3], 0, [1, 2, 4]),
        ([3, 2, 1, 1], 3, []),
        ([2**53 - 1], 0, list(range(1, MAX_SHOWN + 1))),
        ([5, 2**53 - 1], 0, [*range(1, 5), *range(6, MAX_SHOWN + 2)]),
    ],
)
def test_the_numbers_that_are_missing(received: list[int], through: int, missing: list[int]) -> None:
    assert as_ack(advance(NIEUW, received)) == (through, missing)


@given(NUMBERS)
def test_it_is_what_the_set_of_numbers_says(received: list[int]) -> None:
    found = set(received)
    through = next(n for n in range(len(found) + 1) if n + 1 not in found)
    missing = [n for n in range(through + 1, max(found, default=0)) if n not in found]
    assert as_ack(advance(NIEUW, received)) == (through, missing)


@given(NUMBERS, NUMBERS)
def test_batches_add_up_in_any_order(first: list[int], second: list[int]) -> None:
    together = advance(NIEUW, [*first, *second])
    assert advance(advance(NIEUW, first), second) == together
    assert advance(advance(NIEUW, second), first) == together
    assert advance(together, first) == together


@given(NUMBERS)
def test_nothing_is_kept_that_is_not_beyond_a_gap(received: list[int]) -> None:
    after = advance(NIEUW, received)
    assert all(number > after.aaneengesloten + 1 for number in after.los)
    assert after.toestel == NIEUW.toestel


def test_a_device_that_leaves_gaps_everywhere_costs_no_more_than_so_much() -> None:
    """Every call of the device reads them. Broken once: `[:MAX_LOOSE]` in `advance`."""
    odd = range(3, 2 * MAX_LOOSE + 203, 2)
    after = advance(NIEUW, odd)
    assert sorted(after.los) == list(odd)[:MAX_LOOSE]
    again = advance(after, range(1, odd[-1] + 1))
    assert again == (NIEUW.toestel, odd[-1], frozenset(), None), "sent again, all is well"
