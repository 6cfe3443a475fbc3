"""Every permission that code asks has a row in the policy, and every row is asked by something.

What has no row is closed for ever without a word; a row that nobody asks says something that is not so. Acts, routes,
lists and collections are checked at the start; here what services ask in words.
"""

import ast
import re
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from app.access.beleid import PERMISSIES
from app.registraties.document import Document
from app.registraties.register import DOCUMENTEN, check_names

APP = Path(__file__).parents[2] / "app"
PERMISSIE, VAN_COLLECTIE = re.compile(r"[a-z]+:[a-z]+"), re.compile(r":[a-z]+")


def asked_in(source: str) -> set[str]:
    """The permissions that a module asks; one put together from a collection and `:zien` for every collection."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant):
            end = str(node.values[-1].value)
            found |= {f"{name}{end}" for name in DOCUMENTEN} if VAN_COLLECTIE.fullmatch(end) else set()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and PERMISSIE.fullmatch(node.value):
            found.add(node.value)
    return found


def unmatched(rows: AbstractSet[str], asked: AbstractSet[str]) -> set[str]:
    """What is asked without a row, and the rows that nobody asks. To name a document takes no row."""
    return {name for name in asked - rows if not name.endswith(":verwijzen")} | (rows - asked)


def asked() -> set[str]:
    modules = [p.read_text(encoding="utf-8") for p in sorted(APP.rglob("*.py")) if p.name != "beleid.py"]
    assert len(modules) > 100
    return set().union(*map(asked_in, modules))


def test_what_is_asked_has_a_row_and_each_row_is_asked() -> None:
    """Broken: a letter in any permission, in the policy or where it is asked; a row more."""
    assert len(PERMISSIES) > 50
    assert unmatched(PERMISSIES, asked()) == set()


def test_a_row_misspelt_or_left_over_is_seen() -> None:
    """Negative control, for each row."""
    by_code = asked()
    for name in PERMISSIES:
        rest = PERMISSIES - {name}
        assert f"{name}x" in unmatched(rest | {f"{name}x"}, by_code)
    source = 'may(actor.rol, "mensenhandelsignaal:inzienn")'
    assert unmatched(PERMISSIES, by_code | asked_in(source)) == {"mensenhandelsignaal:inzienn"}


def test_the_start_refuses_a_collection_that_nobody_may_see() -> None:
    """Broken: the LookupError out of `check_names`."""
    with pytest.raises(LookupError, match="no row in the policy for dossiers:zien"):
        check_names({"dossiers": Document}, [])
