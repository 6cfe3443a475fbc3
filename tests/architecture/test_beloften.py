"""Every sentence has a test: what README, the API document and its page promise names one that is there."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.hulp import beloften
from tests.hulp.beloften import BELOFTEN, ROOT
from tests.hulp.zinnen import GEEN_BELOFTE, ZINNEN

NIET_GEBOUWD = "Vernietigen als de bewaartermijn voorbij is, is nog niet gebouwd"


@cache
def texts() -> list[str]:
    return list(beloften.document_texts())


@cache
def functions(pad: str) -> set[str]:
    file = ROOT / "tests" / pad
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    return {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("zin", ZINNEN)
def test_each_sentence_stands_and_its_test_is_there(zin: str) -> None:
    """Broken: any name of a test, and any word of a sentence, in `tests/hulp/zinnen.py`."""
    assert any(zin in text for text in texts()), "this sentence stands nowhere any more"
    named = [toets.split("::") for toets in ZINNEN[zin].split()]
    assert named
    assert [(pad, naam) for pad, naam in named if naam not in functions(pad)] == []


def test_no_sentence_that_sounds_like_a_promise_stands_without_one() -> None:
    """Broken: any row of `ZINNEN` away."""
    assert len(texts()) > 500
    assert beloften.unheld(texts()) == [], "name its test in tests/hulp/zinnen.py, or let the sentence go"
    assert [zin for zin in GEEN_BELOFTE if not any(zin in text for text in texts())] == []
    assert beloften.unheld(["Wij verliezen nooit iets.", "Dit is een lijst."]) == ["Wij verliezen nooit iets."]


def test_each_promise_of_readme_can_be_tried() -> None:
    """Broken: the path of any test in `BELOFTEN`."""
    paths = [pad for rij in BELOFTEN for pad in rij.toetsen]
    assert len(paths) > 20
    assert [pad for pad in paths if not functions(pad.removeprefix("tests/"))] == []
    assert [rij.belofte for rij in BELOFTEN if not (rij.toetsen or "**not built yet**" in rij.belofte)] == []
    assert all(rij.gemeten and rij.niet for rij in BELOFTEN)


def test_what_is_not_there_is_said_where_it_is_promised() -> None:
    """Broken: the sentence away from `DESCRIPTION`, from the page, and the limits of README in another order."""
    assert sum(NIET_GEBOUWD in text for text in texts()) == 2, "in the API document, and on the page"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "not built yet" in readme.split("## ")[0], "beside the reason why"
    first = readme.split("## Limits\n")[1].strip().splitlines()[0]
    assert "not for real data" in first
    assert "jurist" in first


def test_the_pages_are_held_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert beloften.main(["check"]) == 0
    (tmp_path / "docs").mkdir()
    readme, page = tmp_path / "README.md", tmp_path / "docs" / "beloften.md"
    readme.write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert beloften.main(["check"], tmp_path) == 1
    assert beloften.main(["write"], tmp_path) == 0
    assert beloften.main(["check"], tmp_path) == 0
    for file, old, new in ((readme, "0 lost", "never lost"), (page, "# Promises", "# Promise")):
        kept: Any = file.read_text(encoding="utf-8")
        file.write_text(kept.replace(old, new), encoding="utf-8")
        assert beloften.main(["check"], tmp_path) == 1, file
        file.write_text(kept, encoding="utf-8")
    assert "make openapi" in capsys.readouterr().err
    assert beloften.main([]) == 2
