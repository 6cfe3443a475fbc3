"""Each test module stands by itself: what tests share stands in tests/hulp, and no test module is imported.

Broken, each by itself: `from tests.domain.test_wet import DEUR` in a test; `from tests.domain import test_zicht` in
tests/hulp/mutaties.py; a module beside the tests; a test in tests/hulp.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
APART = {"upgrade/maken.py", "upgrade/vragen.py", "clients/clients.py", "clients/dag_og.py", "clients/dag_opc.py"}
"""Programs that run in a checkout of a release, where there is no tests/hulp, or beside a client that a generator made;
and the tests of a target of their own (`make test-clients`)."""
VAN_PYTEST = {"__init__.py", "conftest.py"}
FUNCTIE = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the tests: its path in here, and what it says."""
    for file in sorted(TESTS.rglob("*.py")):
        if "node_modules" not in file.parts:
            yield file.relative_to(TESTS).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Every name in every import, dotted: of `from a import b` it may be a module `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{each.name}" for each in node.names)


def test_no_test_module_is_imported() -> None:
    found = [
        f"{path}: {name}"
        for path, tree in modules()
        for name in imported(tree)
        if name.startswith("tests.") and any(part.startswith("test_") for part in name.split("."))
    ]
    assert found == []


def test_what_tests_share_stands_in_hulp() -> None:
    beside, tests = [], []
    for path, tree in modules():
        folder, _, name = path.rpartition("/")
        if folder == "hulp":
            tests += [f"{path}: {n.name}" for n in ast.walk(tree) if isinstance(n, FUNCTIE) and n.name[:5] == "test_"]
        elif not name.startswith("test_") and name not in VAN_PYTEST and path not in APART:
            beside.append(path)
    assert (beside, tests) == ([], [])
