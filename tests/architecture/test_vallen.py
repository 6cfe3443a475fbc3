"""Traps met before, each kept shut (ontwerp/README.md, "Traps")."""

import ast
import gc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from app.lifespan import tune_garbage_collector
from app.main import create_app, every_route

ROOT = Path(__file__).parents[2]


def _trees(*folders: str) -> Iterator[tuple[Path, ast.AST]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_the_garbage_collector_is_tuned_once_at_start() -> None:
    before = gc.get_threshold()
    try:
        tune_garbage_collector()
        assert gc.get_threshold() == (50_000, 20, 100)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_sentences_of_validators_are_fixed() -> None:
    """They are shown as they stand, so they may hold nothing that was sent; `check_order` is handed one."""
    told = [
        (path, node.args[-1])
        for path, tree in _trees("app/registraties")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Onjuist", "check_order")
    ]
    assert len(told) > 20
    variable = [(path.name, ast.unparse(said)) for path, said in told if not isinstance(said, ast.Constant)]
    assert variable == [("onderdelen.py", "sentence")]


def test_settings_of_a_transaction_never_outlive_it() -> None:
    """A session-level set_config stays in the pool."""
    calls = [
        (path, found)
        for path, _ in _trees("app", "alembic")
        for found in re.findall(r"set_config\(([^)]*)\)", path.read_text(encoding="utf-8"))
    ]
    assert calls
    assert [path for path, arguments in calls if not arguments.rstrip().endswith("true")] == []


@pytest.mark.parametrize("lock", ["runtime.lock", "dev.lock"])
def test_no_package_for_multipart_forms(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert "fastapi==" in text
    assert "python-multipart" not in text


def test_migrations_never_import_the_application() -> None:
    found = list(_trees("alembic/versions"))
    assert len(found) >= 3
    for path, tree in found:
        modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        names = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
        assert not any((name or "").split(".")[0] == "app" for name in modules | names), path


def test_tables_are_never_what_goes_over_the_wire() -> None:
    """A table class does not validate, and knows columns that nobody outside should."""
    routes = [route for route in every_route(create_app()) if route.path.startswith("/v1")]
    assert len(routes) > 50
    for route in routes:
        model = getattr(route, "response_model", None)
        assert not (isinstance(model, type) and issubclass(model, SQLModel)), route.path
