"""`make mutaties` itself: that a cell which nobody misses is found, and named. A sample of it runs here.

Whole the tables of laws, parts and policy are changed by their own tests (test_wet, test_zicht, test_beleid).
"""

import pytest

from app.access import zicht
from tests.hulp import mutaties
from tests.hulp.mutaties import TAFELS, Tafel, survivors


@pytest.mark.parametrize("tafel", TAFELS, ids=lambda tafel: tafel.naam)
def test_a_sample_of_each_table_is_missed(tafel: Tafel) -> None:
    """Every fortieth cell, or tenth. Broken: `_moved` that moves nothing; `forget` out of `_patched`."""
    cells = list(tafel.cellen())
    assert len(cells) > 30, tafel.naam
    seen, alive = survivors(tafel._replace(cellen=lambda: iter(cells[:: 40 if len(cells) > 80 else 10])))
    assert (alive, seen > 1) == ([], True)


def test_a_cell_that_nobody_misses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is there twice: without either all stays as it is. Broken: `alive.append`."""
    double = next(z for z in zicht.ZICHT if z.collectie == "attenderingen")
    monkeypatch.setattr(zicht, "ZICHT", (*zicht.ZICHT, double._replace()))
    mutaties.forget()
    parts = next(t for t in TAFELS if t.naam == "what is shown to whom")
    cells = [cel for cel in parts.cellen() if cel[0].startswith("attenderingen")]
    seen, alive = survivors(parts._replace(cellen=lambda: iter(cells)))
    monkeypatch.undo()
    mutaties.forget()
    assert (seen, alive) == (len(cells), [what for what, _ in cells])
