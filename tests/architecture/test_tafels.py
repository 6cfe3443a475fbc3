"""`make tafels` itself: it writes what stands there, and never changes what was shipped."""

from pathlib import Path
from typing import Annotated

import pytest

from app.registraties.act import Inhoud
from app.registraties.register import ACTEN
from app.vocabulary import Sectie
from tests.hulp import sectietafel
from tests.hulp.tafels import TAFELS, difference, secties


@pytest.mark.parametrize("path", TAFELS, ids=lambda path: path.name)
def test_it_writes_what_stands_there(path: Path) -> None:
    """Or a colleague would see lines that are not his. Broken: `sorted` out of `_lines`."""
    made = TAFELS[path]()
    assert list(difference(path, made)) == []
    assert made == path.read_text(encoding="utf-8")


class Meer(Inhoud):
    """A payload with a field more, and one elsewhere."""

    rol: Annotated[str, Sectie.ZAAK]
    naam: Annotated[str, Sectie.PERSOON]


def test_what_was_shipped_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken: each of the two lines that fill `wrong` in `secties`."""
    now = sectietafel.sections_now()
    act = ACTEN["persoon.aangetroffen"]
    kind = f"{act.soort}·{act.versie}"
    shifted = now | {f"{kind}·{name}": sectie.value for name, sectie in Meer.sections().items()}
    monkeypatch.setattr(sectietafel, "sections_now", lambda: shifted)
    with pytest.raises(ValueError, match=rf"{kind}·naam: this version was shipped without it") as wrong:
        secties()
    assert f"{kind}·rol: this was sealed in section persoon and stays so" in str(wrong.value)
    fresh = now | {f"{act.soort}·{act.versie + 1}·naam": "persoon"}
    monkeypatch.setattr(sectietafel, "sections_now", lambda: fresh)
    assert f'"{act.soort}·{act.versie + 1}·naam": "persoon"' in secties()
