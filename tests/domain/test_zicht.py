"""Who is shown which field: every cell of `app/access/zicht.py`, in the words of a reader, field by field.

zicht.json says which fields are shown to whom: role and kind of scope; `eigen` is what one recorded oneself, and
between brackets stands the door if it is not that of lists. `gesteld:` are fields of entries that whoever corrects one
may see, so may empty. `make tafels` writes it and says in words what changed: whoever changed a cell reads that.
"""

import pytest

from app.access import zicht
from app.access.zicht import ZICHT
from app.registraties.register import DOCUMENTEN
from tests.hulp.documenten import forget
from tests.hulp.zichttafel import cells, differences


def test_each_field_is_shown_to_whom_it_is_for() -> None:
    assert len(DOCUMENTEN) > 12
    assert differences() == [], "make tafels writes zicht.json anew: read what it says, then keep it or mend the row"


def test_no_cell_of_the_table_can_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of them; `make mutaties` changes each."""
    assert differences() == [], "the table is wrong as it stands"
    unseen = []
    for what, row, changed in list(cells())[::3]:
        monkeypatch.setattr(zicht, "ZICHT", tuple(changed if z is row else z for z in ZICHT))
        forget()
        if not differences():
            unseen.append(what)
    monkeypatch.undo()
    forget()
    assert unseen == [], "nobody notices these cells"
